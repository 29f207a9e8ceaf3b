import { useSignal } from "@preact/signals";
import { useUniqueId } from "../../controls/unique-id.js";
import { html } from "../../html.js";
import { number, t } from "../../i18n.js";
import { Problem } from "../../problems.js";
import { giveTable } from "./giving.js";
import { classTask, datasetOf, explainNote, objectionTo, rolesIn, rolesOf, withRole } from "./reading.js";
import { Objections } from "./table-dialog.js";

/** @import { PanelProps } from "../playground.js" */
/** @import { Role } from "./reading.js" */
/** @import { Objection, ReadTable } from "./table-dialog.js" */

/**
 * What was found in a table, its first rows, and what each column is for.
 *
 * @param {PanelProps & { read: ReadTable, objections: Objection[], isBusy: boolean, onBack: (() => void) | null,
 *   onTell: (act: () => Promise<void>) => void, onUsed: () => void }} props
 */
export function TableColumns({ store, session, read, objections, isBusy, onTell, onBack, onUsed }) {
  const { table, notes } = read;
  const present = store.spec.value.data.dataset;
  const chosen = present.id === table.id ? present : table.suggested;
  const roles = useSignal(rolesIn(table.columns, chosen));
  const asClasses = useSignal(chosen === null || chosen.task !== "regression");
  const name = useSignal(read.name);
  const nameId = useUniqueId();
  const kinds = useUniqueId();

  const target = table.columns[roles.value.indexOf("target")];
  const objection = objectionTo(roles.value);
  const inputs = roles.value.filter((role) => role === "input").length;

  /** @param {number} index @param {Role} role */
  const change = (index, role) => {
    roles.value = withRole(table.columns, roles.value, index, role);
    // Few numbers are classes; what the server thinks of its own choice it has said.
    const { kind, name: changed } = table.columns[index];
    if (role !== "target") return;
    asClasses.value = kind === "text" || (chosen?.target === changed && chosen.task !== "regression");
  };
  const taskOf = async () => {
    if (target.kind === "number" && !asClasses.value) return "regression";
    if (target.name === chosen?.target && chosen.task !== "regression") return chosen.task;
    if (target.values) return classTask(target.values);
    const place = table.columns.indexOf(target);
    const { rows } = (await session.tables.read(table.id)).table;
    return classTask(rows.map((row) => row[place]));
  };
  const use = () =>
    onTell(async () => {
      const dataset = datasetOf(table, roles.value, await taskOf());
      if (!(await giveTable(store, session, dataset))) {
        // It was said behind the dialog.
        const said = store.notices.peek().findLast(({ kind }) => kind === "error");
        throw new Problem({ code: "refused", detail: said?.text });
      }
      store.isPainting.value = false;
      const wanted = name.value.trim();
      if (wanted !== "" && wanted !== read.name) await session.tables.rename(table.id, wanted);
      onUsed();
    });

  return html`<div class="table-columns">
    <p class="table-found">
      <b>${t("table.size", { rows: table.rows, count: table.columns.length })}</b>
      ${notes.map((note) => html`<span key=${note.message}>${explainNote(note)}</span>`)}
    </p>
    <div class="table-scroll" tabindex="0" role="group" aria-label=${t("table.preview")}>
      <table class="table-preview">
        <caption class="visually-hidden">${t("table.preview")}</caption>
        <thead>
          <tr>
            ${table.columns.map(
              (column, index) =>
                html`<th key=${column.name} scope="col" class=${`is-${roles.value[index]}`}>
                  <span class="table-name" title=${column.name}>${column.name}</span>
                  <select
                    class="select"
                    aria-label=${t("table.role", { column: column.name })}
                    value=${roles.value[index]}
                    disabled=${isBusy || rolesOf(column).length === 1}
                    onChange=${(/** @type {Event & { currentTarget: HTMLSelectElement }} */ event) =>
                      change(index, /** @type {Role} */ (event.currentTarget.value))}
                  >
                    ${rolesOf(column).map(
                      (role) =>
                        html`<option value=${role} selected=${role === roles.value[index]}>${t(`table.role.${role}`)}</option>`,
                    )}
                  </select>
                </th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${table.preview.map(
            (row, line) =>
              html`<tr key=${line}>
                ${row.map(
                  (cell, index) =>
                    html`<td key=${index} class=${`is-${roles.value[index]} ${typeof cell === "number" ? "is-number" : ""}`}>
                      ${cell === null ? html`<i>${t("table.empty")}</i>` : typeof cell === "number" ? number(cell) : cell}
                    </td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${table.rows > table.preview.length && html`<p class="help">${t("table.more_rows", { count: table.rows - table.preview.length })}</p>`}
    ${
      target?.kind === "number" &&
      html`<fieldset class="table-kind" disabled=${isBusy}>
        <legend class="field-label">${t("table.kind", { column: target.name })}</legend>
        ${[true, false].map(
          (isClass) =>
            html`<label key=${isClass}>
              <input
                type="radio"
                name=${kinds}
                checked=${asClasses.value === isClass}
                onChange=${() => {
                  asClasses.value = isClass;
                }}
              />
              ${isClass ? t("table.kind.class") : t("table.kind.number")}
            </label>`,
        )}
      </fieldset>`
    }
    <p class="help">
      ${objection !== null ? t(objection) : inputs === 2 ? t("table.on_plane") : t("table.off_plane", { count: inputs })}
    </p>
    <${Objections} objections=${objections} />
    <div class="dialog-row">
      ${onBack !== null && html`<button class="button" type="button" disabled=${isBusy} onClick=${onBack}>${t("table.back")}</button>`}
      ${
        onBack !== null &&
        html`<label class="field-label" for=${nameId}>${t("table.name")}</label>
          <input
            class="table-name-input"
            id=${nameId}
            type="text"
            maxlength="200"
            value=${name.value}
            onInput=${(/** @type {Event & { currentTarget: HTMLInputElement }} */ event) => {
              name.value = event.currentTarget.value;
            }}
          />`
      }
      <button class="button is-primary" type="button" disabled=${isBusy || objection !== null} onClick=${use}>
        ${t("table.use")}
      </button>
    </div>
  </div>`;
}
