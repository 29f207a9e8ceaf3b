import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { nearestExample } from "../draw/nearest.js";
import { html } from "../html.js";
import { number, t } from "../i18n.js";
import { openLens } from "./lenses.js";
import { PLANE } from "./shown-map.js";

/** @import { Signal } from "@preact/signals" */
/** @import { Store } from "../store.js" */
/** @import { PickedExample } from "../walk.js" */
/** @import { MapView } from "./map-view.js" */
/** @import { Probe } from "./steer.js" */

/** So near to an example a pointer means it; a finger is less exact. */
const NEAR_PX = { mouse: 9, touch: 18 };
const LENS = "example";

/**
 * Choosing an example on the map: whoever presses one walks through it, and where it lies is marked. A pointer that only
 * moves, and one that presses anywhere else, is the probe's alone.
 *
 * @param {{ store: Store, view: MapView, probe: Signal<Probe | null> }} props
 */
export default function ExamplePicker({ store, view, probe }) {
  const layer = useRef(/** @type {HTMLElement | null} */ (null));
  const near = useSignal(/** @type {PickedExample | null} */ (null));
  const said = useSignal("");

  /**
   * The example at a place of the plane, of those that are drawn, the uppermost where several are as near.
   *
   * @param {{ x: number, y: number }} at
   * @param {number} reach
   */
  const exampleAt = (at, reach) => nearestExample(store.data.peek(), view.shown.peek(), at, reach);
  /** @param {PickedExample | null} example */
  const pick = (example) => {
    if (example === null) return;
    store.pickedExample.value = example;
    said.value = t("example.next_is", { index: number(example.index + 1), split: t(`split.${example.split}`) });
    // One is looking at the map: that must not move away.
    if (store.walked.peek() === null) openLens(LENS, { isSought: false });
  };

  useEffect(() => {
    const map = /** @type {HTMLElement} */ (layer.current?.parentElement);
    /** @param {MouseEvent} event */
    const under = (event) => {
      const { left, top, width, height } = map.getBoundingClientRect();
      const [low, high] = PLANE;
      const scale = (high - low) / width;
      const at = { x: low + (event.clientX - left) * scale, y: high - ((event.clientY - top) * (high - low)) / height };
      const isTouch = event instanceof PointerEvent && event.pointerType === "touch";
      return exampleAt(at, NEAR_PX[isTouch ? "touch" : "mouse"] * scale);
    };
    /** @param {PointerEvent} event */
    const move = (event) => {
      const example = event.pointerType === "touch" ? null : under(event);
      const isOther = example?.split !== near.peek()?.split || example?.index !== near.peek()?.index;
      if (isOther) near.value = example;
      map.classList.toggle("is-on-example", example !== null);
    };
    const leave = () => {
      near.value = null;
      map.classList.remove("is-on-example");
    };
    /** @param {MouseEvent} event */
    const press = (event) => pick(under(event));
    /** @param {KeyboardEvent} event */
    const enter = (event) => {
      const at = probe.peek();
      if (event.key !== "Enter" || at === null) return;
      event.preventDefault();
      pick(exampleAt(at, Infinity));
    };
    map.addEventListener("pointermove", move);
    map.addEventListener("pointerleave", leave);
    map.addEventListener("click", press);
    map.addEventListener("keydown", enter);
    return () => {
      map.removeEventListener("pointermove", move);
      map.removeEventListener("pointerleave", leave);
      map.removeEventListener("click", press);
      map.removeEventListener("keydown", enter);
      leave();
    };
  }, []);

  const nearInput = near.value && store.data.value?.[near.value.split]?.inputs[near.value.index];
  const walked = store.walked.value;
  return html`<div class="example-picks" ref=${layer} aria-hidden="true">
      ${nearInput && html`<${Ring} input=${nearInput} isNear=${true} />`}
      ${walked !== null && html`<${Ring} input=${walked.input} />`}
    </div>
    <p class="visually-hidden" aria-live="polite" id="example-picked">${said}</p>`;
}

/** @param {{ input: number[], isNear?: boolean }} props */
function Ring({ input: [x, y], isNear = false }) {
  const [low, high] = PLANE;
  const at = { left: `${(100 * (x - low)) / (high - low)}%`, top: `${(100 * (high - y)) / (high - low)}%` };
  return html`<span class=${isNear ? "example-ring is-near" : "example-ring"} style=${at}></span>`;
}
