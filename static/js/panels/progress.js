import { useComputed, useSignal } from "@preact/signals";
import { lazily } from "../controls/lazy.js";
import { Popover } from "../controls/popover.js";
import { Slider } from "../controls/slider.js";
import { TableButton } from "../controls/table-button.js";
import { useUniqueId } from "../controls/unique-id.js";
import { html } from "../html.js";
import { number, t } from "../i18n.js";
import { Curves, metricName } from "./curves.js";
import { Figure, LineKey } from "./measure.js";
import { hasParts, presentSplits, progressViewOf, shownCurves, toldMetrics } from "./progress-view.js";

/** @import { Signal } from "@preact/signals" */
/** @import { ComponentChildren } from "preact" */
/** @import { Store } from "../store.js" */
/** @import { CurvesView } from "./curves.js" */
/** @import { DrawnSplit } from "./progress-view.js" */
/** @import { PanelProps } from "./playground.js" */

const MOST_SMOOTHING = 0.98;

const CurvesTable = lazily(() => import("./curves-table.js"));

/** How well the network does, as numbers and over the epochs. @param {PanelProps} props */
export function Progress({ store }) {
  const { chosen, isLog, smoothing, curves: view } = progressViewOf(store);
  // A string of its own: points come with every epoch, which metrics they tell does not change.
  const told = useComputed(() => toldMetrics(store).join(" "));
  const metrics = told.value.split(" ");
  const splits = presentSplits(store);
  const props = shownCurves(store, metrics);
  const { metric } = props;
  const drawn = props.splits.map(({ name }) => name).join(" ");
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
    <${Curves} key=${`${metric} ${drawn}`} ...${props} />
    <div id="curves-table">
      ${table.value && html`<${CurvesTable} store=${store} metrics=${metrics} splits=${splits} />`}
    </div>`;
}

/**
 * The newest numbers: a row for each part of the data, a column for each metric. The heads choose which of them is drawn.
 *
 * @param {{ store: Store, metrics: string[], metric: string, splits: DrawnSplit[],
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
