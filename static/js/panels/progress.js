import { useComputed, useSignal } from "@preact/signals";
import { Icon } from "../controls/icon.js";
import { lazily } from "../controls/lazy.js";
import { Popover } from "../controls/popover.js";
import { Slider } from "../controls/slider.js";
import { TableButton } from "../controls/table-button.js";
import { useUniqueId } from "../controls/unique-id.js";
import { html } from "../html.js";
import { number, t } from "../i18n.js";
import { Curves } from "./curves.js";
import { Figure, LineKey } from "./measure.js";
import { canBeLog, hasParts, presentSplits, progressViewOf, shownCurves, toldMetrics } from "./progress-view.js";

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
  const tools = html`<${CurveOptions}
      isLog=${isLog}
      canBeLog=${canBeLog(store.catalogue.rangeOf(metric))}
      smoothing=${smoothing}
      view=${view}
    />
    <${TableButton} isOpen=${table} controls="curves-table" />`;
  return html`<h2 class="visually-hidden" id="progress-title">${t("progress.title")}</h2>
    <${Figures} ...${{ store, metrics, metric, splits, chosen, tools }} />
    <${Curves} key=${`${metric} ${drawn}`} ...${props} />
    <div id="curves-table">
      ${table.value && html`<${CurvesTable} store=${store} metrics=${metrics} splits=${splits} />`}
    </div>`;
}

/**
 * The newest numbers: a row for each part of the data, a column for the loss and one for another metric, which can be any
 * of those that there are. The heads choose which of the two is drawn.
 *
 * @param {{ store: Store, metrics: string[], metric: string, splits: DrawnSplit[],
 *   chosen: Signal<string>, tools: ComponentChildren }} props
 */
function Figures({ store, metrics, metric, splits, chosen, tools }) {
  const second = useSignal("");
  const [first, ...others] = metrics;
  const other = others.includes(second.value) ? second.value : others[0];
  /** @param {string} name */
  const draw = (name) => {
    if (name !== first) second.value = name;
    chosen.value = name;
  };
  const head = (/** @type {string} */ name) => html`<button
    class="metric-choice"
    type="button"
    aria-pressed=${name === metric}
    title=${t("progress.draw", { metric: store.catalogue.metricName(name) })}
    onClick=${() => draw(name)}
  >
    ${hasParts(name) ? store.catalogue.metricName(name) : t("progress.rate")}
  </button>`;
  return html`<table class="figure-table">
    <thead>
      <tr>
        <td class="figure-tools"><div>${tools}</div></td>
        <th scope="col">${head(first)}</th>
        <th scope="col">
          <span class="metric-head">${head(other)}<${OtherMetrics} ...${{ store, others, other, onChoose: draw }} /></span>
        </th>
      </tr>
    </thead>
    <tbody>
      ${splits.map(
        ({ name, prefix, line }) => html`<tr key=${name}>
          <th scope="row"><${LineKey} line=${line} />${t(`split.${name}_short`)}</th>
          ${[first, other].map(
            (each) => html`<td key=${each} class=${each === metric ? "is-drawn" : ""}>
              ${hasParts(each) && html`<${Figure} store=${store} metric=${prefix + each} />`}
            </td>`,
          )}
        </tr>`,
      )}
    </tbody>
  </table>`;
}

/**
 * Which of the other metrics stands beside the loss.
 *
 * @param {{ store: Store, others: string[], other: string, onChoose: (name: string) => void }} props
 */
function OtherMetrics({ store, others, other, onChoose }) {
  const { catalogue } = store;
  /** @param {Event & { currentTarget: HTMLElement }} event @param {string} name */
  const choose = ({ currentTarget }, name) => {
    /** @type {HTMLElement} */ (currentTarget.closest("[popover]")).hidePopover();
    onChoose(name);
  };
  return html`<${Popover}
    label=${html`<${Icon} name="chevron" />`}
    title=${t("progress.others")}
    buttonClass="metric-choice metric-others"
    panelLabel=${t("progress.others")}
  >
    ${() => html`<div class="metric-list">
      ${others.map(
        (name) => html`<button
          key=${name}
          type="button"
          aria-pressed=${name === other}
          onClick=${(/** @type {any} */ event) => choose(event, name)}
        >
          <b>${catalogue.metricName(name)}</b>
          <span class="help">${catalogue.metricMeaning(name, store.facts.value.task)}</span>
        </button>`,
      )}
    </div>`}
  <//>`;
}

/**
 * @typedef {object} OptionsProps
 * @property {Signal<boolean>} isLog
 * @property {boolean} canBeLog  whether what is drawn has a logarithmic axis
 * @property {Signal<number>} smoothing
 * @property {CurvesView} view
 */

/** How curves are drawn, one press away. @param {OptionsProps} props */
export function CurveOptions(props) {
  return html`<${Popover}
    label=${t("progress.options")}
    buttonClass="button is-small"
    panelLabel=${t("progress.options_label")}
  >
    ${() => html`<${Options} ...${props} />`}
  <//>`;
}

/** @param {OptionsProps} props */
function Options({ isLog, canBeLog, smoothing, view }) {
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
      <input type="checkbox" checked=${isLog.value} disabled=${!canBeLog} onChange=${toggle} />
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
