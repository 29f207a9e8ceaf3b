import { useComputed, useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { lazily } from "../controls/lazy.js";
import { Popover } from "../controls/popover.js";
import { Slider } from "../controls/slider.js";
import { TableButton } from "../controls/table-button.js";
import { useUniqueId } from "../controls/unique-id.js";
import { metricsOf } from "../draw/curve-data.js";
import { html } from "../html.js";
import { number, t, words } from "../i18n.js";
import { Curves, CurvesView, metricName } from "./curves.js";
import { Figure, LineKey } from "./measure.js";

/** @import { Signal } from "@preact/signals" */
/** @import { ComponentChildren } from "preact" */
/** @import { Store } from "../store.js" */
/** @import { CurvesProps } from "./curves.js" */
/** @import { PanelProps } from "./playground.js" */

/** The splits with the prefix of their metrics and how their curves are drawn. */
const SPLITS = /** @type {const} */ ([
  { name: "train", prefix: "", line: "solid" },
  { name: "validation", prefix: "validation_", line: "dotted" },
  { name: "test", prefix: "test_", line: "dashed" },
]);

const MOST_SMOOTHING = 0.98;

/** What every session has, so that it stands there before there is a point. */
const FIRST_METRIC = "loss";

const CurvesTable = lazily(() => import("./curves-table.js"));

/** How well the network does, as numbers and over the epochs. @param {PanelProps} props */
export function Progress({ store }) {
  const chosen = useSignal(FIRST_METRIC);
  const isLog = useSignal(false);
  const smoothing = useSignal(0);
  const view = useMemo(() => new CurvesView(), []);
  // A string of its own: points come with every epoch, which metrics they tell does not change.
  const told = useComputed(() => {
    const newest = store.points.value.slice(-2);
    const now = /** @type {typeof newest} */ ([store.metrics.value]);
    return metricsOf([...now, ...newest]).join(" ");
  });
  const metrics = told.value === "" ? [FIRST_METRIC] : told.value.split(" ");
  const metric = metrics.includes(chosen.value) ? chosen.value : FIRST_METRIC;

  const { split } = store.spec.value.data;
  const splits = SPLITS.filter(
    ({ name }) => name === "train" || split[name] || (name === "test" && store.facts.value.own_test),
  );
  const drawn = splits.filter(({ prefix }) => prefix === "" || hasParts(metric));
  const curves = drawn.map(({ name }) => name).join(" ");
  /** @type {CurvesProps} */
  const props = {
    store,
    metric,
    splits: drawn,
    bounds: metric === "accuracy" ? [0, 1] : null,
    isLog: isLog.value && metric !== "accuracy",
    smoothing: smoothing.value,
    unit: unitOf(store, metric),
    view,
  };
  const table = useSignal(false);
  const tools = html`<${Popover}
      label=${t("progress.options")}
      buttonClass="button is-small"
      panelLabel=${t("progress.options_label")}
    >
      ${() => html`<${Options} isLog=${isLog} smoothing=${smoothing} metric=${metric} view=${view} />`}
    <//>
    <${TableButton} isOpen=${table} controls="curves-table" />`;
  return html`<h2 class="visually-hidden" id="progress-title">${t("progress.title")}</h2>
    <${Figures} ...${{ store, metrics, metric, splits, chosen, tools }} />
    <${Curves} key=${`${metric} ${curves}`} ...${props} />
    <div id="curves-table">
      ${table.value && html`<${CurvesTable} store=${store} metrics=${metrics} splits=${splits} />`}
    </div>`;
}

/** Whether a metric is measured on each part of the data; the rate that is now stands beside its slider. @param {string} metric */
const hasParts = (metric) => metric !== "learning_rate";

/**
 * What the vertical axis counts: of a loss which one it is.
 *
 * @param {Store} store
 * @param {string} metric
 */
function unitOf(store, metric) {
  const loss = store.catalogue.find("loss", store.loss.value);
  return (metric === FIRST_METRIC && words(loss?.label)) || metricName(metric);
}

/**
 * The newest numbers: a row for each part of the data, a column for each metric. The heads choose which of them is drawn.
 *
 * @param {{ store: Store, metrics: string[], metric: string, splits: readonly (typeof SPLITS)[number][],
 *   chosen: Signal<string>, tools: ComponentChildren }} props
 */
function Figures({ store, metrics, metric, splits, chosen, tools }) {
  return html`<table class="figure-table">
    <thead>
      <tr>
        <td class="figure-tools"><div>${tools}</div></td>
        ${metrics.map(
          (name) => html`<th key=${name} scope="col">
            <button
              class="metric-choice"
              type="button"
              aria-pressed=${name === metric}
              title=${t("progress.draw", { metric: metricName(name) })}
              onClick=${() => {
                chosen.value = name;
              }}
            >
              ${hasParts(name) ? metricName(name) : t("progress.rate")}
            </button>
          </th>`,
        )}
      </tr>
    </thead>
    <tbody>
      ${splits.map(
        ({ name, prefix, line }) => html`<tr key=${name}>
          <th scope="row"><${LineKey} line=${line} />${t(`split.${name}_short`)}</th>
          ${metrics.map(
            (each) => html`<td key=${each} class=${each === metric ? "is-drawn" : ""}>
              ${hasParts(each) && html`<${Figure} store=${store} metric=${prefix + each} />`}
            </td>`,
          )}
        </tr>`,
      )}
    </tbody>
  </table>`;
}

/** @param {{ isLog: Signal<boolean>, smoothing: Signal<number>, metric: string, view: CurvesView }} props */
function Options({ isLog, smoothing, metric, view }) {
  const id = useUniqueId();
  const toggle = () => {
    isLog.value = !isLog.peek();
  };
  /** @param {number} value */
  const change = (value) => {
    smoothing.value = value;
  };
  const scale = { min: 0, max: MOST_SMOOTHING, step: 0.02, toPosition: same, toValue: same };
  return html`<div class="view-options">
    <label class="check">
      <input type="checkbox" checked=${isLog.value} disabled=${metric === "accuracy"} onChange=${toggle} />
      ${t("progress.log")}
    </label>
    <div class="field" title=${t("progress.smoothing_help")}>
      <label class="field-label" for=${id}>${t("progress.smoothing")}</label>
      <span class="figure-small">${number(smoothing.value, { digits: 2 })}</span>
      <${Slider} id=${id} label=${t("progress.smoothing")} scale=${scale} value=${smoothing.value} onChange=${change} />
    </div>
    <div class="zoom-buttons">
      ${(
        /** @type {const} */ ([
          ["in", view.closer],
          ["out", view.farther],
          ["all", view.showAll],
        ])
      ).map(
        ([name, act]) =>
          html`<button key=${name} class="button is-small" type="button" onClick=${act}>${t(`progress.zoom_${name}`)}</button>`,
      )}
    </div>
    <p class="help">${t("progress.zoom_help")}</p>
  </div>`;
}

/** @param {number} value */
const same = (value) => value;
