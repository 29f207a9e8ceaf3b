import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Icon } from "../../controls/icon.js";
import { lazily } from "../../controls/lazy.js";
import { html } from "../../html.js";
import { t } from "../../i18n.js";
import { explain } from "../../problems.js";

/** @import { ComponentType } from "preact" */
/** @import { PanelProps } from "../playground.js" */
/** @import { ReadTable } from "./table-dialog.js" */

const Saved = lazily(() => import("./saved.js"));

/** More columns than these are counted. */
const MOST_NAMES = 6;

/** What the dialog for tables is opened with. @typedef {{ file: File | null, opened: ReadTable | null }} Opening */

/** The reader's own data: painted, from a table, and what was saved of both. @param {PanelProps} props */
export function Own({ store, session }) {
  const dialog = useSignal(/** @type {ComponentType<any> | null} */ (null));
  const opening = useSignal(/** @type {Opening | null} */ (null));
  const disabled = !store.mayWrite.value;
  const { tables } = session;

  useEffect(() => {
    if (tables.held.peek() === null) tables.load().catch((error) => store.notify(explain(error), "error"));
  }, []);
  const togglePainting = () => {
    store.isPainting.value = !store.isPainting.peek();
  };
  /** @param {Opening} with_ */
  const open = async (with_) => {
    try {
      dialog.value = (await import("./table-dialog.js")).TableDialog;
      opening.value = with_;
    } catch (error) {
      store.notify(explain(error), "error");
    }
  };
  const close = () => {
    opening.value = null;
    // Until the dialog is gone, nothing behind it takes the focus.
    requestAnimationFrame(() => document.getElementById("table")?.focus());
  };
  /** @param {DragEvent} event */
  const drop = (event) => {
    const file = event.dataTransfer?.files[0];
    if (file === undefined || disabled) return;
    event.preventDefault();
    void open({ file, opened: null });
  };
  /** @param {DragEvent} event */
  const allowDrop = (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  };

  return html`<div class="own" onDragOver=${allowDrop} onDrop=${drop}>
    <div class="own-row">
      <button
        class="button is-small"
        id="paint"
        type="button"
        title=${t("own.paint_help")}
        aria-pressed=${store.isPainting.value}
        disabled=${disabled}
        onClick=${togglePainting}
      >
        <${Icon} name="pencil" />${t("own.paint")}
      </button>
      <button
        class="button is-small"
        id="table"
        type="button"
        title=${t("own.table_help")}
        disabled=${disabled}
        onClick=${() => open({ file: null, opened: null })}
      >
        <${Icon} name="table" />${t("own.table")}
      </button>
    </div>
    <${Present} store=${store} session=${session} onOpen=${open} />
    <${Saved} store=${store} session=${session} />
    ${
      dialog.value !== null &&
      opening.value !== null &&
      html`<${dialog.value} store=${store} session=${session} ...${opening.value} onClose=${close} />`
    }
  </div>`;
}

/**
 * The own data that the network learns now.
 *
 * @param {PanelProps & { onOpen: (opening: Opening) => void }} props
 */
function Present({ store, session, onOpen }) {
  const { dataset } = store.spec.value.data;
  const disabled = !store.mayWrite.value;
  const held = session.tables.held.value ?? [];
  if (Array.isArray(dataset.points)) {
    const { points } = dataset;
    const save = async () => {
      try {
        const { tableOf } = await import("./strokes.js");
        await session.tables.add(tableOf(points), t("own.painted_name", { count: points.length }));
        store.notify(t("own.saved"));
      } catch (error) {
        store.notify(explain(error), "error");
      }
    };
    return html`<div class="own-present">
      <span>${t("own.painted", { count: points.length })}</span>
      <button class="button is-small" type="button" title=${t("own.save_help")} disabled=${disabled} onClick=${save}>
        ${t("own.save")}
      </button>
    </div>`;
  }
  if (typeof dataset.id !== "string") return html`<p class="help own-present">${t("own.none")}</p>`;
  const name = held.find(({ id }) => id === dataset.id)?.name ?? "";
  const choose = async () => {
    try {
      const table = await session.tables.read(dataset.id);
      onOpen({ file: null, opened: { table, name, notes: [], isDraft: false } });
    } catch (error) {
      store.notify(explain(error), "error");
    }
  };
  const facts = store.facts.value;
  return html`<div class="own-present">
    <span>
      ${name && html`<b>${name}</b>`}
      ${columnNames(facts.columns ?? [])} → ${facts.target?.name}
    </span>
    <button class="button is-small" type="button" title=${t("own.columns_help")} disabled=${disabled} onClick=${choose}>
      ${t("own.columns")}
    </button>
  </div>
  ${facts.left_out > 0 && html`<p class="help">${t("own.left_out", { count: facts.left_out })}</p>`}`;
}

/** The names of a table's inputs, but for what is too much for a line or two. @param {{ name: string }[]} columns */
function columnNames(columns) {
  const names = columns.map(({ name }) => name);
  if (names.length <= MOST_NAMES) return names.join(", ");
  const told = names.slice(0, MOST_NAMES - 1).join(", ");
  return `${told} ${t("own.more_columns", { count: names.length - MOST_NAMES + 1 })}`;
}
