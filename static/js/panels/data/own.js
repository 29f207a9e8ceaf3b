import { Icon } from "../../controls/icon.js";
import { html } from "../../html.js";
import { t, words } from "../../i18n.js";

/** @import { PanelProps } from "../playground.js" */

/** The reader's own data. @param {PanelProps} props */
export function Own({ store }) {
  const { dataset } = store.spec.value.data;
  const component = store.catalogue.find("dataset", dataset.name);
  const togglePainting = () => {
    store.isPainting.value = !store.isPainting.peek();
  };
  return html`<div class="own">
    <div class="own-row">
      <button
        class="button is-small"
        id="paint"
        type="button"
        aria-pressed=${store.isPainting.value}
        disabled=${!store.mayWrite.value}
        onClick=${togglePainting}
      >
        <${Icon} name="pencil" />${t("own.paint")}
      </button>
    </div>
    ${component?.given && html`<p class="help">${words(component.help)}</p>`}
  </div>`;
}
