import { useSignal } from "@preact/signals";
import { useAnswer } from "../../controls/answer.js";
import { axisOf, histogramPaths, totalOf } from "../../draw/histogram.js";
import { html } from "../../html.js";
import { number, t } from "../../i18n.js";
import { layerName } from "../names.js";

/** @import { Histogram } from "../../draw/histogram.js" */
/** @import { Layer } from "../../types.js" */
/** @import { PanelProps } from "../playground.js" */

/** What is counted of each layer. */
const KINDS = /** @type {const} */ (["weights", "weight_gradients", "biases", "bias_gradients", "activations"]);
const BINS = 25;

/** @typedef {Record<typeof KINDS[number], Histogram>} LayerHistograms */

/** How weights, biases, gradients and activations are spread, layer by layer. @param {PanelProps} props */
export default function Histograms({ store, session }) {
  const sharesAxes = useSignal(false);
  const isTable = useSignal(false);
  const answer = useAnswer(
    store,
    () => ({ bins: BINS }),
    (query) => session.ask("histograms", query),
  );

  const layers = store.layers.value;
  /** @type {LayerHistograms[] | undefined} */
  const told = answer.value?.layers;
  const isOfThisNetwork = told !== undefined && told.length === layers.length;
  return html`<div class="lens-tools">
      <label>
        <input type="checkbox" checked=${sharesAxes.value} onChange=${() => (sharesAxes.value = !sharesAxes.peek())} />
        ${t("histograms.same_axes")}
      </label>
      <label>
        <input type="checkbox" checked=${isTable.value} onChange=${() => (isTable.value = !isTable.peek())} />
        ${t("lenses.as_table")}
      </label>
      <span class="help">${t("histograms.help")}</span>
    </div>
    ${
      !isOfThisNetwork
        ? html`<p class="help">${t("lenses.computing")}</p>`
        : isTable.value
          ? html`<${Table} layers=${layers} told=${told} />`
          : html`<${Multiples} layers=${layers} told=${told} sharesAxes=${sharesAxes.value} />`
    }`;
}

/** @param {{ layers: Layer[], told: LayerHistograms[], sharesAxes: boolean }} props */
function Multiples({ layers, told, sharesAxes }) {
  return html`<div class="histograms">
    ${told.map(
      (layer, index) =>
        html`<div class="histograms-layer" key=${index} role="group" aria-label=${layerName(layers, index)}>
          <h3>${layerName(layers, index)}</h3>
          ${KINDS.map(
            (kind) =>
              html`<${Multiple}
                key=${kind}
                kind=${kind}
                histogram=${layer[kind]}
                axis=${axisOf(sharesAxes ? told.map((other) => other[kind]) : [layer[kind]])}
              />`,
          )}
        </div>`,
    )}
  </div>`;
}

/** @param {{ kind: string, histogram: Histogram, axis: [number, number] }} props */
function Multiple({ kind, histogram, axis }) {
  const zero = (100 * (0 - axis[0])) / (axis[1] - axis[0]);
  const { negative, positive } = histogramPaths(histogram, axis);
  const lost = histogram.not_finite;
  return html`<figure class="histogram">
    <figcaption>${t(`histograms.${kind}`)}</figcaption>
    <div class="histogram-counts" aria-hidden="true">
      <span>${number(Math.max(...histogram.counts))}</span>
      <span>0</span>
    </div>
    <div class="histogram-plot">
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label=${description(kind, histogram)}>
        <path class="histogram-zero" d=${`M${zero.toFixed(2)} 0V100`} />
        <path class="histogram-bars is-cold" d=${negative} />
        <path class="histogram-bars is-warm" d=${positive} />
        <path class="histogram-base" d="M0 100H100" />
      </svg>
    </div>
    <div class="histogram-axis" aria-hidden="true">
      <span>${short(axis[0])}</span>
      ${zero > 33 && zero < 67 ? html`<span class="is-zero" style=${{ left: `${zero}%` }}>0</span>` : null}
      <span>${short(axis[1])}</span>
    </div>
    <p class="histogram-figures" aria-hidden="true">
      ${short(histogram.mean)} ± ${short(histogram.deviation)}
      ${lost > 0 && html`<b> ${t("histograms.not_finite", { count: lost })}</b>`}
    </p>
  </figure>`;
}

/**
 * @param {string} kind
 * @param {Histogram} histogram
 */
const description = (kind, histogram) =>
  t("histograms.description", {
    kind: t(`histograms.${kind}`),
    low: short(histogram.low),
    high: short(histogram.high),
    mean: short(histogram.mean),
    deviation: short(histogram.deviation),
  });

/** @param {{ layers: Layer[], told: LayerHistograms[] }} props */
function Table({ layers, told }) {
  return html`<div class="lens-table" tabindex="0" role="group" aria-label=${t("lenses.histograms")}>
    <table class="table">
      <thead>
        <tr>
          <th scope="col">${t("layers.layer")}</th>
          <th scope="col">${t("histograms.what")}</th>
          ${["count", "least", "greatest", "mean", "deviation"].map(
            (name) => html`<th key=${name} scope="col" class="is-number">${t(`histograms.${name}`)}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${told.flatMap((layer, index) =>
          KINDS.map((kind) => {
            const { low, high, mean, deviation } = layer[kind];
            return html`<tr key=${`${index} ${kind}`}>
              <th scope="row">${layerName(layers, index)}</th>
              <td>${t(`histograms.${kind}`)}</td>
              <td class="is-number">${number(totalOf(layer[kind]))}</td>
              ${[low, high, mean, deviation].map(
                (value, place) => html`<td key=${place} class="is-number">${short(value)}</td>`,
              )}
            </tr>`;
          }),
        )}
      </tbody>
    </table>
  </div>`;
}

/** Three figures say enough, whatever the size. @param {number} value */
const short = (value) => {
  const size = Math.abs(value);
  return number(value, { digits: size === 0 || size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4 });
};
