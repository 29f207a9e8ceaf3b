import { useEffect, useState } from "preact/hooks";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { explain } from "../problems.js";

/** @import { Refusal, Store } from "../store.js" */
/** @import { Queue } from "../types.js" */

/** A longer line of people is told by its numbers alone. */
const MOST_DRAWN = 24;

/**
 * Why there is no session yet, in place of the page: it begins by itself.
 *
 * @param {{ store: Store, isInside: boolean }} props  `isInside`: of a <main> that is there already
 */
export function Waiting({ store, isInside }) {
  const queue = store.queue.value;
  const refusal = store.refusal.value;
  const content =
    refusal === null
      ? html`<${InQueue} queue=${queue} />`
      : html`<${Refused} key=${refusal.until} refusal=${refusal} />`;
  return isInside ? html`<div class="waiting">${content}</div>` : html`<main class="waiting">${content}</main>`;
}

/** @param {{ queue: Queue | null }} props */
function InQueue({ queue }) {
  return html`<h1>${t("queue.title")}</h1>
    ${queue && html`<${Line} queue=${queue} />`}
    <p role="status" id="queue-place">
      ${queue && html`<strong>${t("queue.place", queue)}</strong>`} ${t("queue.promise")}
    </p>`;
}

/** Everyone who waits, the next one first; one of them is the reader. @param {{ queue: Queue }} props */
function Line({ queue: { position, length } }) {
  if (length > MOST_DRAWN) return null;
  const places = Array.from({ length }, (_, index) => index + 1);
  return html`<div class="waiting-line" aria-hidden="true">
    ${places.map((place) => html`<i key=${place} class=${place === position ? "is-own" : ""}></i>`)}
  </div>`;
}

/** @param {{ refusal: Refusal }} props */
function Refused({ refusal: { problem, until } }) {
  const [seconds, setSeconds] = useState(() => secondsUntil(until));
  useEffect(() => {
    const timer = setInterval(() => setSeconds(secondsUntil(until)), 250);
    return () => clearInterval(timer);
  }, [until]);
  return html`<h1>${t("refused.title")}</h1>
    <p role="alert">${explain(problem)}</p>
    <p class="waiting-countdown">${t("refused.again", { count: seconds })}</p>`;
}

/** @param {number} until */
const secondsUntil = (until) => Math.max(0, Math.ceil((until - performance.now()) / 1000));
