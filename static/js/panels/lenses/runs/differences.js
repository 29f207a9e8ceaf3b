import { html } from "../../../html.js";
import { number, t, words } from "../../../i18n.js";
import { differencesOf } from "../../../runs.js";

/** @import { Catalogue } from "../../../catalogue.js" */
/** @import { Store } from "../../../store.js" */
/** @import { Compared } from "../runs.js" */

/** Where a component stands in a spec: its kind, and what it is called on the page. */
const COMPONENTS = /** @type {Record<string, { kind: string, label: string }>} */ ({
  "data.dataset": { kind: "dataset", label: "data.dataset" },
  "network.initializer": { kind: "initializer", label: "network.initializer" },
  "network.output_activation": { kind: "activation", label: "runs.output_activation" },
  "training.optimizer": { kind: "optimizer", label: "training.optimizer" },
  "training.schedule": { kind: "schedule", label: "more.schedule" },
  "training.loss": { kind: "loss", label: "training.loss" },
  "training.regularizer": { kind: "regularizer", label: "training.regularizer" },
  "training.clipping": { kind: "clipping", label: "more.clipping" },
});
const LISTS = /** @type {Record<string, string>} */ ({
  "data.features": "features.title",
  "network.layers": "network.layers",
  "training.stop": "more.stop",
});

/** In what the setups differ. @param {{ store: Store, compared: Compared[] }} props */
export function Differences({ store, compared }) {
  const { catalogue } = store;
  if (compared.length < 2) return null;
  const rows = differencesOf(compared.map(({ run }) => run?.spec ?? store.spec.value));
  if (rows.length === 0) return html`<p class="help">${t("runs.same_setup")}</p>`;
  return html`<div class="lens-table" tabindex="0" role="group" aria-label=${t("runs.differences")}>
    <table class="table">
      <caption class="help">
        ${t("runs.differences")}
      </caption>
      <thead>
        <tr>
          <th scope="col">${t("runs.setting")}</th>
          ${compared.map(({ letter, run }) => html`<th key=${letter} scope="col"><b>${letter}</b> ${run?.name ?? t("runs.now")}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ path, values }) =>
            html`<tr key=${path}>
              <th scope="row">${nameOf(catalogue, path)}</th>
              ${values.map((value, place) => html`<td key=${place}>${textOf(catalogue, path, value)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/**
 * @param {Catalogue} catalogue
 * @param {string} path
 */
function nameOf(catalogue, path) {
  const phrase = COMPONENTS[path]?.label ?? LISTS[path];
  if (phrase !== undefined) return t(phrase);
  const owner = COMPONENTS[path.slice(0, path.lastIndexOf("."))];
  const name = catalogue.nameOf(path);
  return owner === undefined ? name : `${t(owner.label)}: ${name}`;
}

/**
 * @param {Catalogue} catalogue
 * @param {string} path
 * @param {any} value
 */
function textOf(catalogue, path, value) {
  if (value === undefined) return "–";
  if (value === null) return t("value.none");
  if (path === "data.features") return value.map((/** @type {string} */ name) => catalogue.find("feature", name)?.symbol ?? name).join(", ");
  if (path === "network.layers") return value.map((/** @type {any} */ layer) => layerText(catalogue, layer)).join(" → ") || t("value.none");
  if (Array.isArray(value)) {
    const names = value.map((entry) => words(catalogue.find("stop_rule", entry?.name)?.label)).filter(Boolean);
    return names.join(", ") || (value.length === 0 ? t("value.none") : number(value.length));
  }
  if (typeof value === "number") return number(value, { digits: 6 });
  const kind = COMPONENTS[path]?.kind;
  return (kind !== undefined && words(catalogue.find(kind, value)?.label)) || String(value);
}

/**
 * @param {Catalogue} catalogue
 * @param {{ units: number, activation: { name: string }, dropout?: number }} layer
 */
function layerText(catalogue, { units, activation, dropout = 0 }) {
  const silenced = dropout > 0 ? ` (${catalogue.nameOf("network.layers[].dropout")} ${number(dropout)})` : "";
  return `${number(units)} ${words(catalogue.find("activation", activation.name)?.label)}${silenced}`;
}
