import { useSignal } from "@preact/signals";
import { themeColours } from "../draw/colours.js";
import { colourDomain, colourTable, outputColours } from "../draw/ramp.js";
import { drawUnitMaps } from "../draw/unit-maps.js";
import { layersOf, unitsOf } from "../drawn.js";
import { formerLayers, startsOf } from "../expected.js";
import { html } from "../html.js";
import { Mark } from "../controls/mark.js";
import { number, t, words } from "../i18n.js";
import { FeatureMap } from "./features.js";
import { changeUnitsByKey } from "./layers-change.js";
import { inputSymbol, layerName, unitName, unitSymbol } from "./names.js";

/** @import { Column } from "../draw/layout.js" */
/** @import { UnitMap } from "../draw/unit-maps.js" */
/** @import { Store } from "../store.js" */
/** @import { Layer } from "../types.js" */
/** @import { Inspector } from "./inspector.js" */
/** @import { PanelProps } from "./playground.js" */

/** The features that go in. @param {{ store: Store, column: Column, count: number }} props */
export function Inputs({ store, column, count }) {
  const { features } = (store.serverSpec.value ?? store.spec.value).data;
  return column.y.map((y, row) => {
    const index = column.first + row;
    // Where the inputs are not features of the plane they have no picture.
    const feature = features.length === count ? store.catalogue.find("feature", features[index]) : undefined;
    const symbol = inputSymbol(store, index);
    return html`<div
      class="unit is-input"
      key=${features[index] ?? index}
      style=${placeUnit(column, y)}
      title=${words(feature?.label) || symbol}
    >
      <${FeatureMap} store=${store} feature=${feature} class="unit-map" />
      <span class="unit-symbol">${symbol}</span>
    </div>`;
  });
}

/**
 * The units of all layers. The pointer or the focus on one shows its map large and its numbers; a press keeps it there.
 * Each column is one stop of the keyboard, in which arrows go from unit to unit.
 *
 * @param {PanelProps & { inspector: Inspector, columns: Column[], buttons: Map<string, HTMLButtonElement>,
 *   onScroll: (layer: number, unit: number) => void }} props
 */
export function Units({ store, session, inspector, columns, buttons, onScroll }) {
  const layers = store.expectedLayers.value;
  const inspected = store.inspected.value;
  const pinned = inspector.pinnedUnit.value;
  /** The unit of each layer that the focus comes back to. */
  const stops = useSignal(/** @type {Record<number, number>} */ ({}));

  const { task } = store.facts.value;
  // Where the data do not lie on the plane there is nothing to draw maps over: units have their names instead.
  const hasMaps = (store.serverSpec.value ?? store.spec.value).data.features.length > 0;
  /** Whether each unit of a layer stands for a class. @param {number} layer */
  const isClass = (layer) => task === "multiclass" && layer === layers.length - 1;
  /** @param {number} layer @param {number} unit */
  const keyOf = (layer, unit) => `${layer}.${unit}`;
  const release = () => {
    store.inspected.value = inspector.pinnedUnit.peek();
  };
  /** @param {number} layer @param {number} unit */
  const focus = (layer, unit) => {
    if (layers[layer] === undefined) return;
    const bounded = Math.max(0, Math.min(layers[layer].units - 1, unit));
    stops.value = { ...stops.peek(), [layer]: bounded };
    onScroll(layer, bounded);
    requestAnimationFrame(() => buttons.get(keyOf(layer, bounded))?.focus());
  };

  /**
   * @param {number} layer
   * @param {number} row
   */
  const drawUnit = (layer, row) => {
    const column = columns[layer];
    const unit = column.first + row;
    const key = keyOf(layer, unit);
    const isInspected = inspected?.layer === layer && inspected.unit === unit;
    const isPinned = pinned?.layer === layer && pinned.unit === unit;
    const stop = Math.max(column.first, Math.min(column.first + column.y.length - 1, stops.value[layer] ?? 0));
    const inspect = () => {
      // A unit that is only on its way has nothing to show yet.
      if (unit >= (store.layers.peek()[layer]?.units ?? 0)) return;
      store.inspected.value = { layer, unit };
    };
    /** @param {MouseEvent} event */
    const pin = (event) => {
      if (unit < (store.layers.peek()[layer]?.units ?? 0)) inspector.pinUnit(isPinned ? null : { layer, unit }, event.detail === 0);
    };
    /** @param {KeyboardEvent} event */
    const press = (event) => {
      const moves = {
        ArrowDown: () => focus(layer, unit + 1),
        ArrowUp: () => focus(layer, unit - 1),
        ArrowRight: () => focus(layer + 1, Math.min(unit, (layers[layer + 1]?.units ?? 1) - 1)),
        ArrowLeft: () => focus(layer - 1, Math.min(unit, (layers[layer - 1]?.units ?? 1) - 1)),
        Escape: () => inspector.pinUnit(null),
      };
      const move = moves[/** @type {keyof typeof moves} */ (event.key)];
      if (move === undefined) changeUnitsByKey({ store, session }, layer, event);
      else if (event.key !== "Escape" || inspector.pinnedUnit.peek() !== null) {
        event.preventDefault();
        move();
      }
    };
    /** @param {HTMLButtonElement | null} button */
    const keepButton = (button) => {
      if (button === null) buttons.delete(key);
      else buttons.set(key, button);
    };
    return html`<button
      class="unit"
      key=${key}
      ref=${keepButton}
      type="button"
      style=${placeUnit(column, column.y[row])}
      tabindex=${unit === stop ? 0 : -1}
      aria-label=${hasMaps ? unitName(layers, layer, unit) : `${unitName(layers, layer, unit)} · ${unitSymbol(layers, layer, unit)}`}
      aria-haspopup="dialog"
      aria-expanded=${isPinned}
      aria-describedby=${isInspected && !isPinned ? "network-tip" : undefined}
      onPointerEnter=${inspect}
      onPointerLeave=${release}
      onFocus=${inspect}
      onBlur=${release}
      onClick=${pin}
      onKeyDown=${press}
    >
      ${!hasMaps && html`<span class="unit-name" aria-hidden="true">${unitSymbol(layers, layer, unit)}</span>`}
      ${isClass(layer) && html`<span class="unit-class"><${Mark} task=${task} index=${unit} /></span>`}
    </button>`;
  };
  return columns.map(({ y }, layer) => y.map((_, row) => drawUnit(layer, row)));
}

/** Between columns that stand closer than this the words do not fit. */
const WORDS_PX = 104;

/**
 * What leads to the units of a large layer that are not shown.
 *
 * @param {{ layers: Layer[], columns: Column[], height: number, onTurn: (column: number, by: number) => void }} props
 */
export function Folds({ layers, columns, height, onTurn }) {
  const hasWords = columns.every(({ x }, column) => column === 0 || x - columns[column - 1].x >= WORDS_PX);
  return columns.map(({ x, y, above, below }, column) => {
    if (above + below === 0) return null;
    const name = column === 0 ? t("network.input") : layerName(layers, column - 1);
    /** @param {number} count @param {string} text @param {string} edge @param {number} by */
    const button = (count, text, edge, by) =>
      count > 0 &&
      html`<button
        class="unit-fold"
        key=${edge}
        type="button"
        style=${{ left: `${x}px`, top: edge === "top" ? "0" : `${height - 24}px` }}
        aria-label=${t("network.show_others", { layer: name, what: text })}
        onClick=${() => onTurn(column, by)}
      >
        ${hasWords ? text : `${edge === "top" ? "↑" : "↓"} ${number(count)}`}
      </button>`;
    return [
      button(above, t("network.units_above", { count: above }), "top", -y.length),
      button(below, t("network.more_units", { count: below }), "bottom", y.length),
    ];
  });
}

/**
 * @param {Pick<Column, "x" | "size">} column
 * @param {number} y
 */
function placeUnit({ x, size }, y) {
  return { left: `${x - size / 2}px`, top: `${y - size / 2}px`, width: `${size}px`, height: `${size}px` };
}

/**
 * Draw what each unit that is shown answers, behind its button.
 *
 * @param {HTMLCanvasElement} canvas  of the network, whose links are drawn
 * @param {Store} store
 * @param {Layer[]} layers
 * @param {Column[]} columns  of the layers
 */
export function drawUnits(canvas, store, layers, columns) {
  const shown = shownUnits(store, layers, columns);
  if (shown === null) return;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  drawUnitMaps(context, shown.maps, shown.rows, shown.across);
}

/**
 * What each unit that is shown answers, and where it stands; null where no frame tells.
 *
 * @param {Store} store
 * @param {Layer[]} layers
 * @param {Column[]} columns  of the layers
 */
export function shownUnits(store, layers, columns) {
  const told = layersOf(store.frame.value, store.layers.value);
  const maps = told && unitsOf(store.frame.value, told);
  if (maps === null || told === null) return null;
  const colours = themeColours();
  const { task } = store.facts.value;
  /** @type {(UnitMap & { layer: number, unit: number })[]} */
  const shown = [];
  const starts = startsOf(told.map(({ units }) => units));
  const former = formerLayers(told, layers);
  layers.forEach(({ activation }, layer) => {
    const was = former[layer];
    if (was === null) return;
    const bounds = store.catalogue.find("activation", activation)?.range;
    const isOutput = layer === layers.length - 1;
    const { first, x, y, size } = columns[layer];
    y.forEach((middle, row) => {
      const unit = first + row;
      if (unit >= told[was].units) return;
      const { values, range } = maps.at(starts[was] + unit);
      const { ramp, domain } = isOutput
        ? outputColours(colours, task, unit, bounds, store.targetDomain.value)
        : { ramp: colours.ramp, domain: colourDomain(range, bounds) };
      shown.push({ layer, unit, x, y: middle, size, values, table: colourTable(ramp, range, domain) });
    });
  });
  const { rows, columns: across } = maps.at(0);
  return { maps: shown, rows, across };
}
