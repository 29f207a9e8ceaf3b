import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { useUniqueId } from "../../../controls/unique-id.js";
import { themeColours } from "../../../draw/colours.js";
import { createRunsChart } from "../../../draw/runs-chart.js";
import { html } from "../../../html.js";
import { number, t } from "../../../i18n.js";
import { joinedCurves } from "../../../runs.js";

/** @import uPlot from "uplot" */
/** @import { Store } from "../../../store.js" */
/** @import { Compared } from "../runs.js" */

const HEIGHT_PX = 200;
/** The present run's curve grows; the eye can't follow more often. */
const REDRAW_MS = 300;
const PREFIXES = { train: "", validation: "validation_", test: "test_" };

/** The curves of several runs over one another. @param {{ store: Store, compared: Compared[] }} props */
export function Curves({ store, compared }) {
  const split = useSignal(/** @type {keyof typeof PREFIXES} */ ("train"));
  const id = useUniqueId();
  /** @param {Event & { currentTarget: HTMLSelectElement }} event */
  const choose = ({ currentTarget: { value } }) => {
    split.value = /** @type {keyof typeof PREFIXES} */ (value);
  };
  const has = (/** @type {string} */ metric) =>
    compared.some(({ run }) => (run?.points ?? store.points.value).some((point) => point[metric] !== undefined));
  const measured = /** @type {const} */ (["loss", "accuracy"]).filter((metric) => has(PREFIXES[split.value] + metric));
  return html`<div class="lens-tools runs-tools">
      <label for=${id}>
        ${t("runs.curves_of")}
        <select class="select" id=${id} value=${split.value} onChange=${choose}>
          ${Object.keys(PREFIXES).map((name) => html`<option key=${name} value=${name}>${t(`split.${name}`)}</option>`)}
        </select>
      </label>
    </div>
    ${measured.length === 0 && html`<p class="help">${t("runs.not_measured")}</p>`}
    <div class="runs-curves">
      ${
        measured.map(
          (metric) =>
            html`<${Chart}
            key=${`${metric} ${split.value} ${compared.map(({ letter, run }) => letter + (run?.id ?? "")).join()}`}
            store=${store}
            compared=${compared}
            title=${t(`metrics.${metric}`)}
            metric=${PREFIXES[split.value] + metric}
            bounds=${metric === "accuracy" ? [0, 1] : null}
          />`,
        )
      }
    </div>`;
}

/**
 * @param {{ store: Store, compared: Compared[], title: string, metric: string, bounds: [number, number] | null }} props
 */
function Chart({ store, compared, title, metric, bounds }) {
  const parent = useRef(/** @type {HTMLDivElement | null} */ (null));
  const chart = useRef(/** @type {uPlot | null} */ (null));
  const timer = useRef(0);
  // The present run lies below: where another went the same way, its dashes are seen on it.
  const drawn = [...compared.filter(({ run }) => run === null), ...compared.filter(({ run }) => run !== null)];

  const show = () => {
    const runs = drawn.map(({ run }) => ({ points: run?.points ?? store.points.peek() }));
    chart.current?.setData(/** @type {uPlot.AlignedData} */ (joinedCurves(runs, metric)));
  };
  useSignalEffect(() => {
    const element = /** @type {HTMLDivElement} */ (parent.current);
    const made = createRunsChart(element, themeColours(), {
      curves: drawn.map(({ letter, index, run }) => ({
        letter,
        index,
        label: run?.name ?? t("runs.now"),
        isPresent: run === null,
      })),
      height: HEIGHT_PX,
      bounds,
      format: (value) => number(value, { digits: 2 }),
    });
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
    store.points.value;
    if (timer.current !== 0) return;
    timer.current = window.setTimeout(() => {
      timer.current = 0;
      show();
    }, REDRAW_MS);
  });
  useEffect(() => () => clearTimeout(timer.current), []);

  const names = compared.map(({ letter, run }) => `${letter}: ${run?.name ?? t("runs.now")}`).join("; ");
  return html`<figure class="runs-chart">
    <figcaption>${title}</figcaption>
    <div ref=${parent} role="img" aria-label=${t("runs.chart", { title, names })}></div>
    <span class="chart-unit" aria-hidden="true">${t("progress.epochs")}</span>
  </figure>`;
}
