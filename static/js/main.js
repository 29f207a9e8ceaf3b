import { h, render } from "preact";
import { Api } from "./api.js";
import { Catalogue } from "./catalogue.js";
import { parseFragment, TabMemory } from "./credentials.js";
import { base, language, staticUrl } from "./environment.js";
import { loadLanguage } from "./i18n.js";
import { listenForShortcuts } from "./keyboard.js";
import { HeaderActions } from "./panels/header.js";
import { Playground } from "./panels/playground.js";
import { explain } from "./problems.js";
import { Session } from "./session.js";
import { Store } from "./store.js";
import { connectThemeButton } from "./theme.js";

const main = /** @type {HTMLElement} */ (document.getElementById("main"));

async function start() {
  const api = new Api(base);
  const memory = new TabMemory(sessionStorage);
  takeSessionFromAddress(memory);

  const [catalogue] = await Promise.all([api.catalogue(), loadLanguage(`${staticUrl}/locales/${language}.json`, language)]);
  const store = new Store(new Catalogue(catalogue));
  const session = new Session(api, store, memory);

  connectThemeButton(/** @type {HTMLButtonElement} */ (document.getElementById("theme")));
  main.replaceChildren();
  render(h(Playground, { store, session }), main);
  render(h(HeaderActions, { store, session }), /** @type {HTMLElement} */ (document.getElementById("header-actions")));
  listenForShortcuts();

  api.previews().then(
    (previews) => {
      store.previews.value = previews;
    },
    (error) => store.notify(explain(error), "error"),
  );
  await session.start();
}

/**
 * A link of the form `/#session=ID&token=…` opens a session. The token leaves the address at once: it must not be seen
 * over a shoulder, bookmarked or shared by accident.
 *
 * @param {TabMemory} memory
 */
function takeSessionFromAddress(memory) {
  const linked = parseFragment(location.hash);
  if (linked === null) return;
  memory.session = linked;
  history.replaceState(null, "", location.pathname + location.search);
}

addEventListener("hashchange", () => {
  // The same tab was given another session's link.
  if (parseFragment(location.hash) !== null) location.reload();
});

start().catch((error) => {
  const words = document.createElement("p");
  words.className = "starting";
  words.setAttribute("role", "alert");
  words.textContent = explain(error);
  main.replaceChildren(words);
  console.error(error);
});
