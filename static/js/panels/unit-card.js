import { useState } from "preact/hooks";
import { useAnswer } from "../controls/answer.js";
import { Icon } from "../controls/icon.js";
import { LiveNumber } from "../controls/live-number.js";
import { LiveText } from "../controls/live-text.js";
import { axisOf, histogramPaths } from "../draw/histogram.js";
import { placesInto } from "../draw/links.js";
import { parametersOf } from "../drawn.js";
import { sumText } from "../formula.js";
import { html } from "../html.js";
import { number, t } from "../i18n.js";
import { BOUNDS } from "./inspector.js";
import { placeName, sourceSymbol, unitName, unitSymbol } from "./names.js";
import { NetworkCard } from "./network-card.js";
import { figure } from "./weight-card.js";

/** @import { Histogram } from "../draw/histogram.js" */
/** @import { Session } from "../session.js" */
/** @import { Place } from "../draw/links.js" */
/** @import { Store } from "../store.js" */
/** @import { Inspector, UnitPlace } from "./inspector.js" */
/** @import { Anchor } from "./network-card.js" */

/** So many weights stand in the table at a time. */
const ROWS = 12;
const BINS = 30;
/** From here on a unit is said to be silent, or saturated. */
const ALL = 0.995;
const MOST = 0.8;

/** @typedef {{ store: Store, session: Session, inspector: Inspector, unit: UnitPlace }} UnitProps */

/**
 * A unit: its formula with the numbers of now, and what it gives for the training examples. Held open, its weights and
 * its bias stand in a table and can be set.
 *
 * @param {UnitProps & { anchor: Anchor, isOpen: boolean }} props
 */
export default function UnitCard({ anchor, isOpen, ...props }) {
  const { store, inspector, unit } = props;
  const { layers } = store;
  return html`<${NetworkCard}
    anchor=${anchor}
    title=${unitName(layers.value, unit.layer, unit.unit)}
    id=${isOpen ? undefined : "network-tip"}
    onClose=${isOpen ? () => inspector.pinUnit(null) : null}
  >
    <p class="unit-formula"><${LiveText} read=${() => formulaOf(store, unit)} /></p>
    <${Activity} ...${props} />
    ${isOpen && html`<${Incoming} key=${`${unit.layer}.${unit.unit}`} ...${props} />`}
  <//>`;
}

/**
 * @param {Store} store
 * @param {UnitPlace} unit
 */
function formulaOf(store, { layer, unit }) {
  const layers = store.layers.value;
  const parameters = parametersOf(store.frame.value, store.parameters.value);
  if (layers[layer] === undefined) return "";
  const { activation } = layers[layer];
  const component = store.catalogue.find("activation", activation);
  const symbol = unitSymbol(layers, layer, unit);
  const isKnown = parameters !== null && placesInto(layers, layer, unit).every(({ index }) => Number.isFinite(parameters[index]));
  if (!isKnown) return `${symbol} = ${activation}(…)`;
  const places = placesInto(layers, layer, unit);
  const terms = places.slice(0, -1).map(({ from, index }) => ({
    name: sourceSymbol(store, layer, /** @type {number} */ (from)),
    weight: parameters[index],
  }));
  const sum = sumText(
    terms,
    parameters[places[places.length - 1].index],
    (size) => number(Number(size.toFixed(2)), { digits: 2, fixed: true }),
    (count) => t("network.more_terms", { count }),
  );
  // What the activation makes of all sums of the layer together is not a formula of this unit alone.
  if (component?.layerwise) return `z = ${sum}\n${symbol} = ${activation}(z)`;
  return `${symbol} = ${component?.formula === IDENTITY ? sum : `${activation}(${sum})`}`;
}

/** The formula of an activation that passes the sum on, as the catalogue writes it. */
const IDENTITY = "f(z) = z";

/** @param {UnitProps} props */
function Activity({ store, session, unit }) {
  const answer = useAnswer(
    store,
    () => unit,
    ({ layer, unit }) => session.ask("activity", { layer, unit, bins: BINS }),
  );
  const told = answer.value;
  /** @type {Histogram} */
  const histogram = told?.activations ?? { low: 0, high: 0, counts: [], mean: 0, deviation: 0, not_finite: 0 };
  const axis = axisOf([histogram]);
  const { negative, positive } = histogramPaths(histogram, axis);
  const ends = (/** @type {number} */ value) => number(value, { digits: 2 });
  const [low, high, mean, deviation] = [...axis, histogram.mean, histogram.deviation].map(ends);
  return html`<figure class="unit-activity">
    <figcaption class="help">${told ? t("network.activity", { count: told.examples }) : t("lenses.computing")}</figcaption>
    <svg
      viewBox="0 0 100 100"
      preserveAspectRatio="none"
      role="img"
      aria-label=${told ? t("network.activity_told", { low, high, mean, deviation }) : t("lenses.computing")}
    >
      <path class="histogram-bars is-cold" d=${negative} />
      <path class="histogram-bars is-warm" d=${positive} />
      <path class="histogram-base" d="M0 100H100" />
    </svg>
    <p class="axis" aria-hidden="true"><span>${told && low}</span><span>${told && high}</span></p>
    <p class="unit-hint" role="status">${unit.layer < store.layers.value.length - 1 && hint(told)}</p>
  </figure>`;
}

/**
 * Whether a hidden unit can still learn. An output that is sure is flat as it should be.
 *
 * @param {{ zeros: number, flat: number | null, activations: Histogram } | null} told
 */
function hint(told) {
  if (told === null || told.flat === null || told.activations.not_finite > 0) return "";
  if (told.flat >= ALL && told.zeros >= ALL) return t("network.is_silent");
  if (told.flat >= MOST) return t("network.is_saturated", { share: number(100 * told.flat, { digits: 0 }) });
  return "";
}

/** All that leads to a unit, as a table of which each number can be set. @param {UnitProps} props */
function Incoming({ store, inspector, unit }) {
  const places = placesInto(store.layers.value, unit.layer, unit.unit);
  const [first, setFirst] = useState(0);
  const shown = places.slice(first, first + ROWS);
  const isPaged = places.length > ROWS;
  return html`<table class="table incoming">
      <caption class="help">
        ${t("network.incoming")}
      </caption>
      <thead>
        <tr>
          <th scope="col">${t("network.from")}</th>
          <th scope="col" class="is-number">${t("network.value")}</th>
          <th scope="col" class="is-number" title=${t("network.gradient_help")}>${t("network.gradient")}</th>
        </tr>
      </thead>
      <tbody>
        ${shown.map(
          (place, row) =>
            html`<${Row}
              key=${place.index}
              store=${store}
              inspector=${inspector}
              place=${place}
              isFocused=${inspector.takesFocus && first === 0 && row === 0}
            />`,
        )}
      </tbody>
    </table>
    ${
      isPaged &&
      html`<p class="pager">
        <button
          class="square"
          type="button"
          aria-label=${t("network.previous_weights")}
          disabled=${first === 0}
          onClick=${() => setFirst(Math.max(0, first - ROWS))}
        >
          <${Icon} name="previous" />
        </button>
        <span>${t("network.rows", { first: first + 1, last: first + shown.length, count: places.length })}</span>
        <button
          class="square"
          type="button"
          aria-label=${t("network.next_weights")}
          disabled=${first + ROWS >= places.length}
          onClick=${() => setFirst(first + ROWS)}
        >
          <${Icon} name="next" />
        </button>
      </p>`
    }
    ${inspector.mayWrite && html`<p class="help">${t("network.keeps_learning")}</p>`}`;
}

/** @param {{ store: Store, inspector: Inspector, place: Place, isFocused: boolean }} props */
function Row({ store, inspector, place, isFocused }) {
  const { from } = place;
  const source = from === null ? t("network.bias") : sourceSymbol(store, place.layer, from);
  return html`<tr>
    <th scope="row" title=${source}>${source}</th>
    <td class="is-number">
      <${LiveNumber}
        label=${placeName(store, place)}
        read=${() => inspector.valueOf(place)}
        bounds=${BOUNDS}
        disabled=${!inspector.mayWrite}
        isFocused=${isFocused && inspector.mayWrite}
        onChange=${(/** @type {number} */ value) => inspector.set(place, value)}
      />
    </td>
    <td class="is-number"><${LiveText} read=${() => figure(inspector.gradientOf(place), 4)} /></td>
  </tr>`;
}
