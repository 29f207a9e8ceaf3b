import { useSignal, useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { ComponentPicker } from "../controls/component-picker.js";
import { Icon } from "../controls/icon.js";
import { themeColours } from "../draw/colours.js";
import { drawField } from "../draw/field.js";
import { layoutNetwork } from "../draw/layout.js";
import { drawLinks, linkAt, linksOf } from "../draw/links.js";
import { colourDomain, colourTable, outputDomain } from "../draw/ramp.js";
import { parametersOf, unitsOf } from "../drawn.js";
import { html } from "../html.js";
import { t, words } from "../i18n.js";
import { FeatureMap } from "./features.js";
import { layerName, NetworkTip } from "./network-tip.js";

/** @import { Column } from "../draw/layout.js" */
/** @import { Link } from "../draw/links.js" */
/** @import { Chosen, Json, Layer } from "../types.js" */
/** @import { PanelProps } from "./playground.js" */

/** Room above the units for the layers' heads. */
const HEAD_PX = 92;
const MAX_HEAD_PX = 160;

/** The network as a graph, and what is built of it. @param {PanelProps} props */
export function Network({ store, session }) {
  const { network } = store.spec.value;
  const disabled = !store.mayWrite.value;
  return html`<div class="card-head">
      <h2 id="network-title">${t("network.title")}</h2>
      <${Arithmetic} layers=${store.layers.value} parameters=${store.parameters.value} />
    </div>
    <div class="network-tools">
      <${LayerStepper} store=${store} session=${session} />
      <${ComponentPicker}
        catalogue=${store.catalogue}
        kind="initializer"
        label=${t("network.initializer")}
        chosen=${network.initializer}
        choices=${store.catalogue.all("initializer")}
        disabled=${disabled}
        onChange=${(/** @type {Json} */ patch) => session.configure({ network: { initializer: patch } })}
      />
    </div>
    <${Graph} store=${store} session=${session} />`;
}

/**
 * How the number of parameters comes about.
 *
 * @param {{ layers: Layer[], parameters: number }} props
 */
function Arithmetic({ layers, parameters }) {
  const terms = layers.map(({ inputs, units }) => `(${inputs}·${units} + ${units})`).join(" + ");
  return html`<p class="arithmetic" id="arithmetic" title=${t("network.arithmetic_help")}>
    <span class="arithmetic-terms">${terms} = </span><strong>${t("network.parameters", { count: parameters })}</strong>
  </p>`;
}

/** @param {PanelProps} props */
function LayerStepper({ store, session }) {
  const count = store.spec.value.network.layers.length;
  const disabled = !store.mayWrite.value;

  const add = () => {
    const { layers } = store.spec.peek().network;
    const model = layers.at(-1) ?? store.catalogue.defaults.network.layers[0];
    session.configure({ network: { layers: [...layers, model] } });
  };
  const remove = () => session.configure({ network: { layers: store.spec.peek().network.layers.slice(0, -1) } });

  return html`<div class="stepper" role="group" aria-label=${t("network.layers")}>
    <button class="square" type="button" aria-label=${t("network.remove_layer")} title=${t("network.remove_layer")} disabled=${disabled || count === 0} onClick=${remove}>
      <${Icon} name="minus" />
    </button>
    <button class="square" type="button" aria-label=${t("network.add_layer")} title=${t("network.add_layer")} disabled=${disabled || count >= store.catalogue.limits.layers} onClick=${add}>
      <${Icon} name="plus" />
    </button>
    <span class="stepper-value" id="layer-count">${t("network.hidden_layers", { count })}</span>
  </div>`;
}

/** @param {PanelProps} props */
function Graph({ store, session }) {
  const scroller = useRef(/** @type {HTMLDivElement | null} */ (null));
  const linkCanvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const unitCanvases = useRef(/** @type {Map<string, HTMLCanvasElement>} */ (new Map()));
  const room = useSignal({ width: 0, height: 0 });
  const markedLink = useSignal(/** @type {Link | null} */ (null));
  const pinned = useSignal(/** @type {string | null} */ (null));

  useLayoutEffect(() => {
    const element = /** @type {HTMLDivElement} */ (scroller.current);
    const measure = () => {
      room.value = { width: element.clientWidth, height: element.clientHeight - HEAD_PX };
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);

  const spec = store.spec.value;
  const layers = store.layers.value;
  const features = (store.serverSpec.value ?? spec).data.features;
  const inputs = layers[0]?.inputs ?? 0;
  const { width, height } = room.value;
  const layout = useMemo(
    () => layoutNetwork([inputs, ...layers.map((layer) => layer.units)], width, height),
    [inputs, layers, width, height],
  );
  const links = useMemo(() => linksOf(layout, layers), [layout, layers]);

  const draw = () => {
    const frame = store.frame.value;
    const colours = themeColours();
    if (linkCanvas.current === null) return;
    drawLinks(linkCanvas.current, layout, links, parametersOf(frame, store.parameters.peek()), colours, markedLink.value);
    drawUnits(unitCanvases.current, store, layers);
  };
  // Once when the network has another shape, and whenever a frame, the theme or the marked link changes.
  useLayoutEffect(draw, [layout, links]);
  useSignalEffect(draw);

  /** @param {PointerEvent & { currentTarget: HTMLElement }} event */
  const onPointerMove = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    const isOverUnit = event.target instanceof Element && event.target.closest(".unit") !== null;
    const link = isOverUnit ? null : linkAt(links, event.clientX - box.left, event.clientY - box.top);
    if (link !== markedLink.peek()) markedLink.value = link;
  };

  /**
   * @param {number} layer
   * @param {number} unit
   */
  const inspect = (layer, unit) => {
    store.inspected.value = { layer, unit };
  };
  const release = () => {
    const [layer, unit] = pinned.peek()?.split(".").map(Number) ?? [];
    store.inspected.value = layer === undefined ? null : { layer, unit };
  };
  useLayoutEffect(() => {
    // Another shape: the unit that was looked at may no longer exist.
    pinned.value = null;
    markedLink.value = null;
    store.inspected.value = null;
  }, [layers]);

  return html`<div class="network-scroll" ref=${scroller} tabindex="0" role="group" aria-label=${t("network.graph")}>
    <div class="network-stage" style=${{ width: `${layout.width}px`, height: `${layout.height + HEAD_PX}px` }}>
      <${Head} column=${layout.columns[0]} title=${t("network.input")} note=${t("network.features", { count: inputs })} />
      ${layers.map((layer, index) =>
        index === layers.length - 1
          ? html`<${Head} key="output" column=${layout.columns[index + 1]} title=${words(store.catalogue.find("activation", layer.activation)?.label)} note=${t("network.output")} />`
          : html`<${LayerHead} key=${index} store=${store} session=${session} index=${index} column=${layout.columns[index + 1]} units=${spec.network.layers[index]?.units ?? layer.units} activation=${spec.network.layers[index]?.activation ?? { name: layer.activation }} />`,
      )}
      <div class="network-body" style=${{ top: `${HEAD_PX}px`, width: `${layout.width}px`, height: `${layout.height}px` }} onPointerMove=${onPointerMove} onPointerLeave=${() => (markedLink.value = null)}>
        <canvas class="network-links" ref=${linkCanvas} role="img" aria-label=${t("network.links")}></canvas>
        ${layout.columns[0].y.map((y, index) => {
          const feature = features.length === inputs ? store.catalogue.find("feature", features[index]) : undefined;
          return html`<div class="unit is-input" key=${`input ${features[index] ?? index}`} style=${place(layout.columns[0], y)} title=${words(feature?.label)}>
            <${FeatureMap} store=${store} feature=${feature} class="unit-map" />
            <span class="unit-symbol">${feature?.symbol ?? ""}</span>
          </div>`;
        })}
        ${layers.map((_, index) =>
          layout.columns[index + 1].y.map((y, unit) => {
            const key = `${index}.${unit}`;
            return html`<button
              class=${index === layers.length - 1 ? "unit is-output" : "unit"}
              key=${key}
              type="button"
              style=${place(layout.columns[index + 1], y)}
              aria-label=${t("network.unit", { layer: layerName(layers, index), unit: unit + 1 })}
              aria-pressed=${pinned.value === key}
              aria-describedby=${store.inspected.value?.layer === index && store.inspected.value.unit === unit ? "network-tip" : undefined}
              onPointerEnter=${() => inspect(index, unit)}
              onPointerLeave=${release}
              onFocus=${() => inspect(index, unit)}
              onBlur=${release}
              onClick=${() => (pinned.value = pinned.peek() === key ? null : key)}
            >
              <canvas
                class="unit-map"
                aria-hidden="true"
                ref=${(/** @type {HTMLCanvasElement | null} */ canvas) => {
                  if (canvas === null) unitCanvases.current.delete(key);
                  else unitCanvases.current.set(key, canvas);
                }}
              ></canvas>
            </button>`;
          }),
        )}
        ${layout.columns.map((column, index) => column.hidden > 0 && html`<span class="unit-rest" key=${`rest ${index}`} style=${{ left: `${column.x}px` }}>${t("network.more_units", { count: column.hidden })}</span>`)}
        <${NetworkTip} store=${store} layout=${layout} link=${markedLink} />
      </div>
    </div>
  </div>
  <p class="network-legend">
    <span>${t("network.weights")}</span>
    <span class="weight-key is-cold">${t("network.negative")}</span>
    <span class="weight-key is-warm">${t("network.positive")}</span>
    <span>${t("network.wider")}</span>
  </p>`;
}

/**
 * @param {Column} column
 * @param {number} y
 */
const place = ({ x, size }, y) => ({ left: `${x - size / 2}px`, top: `${y - size / 2}px`, width: `${size}px`, height: `${size}px` });

/** @param {Column} column */
const placeHead = ({ x, gap }) => ({ left: `${x}px`, width: `${Math.min(gap - 4, MAX_HEAD_PX)}px` });

/** @param {{ column: Column, title: string, note: string }} props */
function Head({ column, title, note }) {
  return html`<div class="layer-head" style=${placeHead(column)}><span class="layer-title">${title}</span><span class="layer-note">${note}</span></div>`;
}

/**
 * The head of a hidden layer: its activation, and how many units it has.
 *
 * @param {PanelProps & { index: number, column: Column, units: number, activation: Chosen }} props
 */
function LayerHead({ store, session, index, column, units, activation }) {
  const disabled = !store.mayWrite.value;
  const layer = t("network.layer", { layer: index + 1 });
  // An activation that shares something out among the units is nothing with a single one.
  const fewest = store.catalogue.find("activation", activation.name)?.layerwise ? 2 : 1;

  /** @param {(layer: { units: number, activation: Chosen }) => { units: number, activation: Chosen }} change */
  const change = (change) => {
    const layers = store.spec.peek().network.layers.map((other, place) => (place === index ? change(other) : other));
    session.configure({ network: { layers } });
  };
  const changeUnits = (/** @type {number} */ by) => change((layer) => ({ ...layer, units: Math.max(fewest, layer.units + by) }));
  const changeActivation = (/** @type {Json} */ patch) =>
    change((layer) => ({ ...layer, activation: "name" in patch ? /** @type {Chosen} */ (patch) : { ...layer.activation, ...patch } }));

  return html`<div class="layer-head" role="group" aria-label=${layer} style=${placeHead(column)}>
    <${ComponentPicker}
      catalogue=${store.catalogue}
      kind="activation"
      label=${t("network.activation_of", { layer })}
      chosen=${activation}
      choices=${store.catalogue.activationsFor(units)}
      isCompact=${true}
      disabled=${disabled}
      onChange=${changeActivation}
    />
    <span class="layer-note">${t("network.units", { count: units })}</span>
    <span class="layer-buttons">
      <button class="square" type="button" aria-label=${t("network.remove_unit", { layer })} title=${t("network.remove_unit", { layer })} disabled=${disabled || units <= fewest} onClick=${() => changeUnits(-1)}>
        <${Icon} name="minus" />
      </button>
      <button class="square" type="button" aria-label=${t("network.add_unit", { layer })} title=${t("network.add_unit", { layer })} disabled=${disabled || units >= store.catalogue.limits.units} onClick=${() => changeUnits(1)}>
        <${Icon} name="plus" />
      </button>
    </span>
  </div>`;
}

/**
 * @param {Map<string, HTMLCanvasElement>} canvases
 * @param {PanelProps["store"]} store
 * @param {Layer[]} layers
 */
function drawUnits(canvases, store, layers) {
  const maps = unitsOf(store.frame.value, layers);
  if (maps === null) return;
  const { ramp } = themeColours();
  let first = 0;
  layers.forEach(({ units, activation }, layer) => {
    const bounds = store.catalogue.find("activation", activation)?.range;
    for (let unit = 0; unit < units; unit += 1) {
      const canvas = canvases.get(`${layer}.${unit}`);
      if (canvas === undefined) break;
      const { values, range, rows, columns } = maps.at(first + unit);
      drawField(canvas, values, rows, columns, colourTable(ramp, range, layer === layers.length - 1 ? outputDomain(bounds) : colourDomain(range, bounds)));
    }
    first += units;
  });
}
