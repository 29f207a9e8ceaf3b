import { niceCeiling } from "../draw/curve-data.js";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { Measure } from "../panels/measure.js";
import { newest } from "../points.js";
import { accuracyFloor, placeOf } from "./plan.js";

/** @import { MeasureProps } from "../panels/measure.js" */
/** @import { Point } from "../types.js" */
/** @import { LabProps } from "./page.js" */

/** The test accuracy that a well-known course reaches with this network. */
const COURSE_ACCURACY = 0.9774;
/** The part of an epoch's batches that is few. */
const FEW = 0.06;

/** @type {MeasureProps["splits"]} */
const SPLITS = [
  { name: "train", prefix: "", line: "solid" },
  { name: "test", prefix: "test_", line: "dashed", hasMarks: true },
];

/** How well the network does, beside the figure of the course. @param {LabProps} props */
export function Progress({ store, lab }) {
  /** @type {Pick<MeasureProps, "store" | "splits" | "placeOf" | "isDrawn" | "lastEpoch">} */
  const shared = {
    store,
    splits: SPLITS,
    placeOf: (point) => placeOf(point, lab.batches.peek()),
    // A mean over the first few batches of an epoch says little; the first epoch has nothing better.
    isDrawn: ({ epoch, batch }) => epoch === 0 || (batch ?? Infinity) > lab.batches.peek() * FEW,
    lastEpoch: () => lab.end.peek() ?? lab.epochs.peek(),
  };
  return html`<h2 class="visually-hidden" id="progress-title">${t("progress.title")}</h2>
    <${Measure}
      ...${shared}
      metric="accuracy"
      bounds=${() => accuracyBounds(store.points.peek())}
      reference=${COURSE_ACCURACY}
      referenceLabel=${t("mnist.course")}
    />
    <${Measure} ...${shared} metric="loss" bounds=${() => lossBounds(store.points.peek())} />`;
}

/**
 * @param {Point[]} points
 * @returns {[number, number]}
 */
function accuracyBounds(points) {
  const newestOnes = ["accuracy", "test_accuracy"].map((metric) => newest(points, metric)?.value ?? 1);
  return [points.length === 0 ? 0 : accuracyFloor(Math.min(...newestOnes)), 1];
}

/**
 * What is lost in the first batches would press all that comes later flat; the curve may leave the chart.
 *
 * @param {Point[]} points
 * @returns {[number, number]}
 */
function lossBounds(points) {
  const newestOnes = ["loss", "test_loss"].map((metric) => newest(points, metric)?.value ?? 0);
  return [0, niceCeiling(points.length === 0 ? 1 : 3 * Math.max(...newestOnes))];
}
