import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "../../controls/icon.js";
import { saveFile } from "../../data-csv.js";
import { html } from "../../html.js";
import { t } from "../../i18n.js";
import { explain, Problem } from "../../problems.js";
import { givePoints, giveTable } from "./giving.js";
import { datasetOf, rolesIn } from "./reading.js";
import { pointsOf } from "./strokes.js";

/** @import { HeldTable } from "../../types.js" */
/** @import { PanelProps } from "../playground.js" */

/** The sets that the reader has saved on this server: to use again, to rename, to download, to delete. @param {PanelProps} props */
export default function Saved({ store, session }) {
  const { held, isKept } = session.tables;
  if (held.value === null) return html`<p class="help">${t("saved.loading")}</p>`;
  if (held.value.length === 0) return null;
  return html`<div class="saved">
    <h3 class="field-label">${t("saved.title")}</h3>
    <ul>
      ${held.value.toReversed().map(
        (table) => html`<${SavedTable} key=${table.id} store=${store} session=${session} table=${table} />`,
      )}
    </ul>
    <label class="saved-keep" title=${t("saved.keep_help")}>
      <input
        type="checkbox"
        checked=${isKept.value}
        onChange=${(/** @type {Event & { currentTarget: HTMLInputElement }} */ event) =>
          session.tables.keepOnDevice(event.currentTarget.checked)}
      />
      ${t("saved.keep")}
    </label>
  </div>`;
}

/** @param {PanelProps & { table: HeldTable }} props */
function SavedTable({ store, session, table }) {
  const mode = useSignal(/** @type {"shown" | "renamed" | "deleted"} */ ("shown"));
  const { tables } = session;
  const disabled = !store.mayWrite.value;
  const isPresent = store.spec.value.data.dataset.id === table.id;
  const name = table.name || t("saved.nameless");

  /** @param {() => Promise<void>} act */
  const tell = (act) => async () => {
    try {
      await act();
    } catch (error) {
      if (error instanceof Problem && error.code === "no_dataset") tables.drop(table.id);
      store.notify(explain(error), "error");
    }
  };
  const use = tell(async () => {
    const read = await tables.read(table.id);
    store.isPainting.value = false;
    const points = pointsOf(read.table);
    if (points !== null) {
      await givePoints(store, session, points, table.name);
      return;
    }
    const { suggested } = read;
    if (suggested === null) throw new Problem({ code: "not_a_table" });
    await giveTable(store, session, datasetOf(read, rolesIn(read.columns, suggested), suggested.task));
  });
  const download = tell(async () => saveFile(fileName(name), await tables.csv(table.id)));
  const remove = tell(() => tables.remove(table.id));
  /** @param {string} wanted */
  const rename = (wanted) => {
    mode.value = "shown";
    if (wanted !== "" && wanted !== table.name) void tell(() => tables.rename(table.id, wanted))();
  };

  if (mode.value === "renamed") return html`<li><${Rename} name=${table.name} onName=${rename} /></li>`;
  if (mode.value === "deleted") {
    return html`<li class="saved-sure">
      <span>${t("saved.sure", { name })}</span>
      <button class="button is-small" type="button" onClick=${remove}>${t("saved.delete")}</button>
      <button
        class="button is-small"
        type="button"
        ref=${focusOnce}
        onClick=${() => {
          mode.value = "shown";
        }}
      >
        ${t("saved.no")}
      </button>
    </li>`;
  }
  return html`<li>
    <button
      class="saved-use"
      type="button"
      title=${t("saved.use", { name })}
      aria-current=${isPresent ? "true" : undefined}
      disabled=${disabled}
      onClick=${use}
    >
      ${name}
    </button>
    <${Press}
      icon="pencil"
      label=${t("saved.rename", { name })}
      onPress=${() => {
        mode.value = "renamed";
      }}
    />
    <${Press} icon="download" label=${t("saved.download", { name })} onPress=${download} />
    <${Press}
      icon="bin"
      label=${t("saved.ask", { name })}
      onPress=${() => {
        mode.value = "deleted";
      }}
    />
  </li>`;
}

/** @param {{ name: string, onName: (name: string) => void }} props */
function Rename({ name, onName }) {
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  /** @param {KeyboardEvent & { currentTarget: HTMLInputElement }} event */
  const press = (event) => {
    if (event.key === "Enter") onName(event.currentTarget.value.trim());
    if (event.key === "Escape") onName(name);
  };
  return html`<input
    class="saved-name"
    type="text"
    maxlength="200"
    aria-label=${t("saved.new_name")}
    ref=${field}
    value=${name}
    onKeyDown=${press}
    onBlur=${(/** @type {FocusEvent & { currentTarget: HTMLInputElement }} */ event) =>
      onName(event.currentTarget.value.trim())}
  />`;
}

/** @param {{ icon: "pencil" | "download" | "bin", label: string, onPress: () => void }} props */
function Press({ icon, label, onPress }) {
  return html`<button class="square" type="button" title=${label} aria-label=${label} onClick=${onPress}>
    <${Icon} name=${icon} />
  </button>`;
}

/** What asks whether to delete comes in place of the button that was pressed; the harmless answer takes the focus. @param {HTMLElement | null} element */
function focusOnce(element) {
  element?.focus();
}

/** Return a name under which every system keeps a file. @param {string} name */
const fileName = (name) => `${name.replace(/\.(csv|tsv|txt)$/i, "").replace(/[^\p{L}\p{N} _.-]+/gu, "-").slice(0, 80) || "data"}.csv`;
