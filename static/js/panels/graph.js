import { useSignal, useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { themeColours } from "../draw/colours.js";
import { drawField } from "../draw/field.js";
import { layoutNetwork } from "../draw/layout.js";
import { drawLinks, linkAt, linksOf } from "../draw/links.js";
import { colourDomain, colourTable, outputColours } from "../draw/ramp.js";
import { parametersOf, unitsOf } from "../drawn.js";
import { html } from "../html.js";
import { t, words } from "../i18n.js";
import { FeatureMap } from "./features.js";
import { LayerHead, PlainHead } from "./layer-head.js";
import { layerName, NetworkTip } from "./network-tip.js";

/** @import { Column } from "../draw/layout.js" */
/** @import { Link } from "../draw/links.js" */
/** @import { Store } from "../store.js" */
/** @import { Layer } from "../types.js" */
/** @import { PanelProps } from "./playground.js" */

/** Room above the units for the layers' heads. */
const HEAD_PX = 92;

/** Units as pictures of what they answer, links as wide as their weights. @param {PanelProps} props */
export function Graph({ store, session }) {
  const scroller = useRef(/** @type {HTMLDivElement | null} */ (null));
  const linkCanvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const unitCanvases = useRef(/** @type {Map<string, HTMLCanvasElement>} */ (new Map()));
  const room = useSignal({ width: 0, height: 0 });
  const markedLink = useSignal(/** @type {Link | null} */ (null));

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

  const layers = store.layers.value;
  const inputs = layers[0]?.inputs ?? 0;
  const { width, height } = room.value;
  const layout = useMemo(
    () => layoutNetwork([inputs, ...layers.map((layer) => layer.units)], width, height),
    [inputs, layers, width, height],
  );
  const links = useMemo(() => linksOf(layout, layers), [layout, layers]);

  const draw = () => {
    const parameters = parametersOf(store.frame.value, store.parameters.peek());
    const colours = themeColours();
    if (linkCanvas.current === null) return;
    drawLinks(linkCanvas.current, layout, links, parameters, colours, markedLink.value);
    drawUnits(unitCanvases.current, store, layers);
  };
  // Once when the network has another shape, and whenever a frame, the theme or the marked link changes.
  useLayoutEffect(draw, [layout, links]);
  useSignalEffect(draw);

  /** @param {PointerEvent & { currentTarget: HTMLElement }} event */
  const markLink = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    const isOverUnit = event.target instanceof Element && event.target.closest(".unit") !== null;
    const link = isOverUnit ? null : linkAt(links, event.clientX - box.left, event.clientY - box.top);
    if (link !== markedLink.peek()) markedLink.value = link;
  };
  const unmarkLink = () => {
    markedLink.value = null;
  };
  useLayoutEffect(unmarkLink, [layers]);

  const bodyStyle = { top: `${HEAD_PX}px`, width: `${layout.width}px`, height: `${layout.height}px` };
  return html`<div class="network-scroll" ref=${scroller} tabindex="0" role="group" aria-label=${t("network.graph")}>
    <div class="network-stage" style=${{ width: `${layout.width}px`, height: `${layout.height + HEAD_PX}px` }}>
      <${Heads} store=${store} session=${session} columns=${layout.columns} />
      <div class="network-body" style=${bodyStyle} onPointerMove=${markLink} onPointerLeave=${unmarkLink}>
        <canvas class="network-links" ref=${linkCanvas} role="img" aria-label=${t("network.links")}></canvas>
        <${Inputs} store=${store} column=${layout.columns[0]} count=${inputs} />
        <${Units} store=${store} columns=${layout.columns.slice(1)} canvases=${unitCanvases.current} />
        ${layout.columns.map(
          ({ x, hidden }) =>
            hidden > 0 &&
            html`<span class="unit-rest" style=${{ left: `${x}px` }}>${t("network.more_units", { count: hidden })}</span>`,
        )}
        <${NetworkTip} store=${store} layout=${layout} link=${markedLink} />
      </div>
    </div>
  </div>`;
}

/** @param {PanelProps & { columns: Column[] }} props */
function Heads({ store, session, columns }) {
  const layers = store.layers.value;
  const chosen = store.spec.value.network.layers;
  const output = layers.at(-1);
  return html`<${PlainHead}
      column=${columns[0]}
      title=${t("network.input")}
      note=${t("network.features", { count: layers[0]?.inputs ?? 0 })}
    />
    ${layers.slice(0, -1).map(
      (layer, index) =>
        html`<${LayerHead}
          key=${index}
          store=${store}
          session=${session}
          index=${index}
          column=${columns[index + 1]}
          units=${chosen[index]?.units ?? layer.units}
          activation=${chosen[index]?.activation ?? { name: layer.activation }}
        />`,
    )}
    ${
      output &&
      html`<${PlainHead}
      key="output"
      column=${columns[layers.length]}
      title=${words(store.catalogue.find("activation", output.activation)?.label)}
      note=${t("network.output")}
    />`
    }`;
}

/** The features that go in. @param {{ store: Store, column: Column, count: number }} props */
function Inputs({ store, column, count }) {
  const { features } = (store.serverSpec.value ?? store.spec.value).data;
  return column.y.map((y, index) => {
    // Where the inputs are not features of the plane they have no picture.
    const feature = features.length === count ? store.catalogue.find("feature", features[index]) : undefined;
    return html`<div
      class="unit is-input"
      key=${features[index] ?? index}
      style=${placeUnit(column, y)}
      title=${words(feature?.label)}
    >
      <${FeatureMap} store=${store} feature=${feature} class="unit-map" />
      <span class="unit-symbol">${feature?.symbol ?? ""}</span>
    </div>`;
  });
}

/**
 * The units of all layers. The pointer or the focus on one shows its map large and its numbers; a press keeps it there.
 *
 * @param {{ store: Store, columns: Column[], canvases: Map<string, HTMLCanvasElement> }} props
 */
function Units({ store, columns, canvases }) {
  const layers = store.layers.value;
  const inspected = store.inspected.value;
  const pinned = useSignal(/** @type {{ layer: number, unit: number } | null} */ (null));

  const release = () => {
    store.inspected.value = pinned.peek();
  };
  useLayoutEffect(() => {
    // Another shape: the unit that was looked at may no longer exist.
    pinned.value = null;
    release();
  }, [layers]);

  /**
   * @param {number} layer
   * @param {number} unit
   */
  const drawUnit = (layer, unit) => {
    const { x, y, size } = columns[layer];
    const key = `${layer}.${unit}`;
    const isInspected = inspected?.layer === layer && inspected.unit === unit;
    const isPinned = pinned.value?.layer === layer && pinned.value.unit === unit;
    const inspect = () => {
      store.inspected.value = { layer, unit };
    };
    const pin = () => {
      pinned.value = isPinned ? null : { layer, unit };
    };
    /** @param {HTMLCanvasElement | null} canvas */
    const keepCanvas = (canvas) => {
      if (canvas === null) canvases.delete(key);
      else canvases.set(key, canvas);
    };
    return html`<button
      class="unit"
      key=${key}
      type="button"
      style=${placeUnit({ x, size }, y[unit])}
      aria-label=${t("network.unit", { layer: layerName(layers, layer), unit: unit + 1 })}
      aria-pressed=${isPinned}
      aria-describedby=${isInspected ? "network-tip" : undefined}
      onPointerEnter=${inspect}
      onPointerLeave=${release}
      onFocus=${inspect}
      onBlur=${release}
      onClick=${pin}
    >
      <canvas class="unit-map" aria-hidden="true" ref=${keepCanvas}></canvas>
    </button>`;
  };
  return columns.map(({ y }, layer) => y.map((_, unit) => drawUnit(layer, unit)));
}

/**
 * @param {Pick<Column, "x" | "size">} column
 * @param {number} y
 */
function placeUnit({ x, size }, y) {
  return { left: `${x - size / 2}px`, top: `${y - size / 2}px`, width: `${size}px`, height: `${size}px` };
}

/**
 * @param {Map<string, HTMLCanvasElement>} canvases
 * @param {Store} store
 * @param {Layer[]} layers
 */
function drawUnits(canvases, store, layers) {
  const maps = unitsOf(store.frame.value, layers);
  if (maps === null) return;
  const colours = themeColours();
  const { task } = store.facts.value;
  let first = 0;
  layers.forEach(({ units, activation }, layer) => {
    const bounds = store.catalogue.find("activation", activation)?.range;
    const isOutput = layer === layers.length - 1;
    for (let unit = 0; unit < units; unit += 1) {
      const canvas = canvases.get(`${layer}.${unit}`);
      if (canvas === undefined) break;
      const { values, range, rows, columns } = maps.at(first + unit);
      const { ramp, domain } = isOutput
        ? outputColours(colours, task, unit, bounds, store.targetDomain.value)
        : { ramp: colours.ramp, domain: colourDomain(range, bounds) };
      drawField(canvas, values, rows, columns, colourTable(ramp, range, domain));
    }
    first += units;
  });
}
