import { useSignalEffect } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import { useAnswer } from "../controls/answer.js";
import { LiveNumber } from "../controls/live-number.js";
import { LiveText } from "../controls/live-text.js";
import { themeColours } from "../draw/colours.js";
import { drawSpark } from "../draw/spark.js";
import { html } from "../html.js";
import { number, t } from "../i18n.js";
import { BOUNDS } from "./inspector.js";
import { placeName } from "./names.js";
import { NetworkCard } from "./network-card.js";

/** @import { Place } from "../draw/links.js" */
/** @import { Session } from "../session.js" */
/** @import { Store } from "../store.js" */
/** @import { Inspector } from "./inspector.js" */
/** @import { Anchor } from "./network-card.js" */

/** A slider reaches at least so far to both sides. */
const LEAST_REACH = 3;

/**
 * A weight or a bias: its value, its gradient, and how it has gone. Held open, it can be set.
 *
 * @param {{ store: Store, session: Session, inspector: Inspector, place: Place, anchor: Anchor, isOpen: boolean }} props
 */
export default function WeightCard({ store, session, inspector, place, anchor, isOpen }) {
  const name = placeName(store, place);
  const disabled = !inspector.mayWrite;
  /** @param {number} value */
  const change = (value) => inspector.set(place, value);

  return html`<${NetworkCard}
    anchor=${anchor}
    title=${name}
    id=${isOpen ? undefined : "network-tip"}
    onClose=${isOpen ? () => inspector.pin(null) : null}
  >
    <dl class="figures">
      <div>
        <dt>${t("network.value")}</dt>
        <dd>
          ${
            isOpen
              ? html`<${LiveNumber}
                label=${name}
                read=${() => inspector.valueOf(place)}
                bounds=${BOUNDS}
                disabled=${disabled}
                isFocused=${inspector.takesFocus && !disabled}
                onChange=${change}
              />`
              : html`<${LiveText} read=${() => figure(inspector.valueOf(place), 3)} />`
          }
        </dd>
      </div>
      <div>
        <dt title=${t("network.gradient_help")}>${t("network.gradient")}</dt>
        <dd><${LiveText} read=${() => figure(inspector.gradientOf(place), 4)} /></dd>
      </div>
    </dl>
    ${isOpen && html`<${Lever} inspector=${inspector} place=${place} label=${t("network.drag_to_change", { what: name })} />`}
    <${History} store=${store} session=${session} inspector=${inspector} place=${place} name=${name} />
    ${isOpen && !disabled && html`<p class="help">${t("network.keeps_learning")}</p>`}
  <//>`;
}

/**
 * @param {number | null} value
 * @param {number} digits
 */
export const figure = (value, digits) =>
  value === null || !Number.isFinite(value) ? "–" : number(value, { digits, fixed: true });

/**
 * Changes the value while it is dragged, by mouse, finger or arrow keys.
 *
 * @param {{ inspector: Inspector, place: Place, label: string }} props
 */
function Lever({ inspector, place, label }) {
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  // Its ends stay where they are while it is open: what is dragged must not run away.
  const reach = useMemo(
    () => Math.ceil(Math.max(LEAST_REACH, 2 * Math.min(1e6, Math.abs(inspector.valueOf(place) ?? 0)))),
    [place],
  );
  useSignalEffect(() => {
    const value = inspector.valueOf(place);
    if (input.current === null || value === null) return;
    input.current.value = String(value);
    input.current.setAttribute("aria-valuetext", figure(value, 2));
    const share = (value + reach) / (2 * reach);
    input.current.style.setProperty("--share", String(Math.min(1, Math.max(0, share))));
  });
  return html`<input
    class="slider"
    type="range"
    aria-label=${label}
    min=${-reach}
    max=${reach}
    step=${reach / 300}
    ref=${input}
    disabled=${!inspector.mayWrite}
    onInput=${(/** @type {Event & { currentTarget: HTMLInputElement }} */ event) =>
      inspector.set(place, tidied(Number(event.currentTarget.value)))}
  />`;
}

/** @param {number} value */
const tidied = (value) => Number(value.toFixed(3));

/**
 * How a parameter has come to what it is: as the session remembers it, and as it is now.
 *
 * @param {{ store: Store, session: Session, inspector: Inspector, place: Place, name: string }} props
 */
function History({ store, session, inspector, place, name }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const caption = useRef(/** @type {HTMLElement | null} */ (null));
  const past = useAnswer(
    store,
    () => place.index,
    (index) => session.ask("timeline/parameters", { places: index }),
  );
  useSignalEffect(() => {
    const frame = store.frame.value;
    const { css } = themeColours();
    const value = inspector.valueOf(place);
    if (canvas.current === null || caption.current === null || frame === null || past.value === null) return;
    const now = value === null ? [] : [{ step: frame.step, epoch: frame.epoch, value }];
    const points = [...pointsBefore(past.value, frame.step), ...now];
    drawSpark(canvas.current, points, css);
    const values = points.map((point) => point.value);
    const [low, high] = [Math.min(...values), Math.max(...values)].map((end) => figure(end, 2));
    const [first, last] = [points[0]?.epoch, points.at(-1)?.epoch];
    const text = points.length < 2 ? "" : t("network.history", { first, last, low, high });
    if (caption.current.textContent !== text) caption.current.textContent = text;
  });
  return html`<figure class="weight-history">
    <canvas ref=${canvas} role="img" aria-label=${t("network.history_of", { what: name })}></canvas>
    <figcaption class="help" ref=${caption}></figcaption>
  </figure>`;
}

/**
 * @param {{ steps: number[], epochs: number[], values: (number | null)[][] }} past
 * @param {number} step
 */
const pointsBefore = ({ steps, epochs, values }, step) =>
  steps.flatMap((at, row) => {
    const value = values[row][0];
    return at < step && value !== null ? [{ step: at, epoch: epochs[row], value }] : [];
  });
