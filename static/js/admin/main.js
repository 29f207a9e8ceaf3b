import { h, render } from "preact";
import { Api } from "../api.js";
import { base, language, staticUrl } from "../environment.js";
import { loadLanguage } from "../i18n.js";
import { connectThemeButton } from "../theme.js";
import { AdminPage } from "./page.js";
import { tokenIn, Watch } from "./watch.js";

const KEY = "admin.token";

/** The page of the one who runs the server. */
async function start() {
  const linked = tokenIn(location.hash);
  if (linked !== null) {
    // It must not be seen over a shoulder, bookmarked or shared by accident.
    history.replaceState(null, "", location.pathname + location.search);
    sessionStorage.setItem(KEY, linked);
  }
  await loadLanguage(`${staticUrl}/locales/${language}.json`, language);
  const watch = new Watch(new Api(base), {
    remember: (token) => sessionStorage.setItem(KEY, token),
    forget: () => sessionStorage.removeItem(KEY),
  });

  connectThemeButton(/** @type {HTMLButtonElement} */ (document.getElementById("theme")));
  document.addEventListener("visibilitychange", () => watch.look());
  render(h(AdminPage, { watch }), /** @type {HTMLElement} */ (document.getElementById("main")));
  const known = sessionStorage.getItem(KEY);
  if (known !== null) await watch.open(known);
}

addEventListener("hashchange", () => {
  // The tab that shows the page already was given the link.
  if (tokenIn(location.hash) !== null) location.reload();
});

start();
