import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../../controls/icon.js";
import { useUniqueId } from "../../controls/unique-id.js";
import { html } from "../../html.js";
import { t } from "../../i18n.js";
import { explainTable } from "./reading.js";
import { TableColumns } from "./table-columns.js";
import { TableSource } from "./table-source.js";

/** @import { TableDescription, TableNote } from "../../types.js" */
/** @import { PanelProps } from "../playground.js" */

/**
 * A table that has been read, and what is said of it. `isDraft`: it is nowhere used yet and goes if the reader does.
 *
 * @typedef {{ table: TableDescription, name: string, notes: TableNote[], isDraft: boolean }} ReadTable
 * @typedef {{ text: string, line: number | null }} Objection
 */

/**
 * From a text of cells to the network's data, in two steps: the server reads it, and the reader chooses columns.
 *
 * @param {PanelProps & { file: File | null, opened: ReadTable | null, onClose: () => void }} props  `file`: to begin
 *   with; `opened`: a table that the server has, whose columns are to be chosen anew
 */
export function TableDialog({ store, session, file, opened, onClose }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const title = useUniqueId();
  const read = useSignal(/** @type {ReadTable | null} */ (opened));
  const source = useSignal(/** @type {{ text: string, file: File | null }} */ ({ text: "", file: null }));
  const objections = useSignal(/** @type {Objection[]} */ ([]));
  const isBusy = useSignal(false);

  useEffect(() => {
    dialog.current?.showModal();
    if (file !== null) void take(file);
  }, []);

  /** Have a table that was read and is not wanted forgotten again. */
  const dropDraft = () => {
    if (read.value?.isDraft) session.tables.remove(read.value.table.id).catch(() => {});
  };
  /**
   * @param {() => Promise<void>} act
   */
  const tell = async (act) => {
    isBusy.value = true;
    objections.value = [];
    try {
      await act();
    } catch (error) {
      const { catalogue } = store;
      objections.value = explainTable(error, catalogue.limits, (path) => catalogue.nameOf(path));
    }
    isBusy.value = false;
  };
  /**
   * @param {Blob} content
   * @param {string} name
   */
  const send = (content, name) =>
    tell(async () => {
      const known = new Set((session.tables.held.peek() ?? []).map(({ id }) => id));
      const free = session.tables.freeName(name);
      const created = await session.tables.add(new Blob([content], { type: "text/csv" }), free);
      dropDraft();
      read.value = { table: created, name: created.name, notes: created.notes, isDraft: !known.has(created.id) };
    });
  /** @param {File} chosen */
  const take = async (chosen) => {
    source.value = { text: "", file: chosen };
    await send(chosen, chosen.name);
  };
  const close = () => {
    dropDraft();
    onClose();
  };
  const goBack = () => {
    objections.value = [];
    dropDraft();
    read.value = null;
  };

  const step = read.value;
  return html`<dialog class="dialog table-dialog" ref=${dialog} aria-labelledby=${title} onCancel=${close}>
    <div class="card-head">
      <h2 id=${title}>${step === null ? t("table.title") : step.name || t("table.title")}</h2>
      <button class="square" type="button" aria-label=${t("table.close")} title=${t("table.close")} onClick=${close}>
        <${Icon} name="close" />
      </button>
    </div>
    ${
      step === null
        ? html`<${TableSource}
          source=${source}
          limits=${store.catalogue.limits}
          objections=${objections.value}
          isBusy=${isBusy.value}
          onText=${(/** @type {string} */ text) => send(new Blob([text]), t("table.pasted"))}
          onFile=${take}
        />`
        : html`<${TableColumns}
          key=${step.table.id}
          store=${store}
          session=${session}
          read=${step}
          objections=${objections.value}
          isBusy=${isBusy.value}
          onTell=${tell}
          onBack=${opened === null ? goBack : null}
          onUsed=${onClose}
        />`
    }
  </dialog>`;
}

/** What stands in the way. @param {{ objections: Objection[], onLine?: ((line: number) => void) | null }} props */
export function Objections({ objections, onLine = null }) {
  return html`<div role="alert">
    ${
      objections.length > 0 &&
      html`<ul class="table-errors">
        ${objections.map(
          ({ text, line }) =>
            html`<li key=${text}>
              ${text}
              ${
                onLine !== null &&
                line !== null &&
                html`<button class="button is-small" type="button" onClick=${() => onLine(line)}>
                  ${t("table.to_line", { line })}
                </button>`
              }
            </li>`,
        )}
      </ul>`
    }
  </div>`;
}
