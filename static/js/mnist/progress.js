import { html } from "../html.js";
import { t } from "../i18n.js";
import { Measure } from "../panels/progress.js";
import { newest } from "../points.js";
import { accuracyFloor, placeOf } from "./plan.js";

/** @import { Point } from "../types.js" */
/** @import { LabProps } from "./page.js" */

/** The test accuracy that a well-known course reaches with this network. */
const COURSE_ACCURACY = 0.9774;
const CHART_PX = 104;

const SPLITS = /** @type {const} */ ([
  { name: "train", prefix: "", line: "solid" },
  { name: "test", prefix: "test_", line: "dashed", hasMarks: true },
]);

/** How well the network does, beside the figure of the course. @param {LabProps} props */
export function Progress({ store, lab }) {
  const shared = {
    store,
    splits: SPLITS,
    height: CHART_PX,
    placeOf: (/** @type {Point} */ point) => placeOf(point, lab.batches.peek()),
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
    <${Measure} ...${shared} metric="loss" bounds=${null} />`;
}

/**
 * @param {Point[]} points
 * @returns {[number, number]}
 */
function accuracyBounds(points) {
  const newestOnes = ["accuracy", "test_accuracy"].map((metric) => newest(points, metric)?.value ?? 1);
  return [points.length === 0 ? 0 : accuracyFloor(Math.min(...newestOnes)), 1];
}
