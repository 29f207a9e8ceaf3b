import { useComputed } from "@preact/signals";
import { Mark } from "../controls/mark.js";
import { themeColours } from "../draw/colours.js";
import { className, unplacedTarget } from "../facts.js";
import { html } from "../html.js";
import { number } from "../i18n.js";
import { shownMap } from "./shown-map.js";

/** @import { Store } from "../store.js" */

/** Which colour is which value, and for the output which class. @param {{ store: Store }} props */
export function Legend({ store }) {
  // A string of its own: what is shown seldom changes, frames come twenty times a second.
  const key = useComputed(() => {
    const shown = shownMap(store, themeColours());
    return shown?.kind === "value" ? shown.domain.join(" ") : "";
  });
  const facts = store.facts.value;
  const unit = store.inspected.value;
  const isOutput = unit === null || unit.layer === store.layers.value.length - 1;
  if (facts.task === "multiclass" && unit === null) {
    const classes = Array.from({ length: facts.classes ?? 0 }, (_, index) => index);
    return html`<ul class="legend-classes">
      ${classes.map((index) => html`<li key=${index}><${ClassKey} store=${store} index=${index} /></li>`)}
    </ul>`;
  }

  const [from, to] = (key.value || "0 1").split(" ").map(Number);
  const isTarget = isOutput && facts.task === "regression";
  const ofClass = isOutput && facts.task === "multiclass" ? (unit?.unit ?? 0) : null;
  const ramp = ofClass === null ? {} : { background: `linear-gradient(90deg, var(--mid), var(--class-${ofClass}))` };
  return html`<div class="legend">
    <span class="legend-class">
      ${isOutput && facts.task === "binary" && html`<${ClassKey} store=${store} index=${0} />`}
      ${isTarget && html`<${Mark} task="regression" index=${0} />`}
    </span>
    <span class="ramp" style=${ramp}></span>
    <span class="legend-class is-high">
      ${isOutput && facts.task === "binary" && html`<${ClassKey} store=${store} index=${1} />`}
      ${isTarget && html`<${Mark} task="regression" index=${1} />`}
      ${ofClass !== null && html`<${ClassKey} store=${store} index=${ofClass} />`}
    </span>
    <span class="ramp-ticks">
      ${[from, (from + to) / 2, to].map(
        (tick) => html`<i>${number(isTarget ? unplacedTarget(facts, tick) : tick, { digits: 2 })}</i>`,
      )}
    </span>
    ${isTarget && facts.target !== null && html`<span class="ramp-unit">${facts.target.name}</span>`}
  </div>`;
}

/**
 * The mark of a class with its name.
 *
 * @param {{ store: Store, index: number }} props
 */
function ClassKey({ store, index }) {
  const facts = store.facts.value;
  const name = className(facts, index);
  return html`<span class="class-key" title=${name}>
    <${Mark} task=${facts.task} index=${index} /><span class="class-name">${name}</span>
  </span>`;
}
