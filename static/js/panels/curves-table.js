import { useComputed } from "@preact/signals";
import { thinned } from "../draw/curve-data.js";
import { html } from "../html.js";
import { number, t } from "../i18n.js";
import { sayChange } from "../spec-changes.js";
import { figureText } from "./curves.js";

/** @import { Store } from "../store.js" */
/** @import { Point } from "../types.js" */

const ROWS = 20;

/**
 * The curves in numbers, at a few of their points, and what was changed while they were drawn.
 *
 * @param {{ store: Store, metrics: string[], splits: readonly { name: string, prefix: string }[] }} props
 */
export default function CurvesTable({ store, metrics, splits }) {
  const points = useComputed(() => thinned(store.points.value, ROWS));
  const changes = store.changes.value.filter(({ run }) => run === store.run.value);
  const columns = metrics.flatMap((metric) =>
    splits
      .map(({ name, prefix }) => ({ metric, name, key: prefix + metric }))
      .filter(({ key }) => points.value.some((point) => key in point)),
  );
  /** @param {Point} point @param {string} key */
  const figure = (point, key) => {
    const value = point[key];
    return value === undefined ? "" : figureText(value);
  };
  return html`<div class="table-scroll" tabindex="0" role="group" aria-label=${t("progress.table")}>
      <table class="table is-dense">
        <caption class="visually-hidden">${t("progress.table")}</caption>
        <thead>
          <tr>
            <th scope="col" class="is-number">${t("transport.epoch")}</th>
            ${columns.map(
              ({ metric, name, key }) =>
                html`<th key=${key} scope="col" class="is-number">${store.catalogue.metricName(metric)}, ${t(`split.${name}_short`)}</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${points.value.map(
            (point) => html`<tr key=${point.n}>
              <th scope="row" class="is-number">${number(point.epoch)}</th>
              ${columns.map(({ key }) => html`<td key=${key} class="is-number">${figure(point, key)}</td>`)}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${
      changes.length > 0 &&
      html`<h3 class="changes-title">${t("progress.changes")}</h3>
        <ul class="changes">
          ${changes.map(
            ({ epoch, what }, index) => html`<li key=${index}>
              ${t("progress.at_epoch", { epoch })}: ${what.map((change) => sayChange(change, store.catalogue)).join(" · ")}
            </li>`,
          )}
        </ul>`
    }`;
}
