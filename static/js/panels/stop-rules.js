import { FieldControl } from "../controls/field-control.js";
import { Icon } from "../controls/icon.js";
import { html } from "../html.js";
import { t, words } from "../i18n.js";
import { newest } from "../points.js";

/** @import { Store } from "../store.js" */
/** @import { Chosen, Component, Field } from "../types.js" */
/** @import { PanelProps } from "./playground.js" */

/** What ends a run by itself: any of these, whichever comes first. @param {PanelProps} props */
export function StopRules({ store, session }) {
  const { catalogue } = store;
  const rules = store.spec.value.training.stop;
  const disabled = !store.mayWrite.value;
  /** @param {Chosen[]} stop */
  const change = (stop) => session.configure({ training: { stop } });
  /**
   * @param {number} index
   * @param {Record<string, any>} fields
   */
  const changeOne = (index, fields) =>
    change(rules.map((rule, place) => (place === index ? { ...rule, ...fields } : rule)));

  return html`<p class="help">${t("stop.help")}</p>
    <ul class="stop-rules">
      ${rules.map((rule, index) => {
        const { component, fields } = catalogue.describe("stop_rule", rule);
        const label = words(component?.label) || rule.name;
        return html`<li class="stop-rule" key=${`${index} ${rule.name}`}>
          <div class="stop-rule-head">
            <strong title=${words(component?.help)}>${label}</strong>
            <button
              class="square"
              type="button"
              aria-label=${t("stop.remove", { rule: label })}
              title=${t("stop.remove", { rule: label })}
              disabled=${disabled}
              onClick=${() => change(rules.filter((_, place) => place !== index))}
            >
              <${Icon} name="close" />
            </button>
          </div>
          ${fields.map(
            ({ name, field, value }) =>
              html`<${FieldControl}
                key=${name}
                name=${name}
                field=${measurable(store, field, value)}
                value=${value}
                disabled=${disabled}
                onChange=${(/** @type {any} */ changed) => changeOne(index, { [name]: changed })}
              />`,
          )}
        </li>`;
      })}
    </ul>
    <${Add} store=${store} disabled=${disabled} onAdd=${(/** @type {Chosen} */ rule) => change([...rules, rule])} />`;
}

/** @param {{ store: Store, disabled: boolean, onAdd: (rule: Chosen) => void }} props */
function Add({ store, disabled, onAdd }) {
  const rules = store.spec.value.training.stop;
  const kinds = store.catalogue.all("stop_rule");
  /** @param {Component} kind */
  const isPossible = (kind) =>
    (typeof kind.watches !== "string" || isMeasured(store, kind.watches) || choicesOf(store, kind).length > 0) &&
    !rules.some((rule) => JSON.stringify(rule) === JSON.stringify(made(store, kind)));
  const lacking = kinds.filter((kind) => typeof kind.watches === "string" && !isMeasured(store, kind.watches));
  return html`<p class="stop-add">${t("stop.add")}</p>
    <div class="stop-kinds">
      ${kinds.map(
        (kind) =>
          html`<button
            key=${kind.name}
            class="button is-small"
            type="button"
            title=${words(kind.help)}
            disabled=${disabled || !isPossible(kind)}
            onClick=${() => onAdd(made(store, kind))}
          >
            <${Icon} name="plus" />${words(kind.label)}
          </button>`,
      )}
    </div>
    ${lacking
      .filter((kind) => !isPossible(kind))
      .map((kind) => html`<p class="help" key=${kind.name}>${t("stop.lacking", { rule: words(kind.label) })}</p>`)}`;
}

/**
 * A rule as it begins: its defaults, but that it looks at a figure which this experiment has.
 *
 * @param {Store} store
 * @param {Component} kind
 * @returns {Chosen}
 */
function made(store, kind) {
  const rule = store.catalogue.describe("stop_rule", { name: kind.name });
  const fields = rule.fields.map(({ name, field, value }) => {
    const known = measurable(store, field, undefined).enum;
    return [name, known === undefined || known.includes(value) ? value : known[0]];
  });
  return { name: kind.name, ...Object.fromEntries(fields) };
}

/** The figures of a kind's own that can be looked at. @param {Store} store @param {Component} kind @returns {any[]} */
const choicesOf = (store, kind) =>
  Object.values(kind.fields).flatMap((field) => measurable(store, field, undefined).enum ?? []);

/**
 * A field that names a figure takes those that are measured here, and the one that it has.
 *
 * @param {Store} store
 * @param {Field} field
 * @param {any} value
 * @returns {Field}
 */
function measurable(store, field, value) {
  if (field.enum === undefined) return field;
  const known = field.enum.filter((name) => name === value || isMeasured(store, name));
  return { ...field, enum: known };
}

/** @param {Store} store @param {string} figure */
const isMeasured = (store, figure) =>
  figure in store.metrics.peek() || newest(store.points.peek(), figure) !== undefined;
