import { useSignal, useSignalEffect } from "@preact/signals";
import { Icon } from "../../../controls/icon.js";
import { NumberInput } from "../../../controls/number-input.js";
import { useUniqueId } from "../../../controls/unique-id.js";
import { className } from "../../../facts.js";
import { html } from "../../../html.js";
import { number, t } from "../../../i18n.js";

/** @import { Store } from "../../../store.js" */
/** @import { Trace } from "../../../walk.js" */
/** @import { PanelProps } from "../../playground.js" */

/**
 * Which example is walked through: the one that training takes next, one of a part of the data, or the reader's own.
 *
 * @typedef {{ kind: "next" }
 *   | { kind: "split", split: "train" | "validation" | "test", index: number }
 *   | { kind: "own", input: number[], label: number | null }} Source
 */

/** More inputs than these nobody types. */
const MOST_TYPED = 12;
const SPLITS = /** @type {const} */ (["train", "validation", "test"]);

/**
 * @param {PanelProps & { source: Source, trace: Trace, onChange: (source: Source) => void }} props
 */
export function ExampleChoice({ store, session, source, trace, onChange }) {
  const { split } = store.spec.value.data;
  const id = useUniqueId();
  const kinds = [
    "next",
    ...SPLITS.filter((name) => name === "train" || split[name] !== 0),
    ...(trace.input.length <= MOST_TYPED ? ["own"] : []),
  ];
  const chosen = source.kind === "split" ? source.split : source.kind;

  /** @param {Event & { currentTarget: HTMLSelectElement }} event */
  const choose = ({ currentTarget: { value } }) => {
    if (value === "next") onChange({ kind: "next" });
    else if (value === "own") onChange({ kind: "own", input: trace.input.map(round), label: trace.label });
    else onChange({ kind: "split", split: /** @type {"train"} */ (value), index: 0 });
  };
  return html`<div class="lens-tools">
    <label for=${id}>
      ${t("example.which")}
      <select class="select" id=${id} value=${chosen} onChange=${choose}>
        ${kinds.map(
          (kind) =>
            html`<option key=${kind} value=${kind}>
              ${kind === "next" || kind === "own" ? t(`example.source_${kind}`) : t("example.from", { split: t(`split.${kind}`) })}
            </option>`,
        )}
      </select>
    </label>
    ${source.kind === "split" && html`<${Place} store=${store} session=${session} source=${source} onChange=${onChange} />`}
    ${source.kind === "own" && html`<${Typed} store=${store} source=${source} onChange=${onChange} />`}
    ${
      source.kind === "next" &&
      html`<span class="help">
      ${t("example.next_is", { index: number((trace.index ?? 0) + 1), split: t("split.train") })}
    </span>`
    }
    ${store.hasPlane.value && source.kind !== "own" && html`<span class="help">${t("example.on_map")}</span>`}
  </div>`;
}

/**
 * Which example of a part.
 *
 * @param {PanelProps & { source: Source & { kind: "split" }, onChange: (source: Source) => void }} props
 */
function Place({ store, session, source, onChange }) {
  const total = useSignal(1);
  const id = useUniqueId();
  useSignalEffect(() => {
    if (store.dataKey.value === null) return;
    session.ask("data", { split: source.split, limit: 1 }).then(
      (told) => {
        total.value = Math.max(1, told.total);
      },
      // Without it the first example can be looked at; why, the trace tells.
      () => {},
    );
  });

  const last = total.value - 1;
  /** @param {number} index */
  const go = (index) => onChange({ ...source, index: Math.min(Math.max(0, Math.round(index)), last) });
  return html`<div class="lens-tool">
    <button
      class="square"
      type="button"
      aria-label=${t("example.previous")}
      title=${t("example.previous")}
      disabled=${source.index === 0}
      onClick=${() => go(source.index - 1)}
    >
      <${Icon} name="previous" />
    </button>
    <label for=${id}>${t("example.number")}</label>
    <${NumberInput}
      id=${id}
      field=${{ type: "integer", minimum: 1, maximum: total.value }}
      value=${source.index + 1}
      onChange=${(/** @type {number} */ place) => go(place - 1)}
    />
    <span>${t("example.of", { total: total.value })}</span>
    <button
      class="square"
      type="button"
      aria-label=${t("example.following")}
      title=${t("example.following")}
      disabled=${source.index >= last}
      onClick=${() => go(source.index + 1)}
    >
      <${Icon} name="next" />
    </button>
    <button class="square" type="button" aria-label=${t("example.random")} title=${t("example.random")}
      onClick=${() => go(Math.floor(Math.random() * total.value))}>
      <${Icon} name="dice" />
    </button>
  </div>`;
}

/**
 * Inputs of the reader's own, and what the network should say to them.
 *
 * @param {{ store: Store, source: Source & { kind: "own" }, onChange: (source: Source) => void }} props
 */
function Typed({ store, source, onChange }) {
  const id = useUniqueId();
  const facts = store.facts.value;
  const classes = facts.classes ?? 0;
  /** @param {Event & { currentTarget: HTMLSelectElement }} event */
  const label = ({ currentTarget: { value } }) => onChange({ ...source, label: value === "" ? null : Number(value) });

  return html`${source.input.map(
      (value, place) =>
        html`<label key=${place} for=${`${id}-${place}`}>
          ${inputName(store, place)}
          <${NumberInput}
            id=${`${id}-${place}`}
            field=${{ type: "number" }}
            value=${value}
            onChange=${(/** @type {number} */ typed) => onChange({ ...source, input: source.input.with(place, typed) })}
          />
        </label>`,
    )}
    <label for=${`${id}-label`}>
      ${t("example.label")}
      ${
        classes > 0
          ? html`<select class="select" id=${`${id}-label`} value=${source.label ?? ""} onChange=${label}>
              <option value="">${t("example.unknown")}</option>
              ${Array.from({ length: classes }, (_, index) => html`<option key=${index} value=${index}>${className(facts, index)}</option>`)}
            </select>`
          : html`<${NumberInput}
              id=${`${id}-label`}
              field=${{ type: "number" }}
              value=${source.label ?? 0}
              onChange=${(/** @type {number} */ typed) => onChange({ ...source, label: typed })}
            />`
      }
    </label>`;
}

/**
 * What an input is called: x and y on the plane, a table's column, or its number.
 *
 * @param {Store} store
 * @param {number} place
 */
export function inputName(store, place) {
  const { columns, inputs } = store.facts.value;
  return columns?.[place]?.name ?? (inputs === 2 ? ["x", "y"][place] : `x${place + 1}`);
}

/** Typed numbers need no more decimals. @param {number} value */
const round = (value) => Number(value.toFixed(3));
