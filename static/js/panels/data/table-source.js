import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { useUniqueId } from "../../controls/unique-id.js";
import { html } from "../../html.js";
import { number, t } from "../../i18n.js";
import { decoded, lineBounds } from "./reading.js";
import { Objections } from "./table-dialog.js";

/** @import { Signal } from "@preact/signals" */
/** @import { Objection } from "./table-dialog.js" */

/** Of larger files the text is not shown: nobody mends them by hand. */
const MOST_SHOWN_BYTES = 500_000;
const MEGABYTE = 1024 * 1024;

/**
 * Where a table comes from: pasted cells, or a file, chosen or dropped. A file goes to the server as it is, so that the
 * server finds out how it is written; once its text is changed here, the text goes.
 *
 * @param {{ source: Signal<{ text: string, file: File | null }>, limits: Record<string, number>, objections: Objection[],
 *   isBusy: boolean, onText: (text: string) => void, onFile: (file: File) => void }} props
 */
export function TableSource({ source, limits, objections, isBusy, onText, onFile }) {
  const area = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const files = useRef(/** @type {HTMLInputElement | null} */ (null));
  const isOver = useSignal(false);
  const [textId, helpId] = [useUniqueId(), useUniqueId()];
  const { text, file } = source.value;

  useEffect(() => {
    if (file === null || text !== "" || file.size > MOST_SHOWN_BYTES) return;
    file.arrayBuffer().then(
      (bytes) => {
        if (source.peek().file === file) source.value = { text: decoded(bytes), file };
      },
      () => {},
    );
  }, [file]);

  /** @param {File | undefined} chosen */
  const take = (chosen) => {
    if (chosen !== undefined) onFile(chosen);
  };
  /** @param {DragEvent} event */
  const drop = (event) => {
    isOver.value = false;
    if (!event.dataTransfer?.files.length) return; // A text that is dropped goes where it is dropped.
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  };
  /** @param {DragEvent} event */
  const dragOver = (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    isOver.value = true;
  };
  /** @param {Event & { currentTarget: HTMLTextAreaElement }} event */
  const type = (event) => {
    source.value = { text: event.currentTarget.value, file: null };
  };
  /** @param {number} line */
  const goToLine = (line) => {
    const element = /** @type {HTMLTextAreaElement} */ (area.current);
    const [start, end] = lineBounds(element.value, line);
    element.focus();
    element.setSelectionRange(start, end);
    const height = Number.parseFloat(getComputedStyle(element).lineHeight);
    element.scrollTop = Math.max(0, (line - 3) * height);
  };
  const read = () => {
    if (file !== null) onFile(file);
    else onText(text);
  };

  return html`<div
    class=${isOver.value ? "table-source is-over" : "table-source"}
    onDragOver=${dragOver}
    onDragLeave=${() => {
      isOver.value = false;
    }}
    onDrop=${drop}
  >
    <label for=${textId}>${t("table.paste")}</label>
    <textarea
      class="table-text"
      id=${textId}
      ref=${area}
      rows="9"
      spellcheck=${false}
      aria-describedby=${helpId}
      value=${text}
      placeholder=${t("table.example")}
      onInput=${type}
    ></textarea>
    <p class="help" id=${helpId}>
      ${t("table.caps", {
        rows: limits.table_rows,
        columns: limits.table_columns,
        size: number(Math.floor(limits.upload_bytes / MEGABYTE)),
      })}
    </p>
    <${Objections} objections=${objections} onLine=${text === "" ? null : goToLine} />
    <div class="dialog-row">
      <input
        class="visually-hidden"
        type="file"
        ref=${files}
        tabindex="-1"
        aria-label=${t("table.file")}
        accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
        onChange=${(/** @type {Event & { currentTarget: HTMLInputElement }} */ event) => {
          take(event.currentTarget.files?.[0]);
          event.currentTarget.value = "";
        }}
      />
      <button class="button" type="button" disabled=${isBusy} onClick=${() => files.current?.click()}>
        ${t("table.file")}
      </button>
      ${file !== null && html`<span class="help">${file.name}</span>`}
      <button
        class="button is-primary"
        type="button"
        disabled=${isBusy || (file === null && text.trim() === "")}
        onClick=${read}
      >
        ${isBusy ? t("table.reading") : t("table.read")}
      </button>
    </div>
  </div>`;
}
