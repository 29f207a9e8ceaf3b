import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { useAnswer } from "../../controls/answer.js";
import { Icon } from "../../controls/icon.js";
import { html } from "../../html.js";
import { t } from "../../i18n.js";
import { explain } from "../../problems.js";
import { phasesOf, updatesBetween } from "../../walk.js";
import { layerName } from "../names.js";
import { ExampleChoice } from "./example/choice.js";
import { PhaseView } from "./example/phases.js";

/** @import { Signal } from "@preact/signals" */
/** @import { Phase, Trace } from "../../walk.js" */
/** @import { Store } from "../../store.js" */
/** @import { PanelProps } from "../playground.js" */
/** @import { Source } from "./example/choice.js" */

/** How long play stays at each phase. */
const PHASE_MS = 2500;

/**
 * One example through the network, with every number: all at once, or phase by phase up to a real update.
 *
 * @param {PanelProps} props
 */
export default function Example({ store, session }) {
  const source = useSignal(/** @type {Source} */ ({ kind: "next" }));
  const at = useSignal(0);
  const unit = useSignal(0);
  const showsAll = useSignal(false);
  const isPlaying = useSignal(false);
  const isUpdating = useSignal(false);
  /** An update that was made here, until one goes on. */
  const done = useSignal(/** @type {{ before: Trace, after: Trace } | null} */ (null));

  /** Of a large network only one unit's products are told at a time. */
  const isLarge = store.parameters.value > store.catalogue.limits.trace_weights;
  const answer = useAnswer(
    store,
    () => ({
      source: source.value,
      part: isLarge ? partOf(store, at.value, source.value, unit.value) : {},
    }),
    ({ source: from, part }) => askTrace(session, from, part),
  );
  const last = useRef(/** @type {Trace | null} */ (null));
  if (answer.value !== null) last.current = answer.value;
  if (last.current?.layers.length !== store.layers.value.length) last.current = null;
  const trace = done.value?.before ?? last.current;

  const isNext = source.value.kind === "next";
  const phases = trace === null ? [] : phasesOf(trace.layers.length, { hasTarget: trace.targets !== null, isNext });
  const end = Math.max(0, phases.length - 1);
  // All at once, one stands at the end: what is left to be done is the update.
  const place = showsAll.value ? end : Math.min(at.value, end);
  const phase = phases[place];

  useSignalEffect(() => {
    const picked = store.pickedExample.value;
    if (picked === null) return;
    store.pickedExample.value = null;
    choose({ kind: "split", ...picked });
  });
  useEffect(() => {
    store.walked.value = trace;
    // The graph tells the same numbers. What belongs to another network must not stand on it.
    store.walk.value =
      trace === null || phase === undefined || showsAll.value
        ? null
        : { phase, unit: unit.value, trace, after: done.value?.after ?? null };
  });
  useEffect(
    () => () => {
      store.walk.value = null;
      store.walked.value = null;
    },
    [],
  );

  /** @param {number} to */
  const go = (to) => {
    // What is walked through must stand still.
    if (isNext && to > 0 && store.isRunning.peek() && store.mayWrite.peek()) session.pause();
    done.value = null;
    at.value = Math.min(Math.max(0, to), phases.length - 1);
    const units = store.layers.peek()[phases[at.peek()].layer]?.units ?? 0;
    if (unit.peek() >= units) unit.value = 0;
  };
  /** @param {Source} chosen */
  const choose = (chosen) => {
    done.value = null;
    source.value = chosen;
  };

  const toggleAll = () => {
    isPlaying.value = false;
    showsAll.value = !showsAll.peek();
  };

  const update = async () => {
    if (trace === null || isUpdating.peek()) return;
    isUpdating.value = true;
    try {
      if (store.isRunning.peek()) await session.pause();
      /** @type {Record<string, number>} */
      const part = isLarge ? { layer: phase.layer, unit: unit.peek() } : {};
      const before = await askTrace(session, { kind: "next" }, part);
      if ((await session.step("example")) === null) return;
      const { split, index } = before;
      const after = await askTrace(session, { kind: "split", split: split ?? "train", index: index ?? 0 }, part);
      done.value = { before, after };
    } catch (error) {
      store.notify(explain(error), "error");
    } finally {
      isUpdating.value = false;
    }
  };
  const onwards = () => {
    if (done.peek() !== null) go(0);
    else if (place < phases.length - 1) go(place + 1);
    else if (phase?.kind === "update" && store.mayWrite.peek()) return update();
    return undefined;
  };
  const canGoOn = place < phases.length - 1 || (phase?.kind === "update" && store.mayWrite.value);

  usePlay(isPlaying, () => {
    if (done.peek() !== null || !canGoOn) isPlaying.value = false;
    else onwards();
  });
  /** @param {KeyboardEvent} event */
  const press = (event) => {
    if (!(event.target instanceof Element) || event.target.closest("input, select, .lens-table")) return;
    if (event.key === "ArrowRight" && canGoOn) onwards();
    else if (event.key === "ArrowLeft") go(place - 1);
    else return;
    event.preventDefault();
  };

  if (trace === null || phase === undefined) return html`<p class="help">${t("lenses.computing")}</p>`;
  return html`<div class="walk" onKeyDown=${press}>
    <${ExampleChoice} store=${store} session=${session} source=${source.value} trace=${trace} onChange=${choose} />
    <div class="lens-tools walk-steps">
      <div class="walk-buttons" role="group" aria-label=${t("example.walk")}>
        ${
          !showsAll.value &&
          html`<button class="button" type="button" disabled=${place === 0 && done.value === null} onClick=${() => go(place - 1)}>
              <${Icon} name="previous" />${t("example.back")}
            </button>
            <button class="button" type="button" aria-pressed=${isPlaying.value} onClick=${() => (isPlaying.value = !isPlaying.peek())}>
              <${Icon} name=${isPlaying.value ? "pauseFilled" : "playFilled"} />
              ${t(isPlaying.value ? "example.stop" : "example.play")}
            </button>`
        }
        ${
          (!showsAll.value || isNext) &&
          html`<button class="button is-primary" type="button" disabled=${!canGoOn || isUpdating.value} onClick=${onwards}>
            ${t(nextLabel(phase, done.value !== null, place === phases.length - 1))}<${Icon} name="next" />
          </button>`
        }
      </div>
      <label>
        <input type="checkbox" checked=${showsAll.value} onChange=${toggleAll} />
        ${t("example.show_all")}
      </label>
    </div>
    ${!showsAll.value && html`<${Path} store=${store} phases=${phases} place=${place} onChoose=${go} />`}
    <div class="walk-phases">
      ${(showsAll.value ? phases : [phase]).map(
        (shown) =>
          html`<${PhaseView}
            key=${`${shown.kind} ${shown.layer}`}
            store=${store}
            phase=${shown}
            unit=${Math.min(unit.value, (store.layers.value[shown.layer]?.units ?? 1) - 1)}
            onUnit=${(/** @type {number} */ chosen) => (unit.value = chosen)}
            trace=${trace}
            after=${done.value?.after ?? null}
            between=${done.value === null ? 0 : updatesBetween(done.value.before, done.value.after)}
          />`,
      )}
    </div>
  </div>`;
}

/**
 * @param {Phase} phase
 * @param {boolean} isDone
 * @param {boolean} isLast
 */
function nextLabel({ kind }, isDone, isLast) {
  if (isDone) return "example.next_example";
  return kind === "update" && isLast ? "example.make_update" : "example.next";
}

/**
 * The phases as a way from left to right; each can be gone to.
 *
 * @param {{ store: Store, phases: Phase[], place: number, onChoose: (place: number) => void }} props
 */
function Path({ store, phases, place, onChoose }) {
  const layers = store.layers.value;
  return html`<ol class="walk-path" aria-label=${t("example.phases")}>
    ${phases.map((phase, index) => {
      const isOfLayer = phase.kind === "forward" || phase.kind === "backward";
      const name = isOfLayer ? layerName(layers, phase.layer) : t(`example.${phase.kind}`);
      return html`<li key=${index} class=${`is-${phase.kind}`}>
        <button
          type="button"
          aria-current=${index === place ? "step" : undefined}
          aria-label=${isOfLayer ? t(`example.${phase.kind}_through`, { layer: name }) : name}
          onClick=${() => onChoose(index)}
        >
          ${phase.kind === "backward" ? "← " : ""}${name}${phase.kind === "forward" ? " →" : ""}
        </button>
      </li>`;
    })}
  </ol>`;
}

/**
 * Call `tick` again and again while something plays.
 *
 * @param {Signal<boolean>} isPlaying
 * @param {() => void} tick
 */
function usePlay(isPlaying, tick) {
  const newest = useRef(tick);
  newest.current = tick;
  useSignalEffect(() => {
    if (!isPlaying.value) return undefined;
    newest.current();
    const timer = setInterval(() => newest.current(), PHASE_MS);
    return () => clearInterval(timer);
  });
}

/**
 * @param {PanelProps["session"]} session
 * @param {Source} source
 * @param {Record<string, number>} part
 * @returns {Promise<Trace>}
 */
function askTrace(session, source, part) {
  if (source.kind === "next") return session.ask("trace", { next: "true", ...part });
  if (source.kind === "split") return session.ask("trace", { split: source.split, index: source.index, ...part });
  const { input, label } = source;
  return session.ask("trace", {}, { input, ...(label === null ? {} : { label }), ...part });
}

/**
 * The layer and the unit whose products the phase at this place shows.
 *
 * @param {Store} store
 * @param {number} place
 * @param {Source} source
 * @param {number} unit
 * @returns {Record<string, number>}
 */
function partOf(store, place, source, unit) {
  const layers = store.layers.value;
  const hasTarget = source.kind !== "own" || source.label !== null;
  const phases = phasesOf(layers.length, { hasTarget, isNext: source.kind === "next" });
  const layer = Math.max(0, phases[Math.min(place, phases.length - 1)].layer);
  return { layer, unit: Math.min(unit, layers[layer].units - 1) };
}
