import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { useWidth } from "../../../controls/width.js";
import { themeColours } from "../../../draw/colours.js";
import { drawField } from "../../../draw/field.js";
import { drawLossLines, drawWay, lossColours } from "../../../draw/surface.js";
import { parametersOf } from "../../../drawn.js";
import { html } from "../../../html.js";
import { number, t } from "../../../i18n.js";
import { levelsOf, placeOn, surfaceOf } from "../../../landscape.js";
import { lossText } from "../surface.js";

/** @import { Store } from "../../../store.js" */
/** @import { WeightHistory } from "../../../weight-history.js" */
/** @import { Computed } from "../surface.js" */

const LINES = 11;
/** The colour bar has a number at each of these shares of it. */
const TICKS = [0, 0.25, 0.5, 0.75, 1];

/**
 * @param {{
 *   store: Store, shown: Computed, isLog: boolean, history: WeightHistory,
 *   axes: { name: string, low: number, high: number }[],
 * }} props
 */
export function SurfacePicture({ store, shown, isLog, history, axes }) {
  const frame = useRef(/** @type {HTMLDivElement | null} */ (null));
  const field = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const lines = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const way = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const bar = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const size = useWidth(frame);
  const { landscape, slice } = shown;
  const surface = useMemo(() => surfaceOf(landscape, isLog), [landscape, isLog]);
  const draw = () => {
    const colours = themeColours();
    if (field.current === null || lines.current === null || bar.current === null || size.value === 0) return;
    const table = lossColours(colours);
    drawField(field.current, surface.values, surface.rows, surface.columns, table);
    drawLossLines(lines.current, size.value, surface, levelsOf(LINES), colours);
    drawField(bar.current, Uint8Array.from({ length: 251 }, (_, byte) => byte), 1, 251, table);
  };
  useLayoutEffect(draw, [surface]);
  useSignalEffect(draw);

  /** Where each moment lies on this slice: worked out once. */
  const places = useMemo(() => new WeakMap(), [landscape]);
  const isAway = useSignal(false);
  const drawPath = () => {
    const { value: newest } = store.frame;
    if (way.current === null || size.value === 0) return;
    const parameters = parametersOf(newest, store.parameters.peek());
    const here = parameters && placeOn(landscape, parameters);
    // The server knows the way up to where it worked the slice out, the page how it went on.
    const since = history.moments.filter(({ step }) => step > landscape.step);
    const later = since.map((moment) => {
      if (!places.has(moment)) places.set(moment, placeOn(landscape, moment.values));
      return places.get(moment);
    });
    const known = [...(landscape.path?.points ?? []), ...later, here ?? (landscape.center === null ? [0, 0] : null)];
    drawWay(way.current, size.value, slice.span, known.filter((place) => place !== null), themeColours());
    isAway.value = here !== null && Math.max(Math.abs(here[0]), Math.abs(here[1])) > slice.span;
  };
  useLayoutEffect(drawPath, [landscape]);
  useSignalEffect(drawPath);

  const away = useComputed(() => (isAway.value ? t("surface.away") : ""));
  const half = 50 / (surface.columns - 1);
  const spread = { inset: `${-half}%`, width: `${100 + 2 * half}%`, height: `${100 + 2 * half}%` };
  const [x, y] = axes;
  return html`<figure class="surface-figure">
    <div class="surface-plot">
      <span class="space-y" aria-hidden="true"><i>${short(y.high)}</i><b>${y.name}</b><i>${short(y.low)}</i></span>
      <div class="surface-frame" ref=${frame} role="img" aria-label=${t("surface.picture", { x: x.name, y: y.name })}>
        <canvas class="surface-layer" style=${spread} ref=${field}></canvas>
        <canvas class="surface-layer" ref=${lines}></canvas>
        <canvas class="surface-layer" ref=${way}></canvas>
      </div>
      <span class="space-x" aria-hidden="true"><i>${short(x.low)}</i><b>${x.name}</b><i>${short(x.high)}</i></span>
    </div>
    <div class="surface-legend">
      <div class="surface-bar" aria-hidden="true">
        <span>${t("metrics.loss")}</span>
        <canvas ref=${bar}></canvas>
        <span class="surface-ticks">
          ${TICKS.map((share) => html`<i key=${share}>${lossText(surface.scale.at(share))}</i>`)}
        </span>
      </div>
      <ul class="surface-keys">
        <li><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M1 12h22M12 1v22" /><circle class="is-full" cx="12" cy="12" r="5" /></svg>${t("surface.now")}</li>
        <li><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 12L24 20" /><circle cx="12" cy="12" r="5" /></svg>${t("surface.way")}</li>
      </ul>
      <p class="help" role="status">${away}</p>
    </div>
  </figure>`;
}

/** @param {number} value */
const short = (value) => number(value, { digits: 2 });
