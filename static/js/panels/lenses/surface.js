import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { sliderScale } from "../../controls/scale.js";
import { Slider } from "../../controls/slider.js";
import { useUniqueId } from "../../controls/unique-id.js";
import { parametersOf } from "../../drawn.js";
import { html } from "../../html.js";
import { number, t } from "../../i18n.js";
import { fewOf, placesOf } from "../../landscape.js";
import { NewestOnly } from "../../newest.js";
import { explain, Problem } from "../../problems.js";
import { WeightHistory } from "../../weight-history.js";
import { placeName } from "../names.js";
import { SurfacePicture } from "./surface/picture.js";

/** @import { Landscape } from "../../landscape.js" */
/** @import { SliderScale } from "../../controls/scale.js" */
/** @import { Store } from "../../store.js" */
/** @import { PanelProps } from "../playground.js" */

/** Odd ones, so that the network itself stands on a point. */
const RESOLUTIONS = [15, 25, 35, 51];
const MAX_SEED = 9999;
/** More weights than these cannot be chosen from a list. */
const MOST_CHOICES = 400;
const SPANS = /** @type {SliderScale} */ (sliderScale({ type: "number", minimum: 0.1, maximum: 20, scale: "log" }));

/**
 * @typedef {object} Slice  which one is asked for
 * @property {"random" | "weights"} kind
 * @property {number} seed
 * @property {[number, number]} weights
 * @property {number} span
 * @property {number} resolution
 *
 * @typedef {{ landscape: Landscape, slice: Slice, epoch: number, run: number }} Computed
 */

/** The loss around where the network stands, along two directions, and the way that it has come. @param {PanelProps} props */
export default function Surface({ store, session }) {
  const slice = useSignal(/** @type {Slice} */ ({ kind: "random", seed: 0, weights: [0, 1], span: 1, resolution: 25 }));
  const isLog = useSignal(false);
  const isTable = useSignal(false);
  const isComputing = useSignal(false);
  const computed = useSignal(/** @type {Computed | null} */ (null));
  const history = useMemo(() => new WeightHistory(), []);

  const asker = useMemo(
    () =>
      new NewestOnly(async (/** @type {{ slice: Slice, key: string | null }} */ asked) => {
        isComputing.value = true;
        const [epoch, run] = [store.epoch.peek(), store.run.peek()];
        try {
          const landscape = await session.ask("landscape", queryOf(asked.slice));
          if (asked.key === store.dataKey.peek()) computed.value = { landscape, slice: asked.slice, epoch, run };
        } catch (error) {
          // That the session is gone is told, and cared for, elsewhere.
          if (!(error instanceof Problem && error.status === 404)) store.notify(explain(error), "error");
        } finally {
          isComputing.value = false;
        }
      }),
    [],
  );
  const ask = () => asker.ask({ slice: slice.peek(), key: store.dataKey.peek() });
  useSignalEffect(() => {
    // A slice is worked out when it is chosen, not again and again: for a large network that takes seconds.
    slice.value;
    if (store.dataKey.value !== null) ask();
  });
  useEffect(
    () =>
      // Another network: its slice is no longer this one's.
      store.dataKey.subscribe(() => {
        computed.value = null;
        history.clear();
      }),
    [],
  );
  useSignalEffect(() => {
    const { value: frame } = store.frame;
    const parameters = parametersOf(frame, store.parameters.peek());
    if (frame !== null && parameters !== null) history.record(frame.step, frame.epoch, parameters);
  });

  const shown = computed.value;
  return html`<${Controls} store=${store} slice=${slice.value} onChange=${(/** @type {Slice} */ chosen) => (slice.value = chosen)} />
    <div class="lens-tools">
      <button class="button" type="button" disabled=${isComputing.value} onClick=${ask}>
        ${t(isComputing.value ? "lenses.computing" : "surface.again")}
      </button>
      <label>
        <input type="checkbox" checked=${isLog.value} onChange=${() => (isLog.value = !isLog.peek())} />
        ${t("surface.log")}
      </label>
      <label>
        <input type="checkbox" checked=${isTable.value} onChange=${() => (isTable.value = !isTable.peek())} />
        ${t("lenses.as_table")}
      </label>
    </div>
    ${
      shown === null
        ? html`<p class="help" role="status">${t("lenses.computing")}</p>`
        : html`<div class=${isComputing.value ? "surface is-stale" : "surface"} aria-busy=${isComputing.value}>
            ${
              isTable.value
                ? html`<${Table} shown=${shown} />`
                : html`<${SurfacePicture}
                    store=${store}
                    shown=${shown}
                    isLog=${isLog.value}
                    history=${history}
                    axes=${axesOf(store, shown)}
                  />`
            }
            <${Words} store=${store} shown=${shown} />
          </div>`
    }`;
}

/** @param {Slice} slice @returns {Record<string, string | number>} */
const queryOf = ({ kind, seed, weights, span, resolution }) => ({
  span,
  resolution,
  path: "timeline",
  ...(kind === "random" ? { seed } : { weights: weights.join(",") }),
});

/** @param {{ store: Store, slice: Slice, onChange: (slice: Slice) => void }} props */
function Controls({ store, slice, onChange }) {
  const id = useUniqueId();
  const most = store.catalogue.limits.landscape_resolution;
  /** @param {string} name @param {(value: string) => Partial<Slice>} read */
  const select = (name, read) => ({
    class: "select",
    id: `${id}-${name}`,
    onChange: (/** @type {Event & { currentTarget: HTMLSelectElement }} */ { currentTarget: { value } }) =>
      onChange({ ...slice, ...read(value) }),
  });
  return html`<div class="lens-tools">
    <label for=${`${id}-kind`}>
      ${t("surface.directions")}
      <select ...${select("kind", (kind) => ({ kind: /** @type {Slice["kind"]} */ (kind) }))} value=${slice.kind}>
        <option value="random">${t("surface.random")}</option>
        <option value="weights">${t("surface.weights")}</option>
      </select>
    </label>
    ${
      slice.kind === "random"
        ? html`<button class="button is-small" type="button" onClick=${() => onChange({ ...slice, seed: (slice.seed + 1) % MAX_SEED })}>
            ${t("surface.other_directions")}
          </button>`
        : html`<${WeightChoice} store=${store} slice=${slice} onChange=${onChange} />`
    }
    <div class="lens-tool surface-span">
      <span>${t("surface.span")}</span>
      <${Slider}
        label=${t("surface.span")}
        scale=${SPANS}
        value=${slice.span}
        onChange=${(/** @type {number} */ span) => onChange({ ...slice, span })}
      />
      <b>±${number(slice.span)}</b>
    </div>
    <label for=${`${id}-resolution`}>
      ${t("surface.resolution")}
      <select ...${select("resolution", (value) => ({ resolution: Number(value) }))} value=${slice.resolution}>
        ${RESOLUTIONS.filter((resolution) => resolution <= most).map(
          (resolution) => html`<option key=${resolution} value=${resolution}>${resolution} × ${resolution}</option>`,
        )}
      </select>
    </label>
  </div>`;
}

/** Which two parameters are the axes. @param {{ store: Store, slice: Slice, onChange: (slice: Slice) => void }} props */
function WeightChoice({ store, slice, onChange }) {
  const id = useUniqueId();
  const places = placesOf(store.layers.value, MOST_CHOICES);
  const options = places.map((place, index) => html`<option key=${index} value=${index}>${placeName(store, place)}</option>`);
  return html`${[0, 1].map((axis) => {
    /** @param {Event & { currentTarget: HTMLSelectElement }} event */
    const choose = ({ currentTarget: { value } }) => {
      const chosen = Number(value);
      // Two axes along the same weight would be no surface: the other one gives way.
      const other = slice.weights[1 - axis] === chosen ? slice.weights[axis] : slice.weights[1 - axis];
      onChange({ ...slice, weights: axis === 0 ? [chosen, other] : [other, chosen] });
    };
    return html`<label key=${axis} for=${`${id}-${axis}`}>
      ${t(axis === 0 ? "surface.across" : "surface.up")}
      <select class="select" id=${`${id}-${axis}`} value=${slice.weights[axis]} onChange=${choose}>${options}</select>
    </label>`;
  })}`;
}

/**
 * What the axes are called, and the numbers at their ends: a weight's own where it is an axis.
 *
 * @param {Store} store
 * @param {Computed} shown
 */
function axesOf(store, { landscape: { weights, center }, slice: { span } }) {
  const places = weights === null ? [] : placesOf(store.layers.value, MOST_CHOICES);
  return [0, 1].map((axis) => {
    const place = weights === null ? undefined : places[weights[axis]];
    const middle = weights === null ? 0 : (center?.[weights[axis]] ?? 0);
    return {
      name: place === undefined ? t(axis === 0 ? "surface.first" : "surface.second") : placeName(store, place),
      low: middle - span,
      high: middle + span,
    };
  });
}

/** @param {{ store: Store, shown: Computed }} props */
function Words({ store, shown: { landscape, epoch, run } }) {
  const { range, losses, examples, center, path } = landscape;
  const seen = path?.seen[0];
  const middle = (losses.length - 1) / 2;
  const words = [
    range === null
      ? t("surface.no_numbers")
      : t("surface.range", { low: lossText(range[0]), high: lossText(range[1]), here: lossText(losses[middle][middle]) }),
    t("surface.examples", { count: examples }),
    t("surface.epoch", { epoch }),
    store.run.value !== run ? t("surface.other_run") : store.epoch.value > epoch ? t("surface.moved", { epoch: store.epoch.value }) : "",
    seen === undefined || seen > 0.995 ? "" : t("surface.seen", { share: number(Math.round(100 * seen)) }),
    center === null ? t("surface.too_large") : "",
  ];
  return html`<p class="help">${words.filter(Boolean).join(" ")}</p>`;
}

/** The losses of every so many-th point. @param {{ shown: Computed }} props */
function Table({ shown: { landscape } }) {
  const { losses, coordinates } = landscape;
  const few = fewOf(losses.length);
  return html`<div class="lens-table" tabindex="0" role="group" aria-label=${t("lenses.surface")}>
    <table class="table surface-table">
      <caption class="help">
        ${t("surface.table")}
      </caption>
      <thead>
        <tr>
          <th scope="col">β \\ α</th>
          ${few.map((column) => html`<th key=${column} scope="col" class="is-number">${number(coordinates[column], { digits: 2 })}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${few.map(
          (row) =>
            html`<tr key=${row}>
              <th scope="row">${number(coordinates[losses.length - 1 - row], { digits: 2 })}</th>
              ${few.map((column) => html`<td key=${column} class="is-number">${lossText(losses[row][column])}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** @param {number | null} loss */
export const lossText = (loss) => (loss === null ? "∞" : number(loss, { digits: loss >= 100 ? 0 : loss >= 1 ? 2 : 4 }));
