import { signal } from "@preact/signals";
import { metricsOf } from "../draw/curve-data.js";
import { words } from "../i18n.js";
import { CurvesView, metricName } from "./curves.js";

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

/** The metrics that are told now. @param {Store} store */
export function toldMetrics(store) {
  const newest = store.points.value.slice(-2);
  const now = /** @type {typeof newest} */ ([store.metrics.value]);
  const told = metricsOf([...now, ...newest]);
  return told.length === 0 ? [FIRST_METRIC] : told;
}

/** Whether a metric is measured on each part of the data; the rate that is now stands beside its slider. @param {string} metric */
export const hasParts = (metric) => metric !== "learning_rate";

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
  return {
    store,
    metric,
    splits: presentSplits(store).filter(({ prefix }) => prefix === "" || hasParts(metric)),
    bounds: metric === "accuracy" ? [0, 1] : null,
    isLog: isLog.value && metric !== "accuracy",
    smoothing: smoothing.value,
    unit: unitOf(store, metric),
    view: curves,
  };
}

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
