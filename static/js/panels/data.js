import { FieldControl } from "../controls/field-control.js";
import { Icon } from "../controls/icon.js";
import { Popover } from "../controls/popover.js";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { explain } from "../problems.js";
import { choosing } from "./data/choosing.js";
import { DatasetPicker } from "./data/picker.js";
import { Split } from "./split.js";

/** @import { Field, Json } from "../types.js" */
/** @import { PanelProps } from "./playground.js" */

/** Which examples the network learns from, and how they are handed to it. @param {PanelProps} props */
export function Data({ store, session }) {
  const { catalogue } = store;
  const { data } = store.spec.value;
  const disabled = !store.mayWrite.value;
  const { component, fields } = catalogue.describe("dataset", data.dataset);
  // What a user gives is more than a slider can show.
  const controls = component?.given ? [] : fields;
  /** @param {Json} patch */
  const change = (patch) => session.configure({ data: patch });
  /** @param {string} name */
  const choose = (name) => {
    store.isPainting.value = false;
    change(choosing(catalogue, store.spec.peek(), name));
  };

  return html`<div class="card-head">
      <h2 id="data-title">${t("data.title")}</h2>
      <span class="data-actions">
        <button
          class="button is-small"
          data-part="regenerate"
          type="button"
          title=${component?.given ? t("data.reshuffle_help") : t("data.regenerate_help")}
          disabled=${disabled || component?.whole}
          onClick=${() => change({ seed: randomSeed(catalogue.field("data.seed")) })}
        >
          <${Icon} name="dice" />${component?.given ? t("data.reshuffle") : t("data.regenerate")}
        </button>
        <${More} store=${store} session=${session} />
      </span>
    </div>
    <div data-part="data">
      <${DatasetPicker}
        store=${store}
        session=${session}
        onChoose=${choose}
      />
    </div>
    ${controls.map(
      ({ name, field, value }) =>
        html`<${FieldControl}
          key=${name}
          name=${name}
          part=${name}
          field=${field}
          value=${value}
          isRow=${true}
          disabled=${disabled}
          onChange=${(/** @type {any} */ changed) => change({ dataset: { [name]: changed } })}
        />`,
    )}
    <${Split} store=${store} session=${session} />`;
}

/** What is seldom needed: the seed, and the examples as a file. @param {PanelProps} props */
function More({ store, session }) {
  const label = html`<${Icon} name="more" /><span class="visually-hidden">${t("data.more")}</span>`;
  const download = async () => {
    try {
      const { fetchCsv, saveFile } = await import("../data-csv.js");
      saveFile(`${store.spec.peek().data.dataset.name}.csv`, await fetchCsv(session, store.facts.peek()));
    } catch (error) {
      store.notify(explain(error), "error");
    }
  };
  const panel = () => html`<${FieldControl}
      name="seed"
      field=${store.catalogue.field("data.seed")}
      value=${store.spec.value.data.seed}
      disabled=${!store.mayWrite.value}
      onChange=${(/** @type {number} */ seed) => session.configure({ data: { seed } })}
    />
    <p class="help">${t("data.seed_help")}</p>
    <button class="button data-download" type="button" disabled=${store.dataKey.value === null} onClick=${download}>
      <${Icon} name="download" />${t("data.download")}
    </button>`;
  return html`<${Popover} buttonClass="button is-small" label=${label} title=${t("data.more")} panelLabel=${t("data.more")}>
    ${panel}
  <//>`;
}

/** @param {Field} field */
function randomSeed({ minimum = 0, maximum = 2 ** 31 - 1 }) {
  // Small seeds are easier to read out and to type again.
  return minimum + Math.floor(Math.random() * Math.min(10_000, maximum - minimum));
}
