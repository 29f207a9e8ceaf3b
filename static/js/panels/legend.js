import { useComputed } from "@preact/signals";
import { Mark } from "../controls/mark.js";
import { html } from "../html.js";
import { number, t } from "../i18n.js";
import { shownMap } from "./shown-map.js";

/** @import { Store } from "../store.js" */

/** Which colour is which value, and for the output which class. @param {{ store: Store }} props */
export function Legend({ store }) {
  const isOutput = store.inspected.value === null;
  // A string of its own: the domain seldom changes, frames come twenty times a second.
  const domain = useComputed(() => (shownMap(store)?.domain ?? [0, 1]).join(" "));
  const [from, to] = domain.value.split(" ").map(Number);
  return html`<div class="legend">
    <span class="legend-class">${isOutput && html`<${Mark} shape="disc" />${t("output.class", { class: 0 })}`}</span>
    <span class="ramp"></span>
    <span class="legend-class">
      ${isOutput && html`${t("output.class", { class: 1 })}<${Mark} shape="diamond" />`}
    </span>
    <span class="ramp-ticks">
      ${[from, (from + to) / 2, to].map((tick) => html`<i>${number(tick, { digits: 2 })}</i>`)}
    </span>
  </div>`;
}
