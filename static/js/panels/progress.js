import { useComputed, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { createChart } from "../draw/chart.js";
import { themeColours } from "../draw/colours.js";
import { html } from "../html.js";
import { number, t } from "../i18n.js";
import { newest } from "../points.js";

/** @import uPlot from "uplot" */
/** @import { ChartOptions, Curve } from "../draw/chart.js" */
/** @import { Store } from "../store.js" */
/** @import { Point } from "../types.js" */
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
 * @property {{ name: string, prefix: string, line: Curve["line"], hasMarks?: boolean }[]} splits
 * @property {ChartOptions["bounds"]} bounds  of its axis
 * @property {ChartOptions["reference"]} [reference]
 * @property {string} [referenceLabel]
 * @property {() => number} [lastEpoch]  how far the axis reaches at least
 * @property {(point: Point) => number} [placeOf]  where a point lies, in epochs
 * @property {(point: Point) => boolean} [isDrawn]  whether a point says enough to be drawn
 * @property {number} [height]  of the chart
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
export function Measure(props) {
  const { store, metric, splits, reference, referenceLabel } = props;
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
      ${
        reference !== undefined &&
        html`<div>
          <dt>
            <svg class="line-key is-reference" viewBox="0 0 24 8" aria-hidden="true"><path d="M0 4h24" /></svg>
            ${referenceLabel}
          </dt>
          <dd><span class="figure-value is-reference">${number(reference, { digits: DIGITS, fixed: true })}</span></dd>
        </div>`
      }
    </dl>
    <${Chart} ...${props} />
  </figure>`;
}

/** @param {{ store: Store, metric: string }} props */
function Figure({ store, metric }) {
  const text = useComputed(() => {
    // What is measured once an epoch is missing from the newest point within one.
    const { [metric]: value = newest(store.points.value, metric)?.value } = store.metrics.value;
    if (value === undefined) return "–";
    return value === null ? "∞" : number(value, { digits: DIGITS, fixed: true });
  });
  return html`<span class="figure-value" id=${metric}>${text}</span>`;
}

/** @param {MeasureProps} props */
function Chart({
  store,
  metric,
  splits,
  bounds,
  reference,
  lastEpoch,
  placeOf = ({ epoch }) => epoch,
  isDrawn = () => true,
  height = CHART_PX,
}) {
  const parent = useRef(/** @type {HTMLDivElement | null} */ (null));
  const chart = useRef(/** @type {uPlot | null} */ (null));

  useSignalEffect(() => {
    // Colours are fixed when a chart is made: another theme needs another chart.
    const colours = themeColours();
    const element = /** @type {HTMLDivElement} */ (parent.current);
    const made = createChart(element, colours, {
      curves: splits.map(({ name, prefix, line, hasMarks }) => ({
        metric: prefix + metric,
        label: t(`split.${name}`),
        line,
        hasMarks,
      })),
      height,
      format: (value) => number(value, { digits: 2 }),
      formatEpoch: (epoch) => number(epoch),
      bounds,
      reference,
      lastEpoch,
      changes: () =>
        store.changes
          .peek()
          .filter(({ run }) => run === store.run.peek())
          .map(({ epoch }) => epoch),
    });
    chart.current = made;
    show();
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
  });

  const show = () => {
    const points = store.points.peek().filter(isDrawn);
    chart.current?.setData([
      points.map(placeOf),
      // null leaves a gap, undefined none: it is not measured at every point.
      ...splits.map(({ prefix }) => points.map((point) => point[prefix + metric])),
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
