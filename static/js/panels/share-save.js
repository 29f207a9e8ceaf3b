import { Icon } from "../controls/icon.js";
import { fetchCsv, saveFile } from "../data-csv.js";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { explain } from "../problems.js";
import { setupInFile } from "../setup.js";
import { PICTURES, pngOf } from "./pictures.js";

/** @import { ShareProps } from "./share.js" */

const SVG_TYPE = "image/svg+xml";
/** A setup is a page of text; what is larger is something else. */
const MOST_BYTES = 100_000;

/** What can be kept of the experiment, and a setup that was. @param {ShareProps} props */
export function SaveShare({ api, store, session }) {
  /** @param {() => unknown} act */
  const tell = (act) => async () => {
    try {
      await act();
    } catch (error) {
      store.notify(explain(error), "error");
    }
  };
  /** @param {keyof typeof PICTURES} name @param {"png" | "svg"} type */
  const keep = (name, type) =>
    tell(async () => {
      const picture = PICTURES[name](store);
      if (picture === null) store.notify(t("save.nothing"), "error");
      else if (type === "svg") saveFile(`${name}.svg`, picture.svg, SVG_TYPE);
      else saveFile(`${name}.png`, await pngOf(picture), "image/png");
    });
  const keepData = tell(async () =>
    saveFile(`${store.spec.peek().data.dataset.name}.csv`, await fetchCsv(session, store.facts.peek())),
  );
  const keepSetup = tell(() =>
    saveFile("setup.json", `${JSON.stringify(store.spec.peek(), null, 2)}\n`, "application/json"),
  );
  /** @param {Event & { currentTarget: HTMLInputElement }} event */
  const load = (event) => {
    const [field, file] = [event.currentTarget, event.currentTarget.files?.[0]];
    if (file === undefined) return;
    const panel = field.closest("[popover]");
    void tell(async () => {
      if (file.size > MOST_BYTES) return store.notify(t("save.too_large"), "error");
      const spec = await setupInFile(await file.text(), api, store);
      if (panel instanceof HTMLElement) panel.hidePopover();
      await session.begin(spec);
    })();
    // The same file can be chosen again.
    field.value = "";
  };

  return html`<div class="save">
    <dl class="save-list">
      ${/** @type {(keyof typeof PICTURES)[]} */ (Object.keys(PICTURES)).map(
        (name) => html`<div key=${name}>
          <dt id=${`save-${name}`}>${t(`save.${name}`)}</dt>
          <dd>
            ${/** @type {const} */ (["png", "svg"]).map(
              (type) => html`<button
                class="button is-small"
                type="button"
                aria-describedby=${`save-${name}`}
                onClick=${keep(name, type)}
              >
                <${Icon} name="download" />${type.toUpperCase()}
              </button>`,
            )}
          </dd>
        </div>`,
      )}
      <div>
        <dt id="save-data">${t("save.data")}</dt>
        <dd>
          <button class="button is-small" type="button" aria-describedby="save-data" onClick=${keepData}>
            <${Icon} name="download" />CSV
          </button>
        </dd>
      </div>
      <div>
        <dt id="save-setup">${t("save.setup")}</dt>
        <dd>
          <button class="button is-small" type="button" aria-describedby="save-setup" onClick=${keepSetup}>
            <${Icon} name="download" />JSON
          </button>
        </dd>
      </div>
    </dl>
    ${
      store.mayWrite.value &&
      html`<label class="save-load">
        <span class="field-label">${t("save.load")}</span>
        <input type="file" accept=".json,application/json" onChange=${load} />
      </label>`
    }
  </div>`;
}
