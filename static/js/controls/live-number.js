import { useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { html } from "../html.js";
import { number, pageLanguage, t } from "../i18n.js";
import { parseNumber, writeNumber } from "./typed-number.js";
import { useUniqueId } from "./unique-id.js";

/** More decimals than these nobody reads, and each frame would change them. */
const DIGITS = 4;
/** How much an arrow key changes it, and how much with the shift key. */
const STEP = 0.1;
const FINE_STEP = 0.01;

/**
 * A number that follows the frames and can be set: while one types it stands still. Enter sets it and Escape gives the
 * present one back; what is left without either is set as well; the arrow keys go up and down. What cannot be set is
 * said below.
 *
 * @param {object} props
 * @param {string} props.label
 * @param {() => number | null} props.read  reads signals; null: not known
 * @param {[number, number]} props.bounds
 * @param {boolean} [props.disabled]
 * @param {boolean} [props.isFocused]  whether it has the focus when it appears
 * @param {(value: number) => void} props.onChange
 */
export function LiveNumber({ label, read, bounds: [low, high], disabled, isFocused, onChange }) {
  const id = useUniqueId();
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const isTyping = useRef(false);
  const latest = useRef(read);
  latest.current = read;
  const [problem, setProblem] = useState("");

  const show = () => {
    const value = latest.current();
    if (input.current === null || isTyping.current) return;
    const isKnown = value !== null && Number.isFinite(value);
    const text = isKnown ? writeNumber(Number(value.toFixed(DIGITS)), pageLanguage()) : "";
    if (input.current.value === text) return;
    input.current.value = text;
    if (isKnown) {
      input.current.setAttribute("aria-valuenow", String(value));
      input.current.setAttribute("aria-valuetext", number(value));
    }
  };
  useSignalEffect(show);

  useLayoutEffect(() => {
    if (!isFocused || input.current === null) return;
    input.current.focus({ preventScroll: true });
    input.current.select();
  }, []);
  const type = () => {
    isTyping.current = true;
    setProblem("");
  };
  const commit = () => {
    if (!isTyping.current || input.current === null) return;
    const value = parseNumber(input.current.value);
    if (!Number.isFinite(value)) setProblem(t("network.not_a_number"));
    else if (value < low || value > high) setProblem(t("network.out_of_bounds", { low, high }));
    else {
      isTyping.current = false;
      onChange(value);
    }
  };
  /** @param {KeyboardEvent} event */
  const press = (event) => {
    if (event.key === "Enter") {
      commit();
      if (!isTyping.current) input.current?.select();
    } else if (event.key === "Escape" && isTyping.current) {
      isTyping.current = false;
      setProblem("");
      show();
      event.stopPropagation();
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      const by = (event.key === "ArrowUp" ? 1 : -1) * (event.shiftKey ? FINE_STEP : STEP);
      const next = (latest.current() ?? 0) + by;
      isTyping.current = false;
      setProblem("");
      onChange(Number(Math.min(high, Math.max(low, next)).toFixed(DIGITS)));
    }
  };
  const leave = () => {
    commit();
    if (!isTyping.current) return;
    // What can't be set does not stay when the reader has gone on.
    isTyping.current = false;
    setProblem("");
    show();
  };

  return html`<span class="live-number">
    <input
      class="number-input"
      type="text"
      role="spinbutton"
      inputmode="text"
      autocomplete="off"
      id=${id}
      ref=${input}
      aria-label=${label}
      aria-valuemin=${low}
      aria-valuemax=${high}
      aria-invalid=${problem !== "" ? "true" : undefined}
      aria-describedby=${problem !== "" ? `${id}-problem` : undefined}
      disabled=${disabled}
      onInput=${type}
      onKeyDown=${press}
      onBlur=${leave}
    />
    ${problem !== "" && html`<span class="field-problem" id=${`${id}-problem`} role="alert">${problem}</span>`}
  </span>`;
}
