import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "../controls/icon.js";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { endTour, STEPS, tourStep } from "../tour.js";

/** @import { Store } from "../store.js" */

/** Where a step's part of the page stands; it is marked while the step is told. */
const ANCHORS = {
  data: ".card.data",
  network: ".card.network",
  output: ".card.output",
  run: ".transport",
  next: "#presets",
};

/** The parts of the page in five short steps. It stands in the way of nothing. @param {{ store: Store }} props */
export function Tour({ store }) {
  const strip = useRef(/** @type {HTMLElement | null} */ (null));
  const step = tourStep.value;
  const hidden = store.hidden.value;
  // A link that hides the words about the page hides these too; and what a link has to say comes first.
  const isAsked = step?.isAsked === true;
  const isFirst = (store.opened.value?.notes.length ?? 0) === 0;
  const isSilent = hidden.has("help") || hidden.has("header") || !(isAsked || isFirst);
  const name = step === null || isSilent ? null : STEPS[step.index];

  useLayoutEffect(() => {
    document.documentElement.toggleAttribute("data-tour", name !== null);
    if (name === null) return undefined;
    document.documentElement.setAttribute("data-tour", name);
    const anchor = document.querySelector(ANCHORS[name]);
    // In a window of one column the part may be far below; elsewhere it is in sight. Nobody's page moves unasked.
    if (step?.isAsked && matchMedia("(max-width: 640px) and (pointer: coarse)").matches) {
      const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
      anchor?.scrollIntoView({ block: "start", behavior: isStill ? "auto" : "smooth" });
    }
    return () => document.documentElement.removeAttribute("data-tour");
  }, [name]);
  useLayoutEffect(() => {
    if (step?.isAsked && step.index === 0) strip.current?.focus();
  }, [step]);
  useLayoutEffect(() => {
    if (name === null) return undefined;
    /** @param {KeyboardEvent} event */
    const skip = (event) => {
      // Escape belongs to what is open above the page first.
      if (event.key !== "Escape" || event.defaultPrevented || document.querySelector(":popover-open, dialog[open]")) return;
      endTour();
    };
    addEventListener("keydown", skip);
    return () => removeEventListener("keydown", skip);
  }, [name === null]);

  if (step === null || name === null) return null;
  const { index } = step;
  /** @param {number} by */
  const go = (by) => {
    if (index + by >= STEPS.length) endTour();
    else tourStep.value = { index: index + by, isAsked: true };
  };
  return html`<section class="tour" id="tour" ref=${strip} tabindex="-1" aria-label=${t("tour.title")}>
    <p class="tour-words" aria-live=${step.isAsked ? "polite" : "off"}>
      <span class="tour-count">${t("tour.count", { step: index + 1, steps: STEPS.length })}</span>
      <strong>${t(`tour.${name}.title`)}</strong>
      <span>${t(`tour.${name}.text`)}</span>
    </p>
    <div class="tour-buttons">
      ${
        index > 0 &&
        html`<button class="button is-small" type="button" onClick=${() => go(-1)}>
          <${Icon} name="previous" />${t("tour.back")}
        </button>`
      }
      <button class="button is-small is-primary" type="button" onClick=${() => go(1)}>
        ${index + 1 < STEPS.length ? t("tour.next") : t("tour.done")}
      </button>
      ${
        index + 1 < STEPS.length &&
        html`<button class="button is-small" type="button" title="${t("tour.skip")} (Esc)" onClick=${endTour}>
          ${t("tour.skip")}
        </button>`
      }
    </div>
  </section>`;
}

/** Starts the tour again, from inside of a menu. */
export function TourButton() {
  /** @param {Event & { currentTarget: HTMLElement }} event */
  const start = (event) => {
    /** @type {HTMLElement} */ (event.currentTarget.closest("[popover]")).hidePopover();
    tourStep.value = { index: 0, isAsked: true };
  };
  return html`<button class="button" id="tour-start" type="button" onClick=${start}>${t("tour.title")}</button>`;
}
