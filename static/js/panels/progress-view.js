import { signal } from "@preact/signals";
import { endsOfAxis } from "../draw/curve-data.js";
import { t, words } from "../i18n.js";
import { CurvesView } from "./curves.js";

/** @import { Store } from "../store.js" */
/** @import { CurvesProps } from "./curves.js" */

/** The splits with the prefix of their metrics and how their curves are drawn. */
const SPLITS = /** @type {const} */ ([
  { name: "train", prefix: "", line: "solid" },
  { name: "validation", prefix: "validation_", line: "dotted" },
  { name: "test", prefix: "test_", line: "dashed" },
]);

/** What every session has, so that it stands there before there is a point. */
const FIRST_METRIC = "loss";
const RATE = "learning_rate";

/** @typedef {(typeof SPLITS)[number]} DrawnSplit */

/** How the curves of the page are drawn. */
class ProgressView {
  chosen = signal(FIRST_METRIC);
  isLog = signal(false);
  smoothing = signal(0);
  curves = new CurvesView();
}

/** @type {WeakMap<Store, ProgressView>} */
const views = new WeakMap();

/** How the curves of the page are drawn, for whoever draws them too. @param {Store} store */
export function progressViewOf(store) {
  const view = views.get(store) ?? new ProgressView();
  views.set(store, view);
  return view;
}

/**
 * What there are curves of: the loss, the metrics of the session's task, but for one that is the very loss, and the rate if
 * it changes.
 *
 * @param {Store} store
 */
export function toldMetrics(store) {
  const { coefficient = 1 } = store.spec.value.training.loss;
  const metrics = store.catalogue.metricsFor(store.facts.value.task).map(({ name }) => name);
  const others = metrics.filter((name) => name !== store.loss.value || coefficient !== 1);
  return [FIRST_METRIC, ...others, ...(store.points.value.at(-1)?.[RATE] === undefined ? [] : [RATE])];
}

/** Whether a metric is measured on each part of the data; the rate that is now stands beside its slider. @param {string} metric */
export const hasParts = (metric) => metric !== RATE;

/**
 * Whether a logarithmic axis tells something of what lies within these ends: it can be as large as one likes, and is never
 * below zero.
 *
 * @param {[number | null, number | null]} range
 */
export const canBeLog = ([least, most]) => least === 0 && most === null;

/** The parts of the data that there are. @param {Store} store @returns {DrawnSplit[]} */
export function presentSplits(store) {
  const { split } = store.spec.value.data;
  return SPLITS.filter(({ name }) => name === "train" || split[name] || (name === "test" && store.facts.value.own_test));
}

/**
 * What the curves show.
 *
 * @param {Store} store
 * @param {string[]} metrics  that are told
 * @returns {CurvesProps & { isLog: boolean, smoothing: number, unit: string, view: CurvesView }}
 */
export function shownCurves(store, metrics) {
  const { chosen, isLog, smoothing, curves } = progressViewOf(store);
  const metric = metrics.includes(chosen.value) ? chosen.value : FIRST_METRIC;
  const range = store.catalogue.rangeOf(metric);
  return {
    store,
    metric,
    splits: presentSplits(store).filter(({ prefix }) => prefix === "" || hasParts(metric)),
    bounds: (low, high) => endsOfAxis(range, low, high),
    isLog: isLog.value && canBeLog(range),
    smoothing: smoothing.value,
    unit: unitOf(store, metric),
    view: curves,
  };
}

/**
 * What the vertical axis counts: of a loss which one it is, and of what a table has in a unit of its own that these are the
 * network's numbers.
 *
 * @param {Store} store
 * @param {string} metric
 */
function unitOf(store, metric) {
  const { catalogue } = store;
  const loss = catalogue.find("loss", store.loss.value);
  const name = (metric === FIRST_METRIC && words(loss?.label)) || catalogue.metricName(metric);
  const scale = store.facts.value.target?.scale ?? 1;
  const isScaled = scale !== 1 && hasParts(metric) && canBeLog(catalogue.rangeOf(metric));
  return isScaled ? `${name} · ${t("progress.scaled")}` : name;
}
