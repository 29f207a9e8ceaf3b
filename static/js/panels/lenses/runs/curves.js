import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { useUniqueId } from "../../../controls/unique-id.js";
import { endsOfAxis, nearestIndex } from "../../../draw/curve-data.js";
import { drawLetters, LETTER_PX, runLook } from "../../../draw/runs-chart.js";
import { html } from "../../../html.js";
import { t } from "../../../i18n.js";
import { joinedCurves } from "../../../runs.js";
import { CurvesView, figureText, Plot } from "../../curves.js";
import { CurveOptions } from "../../progress.js";
import { canBeLog } from "../../progress-view.js";

/** @import { Signal } from "@preact/signals" */
/** @import { Store } from "../../../store.js" */
/** @import { Compared } from "../runs.js" */

const PREFIXES = { train: "", validation: "validation_", test: "test_" };

/**
 * The curves of several runs over one another: of the loss, and of another figure that the reader chooses.
 *
 * @param {{ store: Store, compared: Compared[], metrics: string[], metric: string, chosen: Signal<string> }} props
 */
export function RunCurves({ store, compared, metrics, metric, chosen }) {
  const split = useSignal(/** @type {keyof typeof PREFIXES} */ ("train"));
  const isLog = useSignal(false);
  const smoothing = useSignal(0);
  const view = useMemo(() => new CurvesView(), []);
  const id = useUniqueId();
  /** @param {Event & { currentTarget: HTMLSelectElement }} event */
  const choose = ({ currentTarget: { value } }) => {
    split.value = /** @type {keyof typeof PREFIXES} */ (value);
  };
  /** @param {Event & { currentTarget: HTMLSelectElement }} event */
  const chooseMetric = ({ currentTarget: { value } }) => {
    chosen.value = value;
  };
  const prefix = PREFIXES[split.value];
  const pointsOf = (/** @type {Compared} */ { run }) => run?.points ?? store.points.peek();
  const measured = ["loss", metric].filter((name) =>
    compared.some((one) => pointsOf(one).some((point) => point[prefix + name] !== undefined)),
  );
  return html`<div class="lens-tools runs-tools">
      <label for=${`${id}-split`}>
        ${t("runs.curves_of")}
        <select class="select" id=${`${id}-split`} value=${split.value} onChange=${choose}>
          ${Object.keys(PREFIXES).map((name) => html`<option key=${name} value=${name}>${t(`split.${name}`)}</option>`)}
        </select>
      </label>
      <label for=${`${id}-metric`}>
        ${t("runs.figure")}
        <select
          class="select"
          id=${`${id}-metric`}
          value=${metric}
          onChange=${chooseMetric}
        >
          ${metrics.map((name) => html`<option key=${name} value=${name}>${store.catalogue.metricName(name)}</option>`)}
        </select>
      </label>
      <${CurveOptions} isLog=${isLog} canBeLog=${true} smoothing=${smoothing} view=${view} />
    </div>
    ${measured.length === 0 && html`<p class="help">${t("runs.not_measured")}</p>`}
    <div class="runs-curves">
      ${measured.map(
        (name) =>
          html`<${RunsChart}
            key=${`${name} ${split.value} ${compared.map(({ letter, run }) => letter + (run?.id ?? "")).join()}`}
            store=${store}
            compared=${compared}
            title=${store.catalogue.metricName(name)}
            metric=${prefix + name}
            range=${store.catalogue.rangeOf(name)}
            isLog=${isLog.value}
            smoothing=${smoothing.value}
            view=${view}
          />`,
      )}
    </div>`;
}

/**
 * @param {{
 *   store: Store, compared: Compared[], title: string, metric: string, range: [number | null, number | null],
 *   isLog: boolean, smoothing: number, view: CurvesView,
 * }} props
 */
function RunsChart({ store, compared, title, metric, range, isLog, smoothing, view }) {
  // The present run lies below: where another went the same way, its dashes are seen on it.
  const drawnOnes = [...compared.filter(({ run }) => run === null), ...compared.filter(({ run }) => run !== null)];
  const curves = drawnOnes.map(({ letter, index, run }) => ({
    letter,
    index,
    label: run?.name ?? t("runs.now"),
    isPresent: run === null,
  }));
  const pointsOf = (/** @type {Compared} */ { run }) => run?.points ?? store.points.value;
  const drawn = () => joinedCurves(drawnOnes.map((one) => ({ points: pointsOf(one) })), metric);
  /** Each run tells where it was measured nearest, and says so where that is elsewhere. @param {number} place */
  const read = (place) => {
    const said = compared.flatMap((one) => {
      const points = pointsOf(one).filter((point) => point[metric] !== undefined);
      const point = points[nearestIndex(points.map(({ epoch }) => epoch), place)];
      if (point === undefined) return [];
      const value = figureText(point[metric]);
      return [
        point.epoch === place
          ? `${one.letter} ${value}`
          : t("runs.read_elsewhere", { letter: one.letter, value, epoch: point.epoch }),
      ];
    });
    return [t("progress.at_epoch", { epoch: place }), ...said].join(" · ");
  };
  const names = compared.map(({ letter, run }) => `${letter}: ${run?.name ?? t("runs.now")}`).join("; ");
  return html`<figure class="runs-chart">
    <figcaption>${title}</figcaption>
    <${Plot}
      store=${store}
      label=${t("runs.chart", { title, names })}
      curves=${(/** @type {any} */ colours) => curves.map((curve) => runLook(curve, colours))}
      drawn=${drawn}
      read=${read}
      room=${LETTER_PX}
      onDraw=${(/** @type {any} */ plot, /** @type {any} */ colours) => drawLetters(plot, curves, colours)}
      bounds=${(/** @type {any} */ low, /** @type {any} */ high) => endsOfAxis(range, low, high)}
      isLog=${isLog && canBeLog(range)}
      smoothing=${smoothing}
      view=${view}
    />
  </figure>`;
}
