import { Icon } from "../controls/icon.js";
import { html } from "../html.js";
import { hasPhrase, number, t } from "../i18n.js";
import { explainField } from "../problems.js";

/** @import { Catalogue } from "../catalogue.js" */
/** @import { Opened } from "../setup.js" */
/** @import { SetupNote } from "../types.js" */
/** @import { PanelProps } from "./playground.js" */

/** What is so in every experiment of another program: told last, and only to those who ask. */
const GENERAL = new Set(["biases_at_zero", "order_shuffled", "other_numbers"]);

/** What could not be taken from a link or a file, until somebody has read it. @param {PanelProps} props */
export default function SetupNotes({ store }) {
  const opened = store.opened.value;
  if (opened === null || opened.notes.length === 0) return null;
  const close = () => {
    store.opened.value = null;
    document.getElementById("main")?.focus({ preventScroll: true });
  };
  return html`<section class="setup-notes" id="setup-notes" aria-labelledby="setup-notes-title">
    <div class="setup-notes-head">
      <h2 id="setup-notes-title">${t(`setup.from.${opened.source}`)}</h2>
      <button class="square" type="button" aria-label=${t("notice.dismiss")} title=${t("notice.dismiss")} onClick=${close}>
        <${Icon} name="close" />
      </button>
    </div>
    <${Notes} opened=${opened} catalogue=${store.catalogue} />
  </section>`;
}

/** @param {{ opened: Opened, catalogue: Catalogue }} props */
function Notes({ opened: { notes }, catalogue }) {
  const own = notes.filter(({ code }) => !GENERAL.has(code));
  const general = notes.filter(({ code }) => GENERAL.has(code));
  /** @param {SetupNote} note */
  const draw = (note) => html`<li>${noteText(note, catalogue)}</li>`;
  return html`${own.length > 0 ? html`<ul>${own.map(draw)}</ul>` : html`<p>${t("setup.all_taken")}</p>`}
    ${
      general.length > 0 &&
      html`<details>
        <summary>${t("setup.in_general")}</summary>
        <ul>
          ${general.map(draw)}
        </ul>
      </details>`
    }`;
}

/**
 * @param {SetupNote} note
 * @param {Catalogue} catalogue
 */
function noteText(note, catalogue) {
  const { field, code, message = "", value, to, limit } = note;
  const key = `setup.note.${code}`;
  if (hasPhrase(key)) return t(key, { field, value: readable(value), to: readable(to) });
  if (hasPhrase(`errors.${code}`)) return t(`errors.${code}`);
  return explainField({ field, code, message, value, limit }, (path) => catalogue.nameOf(path));
}

/** @param {any} value */
function readable(value) {
  if (typeof value === "number") return number(value, { digits: 6 });
  return value === null || value === undefined ? t("value.none") : String(value);
}
