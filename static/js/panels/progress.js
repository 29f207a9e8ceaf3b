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

const CHART_PX = 128;
const DIGITS = 4;
/** The eye can't follow curves that are redrawn more often, and a slow core has other things to do. */
const REDRAW_MS = 100;

/**
 * @typedef {object} MeasureProps
 * @property {Store} store
 * @property {"loss" | "accuracy"} metric
 * @property {{ name: string, prefix: string, line: Curve["line"] }[]} splits
 * @property {[number, number] | null} bounds  of its axis
 */

/** How well the network does, as numbers and over the epochs. @param {PanelProps} props */
export function Progress({ store }) {
  const { split } = store.spec.value.data;
  const splits = SPLITS.filter(({ name }) => split[name] || name === "train");
  // A signal of its own: metrics change with every epoch, which of them there are does not.
  const hasAccuracy = useComputed(() => "accuracy" in store.metrics.value);
  const curves = splits.map(({ name }) => name).join(" ");

  return html`<h2 class="visually-hidden" id="progress-title">${t("progress.title")}</h2>
    <${Measure} key=${`loss ${curves}`} store=${store} metric="loss" splits=${splits} bounds=${null} />
    ${
      hasAccuracy.value &&
      html`<${Measure}
      key=${`accuracy ${curves}`}
      store=${store}
      metric="accuracy"
      splits=${splits}
      bounds=${[0, 1]}
    />`
    }`;
}

/**
 * One metric: its newest numbers, which are the legend too, and its curves.
 *
 * @param {MeasureProps} props
 */
function Measure({ store, metric, splits, bounds }) {
  return html`<figure class="measure">
    <figcaption>${t(`metrics.${metric}`)}</figcaption>
    <dl class="figures">
      ${splits.map(
        ({ name, prefix, line }) => html`<div key=${name}>
          <dt title=${t(`split.${name}`)}>
            <svg class="line-key is-${line}" viewBox="0 0 24 8" aria-hidden="true"><path d="M0 4h24" /></svg>
            ${t(`split.${name}_short`)}
          </dt>
          <dd><${Figure} store=${store} metric=${prefix + metric} /></dd>
        </div>`,
      )}
    </dl>
    <${Chart} store=${store} metric=${metric} splits=${splits} bounds=${bounds} />
  </figure>`;
}

/** @param {{ store: Store, metric: string }} props */
function Figure({ store, metric }) {
  const text = useComputed(() => {
    const value = store.metrics.value[metric];
    if (value === undefined) return "–";
    return value === null ? "∞" : number(value, { digits: DIGITS, fixed: true });
  });
  return html`<span class="figure-value" id=${metric}>${text}</span>`;
}

/** @param {MeasureProps} props */
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
      changes: () =>
        store.changes
          .peek()
          .filter(({ run }) => run === store.run.peek())
          .map(({ epoch }) => epoch),
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
    chart.current?.setData([
      points.map(({ epoch }) => epoch),
      ...splits.map(({ prefix }) => points.map((point) => point[prefix + metric] ?? null)),
    ]);
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

  return html`<div class="chart" ref=${parent} role="img" aria-label=${t(`progress.chart_${metric}`)}></div>
    <span class="chart-unit" aria-hidden="true">${t("progress.epochs")}</span>`;
}
