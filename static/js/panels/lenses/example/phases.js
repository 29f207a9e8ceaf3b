import { className } from "../../../facts.js";
import { html } from "../../../html.js";
import { number, t, words } from "../../../i18n.js";
import { changesOf, columnOf, isPlainStep } from "../../../walk.js";
import { layerName, sourceSymbol, unitSymbol } from "../../names.js";
import { inputName } from "./choice.js";

/** @import { Store } from "../../../store.js" */
/** @import { Json } from "../../../types.js" */
/** @import { Change, Phase, Trace } from "../../../walk.js" */

/** Sums of more terms than these are told by their table alone. */
const MOST_WRITTEN = 8;
/** More parameters than these are not listed. */
const MOST_LISTED = 300;

/**
 * @typedef {object} PhaseProps
 * @property {Store} store
 * @property {Phase} phase
 * @property {number} unit
 * @property {(unit: number) => void} onUnit
 * @property {Trace} trace
 * @property {Trace | null} after
 * @property {number} between
 */

/** Numbers of a walk, all with as many decimals; −0 is 0. @param {number | null | undefined} value */
const figure = (value) => (typeof value === "number" ? number(value + 0, { digits: 4, fixed: true }) : "–");

/** A number as a factor: a negative one in brackets. @param {number} value */
const factor = (value) => (value < 0 ? `(${figure(value)})` : figure(value));

/** A phase of a walk: its formulas, each beside the numbers of this example. @param {PhaseProps} props */
export function PhaseView(props) {
  const { store, phase } = props;
  const title = phase.kind === "forward" || phase.kind === "backward"
    ? t(`example.${phase.kind}_through`, { layer: layerName(store.layers.value, phase.layer) })
    : t(`example.${phase.kind}`);
  return html`<div class="walk-phase" role="group" aria-label=${title}>
    <h3>${title}</h3>
    <p class="help">${t(`example.${phase.kind}_help`)}</p>
    <${VIEWS[phase.kind]} ...${props} />
  </div>`;
}

const VIEWS = { input: Input, forward: Forward, loss: Loss, backward: Backward, update: Update };

/** @param {PhaseProps} props */
function Input({ store, trace }) {
  const { inputs } = trace.layers[0];
  return html`<div class="walk-columns">
    <${Lines}
      lines=${[
        ...trace.input.slice(0, MOST_WRITTEN).map((value, place) => ({ formula: inputName(store, place), result: figure(value) })),
        { formula: t("example.label"), result: trace.label === null ? t("example.unknown") : labelName(store, trace.label) },
      ]}
    />
    <${Terms}
      head=${[t("example.feature"), "x"]}
      rows=${inputs.map((value, from) => [sourceSymbol(store, 0, from), figure(value)])}
    />
  </div>`;
}

/** @param {PhaseProps} props */
function Forward({ store, phase: { layer }, unit, onUnit, trace }) {
  const { inputs, sums, activations, biases } = trace.layers[layer];
  const activation = store.catalogue.find("activation", store.layers.value[layer].activation);
  const weights = columnOf(trace.layers[layer], "weights", unit);
  const products = columnOf(trace.layers[layer], "products", unit);
  const written = (weights ?? []).map((weight, from) => `${factor(weight)}·${factor(inputs[from])}`);
  return html`<div class="walk-columns">
    <div>
      <${Units} store=${store} layer=${layer} unit=${unit} onUnit=${onUnit} head=${["z", "a"]} columns=${[sums, activations]} />
    </div>
    <div>
      <${Lines}
        lines=${[
          {
            formula: "z = Σ w·x + b",
            numbers: written.length <= MOST_WRITTEN ? `${written.join(" + ")} + ${factor(biases[unit])}` : "…",
            result: figure(sums[unit]),
          },
          {
            formula: "a = f(z)",
            numbers: `${words(activation?.label)}: ${activation?.formula ?? ""}`,
            result: figure(activations[unit]),
          },
        ]}
      />
      ${
        weights !== null &&
        products !== null &&
        html`<${Terms}
        head=${[t("example.from_unit"), "x", "w", "w·x"]}
        rows=${[
          ...weights.map((weight, from) => [
            sourceSymbol(store, layer, from),
            figure(inputs[from]),
            figure(weight),
            figure(products[from]),
          ]),
          [t("network.bias"), "", figure(biases[unit]), figure(biases[unit])],
        ]}
      />`
      }
    </div>
  </div>`;
}

/** @param {PhaseProps} props */
function Loss({ store, trace, after }) {
  const component = store.catalogue.find("loss", store.loss.value);
  const layer = trace.layers.length - 1;
  return html`<div class="walk-columns">
    <${Terms}
      head=${[t("network.output_layer"), "a", "t"]}
      rows=${trace.outputs.map((output, place) => [
        unitSymbol(store.layers.value, layer, place),
        figure(output),
        figure(trace.targets?.[place]),
      ])}
    />
    <${Lines}
      lines=${[
        {
          formula: "L(a, t)",
          numbers: `${words(component?.label)}${component?.formula ? `: ${component.formula}` : ""}`,
          result: figure(trace.loss),
        },
        ...(after === null ? [] : [{ formula: t("example.loss_after"), result: figure(after.loss) }]),
      ]}
    />
  </div>`;
}

/** @param {PhaseProps} props */
function Backward({ store, phase: { layer }, unit, onUnit, trace }) {
  const traced = trace.layers[layer];
  const { inputs, errors, slopes, deltas } = traced;
  const isOutput = layer === trace.layers.length - 1;
  const isFused = isOutput && trace.fused;
  const following = trace.layers[layer + 1];
  const back = following?.error_products?.[unit];
  const gradients = columnOf(traced, "weight_gradients", unit);
  const penalties = columnOf(traced, "penalties", unit);
  const delta = deltas?.[unit];

  const lines = [];
  if (isFused) lines.push({ formula: "dL/dz", numbers: t("example.fused"), result: figure(delta) });
  else {
    lines.push({
      formula: isOutput ? "dL/da" : "dL/da = Σ w·dL/dz",
      numbers: isOutput ? t("example.from_loss") : backText(following, back, unit),
      result: figure(errors?.[unit]),
    });
    if (slopes === null) lines.push({ formula: "dL/dz", numbers: t("example.mixes"), result: figure(delta) });
    else {
      lines.push({ formula: "f′(z)", numbers: `z = ${figure(traced.sums[unit])}`, result: figure(slopes[unit]) });
      lines.push({
        formula: "dL/dz = dL/da · f′(z)",
        numbers: `${factor(errors?.[unit] ?? 0)} · ${factor(slopes[unit])}`,
        result: figure(delta),
      });
    }
  }
  lines.push({ formula: "dL/db = dL/dz", result: figure(delta) });
  return html`<div class="walk-columns">
    <div>
      <${Units}
        store=${store}
        layer=${layer}
        unit=${unit}
        onUnit=${onUnit}
        head=${isFused ? ["dL/dz"] : slopes === null ? ["dL/da", "dL/dz"] : ["dL/da", "f′(z)", "dL/dz"]}
        columns=${isFused ? [deltas] : slopes === null ? [errors, deltas] : [errors, slopes, deltas]}
      />
    </div>
    <div>
      <${Lines} lines=${lines} />
      ${
        gradients !== null &&
        html`<${Terms}
        head=${[t("example.from_unit"), "x", "dL/dw = x·dL/dz", ...(penalties === null ? [] : [t("training.regularizer")])]}
        rows=${gradients.map((gradient, from) => [
          sourceSymbol(store, layer, from),
          figure(inputs[from]),
          figure(gradient),
          ...(penalties === null ? [] : [figure(penalties[from])]),
        ])}
      />`
      }
    </div>
  </div>`;
}

/**
 * The sum over the units of the layer behind, through which the loss depends on this one.
 *
 * @param {Trace["layers"][number]} following
 * @param {number[] | undefined} back
 * @param {number} unit
 */
function backText(following, back, unit) {
  const { weights, deltas } = following;
  if (back === undefined || weights === null || deltas === null || deltas.length > MOST_WRITTEN) return "…";
  return deltas.map((delta, to) => `${factor(weights[unit][to])}·${factor(delta)}`).join(" + ");
}

/** @param {PhaseProps} props */
function Update({ store, unit, trace, after, between }) {
  const { optimizer, regularizer } = store.spec.value.training;
  const component = store.catalogue.find("optimizer", optimizer.name);
  const changes = changesOf(trace, after, unit);
  const isPlain = after !== null && between === 0 && isPlainStep(changes, trace.learning_rate);
  const isRegularized = changes.length > 0 && trace.layers.some(({ penalties }) => penalties !== null);
  return html`<div class="walk-columns">
      <div>
      <${Lines}
        lines=${[
          { formula: component?.formula.replaceAll(" = ", " ← ") ?? "", numbers: words(component?.label), result: "" },
          {
            formula: isRegularized ? `g = dL/dw + ${t("training.regularizer")}` : "g = dL/dw",
            numbers: isRegularized ? words(store.catalogue.find("regularizer", regularizer.name)?.label) : "",
            result: "",
          },
          { formula: "η", numbers: t("example.rate"), result: number(trace.learning_rate, { digits: 6 }) },
          { formula: "L", numbers: t("example.loss_of_example"), result: figure(trace.loss) },
          ...(after === null ? [] : [{ formula: "L", numbers: t("example.loss_after"), result: figure(after.loss) }]),
        ]}
      />
    <p class="help walk-status" role="status">
      ${after === null ? t(store.mayWrite.value ? "example.press" : "example.only_owner") : outcome(between, isPlain)}
      ${after === null && isNoisy(store) ? ` ${t("example.noisy")}` : ""}
      ${after === null && isClipped(store) ? ` ${t("example.clipped")}` : ""}
    </p>
      </div>
      <${Changes} store=${store} changes=${changes} after=${after} />
    </div>`;
}

/**
 * @param {number} between
 * @param {boolean} isPlain
 */
function outcome(between, isPlain) {
  if (between < 0) return t("example.no_update");
  if (between > 0) return t("example.more_updates", { count: between });
  return t(isPlain ? "example.plain" : "example.done");
}

/**
 * Whether training adds chance to what a trace tells.
 *
 * @param {Store} store
 */
function isNoisy(store) {
  const { network, training } = /** @type {Json} */ (store.spec.value);
  const { input_noise: noise = 0, input_shift: shift = 0 } = training;
  return noise > 0 || shift > 0 || network.layers.some((/** @type {Json} */ layer) => layer.dropout > 0);
}

/**
 * Whether gradients are clipped: not if it stands as it does by itself.
 *
 * @param {Store} store
 */
function isClipped(store) {
  const { clipping } = /** @type {Json} */ (store.spec.value.training);
  return clipping?.name !== /** @type {Json} */ (store.catalogue.defaults.training).clipping?.name;
}

/** @param {{ store: Store, changes: Change[], after: Trace | null }} props */
function Changes({ store, changes, after }) {
  const layers = store.layers.value;
  const shown = changes.slice(0, MOST_LISTED);
  return html`<div class="lens-table walk-changes" tabindex="0" role="group" aria-label=${t("example.parameters")}>
    <table class="table">
      <thead>
        <tr>
          <th scope="col">${t("example.weight")}</th>
          <th scope="col" class="is-number">${t("example.before")}</th>
          <th scope="col" class="is-number">g</th>
          <th scope="col" class="is-number">${t("example.after")}</th>
          <th scope="col" class="is-number">${t("example.change")}</th>
        </tr>
      </thead>
      <tbody>
        ${shown.map(({ layer, from, to, before, gradient, after: later }) => {
          const source = from === null ? t("network.bias") : sourceSymbol(store, layer, from);
          return html`<tr key=${`${layer} ${to} ${from}`}>
            <th scope="row">${source} → ${unitSymbol(layers, layer, to)}</th>
            <td class="is-number">${figure(before)}</td>
            <td class="is-number">${figure(gradient)}</td>
            <td class="is-number">${after === null ? "?" : figure(later)}</td>
            <td class="is-number">
              ${later === null ? "" : number(later - before, { digits: 5, fixed: true, sign: true })}
            </td>
          </tr>`;
        })}
      </tbody>
    </table>
    ${changes.length > shown.length && html`<p class="help">${t("example.more", { count: changes.length - shown.length })}</p>`}
  </div>`;
}

/**
 * The units of a layer with their numbers; one of them is looked at closely.
 *
 * @param {{
 *   store: Store, layer: number, unit: number, onUnit: (unit: number) => void, head: string[], columns: (number[] | null)[],
 * }} props
 */
function Units({ store, layer, unit, onUnit, head, columns }) {
  const layers = store.layers.value;
  return html`<div class="lens-table" tabindex="0" role="group" aria-label=${layerName(layers, layer)}>
    <table class="table">
      <thead>
        <tr>
          <th scope="col">${t("layers.units")}</th>
          ${head.map((name) => html`<th key=${name} scope="col" class="is-number">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${Array.from(
          { length: layers[layer].units },
          (_, index) =>
            html`<tr key=${index} class=${index === unit ? "is-chosen" : ""}>
              <th scope="row">
                <button class="walk-unit" type="button" aria-pressed=${index === unit} onClick=${() => onUnit(index)}>
                  ${unitSymbol(layers, layer, index)}
                </button>
              </th>
              ${columns.map((values, place) => html`<td key=${place} class="is-number">${figure(values?.[index])}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/**
 * Formulas, each with its numbers and what comes of them.
 *
 * @param {{ lines: { formula: string, numbers?: string, result: string }[] }} props
 */
function Lines({ lines }) {
  return html`<dl class="walk-lines">
    ${lines.map(
      ({ formula, numbers, result }, index) =>
        html`<div key=${index}>
          <dt>${formula}</dt>
          <dd>${numbers ? html`<span>${numbers}</span>` : null}${result === "" ? null : html`<b>= ${result}</b>`}</dd>
        </div>`,
    )}
  </dl>`;
}

/**
 * @param {{ head: string[], rows: string[][] }} props  the first of each row is its name
 */
function Terms({ head, rows }) {
  return html`<div class="lens-table" tabindex="0" role="group" aria-label=${head.join(", ")}>
    <table class="table">
      <thead>
        <tr>
          ${head.map((name, place) => html`<th key=${place} scope="col" class=${place > 0 ? "is-number" : ""}>${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([name, ...values], index) =>
            html`<tr key=${index}>
              <th scope="row">${name}</th>
              ${values.map((value, place) => html`<td key=${place} class="is-number">${value}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/**
 * @param {Store} store
 * @param {number} label
 */
function labelName(store, label) {
  const facts = store.facts.value;
  return facts.classes === null ? figure(label) : className(facts, label);
}
