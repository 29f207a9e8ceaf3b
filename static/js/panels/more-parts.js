import { ComponentChoice } from "../controls/component-picker.js";
import { FieldControl } from "../controls/field-control.js";
import { Icon } from "../controls/icon.js";
import { html } from "../html.js";
import { t, words } from "../i18n.js";
import { StopRules } from "./stop-rules.js";

/** @import { ComponentChildren } from "preact" */
/** @import { Chosen, Json, Spec } from "../types.js" */
/** @import { PanelProps } from "./playground.js" */

/** The seeds of a spec, as its members' paths: whatever is drawn at random follows from them. */
const SEEDS = ["data.seed", "network.seed", "training.seed"];

/** How it learns in all detail. @param {PanelProps} props */
export default function Parts({ store, session }) {
  const { catalogue } = store;
  const spec = store.spec.value;
  const { training } = spec;
  const disabled = !store.mayWrite.value;
  /** @param {Json} patch */
  const change = (patch) => session.configure({ training: patch });
  /** @param {"batch_size" | "input_noise" | "input_shift" | "warmup_epochs"} name */
  const own = (name) =>
    html`<${FieldControl}
      name=${name}
      part=${name === "batch_size" ? "batch" : undefined}
      field=${catalogue.field(`training.${name}`)}
      value=${training[name]}
      disabled=${disabled}
      onChange=${(/** @type {number} */ value) => change({ [name]: value })}
    />`;
  /**
   * @param {"schedule" | "clipping"} kind
   * @param {Record<string, number>} [curveNeeds]
   */
  const choice = (kind, curveNeeds) =>
    html`<${ComponentChoice}
      catalogue=${catalogue}
      kind=${kind}
      label=${t(`more.${kind}`)}
      chosen=${training[kind]}
      choices=${catalogue.all(kind)}
      curveNeeds=${curveNeeds}
      disabled=${disabled}
      onChange=${(/** @type {Json} */ patch) => change({ [kind]: patch })}
    />`;
  /** @param {string} kind @param {Chosen} chosen */
  const labelOf = (kind, chosen) => words(catalogue.find(kind, chosen.name)?.label) || chosen.name;
  const warmup = training.warmup_epochs > 0 ? ` · ${t("more.warmup", { epochs: training.warmup_epochs })}` : "";

  return html`<div class="more">
    ${own("batch_size")} ${own("input_noise")} ${catalogue.isOfImages(spec) && own("input_shift")}
    <${Part} title=${t("more.schedule")} value=${labelOf("schedule", training.schedule) + warmup}>
      ${choice("schedule", { warmup_epochs: training.warmup_epochs })} ${own("warmup_epochs")}
    <//>
    <${Part} title=${t("more.clipping")} value=${labelOf("clipping", training.clipping)}>${choice("clipping")}<//>
    <${Part}
      title=${t("more.stop")}
      value=${training.stop.map((rule) => labelOf("stop_rule", rule)).join(", ") || t("stop.none")}
    >
      <${StopRules} store=${store} session=${session} />
    <//>
    <${Part} title=${t("more.seeds")} value=${SEEDS.map((path) => valueAt(spec, path)).join(" · ")}>
      <p class="help">${t("more.seeds_help")}</p>
      ${SEEDS.map((path) => {
        const [section, name] = path.split(".");
        return html`<${FieldControl}
          key=${path}
          name=${path}
          field=${catalogue.field(path)}
          value=${valueAt(spec, path)}
          disabled=${disabled}
          onChange=${(/** @type {number} */ value) => session.configure({ [section]: { [name]: value } })}
        />`;
      })}
    <//>
  </div>`;
}

/**
 * One thing that can be set: its line, and what opens below.
 *
 * @param {{ title: string, value: string, children: ComponentChildren }} props
 */
function Part({ title, value, children }) {
  return html`<details class="part" name="more-part">
    <summary>
      <span class="field-label">${title}</span>
      <span class="part-value">${value}</span>
      <${Icon} name="chevron" />
    </summary>
    <div class="part-body">${children}</div>
  </details>`;
}

/**
 * @param {Spec} spec
 * @param {string} path
 */
function valueAt(spec, path) {
  const [section, name] = path.split(".");
  return /** @type {any} */ (spec)[section][name];
}
