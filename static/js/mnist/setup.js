import { FieldControl } from "../controls/field-control.js";
import { html } from "../html.js";
import { t, words } from "../i18n.js";

/** @import { Field } from "../types.js" */
/** @import { LabProps } from "./page.js" */

const MAX_EPOCHS = 100;

/** How much the network learns from, and how long. @param {LabProps} props */
export function Setup({ store, session, lab }) {
  const { catalogue } = store;
  const { data, training } = store.spec.value;
  const disabled = !store.mayWrite.value;
  const dataset = catalogue.find("dataset", data.dataset.name);
  const samples = dataset?.fields.samples;
  /** @type {Field} */
  const epochs = {
    type: "integer",
    minimum: 1,
    maximum: MAX_EPOCHS,
    scale: "log",
    label: { en: t("mnist.epochs"), it: t("mnist.epochs") },
    help: { en: t("mnist.epochs_help"), it: t("mnist.epochs_help") },
  };

  return html`<h2 id="setup-title">${t("mnist.setup")}</h2>
    ${dataset && html`<p class="help">${words(dataset.help)}</p>`}
    ${
      samples &&
      html`<${FieldControl}
        name="samples"
        field=${{ ...samples, scale: "log" }}
        value=${data.dataset.samples ?? samples.default}
        disabled=${disabled}
        onChange=${(/** @type {number} */ value) => session.configure({ data: { dataset: { samples: value } } })}
      />`
    }
    <${FieldControl}
      name="epochs"
      field=${epochs}
      value=${lab.epochs.value}
      disabled=${disabled}
      onChange=${(/** @type {number} */ value) => lab.setEpochs(Math.min(MAX_EPOCHS, value))}
    />
    <${FieldControl}
      name="batch_size"
      field=${catalogue.field("training.batch_size")}
      value=${training.batch_size}
      disabled=${disabled}
      onChange=${(/** @type {number} */ value) => session.configure({ training: { batch_size: value } })}
    />`;
}
