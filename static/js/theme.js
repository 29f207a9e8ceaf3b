import { signal } from "@preact/signals";

/** Rises whenever the colours change, for pictures that have read them. */
export const themeVersion = signal(0);

const prefersDark = matchMedia("(prefers-color-scheme: dark)");

const isDark = () => (document.documentElement.dataset.theme ?? (prefersDark.matches ? "dark" : "light")) === "dark";

/**
 * Let a button switch between light and dark. The choice is kept; without one the system's wish is followed.
 *
 * @param {HTMLButtonElement} button
 */
export function connectThemeButton(button) {
  const show = () => {
    button.setAttribute("aria-pressed", String(isDark()));
    themeVersion.value += 1;
  };
  button.addEventListener("click", () => {
    const theme = isDark() ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem("theme", theme);
    } catch {
      // Storage is forbidden: the choice holds until the page is left.
    }
    show();
  });
  prefersDark.addEventListener("change", show);
  button.hidden = false;
  show();
}
