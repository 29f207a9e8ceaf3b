import { useComputed, useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { useUniqueId } from "../../controls/unique-id.js";
import { boundaryOf } from "../../drawn.js";
import { html } from "../../html.js";
import { number, t, words } from "../../i18n.js";
import { LETTERS, MAX_RUNS, RunShelf, toBase64 } from "../../runs.js";
import { figureText } from "../curves.js";
import { outputLook } from "../shown-map.js";
import { RunCurves } from "./runs/curves.js";
import { Differences } from "./runs/differences.js";
import { Maps } from "./runs/maps.js";

/** @import { Run } from "../../runs.js" */
/** @import { Session } from "../../session.js" */
/** @import { Store } from "../../store.js" */
/** @import { PanelProps } from "../playground.js" */

/**
 * A run that is compared: one that was kept, or the present one, whose points and map are the store's own.
 *
 * @typedef {{ letter: string, index: number, run: Run | null }} Compared
 */

/** Runs that were kept, beside one another and beside the present one. @param {PanelProps} props */
export default function Runs({ store, session }) {
  const shelf = useMemo(() => new RunShelf(sessionStorage), []);
  const runs = useSignal(shelf.runs);
  const isLeftOut = useSignal(/** @type {ReadonlySet<string>} */ (new Set()));

  const chosen = useSignal("");
  // A text of its own: figures come with every epoch, which there are does not change.
  const told = useComputed(() => metricsOf(store, [...runs.value.map(({ metrics }) => metrics), store.metrics.value]).join(" "));
  const metrics = told.value.split(" ");
  const metric = metrics.includes(chosen.value) ? chosen.value : metrics[0];

  const keep = () => {
    const run = presentRun(store, shelf.freeLetter);
    const isKept = shelf.keep(run);
    runs.value = shelf.runs;
    if (!isKept) store.notify(t("runs.no_room", { count: MAX_RUNS }), "error");
    else if (store.mayWrite.peek()) session.remember(run.id);
  };
  /** @param {string} id @param {string} name */
  const rename = (id, name) => {
    shelf.rename(id, name);
    runs.value = [...shelf.runs];
  };
  /** @param {string} id */
  const drop = (id) => {
    shelf.drop(id);
    runs.value = shelf.runs;
    if (store.mayWrite.peek() && isRemembered(store, id)) session.forget(id);
  };
  /** @param {string} id */
  const toggle = (id) => {
    const left = new Set(isLeftOut.peek());
    if (!left.delete(id)) left.add(id);
    isLeftOut.value = left;
  };

  /** @type {Compared[]} */
  const kept = runs.value.map((run) => ({ letter: run.letter, index: LETTERS.indexOf(run.letter), run }));
  /** @type {Compared} */
  const present = { letter: t("runs.now_letter"), index: -1, run: null };
  const compared = [...kept, present].filter(({ run }) => !isLeftOut.value.has(run?.id ?? PRESENT));

  return html`<div class="lens-tools">
      <button class="button is-primary" id="keep-run" type="button" disabled=${runs.value.length >= MAX_RUNS} onClick=${keep}>
        ${t("runs.keep")}
      </button>
      <span class="help">${t(runs.value.length >= MAX_RUNS ? "runs.full" : "runs.help", { count: MAX_RUNS })}</span>
    </div>
    ${
      runs.value.length === 0
        ? html`<p class="help">${t("runs.none")}</p>`
        : html`<${List}
              store=${store}
              rows=${[...kept, present]}
              isLeftOut=${isLeftOut.value}
              onToggle=${toggle}
              onRename=${rename}
              onDrop=${drop}
              session=${session}
              metric=${metric}
            />
            <${RunCurves} ...${{ store, compared, metrics, metric, chosen }} />
            <${Maps} store=${store} compared=${compared} />
            <${Differences} store=${store} compared=${compared} />`
    }`;
}

/** What the present run is called where runs have ids. */
const PRESENT = "present";

const PARTS = ["", "validation_", "test_"];

/**
 * The metrics that there are among figures, in the order of the catalogue.
 *
 * @param {Store} store
 * @param {Record<string, number | null>[]} figures  of several runs
 */
function metricsOf(store, figures) {
  const names = store.catalogue.all("metric").map(({ name }) => name);
  return names.filter((name) => figures.some((told) => PARTS.some((part) => part + name in told)));
}

/**
 * Whether the server still has the network of a run that was kept: it has them in memory alone, and for so long.
 *
 * @param {Store} store
 * @param {string} id
 */
const isRemembered = (store, id) => store.timeline.value?.moments.includes(id) ?? false;

/**
 * The present run as it is to be kept.
 *
 * @param {Store} store
 * @param {string} letter
 * @returns {Run}
 */
function presentRun(store, letter) {
  const spec = /** @type {Run["spec"]} */ (store.serverSpec.peek());
  const map = store.catalogue.isOnPlane(spec) ? boundaryOf(store.frame.peek()) : null;
  return {
    id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`,
    letter,
    name: nameOf(store),
    spec,
    points: store.points.peek(),
    metrics: store.metrics.peek(),
    epoch: store.epoch.peek(),
    parameters: store.parameters.peek(),
    map: map && {
      bytes: toBase64(map.values),
      rows: map.rows,
      columns: map.columns,
      ranges: map.ranges,
      look: outputLook(store),
    },
  };
}

/**
 * What a run is called at first: its data set and its layers.
 *
 * @param {Store} store
 */
function nameOf(store) {
  const { data, network } = store.spec.peek();
  const dataset = words(store.catalogue.find("dataset", data.dataset.name)?.label) || data.dataset.name;
  const layers = network.layers.map(({ units }) => units).join("-");
  return [dataset, layers].filter(Boolean).join(" · ");
}

/**
 * @param {{
 *   store: Store, session: Session, rows: Compared[], metric: string, isLeftOut: ReadonlySet<string>,
 *   onToggle: (id: string) => void, onRename: (id: string, name: string) => void, onDrop: (id: string) => void,
 * }} props
 */
function List({ store, session, rows, metric, isLeftOut, onToggle, onRename, onDrop }) {
  const figures = ["loss", ...(metric === "" ? [] : [metric])].flatMap((name) => [name, `test_${name}`]);
  const headOf = (/** @type {string} */ name) =>
    name.startsWith("test_")
      ? `${store.catalogue.metricName(name.slice("test_".length))}, ${t("split.test_short")}`
      : store.catalogue.metricName(name);
  return html`<div class="lens-table" tabindex="0" role="group" aria-label=${t("lenses.runs")}>
    <table class="table runs-list">
      <thead>
        <tr>
          <th scope="col">${t("runs.compare")}</th>
          <th scope="col">${t("runs.name")}</th>
          <th scope="col" class="is-number">${t("transport.epoch")}</th>
          ${figures.map((name) => html`<th key=${name} scope="col" class="is-number">${headOf(name)}</th>`)}
          <th scope="col"><span class="visually-hidden">${t("runs.actions")}</span></th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ letter, run }) =>
            html`<tr key=${run?.id ?? PRESENT}>
              <td>
                <label class="runs-letter">
                  <input
                    type="checkbox"
                    checked=${!isLeftOut.has(run?.id ?? PRESENT)}
                    aria-label=${t("runs.compare_run", { name: run?.name ?? t("runs.now") })}
                    onChange=${() => onToggle(run?.id ?? PRESENT)}
                  />
                  <b>${letter}</b>
                </label>
              </td>
              <th scope="row">
                ${run === null ? t("runs.now") : html`<${Name} run=${run} onRename=${onRename} />`}
                ${run !== null && !isRemembered(store, run.id) && html`<span class="runs-setup-only">${t("runs.setup_only")}</span>`}
              </th>
              ${
                run === null
                  ? html`<${PresentFigures} store=${store} names=${figures} />`
                  : html`<td class="is-number">${number(run.epoch)}</td>
                      ${figures.map((name) => html`<td key=${name} class="is-number">${figureText(run.metrics[name])}</td>`)}`
              }
              <td class="runs-actions">
                ${run !== null && html`<${Actions} store=${store} session=${session} run=${run} onDrop=${onDrop} />`}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** What stands in the row of the present run follows it. @param {{ store: Store, names: string[] }} props */
function PresentFigures({ store, names }) {
  const epoch = useComputed(() => number(store.epoch.value));
  return html`<td class="is-number">${epoch}</td>
    ${names.map((name) => html`<${PresentFigure} key=${name} store=${store} name=${name} />`)}`;
}

/** @param {{ store: Store, name: string }} props */
function PresentFigure({ store, name }) {
  const text = useComputed(() => figureText(store.metrics.value[name]));
  return html`<td class="is-number">${text}</td>`;
}

/**
 * What can be done with a run that was kept: its network comes back where the server still has it, its setup always.
 *
 * @param {{ store: Store, session: Session, run: Run, onDrop: (id: string) => void }} props
 */
function Actions({ store, session, run, onDrop }) {
  const { name } = run;
  const action = (/** @type {string} */ what, /** @type {() => void} */ act) => html`<button
    class="button is-small"
    type="button"
    disabled=${!store.mayWrite.value}
    title=${t(`runs.${what}_help`)}
    aria-label=${t(`runs.${what}_run`, { name })}
    onClick=${act}
  >
    ${t(`runs.${what}`)}
  </button>`;
  return html`${isRemembered(store, run.id) && action("recall", () => session.recall(run.id))}
    ${action("restore", () => session.configure(run.spec))}
    <button class="button is-small" type="button" aria-label=${t("runs.drop_run", { name })} onClick=${() => onDrop(run.id)}>
      ${t("runs.drop")}
    </button>`;
}

/** @param {{ run: Run, onRename: (id: string, name: string) => void }} props */
function Name({ run, onRename }) {
  const id = useUniqueId();
  /** @param {Event & { currentTarget: HTMLInputElement }} event */
  const change = ({ currentTarget: input }) => {
    onRename(run.id, input.value);
    if (input.value.trim() === "") input.value = run.name;
  };
  return html`<input
    class="runs-name"
    id=${id}
    type="text"
    maxlength="60"
    aria-label=${t("runs.name_of", { name: run.name })}
    value=${run.name}
    onChange=${change}
  />`;
}
