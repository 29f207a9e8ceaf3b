import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useAnswer } from "../controls/answer.js";
import { themeColours } from "../draw/colours.js";
import { valuesAt } from "../draw/lookup.js";
import { className, unplacedInput, unplacedTarget } from "../facts.js";
import { html } from "../html.js";
import { number, t } from "../i18n.js";
import { PLANE, shownMap } from "./shown-map.js";

/** @import { Signal } from "@preact/signals" */
/** @import { Session } from "../session.js" */
/** @import { Store } from "../store.js" */
/** @import { Probe } from "./steer.js" */

/** A pointer that rests so long is told the very output. */
const REST_MS = 150;
/**
 * What the network says at the probe: at once what the map shows, and when the probe and the network rest what the
 * server computes for this very point.
 *
 * @param {{ store: Store, session: Session, probe: Signal<Probe | null> }} props
 */
export default function ProbeReadout({ store, session, probe }) {
  const rested = useSignal(/** @type {Probe | null} */ (null));
  useSignalEffect(() => {
    const at = probe.value;
    rested.value = null;
    if (at === null) return undefined;
    const timer = setTimeout(() => {
      rested.value = at;
    }, REST_MS);
    return () => clearTimeout(timer);
  });
  const exact = useAnswer(
    store,
    () => {
      const isAsked = !store.isRunning.value && store.shownUnit.value === null;
      return isAsked && rested.value !== null ? [rested.value.x, rested.value.y] : null;
    },
    async (point) => {
      const step = store.step.peek();
      /** @type {{ outputs: number[][] }} */
      const { outputs } = await session.ask("predict", {}, { inputs: [point] });
      return { point, step, outputs: outputs[0] };
    },
  );
  const said = useComputed(() => {
    const at = probe.value;
    if (at === null) return "";
    const answer = exact.value;
    if (answer !== null && answer.point[0] === at.x && answer.point[1] === at.y && answer.step === store.step.value) {
      return `= ${inWords(store, answer.outputs, 4)}`;
    }
    const map = shownMap(store, themeColours());
    return map === null ? "" : `≈ ${inWords(store, valuesAt(map, PLANE, at.x, at.y), 3)}`;
  });
  const place = useComputed(() => {
    const at = probe.value;
    if (at === null) return "";
    const facts = store.facts.value;
    const [x, y] = [at.x, at.y].map((value, axis) => number(unplacedInput(facts, axis, value), { digits: 2, fixed: true }));
    return t("output.at", { x, y });
  });
  // Spoken when it no longer moves: a held key would talk without end.
  const spoken = useComputed(() => (rested.value?.by === "keys" ? `${place.value} ${said.value}` : ""));
  const at = probe.value;
  return html`${at !== null && at.by !== "mouse" && html`<${Cross} at=${at} />`}
    <div class="readout ${at === null ? "is-away" : ""}" style=${at === null ? {} : besides(at)} aria-hidden="true">
      <span>${place}</span> <b>${said}</b>
    </div>
    <p class="visually-hidden" aria-live="polite" id="probe-spoken">${spoken}</p>`;
}

/** Where the keys or a finger have put the probe. @param {{ at: Probe }} props */
function Cross({ at }) {
  const { x, y } = shares(at);
  return html`<span class="probe-cross" style=${{ left: `${100 * x}%`, top: `${100 * y}%` }} aria-hidden="true"></span>`;
}

/** Return where the readout stands, so that neither it nor a finger covers the point. @param {Probe} at */
function besides(at) {
  const { x, y } = shares(at);
  const horizontal = x > 0.5 ? { right: `calc(${100 * (1 - x)}% + 14px)` } : { left: `calc(${100 * x}% + 14px)` };
  const vertical = y > 0.2 ? { bottom: `calc(${100 * (1 - y)}% + 10px)` } : { top: `calc(${100 * y}% + 14px)` };
  return { left: "auto", right: "auto", top: "auto", bottom: "auto", ...horizontal, ...vertical };
}

/** Return a probe's place as shares of the map from its upper left. @param {{ x: number, y: number }} at */
function shares({ x, y }) {
  const [low, high] = PLANE;
  return { x: (x - low) / (high - low), y: (high - y) / (high - low) };
}

/**
 * Return outputs as a reader wants them: of several classes the likeliest, of numbers in their own unit.
 *
 * @param {Store} store
 * @param {(number | null)[]} answered  null where the network has run away and gives no number
 * @param {number} digits
 */
export function inWords(store, answered, digits) {
  const facts = store.facts.value;
  const outputs = answered.filter((output) => output !== null);
  if (outputs.length < answered.length) return t("output.no_number");
  if (outputs.length > 1) {
    const best = outputs.indexOf(Math.max(...outputs));
    return `${className(facts, best)} ${number(outputs[best], { digits, fixed: true })}`;
  }
  const isTarget = facts.task === "regression" && store.shownUnit.value === null;
  return number(isTarget ? unplacedTarget(facts, outputs[0]) : outputs[0], { digits, fixed: true });
}
