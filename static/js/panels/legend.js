import { useComputed } from "@preact/signals";
import { Mark } from "../controls/mark.js";
import { themeColours } from "../draw/colours.js";
import { fineLevels } from "../draw/map.js";
import { className, unplacedTarget } from "../facts.js";
import { html } from "../html.js";
import { number, t } from "../i18n.js";
import { shownMap } from "./shown-map.js";

/** @import { Store } from "../store.js" */
/** @import { MapView } from "./map-view.js" */

/** Which colour is which value, and for the output which class. @param {{ store: Store, view: MapView }} props */
export function Legend({ store, view }) {
  // A string of its own: what is shown seldom changes, frames come twenty times a second.
  const key = useComputed(() => {
    const shown = shownMap(store, themeColours());
    return shown?.kind === "value" ? shown.domain.join(" ") : "";
  });
  const facts = store.facts.value;
  const unit = store.shownUnit.value;
  const isOutput = unit === null || unit.layer === store.layers.value.length - 1;
  const isClasses = isOutput && facts.task === "multiclass" && unit === null;
  if (view.colouring.value === "sureness") return html`<${Sureness} store=${store} hasClasses=${isClasses} />`;
  if (isClasses) return html`<${ClassKeys} store=${store} />`;

  const [from, to] = (key.value || "0 1").split(" ").map(Number);
  const isTarget = isOutput && facts.task === "regression";
  const isBinary = isOutput && facts.task === "binary";
  const ofClass = isOutput && facts.task === "multiclass" ? (unit?.unit ?? 0) : null;
  const isStepped = view.colouring.value === "classes";
  const style = ofClass === null ? {} : { "--ramp-low": "var(--mid)", "--ramp-high": `var(--class-${ofClass})` };
  const kind = isStepped ? "is-stepped" : ofClass === null ? "" : "is-plain";
  const ticks = [from, (from + to) / 2, to].map((tick) => (isTarget ? unplacedTarget(facts, tick) : tick));
  return html`<div class="legend">
    <span class="legend-class">
      ${isBinary && html`<${ClassKey} store=${store} index=${0} />`}
      ${isTarget && html`<${Mark} task="regression" index=${0} />`}
    </span>
    <span class="ramp ${kind}" style=${style}>${view.hasLines.value && !isStepped && html`<${LineTicks} isDecided=${isBinary} />`}</span>
    <span class="legend-class is-high">
      ${isBinary && html`<${ClassKey} store=${store} index=${1} />`}
      ${isTarget && html`<${Mark} task="regression" index=${1} />`}
      ${ofClass !== null && html`<${ClassKey} store=${store} index=${ofClass} />`}
    </span>
    <span class="ramp-ticks">${ticks.map((tick) => html`<i>${number(tick, { digits: 2 })}</i>`)}</span>
    ${isTarget && facts.target !== null && html`<span class="ramp-unit">${facts.target.name}</span>`}
  </div>`;
}

/** Where on the ramp the fine lines of the map lie, and the strong one. @param {{ isDecided: boolean }} props */
function LineTicks({ isDecided }) {
  return [...fineLevels({ isDecided }), 0.5].map(
    (share) =>
      html`<i
        key=${share}
        class="ramp-line ${isDecided && share === 0.5 ? "is-strong" : ""}"
        style=${{ left: `${100 * share}%` }}
      ></i>`,
  );
}

/** How sure the network is, whatever it says. @param {{ store: Store, hasClasses: boolean }} props */
function Sureness({ store, hasClasses }) {
  const facts = store.facts.value;
  const least = 1 / (hasClasses ? (facts.classes ?? 2) : 2);
  return html`<div class="legend">
      <span class="legend-class">${t("view.unsure")}</span>
      <span class="ramp is-sureness"></span>
      <span class="legend-class">${t("view.sure")}</span>
      <span class="ramp-ticks">
        ${[least, (1 + least) / 2, 1].map((share) => html`<i>${number(100 * share, { digits: 0 })} %</i>`)}
      </span>
    </div>
    <${ClassKeys} store=${store} />`;
}

/** @param {{ store: Store }} props */
function ClassKeys({ store }) {
  const classes = Array.from({ length: store.facts.value.classes ?? 0 }, (_, index) => index);
  return html`<ul class="legend-classes">
    ${classes.map((index) => html`<li key=${index}><${ClassKey} store=${store} index=${index} /></li>`)}
  </ul>`;
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
