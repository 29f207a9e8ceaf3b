import { computed, effect, signal } from "@preact/signals";
import { recall, remember } from "./memory.js";

/** @typedef {"light" | "dark" | null} Theme  null: as the system wishes */

const prefersDark = matchMedia("(prefers-color-scheme: dark)");
const systemIsDark = signal(prefersDark.matches);
prefersDark.addEventListener("change", () => {
  systemIsDark.value = prefersDark.matches;
});

/** Counts how often the system has taken the colours into its own hands, or wanted more contrast, or no longer does. */
const contrastChanges = signal(0);
for (const query of ["(forced-colors: active)", "(prefers-contrast: more)"]) {
  matchMedia(query).addEventListener("change", () => {
    contrastChanges.value += 1;
  });
}

const remembered = recall("theme");

/** What the reader has chosen; it is kept. */
export const theme = signal(/** @type {Theme} */ (remembered === "light" || remembered === "dark" ? remembered : null));

/** Paper is white. */
const isPrinting = signal(false);
addEventListener("beforeprint", () => {
  isPrinting.value = true;
});
addEventListener("afterprint", () => {
  isPrinting.value = false;
});

const shown = computed(() => (isPrinting.value ? "light" : theme.value));
const isDark = computed(() => (shown.value === null ? systemIsDark.value : shown.value === "dark"));

/** Rises whenever the colours change, for pictures that have read them. */
export const themeVersion = signal(0);

effect(() => remember("theme", theme.value));
effect(() => {
  if (shown.value === null) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = shown.value;
  isDark.value;
  contrastChanges.value;
  themeVersion.value = themeVersion.peek() + 1;
});

/**
 * Let a button switch between light and dark.
 *
 * @param {HTMLButtonElement} button
 */
export function connectThemeButton(button) {
  button.addEventListener("click", () => {
    theme.value = isDark.peek() ? "light" : "dark";
  });
  effect(() => button.setAttribute("aria-pressed", String(isDark.value)));
  button.hidden = false;
}
