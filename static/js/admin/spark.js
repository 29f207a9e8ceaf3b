import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import uPlot from "uplot";
import { niceCeiling } from "../draw/curve-data.js";
import { themeColours } from "../draw/colours.js";
import { html } from "../html.js";
import { number, t } from "../i18n.js";

/** @import { Sample, Watch } from "./watch.js" */

const HEIGHT_PX = 96;
const SHOWN_S = 300;

/**
 * The last minutes of one figure.
 *
 * @param {{ watch: Watch, label: string, valueOf: (sample: Sample) => number | null }} props
 */
export function Spark({ watch, label, valueOf }) {
  const parent = useRef(/** @type {HTMLDivElement | null} */ (null));
  const chart = useRef(/** @type {uPlot | null} */ (null));

  const show = () => {
    const samples = watch.samples.peek();
    const now = samples.at(-1)?.time_s ?? 0;
    chart.current?.setData([samples.map(({ time_s }) => time_s - now), samples.map(valueOf)]);
  };
  useSignalEffect(() => {
    const element = /** @type {HTMLDivElement} */ (parent.current);
    const made = makeChart(element, themeColours().css);
    chart.current = made;
    show();
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT_PX }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
  });
  useSignalEffect(() => {
    watch.samples.value;
    show();
  });

  return html`<div class="spark" ref=${parent} role="img" aria-label=${label}></div>`;
}

/**
 * @param {HTMLElement} parent
 * @param {Record<"ink" | "inkSoft" | "line", string>} css
 */
function makeChart(parent, css) {
  const font = `12px ${getComputedStyle(parent).fontFamily}`;
  const axis = { stroke: css.inkSoft, font, ticks: { show: false }, grid: { stroke: css.line, width: 1 } };
  return new uPlot(
    {
      width: Math.max(120, parent.clientWidth),
      height: HEIGHT_PX,
      padding: [8, 16, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: [-SHOWN_S, 0] },
        y: { range: (_, _low, high) => [0, niceCeiling(high ?? 1)] },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: 20,
          gap: 4,
          splits: () => [-240, -180, -120, -60, 0],
          values: (_, ticks) =>
            ticks.map((tick) => (tick === 0 ? t("admin.now") : t("admin.minutes_ago", { count: -tick / 60 }))),
        },
        { ...axis, size: 40, gap: 6, space: 26, values: (_, ticks) => ticks.map((tick) => number(tick, { digits: 1 })) },
      ],
      series: [{}, { stroke: css.ink, width: 2, points: { show: false }, spanGaps: false }],
    },
    [[], []],
    parent,
  );
}
