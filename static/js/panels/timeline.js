import { effect, useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { CopyButton } from "../controls/copy-button.js";
import { Icon } from "../controls/icon.js";
import { sessionLink } from "../credentials.js";
import { themeColours } from "../draw/colours.js";
import { drawStrip } from "../draw/strip.js";
import { html } from "../html.js";
import { number, t } from "../i18n.js";
import { heightsOf, placeOf, stopsOf } from "../stops.js";

/** @import { Credentials } from "../types.js" */
/** @import { Store } from "../store.js" */
/** @import { Stop } from "../stops.js" */
/** @import { PanelProps } from "./playground.js" */

/** While it trains the curve follows so often: it is small, and nobody looks at it then. */
const FOLLOW_MS = 250;
/** After a change its mark is asked for; a slider that is dragged makes many. */
const MARKS_MS = 500;
/** Half of the slider's thumb: where its ends stand. */
const INSET_PX = 8;

/** The steps of the run, as a slider to look back, and what one can do from there. @param {PanelProps} props */
export function Timeline({ store, session }) {
  const branch = useSignal(/** @type {{ credentials: Credentials, epoch: number } | null} */ (null));
  const hasPast = useComputed(() => {
    const timeline = store.timeline.value;
    return timeline !== null && newestStep(store) > timeline.first;
  });
  const makeBranch = async () => {
    const epoch = store.epoch.peek();
    const credentials = await session.branch(store.step.peek());
    if (credentials !== null) branch.value = { credentials, epoch };
  };
  const isPast = store.isPast.value;
  return html`<section
    class="timeline ${isPast ? "is-past" : ""} ${hasPast.value ? "" : "is-empty"}"
    data-part="timeline"
    aria-labelledby="timeline-title"
  >
    <h2 class="timeline-title" id="timeline-title">${t("timeline.title")}</h2>
    ${hasPast.value && html`<${Strip} store=${store} session=${session} />`}
    <p class="timeline-where" id="timeline-where" role="status">${isPast && html`<${Where} store=${store} />`}</p>
    ${
      isPast &&
      store.mayWrite.value &&
      html`<div class="timeline-actions">
        <button class="button is-small is-primary" type="button" id="go-on" onClick=${() => session.run()}>
          ${t("timeline.go_on")}
        </button>
        <button class="button is-small" type="button" id="branch" title=${t("timeline.branch_help")} onClick=${makeBranch}>
          ${t("timeline.branch")}
        </button>
        <button class="button is-small" type="button" id="to-present" onClick=${() => session.seek(newestStep(store))}>
          ${t("timeline.present")}
        </button>
      </div>`
    }
    ${branch.value && html`<${Branch} store=${store} branch=${branch.value} onClose=${() => (branch.value = null)} />`}
  </section>`;
}

/** @param {{ store: Store }} props */
function Where({ store }) {
  const newest = store.timeline.value?.newest_epoch ?? 0;
  return html`${t("timeline.where", { epoch: number(store.epoch.value), newest: number(newest) })}`;
}

/** A branch that was made: it opens where one wants it, and this session stays. @param {{ store: Store,
 *   branch: { credentials: Credentials, epoch: number }, onClose: () => void }} props */
function Branch({ store, branch, onClose }) {
  const link = sessionLink(location.href.split("#")[0], branch.credentials);
  return html`<div class="timeline-branch" id="branch-made" role="status">
    <span>${t("timeline.branched", { epoch: number(branch.epoch) })}</span>
    <a class="button is-small" href=${link} target="_blank" rel="noopener">${t("timeline.open")}</a>
    <${CopyButton} store=${store} label=${t("timeline.copy")} text=${link} />
    <button class="round is-small" type="button" aria-label=${t("timeline.close")} onClick=${onClose}>
      <${Icon} name="close" />
    </button>
  </div>`;
}

/** The slider with the loss in it. What moves with every epoch is set past Preact. @param {PanelProps} props */
function Strip({ store, session }) {
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const stops = useRef(/** @type {Stop[]} */ ([]));
  const wanted = useSignal(/** @type {number | null} */ (null));
  const marks = useMarks({ store, session });

  useEffect(() => {
    const slider = /** @type {HTMLInputElement} */ (input.current);
    const picture = /** @type {HTMLCanvasElement} */ (canvas.current);
    let timer = 0;
    let newestDrawn = -1;
    const draw = () => {
      timer = 0;
      const timeline = store.timeline.peek();
      if (timeline === null) return;
      const newest = newestStep(store);
      const newest_epoch = newest > timeline.newest ? store.epoch.peek() : timeline.newest_epoch;
      stops.current = stopsOf(store.points.peek(), { ...timeline, newest, newest_epoch });
      newestDrawn = newest;
      const last = Math.max(1, stops.current.length - 1);
      const step = wanted.peek() ?? store.step.peek();
      const place = placeOf(stops.current, step);
      slider.max = String(last);
      slider.value = String(place);
      slider.setAttribute("aria-valuetext", valueText(stops.current[place], newest_epoch, marks.peek()));
      drawStrip(picture, {
        heights: heightsOf(stops.current),
        marks: marks.peek().map((at) => placeOf(stops.current, at) / last),
        share: place / last,
        inset: INSET_PX,
        colours: themeColours(),
      });
    };
    const end = effect(() => {
      const [step, isRunning] = [store.step.value, store.isRunning.value];
      if (step === wanted.value || isRunning) wanted.value = null;
      void [store.points.value, store.timeline.value, marks.value];
      themeColours();
      if (!isRunning || newestDrawn < 0) {
        clearTimeout(timer);
        draw();
      } else if (timer === 0) timer = window.setTimeout(draw, FOLLOW_MS);
    });
    const watcher = new ResizeObserver(draw);
    watcher.observe(picture);
    return () => {
      end();
      clearTimeout(timer);
      watcher.disconnect();
    };
  }, []);

  /** @param {Event & { currentTarget: HTMLInputElement }} event */
  const look = async (event) => {
    const stop = stops.current[Number(event.currentTarget.value)];
    wanted.value = stop.step;
    if (!(await session.seek(stop.step))) wanted.value = null;
  };
  return html`<div class="timeline-strip">
    <canvas ref=${canvas} aria-hidden="true"></canvas>
    <input
      ref=${input}
      class="timeline-slider"
      id="timeline"
      type="range"
      min="0"
      step="1"
      aria-labelledby="timeline-title"
      disabled=${!store.mayWrite.value}
      onInput=${look}
    />
  </div>`;
}

/**
 * What a stop is, in words.
 *
 * @param {Stop} stop
 * @param {number} newest  its epoch
 * @param {readonly number[]} marks
 */
function valueText({ step, epoch, loss }, newest, marks) {
  const where = t("timeline.where", { epoch: number(epoch), newest: number(newest) });
  const figures = loss === null ? "" : `, ${t("timeline.loss", { loss: number(loss) })}`;
  return where + figures + (marks.includes(step) ? `, ${t("timeline.changed")}` : "");
}

/**
 * The newest step: while it trains, points tell it sooner than the state.
 *
 * @param {Store} store
 */
function newestStep(store) {
  const point = store.points.value.at(-1);
  const newest = store.timeline.value?.newest ?? 0;
  return store.isPast.value ? newest : Math.max(newest, store.step.value, point?.step ?? 0);
}

/**
 * The steps at which something was changed, as the server's log has them.
 *
 * @param {PanelProps} props
 */
function useMarks({ store, session }) {
  const marks = useSignal(/** @type {number[]} */ ([]));
  useEffect(() => {
    let timer = 0;
    const ask = async () => {
      try {
        const { changes } = await session.ask("timeline");
        store.dispatch({ type: "logged", changes });
        marks.value = [...new Set(changes.map((/** @type {{ step: number }} */ change) => change.step))];
      } catch {
        // Without marks the strip is as good; the stream tells what is wrong.
      }
    };
    const end = effect(() => {
      void [store.run.value, store.serverSpec.value, store.connection.value];
      clearTimeout(timer);
      if (store.connection.value === "open" && !store.isQueued.value) timer = window.setTimeout(ask, MARKS_MS);
    });
    return () => {
      end();
      clearTimeout(timer);
    };
  }, []);
  return marks;
}
