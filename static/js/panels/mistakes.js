import { useAnswer } from "../controls/answer.js";
import { html } from "../html.js";
import { t } from "../i18n.js";

/** @import { Signal } from "@preact/signals" */
/** @import { DataPoints } from "../draw/marks.js" */
/** @import { Session } from "../session.js" */
/** @import { Store } from "../store.js" */
/** @import { Predictions } from "../types.js" */
/** @import { MapView, SplitName } from "./map-view.js" */

/** @typedef {{ name: SplitName, wrong: number[], total: number }} Mistakes  `wrong`: places among the part's examples */

/**
 * Which examples the network takes for another class, by the server's own answer; null where nobody wants to know.
 *
 * @param {Store} store
 * @param {Session} session
 * @param {MapView} view
 * @returns {Signal<Mistakes[] | null>}
 */
export function useMistakes(store, session, view) {
  return useAnswer(
    store,
    () => (view.marksMistakes.value && !view.isNumber.value ? view.shown.value : null),
    (parts) =>
      Promise.all(
        parts.map(async (name) => {
          /** @type {Predictions} */
          const { actual, predicted } = await session.ask("predictions", { split: name });
          const wrong = actual.flatMap((target, index) => (target === predicted[index] ? [] : [index]));
          return { name, wrong, total: actual.length };
        }),
      ),
  );
}

/**
 * Where the examples lie that are taken for another class.
 *
 * @param {Mistakes[] | null} mistakes
 * @param {DataPoints | null} data
 * @returns {number[][]}
 */
export const placesOf = (mistakes, data) =>
  (mistakes ?? []).flatMap(({ name, wrong }) => {
    const inputs = data?.[name]?.inputs ?? [];
    // There may be more examples than are drawn.
    return wrong.flatMap((index) => (inputs[index] === undefined ? [] : [inputs[index]]));
  });

/** How many are wrong, part by part. @param {{ mistakes: Signal<Mistakes[] | null> }} props */
export function MistakeCount({ mistakes }) {
  const found = mistakes.value;
  if (found === null || found.length === 0) return null;
  return html`<p class="mistakes">
    <svg class="mark is-mistake" viewBox="0 0 12 12" aria-hidden="true"><circle cx="6" cy="6" r="5" /></svg>
    ${t("output.mistakes")}
    ${found.map(
      ({ name, wrong, total }) => html`<span key=${name} class="mistake-part" id=${`mistakes-${name}`}
        >${t(`split.${name}`)} ${t("output.mistakes_of", { count: wrong.length, total })}</span
      >`,
    )}
  </p>`;
}
