import { Mark } from "../controls/mark.js";
import { Popover } from "../controls/popover.js";
import { FILL_OF_SPLIT } from "../draw/shapes.js";
import { html } from "../html.js";
import { t } from "../i18n.js";

/** @import { Colouring } from "../draw/map.js" */
/** @import { Store } from "../store.js" */
/** @import { MapView } from "./map-view.js" */

/** @type {readonly Colouring[]} */
const COLOURINGS = ["shades", "classes", "sureness"];

/** What the large map shows, one press away. @param {{ store: Store, view: MapView }} props */
export function ViewMenu({ store, view }) {
  return html`<${Popover} label=${t("view.title")} buttonClass="button is-small" panelLabel=${t("view.label")}>
    ${() => html`<${Options} store=${store} view=${view} />`}
  <//>`;
}

/** @param {{ store: Store, view: MapView }} props */
function Options({ store, view }) {
  const isNumber = view.isNumber.value;
  const { task } = store.facts.value;
  return html`<div class="view-options">
    <fieldset>
      <legend>${t("view.colours")}</legend>
      ${COLOURINGS.map((colouring) => {
        if (colouring === "sureness" && isNumber) return null;
        const name = isNumber && colouring === "classes" ? "signs" : colouring;
        return html`<label class="check" key=${colouring} data-part=${colouring === "classes" ? "discretise" : undefined}>
          <input
            type="radio"
            name="map-colours"
            checked=${view.colouring.value === colouring}
            onChange=${() => view.colour(colouring)}
          />
          ${t(`view.${name}`)}
        </label>`;
      })}
    </fieldset>
    <fieldset>
      <legend>${t("view.examples")}</legend>
      ${view.offered.value.map(
        (name) => html`<label class="check" key=${name} data-part=${name === "train" ? undefined : "others"}>
          <input type="checkbox" checked=${view.shown.value.includes(name)} onChange=${() => view.toggle(name)} />
          <${Mark} task=${task} fill=${FILL_OF_SPLIT[name]} />${t(`split.${name}`)}
        </label>`,
      )}
      ${
        !isNumber &&
        html`<${Toggle} option=${view.marksMistakes} label=${t("view.mistakes")} help=${t("view.mistakes_help")} />`
      }
    </fieldset>
    <fieldset>
      <legend>${t("view.more")}</legend>
      <${Toggle} option=${view.hasLines} label=${t("view.lines")} help=${t(isNumber ? "view.lines_help_numbers" : "view.lines_help")} />
    </fieldset>
  </div>`;
}

/** @param {{ option: MapView["hasLines"], label: string, help: string }} props */
function Toggle({ option, label, help }) {
  const toggle = () => {
    option.value = !option.peek();
  };
  return html`<label class="check" title=${help}>
    <input type="checkbox" checked=${option.value} onChange=${toggle} />
    ${label}
  </label>`;
}
