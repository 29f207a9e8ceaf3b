import { useComputed, useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { themeColours } from "../../../draw/colours.js";
import { drawField } from "../../../draw/field.js";
import { drawMap } from "../../../draw/map.js";
import { colourTable } from "../../../draw/ramp.js";
import { boundaryOf } from "../../../drawn.js";
import { html } from "../../../html.js";
import { number, t } from "../../../i18n.js";
import { differenceOf, fromBase64 } from "../../../runs.js";
import { outputLook, outputMap } from "../../shown-map.js";

/** @import { OutputBytes } from "../../../runs.js" */
/** @import { Store } from "../../../store.js" */
/** @import { OutputLook } from "../../shown-map.js" */
/** @import { Compared } from "../runs.js" */

/** The output maps of several runs side by side, and of two what lies between them. @param {{ store: Store, compared: Compared[] }} props */
export function Maps({ store, compared }) {
  const onPlane = compared.filter(({ run }) => (run === null ? store.catalogue.isOnPlane(store.spec.value) : run.map !== null));
  if (onPlane.length === 0) return null;
  return html`<div class="runs-maps">
      ${onPlane.map((one) => html`<${RunMap} key=${one.run?.id ?? "present"} store=${store} one=${one} />`)}
      ${onPlane.length === 2 && html`<${DifferenceMap} key=${onPlane.map(({ letter }) => letter).join()} store=${store} pair=${onPlane} />`}
    </div>
    ${onPlane.length > 2 && html`<p class="help">${t("runs.difference_of_two")}</p>`}`;
}

/**
 * The bytes of a run's map and how they are coloured; of the present run, those of the newest frame.
 *
 * @param {Store} store
 * @param {Compared} one
 * @returns {{ bytes: OutputBytes, look: OutputLook } | null}
 */
function mapOf(store, { run }) {
  if (run === null) {
    const bytes = boundaryOf(store.frame.value);
    return bytes && { bytes, look: outputLook(store) };
  }
  if (run.map === null) return null;
  const { bytes, rows, columns, ranges, look } = run.map;
  return { bytes: { values: fromBase64(bytes), rows, columns, ranges }, look };
}

/** @param {{ store: Store, one: Compared }} props */
function RunMap({ store, one }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const map = useComputed(() => mapOf(store, one));
  const draw = () => {
    if (canvas.current === null || map.value === null) return;
    const colours = themeColours();
    drawMap(canvas.current, outputMap(map.value.look, colours, map.value.bytes), colours, "shades");
  };
  useLayoutEffect(draw);
  useSignalEffect(draw);
  const name = one.run?.name ?? t("runs.now");
  return html`<figure class="runs-map">
    <canvas ref=${canvas} role="img" aria-label=${t("runs.map", { name })}></canvas>
    <figcaption><b>${one.letter}</b> ${name}</figcaption>
  </figure>`;
}

/** @param {{ store: Store, pair: Compared[] }} props */
function DifferenceMap({ store, pair }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const difference = useComputed(() => {
    const [one, other] = pair.map((compared) => mapOf(store, compared));
    return one && other && differenceOf(one.bytes, other.bytes);
  });
  useSignalEffect(() => {
    if (canvas.current === null || difference.value === null) return;
    const { values, rows, columns, range } = difference.value;
    drawField(canvas.current, values, rows, columns, colourTable(themeColours().ramp, range, range));
  });
  // A text of its own: it changes more seldom than the frames do.
  const text = useComputed(() => {
    if (difference.value === null) return t("runs.no_difference");
    const { most, mean } = difference.value;
    return t("runs.difference", { most: number(most, { digits: 2 }), mean: number(mean, { digits: 3 }) });
  });
  const letters = pair.map(({ letter }) => letter).join(" − ");
  return html`<figure class="runs-map">
    <canvas ref=${canvas} role="img" aria-label=${letters}></canvas>
    <figcaption><b>${letters}</b> <span>${text}</span></figcaption>
  </figure>`;
}
