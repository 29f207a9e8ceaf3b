import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { useUniqueId } from "../../controls/unique-id.js";
import { boundaryOf } from "../../drawn.js";
import { html } from "../../html.js";
import { number, t, words } from "../../i18n.js";
import { LETTERS, MAX_RUNS, RunShelf, toBase64 } from "../../runs.js";
import { outputLook } from "../shown-map.js";
import { Curves } from "./runs/curves.js";
import { Differences } from "./runs/differences.js";
import { Maps } from "./runs/maps.js";

/** @import { Run } from "../../runs.js" */
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

  const keep = () => {
    const isKept = shelf.keep(presentRun(store, shelf.freeLetter));
    runs.value = shelf.runs;
    if (!isKept) store.notify(t("runs.no_room", { count: MAX_RUNS }), "error");
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
              onRestore=${(/** @type {Run} */ { spec }) => session.configure(spec)}
            />
            <${Curves} store=${store} compared=${compared} />
            <${Maps} store=${store} compared=${compared} />
            <${Differences} store=${store} compared=${compared} />`
    }`;
}

/** What the present run is called where runs have ids. */
const PRESENT = "present";

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
 *   store: Store, rows: Compared[], isLeftOut: ReadonlySet<string>, onToggle: (id: string) => void,
 *   onRename: (id: string, name: string) => void, onDrop: (id: string) => void, onRestore: (run: Run) => void,
 * }} props
 */
function List({ store, rows, isLeftOut, onToggle, onRename, onDrop, onRestore }) {
  return html`<div class="lens-table" tabindex="0" role="group" aria-label=${t("lenses.runs")}>
    <table class="table runs-list">
      <thead>
        <tr>
          <th scope="col">${t("runs.compare")}</th>
          <th scope="col">${t("runs.name")}</th>
          <th scope="col" class="is-number">${t("transport.epoch")}</th>
          <th scope="col" class="is-number">${t("metrics.loss")}</th>
          <th scope="col" class="is-number">${t("runs.test_loss")}</th>
          <th scope="col" class="is-number">${t("metrics.accuracy")}</th>
          <th scope="col" class="is-number">${t("runs.test_accuracy")}</th>
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
              </th>
              <${Figures} epoch=${run?.epoch ?? store.epoch.value} metrics=${run?.metrics ?? store.metrics.value} />
              <td class="runs-actions">
                ${
                  run !== null &&
                  html`<button
                    class="button is-small"
                    type="button"
                    disabled=${!store.mayWrite.value}
                    title=${t("runs.restore_help")}
                    aria-label=${t("runs.restore_run", { name: run.name })}
                    onClick=${() => onRestore(run)}
                  >
                    ${t("runs.restore")}
                  </button>
                  <button
                    class="button is-small"
                    type="button"
                    aria-label=${t("runs.drop_run", { name: run.name })}
                    onClick=${() => onDrop(run.id)}
                  >
                    ${t("runs.drop")}
                  </button>`
                }
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
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

/** @param {{ epoch: number, metrics: Record<string, number | null> }} props */
function Figures({ epoch, metrics }) {
  return html`<td class="is-number">${number(epoch)}</td>
    ${["loss", "test_loss", "accuracy", "test_accuracy"].map(
      (name) => html`<td key=${name} class="is-number">${figure(metrics[name])}</td>`,
    )}`;
}

/** @param {number | null | undefined} value */
function figure(value) {
  if (value === undefined) return "–";
  return value === null ? "∞" : number(value, { digits: 4, fixed: true });
}
