import { useRef } from "preact/hooks";
import { ComponentPicker } from "../controls/component-picker.js";
import { FieldControl } from "../controls/field-control.js";
import { Icon } from "../controls/icon.js";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { changeLayer, changeUnitsByKey, insertLayer, moveLayer, removeLayer, setUnits, unitBounds } from "./layers-change.js";

/** @import { Column } from "../draw/layout.js" */
/** @import { Chosen, HiddenLayer, Json, Layer } from "../types.js" */
/** @import { PanelProps } from "./playground.js" */

const MAX_WIDTH_PX = 160;
/** A drag over so many pixels is a unit more or less. */
const PX_PER_UNIT = 12;

/** Columns nearer to each other, in the page's letters, leave room for the shortest words alone. */
const NARROW_EM = 8;

/** @param {Column} column */
const isNarrow = ({ gap }) => gap < NARROW_EM * Number.parseFloat(getComputedStyle(document.body).fontSize);

/** @param {Column} column */
const classOf = (column) => (isNarrow(column) ? "layer-head is-narrow" : "layer-head");

/** @param {Column} column */
const place = ({ x, gap }) => ({ left: `${x}px`, width: `${Math.min(gap - 2, MAX_WIDTH_PX)}px` });

/**
 * The head of the inputs, which has nothing to choose.
 *
 * @param {{ column: Column, title: string, note: string, brief: string }} props  `brief`: the note where room is short
 */
export function PlainHead({ column, title, note, brief }) {
  return html`<div class=${classOf(column)} style=${place(column)}>
    <span class="layer-title">${title}</span>
    <span class="layer-note" title=${note}>${isNarrow(column) ? brief : note}</span>
  </div>`;
}

/**
 * The head of the output: its activation follows from the task and the loss, and can be chosen otherwise.
 *
 * @param {PanelProps & { column: Column, layer: Layer }} props
 */
export function OutputHead({ store, session, column, layer }) {
  const { catalogue } = store;
  const { network, training } = store.spec.value;
  const loss = catalogue.find("loss", training.loss.name);
  const fitting = catalogue
    .activationsFor(layer.units)
    .filter(({ name, signed }) => (loss?.output ? name === loss.output : !loss?.signed || signed));
  const chosen = network.output_activation ?? { name: "" };

  /** @param {Json} patch */
  const change = (patch) =>
    session.configure({ network: { output_activation: patch.name === "" ? null : { ...chosen, ...patch } } });

  return html`<div class=${classOf(column)} role="group" aria-label=${t("network.output_layer")} style=${place(column)}>
    <${ComponentPicker}
      catalogue=${catalogue}
      kind="activation"
      label=${t("network.activation_of", { layer: t("network.output_layer") })}
      chosen=${chosen}
      automatic=${{ label: t("network.automatic"), name: layer.activation }}
      choices=${fitting}
      isCompact=${true}
      disabled=${!store.mayWrite.value}
      onChange=${change}
    />
    <span class="layer-note">${layer.units > 1 ? t("network.outputs", { count: layer.units }) : t("network.output")}</span>
  </div>`;
}

/**
 * The head of a hidden layer: its activation, and how many units it has.
 *
 * @param {PanelProps & { layer: HiddenLayer, index: number, count: number, column: Column }} props
 */
export function LayerHead({ store, session, layer, index, count, column }) {
  const { catalogue } = store;
  const parts = { store, session };
  const { units, activation, dropout = 0 } = layer;
  const disabled = !store.mayWrite.value;
  const name = t("network.layer", { layer: index + 1 });
  const [fewest, most] = unitBounds(store, layer);

  /** @param {Json} patch */
  const changeActivation = (patch) =>
    // Another activation starts with its own defaults.
    changeLayer(parts, index, {
      activation: "name" in patch ? /** @type {Chosen} */ (patch) : { ...activation, ...patch },
    });
  /** @param {KeyboardEvent} event */
  const press = (event) => {
    if (event.target instanceof HTMLInputElement) return;
    changeUnitsByKey(parts, index, event);
  };
  /** @param {"minus" | "plus"} icon @param {string} label @param {boolean} isOff @param {() => void} act */
  const button = (icon, label, isOff, act) =>
    html`<button class="square" type="button" aria-label=${label} title=${label} disabled=${disabled || isOff} onClick=${act}>
      <${Icon} name=${icon} />
    </button>`;

  return html`<div class=${classOf(column)} role="group" aria-label=${name} style=${place(column)} onKeyDown=${press}>
    <${ComponentPicker}
      catalogue=${catalogue}
      kind="activation"
      label=${t("network.activation_of", { layer: name })}
      chosen=${activation}
      choices=${catalogue.activationsFor(units)}
      isCompact=${true}
      disabled=${disabled}
      onChange=${changeActivation}
      more=${() => html`<${LayerFields} ...${parts} layer=${layer} index=${index} count=${count} />`}
    />
    <${UnitsHandle} ...${parts} index=${index} units=${units} bounds=${[fewest, most]} name=${name} />
    <span class="layer-buttons" data-part="units">
      ${button("minus", t("network.remove_unit", { layer: name }), units <= fewest, () => setUnits(parts, index, units - 1))}
      ${button("plus", t("network.add_unit", { layer: name }), units >= most, () => setUnits(parts, index, units + 1))}
    </span>
    ${dropout > 0 && html`<span class="layer-note is-dropout">${t("network.dropout", { share: dropout })}</span>`}
  </div>`;
}

/**
 * How many units a layer has: dragged down for more and up for fewer, or changed by the arrow keys.
 *
 * @param {PanelProps & { index: number, units: number, bounds: [number, number], name: string }} props
 */
function UnitsHandle({ store, session, index, units, bounds: [fewest, most], name }) {
  const parts = { store, session };
  const start = useRef(/** @type {{ y: number, units: number } | null} */ (null));
  const disabled = !store.mayWrite.value;

  /** @param {PointerEvent & { currentTarget: HTMLElement }} event */
  const take = (event) => {
    if (disabled || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = { y: event.clientY, units };
  };
  /** @param {PointerEvent} event */
  const drag = (event) => {
    if (start.current === null) return;
    setUnits(parts, index, start.current.units + Math.round((event.clientY - start.current.y) / PX_PER_UNIT));
  };
  const release = () => {
    start.current = null;
  };
  /** @param {KeyboardEvent} event */
  const press = (event) => {
    const by = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 }[event.key];
    const target = { Home: fewest, End: most }[event.key] ?? (by === undefined ? undefined : units + by);
    if (target === undefined) return;
    event.preventDefault();
    setUnits(parts, index, target);
  };

  return html`<span
    class="layer-units"
    role="spinbutton"
    tabindex="0"
    data-part="units"
    aria-label=${t("network.units_of", { layer: name })}
    aria-valuenow=${units}
    aria-valuetext=${t("network.units", { count: units })}
    aria-valuemin=${fewest}
    aria-valuemax=${most}
    aria-disabled=${disabled}
    title=${t("network.drag_units")}
    onPointerDown=${take}
    onPointerMove=${drag}
    onPointerUp=${release}
    onPointerCancel=${release}
    onKeyDown=${press}
  >
    ${t("network.units", { count: units })}
  </span>`;
}

/**
 * What else a layer has, and what can be done with it.
 *
 * @param {PanelProps & { layer: HiddenLayer, index: number, count: number }} props
 */
function LayerFields({ store, session, layer, index, count }) {
  const parts = { store, session };
  const disabled = !store.mayWrite.value;
  const [minimum, maximum] = unitBounds(store, layer);
  const units = { ...store.catalogue.field("network.layers[].units"), minimum, maximum };
  /** In its place another layer's panel would stand: it closes. @param {MouseEvent} event */
  const leave = ({ currentTarget }) => {
    const panel = /** @type {Element} */ (currentTarget).closest("[popover]");
    if (panel instanceof HTMLElement) panel.hidePopover();
  };
  /** @param {MouseEvent} event */
  const remove = (event) => {
    leave(event);
    const graph = /** @type {Element} */ (event.currentTarget).closest(".network-scroll");
    if (graph instanceof HTMLElement) graph.focus();
    removeLayer(parts, index);
  };
  /** @param {-1 | 1} by */
  const move = (by) => (/** @type {MouseEvent} */ event) => {
    leave(event);
    moveLayer(parts, index, by);
  };
  /** @param {string} label @param {boolean} isOff @param {(event: MouseEvent) => void} act */
  const button = (label, isOff, act) =>
    html`<button class="button is-small" type="button" disabled=${disabled || isOff} onClick=${act}>${label}</button>`;
  return html`<${FieldControl}
      name="dropout"
      field=${store.catalogue.field("network.layers[].dropout")}
      value=${layer.dropout ?? 0}
      disabled=${disabled}
      onChange=${(/** @type {number} */ dropout) => changeLayer(parts, index, { dropout })}
    />
    <${FieldControl}
      name="units"
      field=${units}
      value=${layer.units}
      disabled=${disabled}
      onChange=${(/** @type {number} */ value) => changeLayer(parts, index, { units: value })}
    />
    <p class="layer-actions" data-part="layers">
      ${button(t("network.move_left"), index === 0, move(-1))}
      ${button(t("network.move_right"), index === count - 1, move(1))}
      ${button(t("network.remove_this_layer"), false, remove)}
    </p>`;
}

/**
 * Between two columns, a button that puts a layer there.
 *
 * @param {PanelProps & { columns: Column[] }} props
 */
export function Gaps({ store, session, columns }) {
  const { layers } = store.network.value;
  const isFull = layers.length >= store.catalogue.limits.layers;
  return columns.slice(0, -1).map(({ x, gap }, index) => {
    const label =
      index < layers.length
        ? t("network.insert_before", { layer: t("network.layer", { layer: index + 1 }) })
        : t("network.insert_last");
    return html`<button
      class="gap-button"
      key=${index}
      type="button"
      data-part="layers"
      style=${{ left: `${x + gap / 2}px` }}
      aria-label=${label}
      title=${label}
      disabled=${isFull || !store.mayWrite.value}
      onClick=${() => insertLayer({ store, session }, index)}
    >
      <${Icon} name="plus" />
    </button>`;
  });
}
