import { useSignal, useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { lazily } from "../controls/lazy.js";
import { themeColours } from "../draw/colours.js";
import { diagramOf } from "../draw/diagram.js";
import { heightOf, layoutNetwork, leastHeight } from "../draw/layout.js";
import { biasAt, biasesOf, isSamePlace, linksOf, placeAt } from "../draw/links.js";
import { drawNetwork } from "../draw/network-canvas.js";
import { layersOf, parametersOf } from "../drawn.js";
import { inPlacesOf } from "../expected.js";
import { html } from "../html.js";
import { number, t } from "../i18n.js";
import { Inspector } from "./inspector.js";
import { Gaps, LayerHead, OutputHead, PlainHead } from "./layer-head.js";
import { inputSymbol, inputsNote } from "./names.js";
import { drawUnits, Folds, Inputs, Units } from "./units.js";

/** @import { Column, NetworkLayout } from "../draw/layout.js" */
/** @import { BiasMark, Link, Place } from "../draw/links.js" */
/** @import { Store } from "../store.js" */
/** @import { Layer } from "../types.js" */
/** @import { Anchor } from "./network-card.js" */
/** @import { PanelProps } from "./playground.js" */

/** Room above the units for the layers' heads. */
const HEAD_PX = 92;
const DROPOUT_PX = 18;
/** A network that is wider than its view has a bar below to scroll it. */
const SCROLLBAR_PX = 16;
const LETTER_PX = 6.5;
/** A longer symbol is cut. */
const MAX_SYMBOL_PX = 80;
/** A pointer that moves less than this has been pressed, not dragged. */
const STILL_PX = 4;
/** How much a weight changes when its link is dragged by a pixel, and how much with the shift key. */
const PER_PX = 0.02;
const FINE_PER_PX = 0.002;
/** Numbers are still sent for so long: the pointer may be on its way to the next link. */
const LINGER_MS = 500;

const UnitCard = lazily(() => import("./unit-card.js"));
const WeightCard = lazily(() => import("./weight-card.js"));
const GraphWalk = lazily(() => import("./graph-walk.js"));

/** The cards are needed as soon as the pointer is over the network. */
const fetchCards = () => {
  UnitCard.fetch();
  WeightCard.fetch();
};

/** Units as pictures of what they answer, links as wide as their weights. @param {PanelProps} props */
export function Graph({ store, session }) {
  const scroller = useRef(/** @type {HTMLDivElement | null} */ (null));
  const picture = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const unitButtons = useRef(/** @type {Map<string, HTMLButtonElement>} */ (new Map()));
  const inspector = useMemo(() => new Inspector(store, session), [store, session]);
  const room = useSignal({ width: 0, height: 0 });
  const scrolled = useSignal({ left: 0, top: 0 });
  /** With which unit each folded column begins. */
  const firsts = useSignal(/** @type {number[]} */ ([]));

  const { layers: hidden } = store.network.value;
  const head = HEAD_PX + (hidden.some(({ dropout }) => dropout) ? DROPOUT_PX : 0);
  useLayoutEffect(() => {
    const element = /** @type {HTMLDivElement} */ (scroller.current);
    const measure = () => {
      room.value = { width: element.clientWidth, height: element.clientHeight };
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);

  const told = store.layers.value;
  // Drawn at once as it will be; the pictures of what is new follow when there are some.
  const layers = store.expectedLayers.value;
  const inputs = layers[0]?.inputs ?? 0;
  const { width, height } = room.value;
  const counts = useMemo(() => [inputs, ...layers.map((layer) => layer.units)], [inputs, layers]);
  const symbols = symbolWidth(store, inputs);
  const layout = useMemo(
    () => layoutNetwork(counts, width, height - head, firsts.value, symbols),
    [counts, width, height, head, firsts.value, symbols],
  );
  const { links, biases } = useMemo(
    () => ({ links: linksOf(layout, layers), biases: biasesOf(layout, layers) }),
    [layout, layers],
  );

  const draw = () => {
    const frame = store.frame.value;
    const drawnOf = layersOf(frame, store.layers.peek());
    const values = drawnOf && parametersOf(frame, parametersIn(drawnOf));
    const parameters = drawnOf && values && inPlacesOf(values, drawnOf, layers);
    const colours = themeColours();
    const place = inspector.hovered.value ?? inspector.pinned.value;
    if (picture.current === null) return;
    const marked = place && (findPlace(links, biases, place) ?? null);
    drawNetwork(picture.current, diagramOf(layout, links, biases, parameters), colours, marked);
    drawUnits(picture.current, store, layers, layout.columns.slice(1));
  };
  // Once when the network has another shape, and whenever a frame, the theme or what is looked at changes.
  useLayoutEffect(draw, [layout, links]);
  useSignalEffect(draw);
  useLayoutEffect(() => inspector.clear(), [told]);
  useSignalEffect(() => {
    const isWanted = (inspector.hovered.value ?? inspector.pinned.value ?? inspector.pinnedUnit.value) !== null;
    if (!isWanted) return undefined;
    const stop = inspector.watchNumbers();
    return () => setTimeout(stop, LINGER_MS);
  });

  /** @param {number} column @param {number} first */
  const turnTo = (column, first) => {
    const turned = layout.columns.map((other) => other.first);
    turned[column] = first;
    firsts.value = turned;
  };
  /** @param {number} layer @param {number} unit */
  const scrollTo = (layer, unit) => {
    const { first, y } = layout.columns[layer + 1];
    if (unit < first) turnTo(layer + 1, unit);
    else if (unit >= first + y.length) turnTo(layer + 1, unit - y.length + 1);
  };
  const follow = () => {
    const { scrollLeft: left, scrollTop: top } = /** @type {HTMLDivElement} */ (scroller.current);
    scrolled.value = { left, top };
    inspector.hovered.value = null;
  };

  const isTold = layers === told;
  const touch = usePlaces(inspector, isTold ? links : NONE, isTold ? biases : NONE);
  const bodyStyle = { top: `${head}px`, width: `${layout.width}px`, height: `${layout.height}px` };
  const offset = { left: scrolled.value.left, top: scrolled.value.top - head };
  return html`<div
    class="network-view"
    style=${{ "--least": `${head + leastHeight(counts) + SCROLLBAR_PX}px` }}
    onPointerEnter=${fetchCards}
    onFocusCapture=${fetchCards}
  >
    <div
      class="network-scroll"
      ref=${scroller}
      tabindex="0"
      role="group"
      aria-label=${t("network.graph")}
      onScroll=${follow}
    >
      <div class="network-stage" style=${{ width: `${layout.width}px`, height: `${layout.height + head}px` }}>
        <${Heads} store=${store} session=${session} columns=${layout.columns} />
        <${Gaps} store=${store} session=${session} columns=${layout.columns} />
        <div class="network-body" style=${bodyStyle} ...${touch}>
          <canvas class="network-links" ref=${picture} role="img" aria-label=${t("network.links")}></canvas>
          <${Inputs} store=${store} column=${layout.columns[0]} count=${inputs} />
          <${Units}
            store=${store}
            session=${session}
            inspector=${inspector}
            columns=${layout.columns.slice(1)}
            buttons=${unitButtons.current}
            onScroll=${scrollTo}
          />
          <${Folds}
            layers=${layers}
            columns=${layout.columns}
            height=${layout.height}
            onTurn=${(/** @type {number} */ column, /** @type {number} */ by) =>
              turnTo(column, layout.columns[column].first + by)}
          />
          ${store.walk.value !== null && html`<${GraphWalk} store=${store} layout=${layout} />`}
        </div>
      </div>
    </div>
    ${isTold && html`<${Cards}
      store=${store}
      session=${session}
      inspector=${inspector}
      layout=${layout}
      links=${links}
      biases=${biases}
      offset=${offset}
    />`}
  </div>`;
}

/** While another network is on its way no link can be looked at. @type {never[]} */
const NONE = [];

/** @param {Layer[]} layers */
const parametersIn = (layers) => layers.reduce((sum, { parameters }) => sum + parameters, 0);

/**
 * @param {Link[]} links
 * @param {BiasMark[]} biases
 * @param {Place} place
 * @returns {Link | BiasMark | undefined}
 */
const findPlace = (links, biases, place) =>
  (place.from === null ? biases : links).find((other) => isSamePlace(other, place));

/**
 * What mouse and finger do to links and biases: they are looked at under the pointer, held open by a press, and changed
 * by a mouse that drags them up or down. A finger that drags scrolls; it has the lever of the card.
 *
 * @param {Inspector} inspector
 * @param {Link[]} links
 * @param {BiasMark[]} biases
 */
function usePlaces(inspector, links, biases) {
  const grip = useRef(/** @type {{ place: Place, value: number, y: number, isDragged: boolean } | null} */ (null));

  /** @param {MouseEvent & { currentTarget: HTMLElement }} event */
  const under = ({ currentTarget, clientX, clientY, target }) => {
    const box = currentTarget.getBoundingClientRect();
    const [x, y] = [clientX - box.left, clientY - box.top];
    const isOverUnit = target instanceof Element && target.closest("button") !== null;
    return isOverUnit ? biasAt(biases, x, y) : placeAt(links, biases, x, y);
  };
  /** @param {PointerEvent & { currentTarget: HTMLElement }} event */
  const onPointerMove = (event) => {
    const held = grip.current;
    if (held === null) {
      const place = event.pointerType === "touch" ? null : under(event);
      if (!isSamePlace(place, inspector.hovered.peek())) inspector.hovered.value = place;
      return;
    }
    const up = held.y - event.clientY;
    held.isDragged ||= Math.abs(up) >= STILL_PX;
    if (!held.isDragged) return;
    const value = held.value + up * (event.shiftKey ? FINE_PER_PX : PER_PX);
    inspector.set(held.place, Number(value.toFixed(3)));
  };
  /** @param {PointerEvent & { currentTarget: HTMLElement }} event */
  const onPointerDown = (event) => {
    const place = event.pointerType === "touch" || event.button !== 0 ? null : under(event);
    const value = place && inspector.valueOf(place);
    if (place === null || value === null || !inspector.mayWrite) return;
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    grip.current = { place, value, y: event.clientY, isDragged: false };
  };
  /** @param {MouseEvent & { currentTarget: HTMLElement }} event */
  const onClickCapture = (event) => {
    const wasDragged = grip.current?.isDragged ?? false;
    const place = grip.current?.place ?? under(event);
    grip.current = null;
    if (place === null) return;
    event.stopPropagation();
    if (!wasDragged) inspector.pin(place, !("pointerType" in event && event.pointerType === "touch"));
  };
  const onPointerLeave = () => {
    inspector.hovered.value = null;
  };
  const onPointerCancel = () => {
    grip.current = null;
  };
  return { onPointerMove, onPointerDown, onClickCapture, onPointerLeave, onPointerCancel };
}

/**
 * @param {PanelProps & { inspector: Inspector, layout: NetworkLayout, links: Link[], biases: BiasMark[],
 *   offset: { left: number, top: number } }} props
 */
function Cards({ store, session, inspector, layout, links, biases, offset }) {
  const [hovered, pinned] = [inspector.hovered.value, inspector.pinned.value];
  const [unit, pinnedUnit] = [store.inspected.value, inspector.pinnedUnit.value];

  /** @param {Place} place @returns {Anchor | null} */
  const besidePlace = (place) => {
    const found = findPlace(links, biases, place);
    if (found === undefined) return null;
    const [x, y] =
      found.from === null
        ? [found.x, found.y]
        : [(found.ends[0] + found.ends[2]) / 2, (found.ends[1] + found.ends[3]) / 2];
    return { x: x - offset.left, y: y - offset.top, size: 0 };
  };
  /** @param {{ layer: number, unit: number }} place @returns {Anchor | null} */
  const besideUnit = ({ layer, unit }) => {
    const column = layout.columns[layer + 1];
    const y = heightOf(column, unit);
    return y === undefined ? null : { x: column.x - offset.left, y: y - offset.top, size: column.size };
  };
  /** @param {Place | null} place @param {boolean} isOpen */
  const weightCard = (place, isOpen) => {
    const anchor = place && besidePlace(place);
    return (
      anchor &&
      html`<${WeightCard}
        key=${`${isOpen} ${place?.index}`}
        store=${store}
        session=${session}
        inspector=${inspector}
        place=${place}
        anchor=${anchor}
        isOpen=${isOpen}
      />`
    );
  };
  /** @param {{ layer: number, unit: number } | null} unit @param {boolean} isOpen */
  const unitCard = (unit, isOpen) => {
    const anchor = unit && besideUnit(unit);
    return (
      anchor &&
      html`<${UnitCard}
        key=${`${isOpen} ${unit?.layer}.${unit?.unit}`}
        store=${store}
        session=${session}
        inspector=${inspector}
        unit=${unit}
        anchor=${anchor}
        isOpen=${isOpen}
      />`
    );
  };
  const isOther = unit !== null && (unit.layer !== pinnedUnit?.layer || unit.unit !== pinnedUnit?.unit);
  return [
    weightCard(pinned, true),
    unitCard(pinnedUnit, true),
    hovered !== null && !isSamePlace(hovered, pinned) && weightCard(hovered, false),
    hovered === null && isOther && unitCard(unit, false),
  ];
}

/**
 * How much room the longest symbol of an input takes, as near as its letters tell.
 *
 * @param {Store} store
 * @param {number} count
 */
function symbolWidth(store, count) {
  const letters = Array.from({ length: count }, (_, index) => inputSymbol(store, index).length);
  return Math.min(MAX_SYMBOL_PX, 8 + LETTER_PX * Math.max(1, ...letters));
}

/** @param {PanelProps & { columns: Column[] }} props */
function Heads({ store, session, columns }) {
  const layers = store.expectedLayers.value;
  const hidden = store.network.value.layers;
  const output = layers.at(-1);
  return html`<${PlainHead}
      column=${columns[0]}
      title=${t("network.input")}
      note=${inputsNote(store, layers[0]?.inputs ?? 0)}
      brief=${number(layers[0]?.inputs ?? 0)}
    />
    ${layers.slice(0, -1).map(
      (layer, index) =>
        html`<${LayerHead}
          key=${index}
          store=${store}
          session=${session}
          index=${index}
          count=${layers.length - 1}
          column=${columns[index + 1]}
          layer=${hidden[index] ?? { units: layer.units, activation: { name: layer.activation } }}
        />`,
    )}
    ${
      output &&
      html`<${OutputHead}
        key="output"
        store=${store}
        session=${session}
        column=${columns[layers.length]}
        layer=${output}
      />`
    }`;
}
