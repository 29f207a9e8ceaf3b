import { useComputed, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { createChart } from "../draw/chart.js";
import { themeColours } from "../draw/colours.js";
import { html } from "../html.js";
import { number, t } from "../i18n.js";

/** @import uPlot from "uplot" */
/** @import { Curve } from "../draw/chart.js" */
/** @import { Store } from "../store.js" */
/** @import { PanelProps } from "./playground.js" */

/** The splits with the prefix of their metrics and how their curves are drawn. */
const SPLITS = /** @type {const} */ ([
  { name: "train", prefix: "", line: "solid" },
  { name: "validation", prefix: "validation_", line: "dotted" },
  { name: "test", prefix: "test_", line: "dashed" },
]);

const CHART_PX = 116;
/** The eye can't follow curves that are redrawn more often, and a slow core has other things to do. */
const REDRAW_MS = 100;

/** How well the network does, as numbers and over the epochs. @param {PanelProps} props */
export function Progress({ store }) {
  const { split } = store.spec.value.data;
  const splits = SPLITS.filter(({ name }) => split[name] || name === "train");
  const hasAccuracy = "accuracy" in store.metrics.value || store.points.value.length === 0;

  return html`<h2 class="visually-hidden" id="progress-title">${t("progress.title")}</h2>
    <table class="metrics">
      <thead>
        <tr><td></td><th scope="col">${t("metrics.loss")}</th>${hasAccuracy && html`<th scope="col">${t("metrics.accuracy")}</th>`}</tr>
      </thead>
      <tbody>
        ${splits.map(
          ({ name, prefix, line }) => html`<tr key=${name}>
            <th scope="row"><svg class="line-key is-${line}" viewBox="0 0 24 8" aria-hidden="true"><path d="M0 4h24" /></svg>${t(`split.${name}`)}</th>
            <td><${Figure} store=${store} metric="${prefix}loss" digits=${4} /></td>
            ${hasAccuracy && html`<td><${Figure} store=${store} metric="${prefix}accuracy" digits=${3} /></td>`}
          </tr>`,
        )}
      </tbody>
    </table>
    <${Chart} key=${`loss ${splits.length}`} store=${store} metric="loss" splits=${splits} bounds=${null} />
    ${hasAccuracy && html`<${Chart} key=${`accuracy ${splits.length}`} store=${store} metric="accuracy" splits=${splits} bounds=${[0, 1]} />`}`;
}

/** @param {{ store: Store, metric: string, digits: number }} props */
function Figure({ store, metric, digits }) {
  const text = useComputed(() => {
    const value = store.metrics.value[metric];
    if (value === undefined) return "–";
    return value === null ? "∞" : number(value, { digits, fixed: true });
  });
  return html`<span class="figure-value" id=${metric}>${text}</span>`;
}

/**
 * @param {{ store: Store, metric: "loss" | "accuracy", splits: { name: string, prefix: string, line: Curve["line"] }[], bounds: [number, number] | null }} props
 */
function Chart({ store, metric, splits, bounds }) {
  const parent = useRef(/** @type {HTMLDivElement | null} */ (null));
  const chart = useRef(/** @type {uPlot | null} */ (null));

  useSignalEffect(() => {
    // Colours are fixed when a chart is made: another theme needs another chart.
    const colours = themeColours();
    const element = /** @type {HTMLDivElement} */ (parent.current);
    const made = createChart(element, colours, {
      curves: splits.map(({ name, prefix, line }) => ({ metric: prefix + metric, label: t(`split.${name}`), line })),
      height: CHART_PX,
      format: (value) => number(value, { digits: 2 }),
      formatEpoch: (epoch) => number(epoch),
      bounds,
      changes: () => store.changes.peek().filter(({ run }) => run === store.run.peek()).map(({ epoch }) => epoch),
    });
    chart.current = made;
    show();
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: CHART_PX }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
  });

  const show = () => {
    const points = store.points.peek();
    chart.current?.setData([points.map(({ epoch }) => epoch), ...splits.map(({ prefix }) => points.map((point) => point[prefix + metric] ?? null))]);
  };
  const planned = useRef(0);
  useSignalEffect(() => {
    store.points.value;
    store.changes.value;
    if (planned.current !== 0) return;
    planned.current = window.setTimeout(() => {
      planned.current = 0;
      show();
    }, REDRAW_MS);
  });

  return html`<figure class="chart">
    <figcaption>${t(`metrics.${metric}`)}<span class="chart-unit">${t("progress.over_epochs")}</span></figcaption>
    <div class="chart-plot" ref=${parent} role="img" aria-label=${t(`progress.chart_${metric}`)}></div>
  </figure>`;
}
