import { effect } from "@preact/signals";
import { h, options, render } from "preact";
import { Api } from "./api.js";
import { Catalogue } from "./catalogue.js";
import { onMissingPart } from "./controls/lazy.js";
import { parseFragment, TabMemory } from "./credentials.js";
import { base, language, staticUrl } from "./environment.js";
import { loadLanguage } from "./i18n.js";
import { listenForShortcuts } from "./keyboard.js";
import { Announcer } from "./panels/announcer.js";
import { HeaderActions } from "./panels/header.js";
import { Saving } from "./panels/saving.js";
import { Waiting } from "./panels/waiting.js";
import { hideParts } from "./parts.js";
import { applyLargeType } from "./preferences.js";
import { explain } from "./problems.js";
import { Session } from "./session.js";
import { holdsNewSetup, keepAddress, setupOf, show, shownView } from "./setup.js";
import { listenForSound } from "./sound/switch.js";
import { Store } from "./store.js";
import { offerTour } from "./tour.js";

/** @import { ComponentType } from "preact" */
/** @import { PageRules } from "./session.js" */
/** @import { Preset } from "./types.js" */

// What follows from a signal is drawn in the same animation frame. Left to themselves, effects would wait for the next:
// every picture would be late, and its frame composed twice.
options.requestAnimationFrame = queueMicrotask;

const main = /** @type {HTMLElement} */ (document.getElementById("main"));

/** So long the page waits with its drawing for the session's stream. */
const MOST_REST_MS = 60;

/** @param {number} ms */
const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {Store} store */
const opening = (store) =>
  new Promise((/** @type {(isOpen: true) => void} */ resolve) => {
    const stop = store.connection.subscribe((state) => {
      if (state !== "open") return;
      resolve(true);
      queueMicrotask(() => stop());
    });
  });

/**
 * What makes one page of this program: what it does with its session, and what it draws.
 *
 * @typedef {object} Page
 * @property {string} memoryPrefix
 * @property {boolean} [hasLinks]  whether its address holds the whole setup
 * @property {boolean} [hasTour]  whether it shows itself to who comes for the first time
 * @property {PageRules} rules
 * @property {(catalogue: Catalogue) => Preset[]} presetsOf
 * @property {(preset: Preset) => void} [onPreset]  is told which preset was chosen
 * @property {(parts: { api: Api, store: Store, session: Session }) => ComponentType<any>} connect
 *   returns what is drawn from the store and the session
 */

/**
 * Fetch what a page needs, draw it, and open its session. What fails is said in the page's place.
 *
 * @param {Page} page
 */
export function startPage(page) {
  start(page).catch((error) => {
    const words = document.createElement("p");
    words.className = "starting";
    words.setAttribute("role", "alert");
    words.textContent = explain(error);
    main.replaceChildren(words);
    console.error(error);
  });
}

/** @param {Page} page */
async function start({ memoryPrefix, hasLinks = false, hasTour = false, rules, presetsOf, onPreset, connect }) {
  // The head of the page may have asked for a newcomer's session, before any module was here.
  const { firstSession } = /** @type {{ firstSession?: Promise<Response> }} */ (globalThis);
  const api = new Api(base, firstSession);
  const memory = new TabMemory(sessionStorage, memoryPrefix);
  takeSessionFromAddress(memory);
  const linked = hasLinks && (await holdsNewSetup(location.hash, memory)) ? location.hash : null;

  const [catalogue] = await Promise.all([
    api.catalogue(language),
    loadLanguage(`${staticUrl}/locales/${language}.json`, language),
  ]);
  const choices = new Catalogue(catalogue);
  const store = new Store(choices, rules.firstSpec(choices));
  const session = new Session(api, store, memory, rules);
  const presets = presetsOf(store.catalogue);

  onMissingPart((error) => store.notify(explain(error), "error"));
  effect(() => hideParts(store.hidden.value));
  if (linked === null && memory.view !== null) show(memory.view, store);
  // Drawing takes long enough for the server to send the first pictures meanwhile, if only it has been asked.
  const isOpened = open({ linked, hasLinks, api, memory, store, session });
  await Promise.race([isOpened.then(() => opening(store)), rest(MOST_REST_MS)]);
  if (hasTour) offerTour(localStorage, location.search);
  applyLargeType();
  main.replaceChildren();
  render(h(Whole, { store, session, page: connect({ api, store, session }) }), main);
  render(
    h(HeaderActions, { api, store, session, presets, onPreset, hasTour, hasLinks }),
    /** @type {HTMLElement} */ (document.getElementById("header-actions")),
  );
  listenForShortcuts();
  listenForSound(store);
  await isOpened;
}

/**
 * Open the session: the one that an address describes, or this tab's, or a first one.
 *
 * @param {{ linked: string | null, hasLinks: boolean, api: Api, memory: TabMemory, store: Store, session: Session }} parts
 */
async function open({ linked, hasLinks, api, memory, store, session }) {
  const spec = linked === null ? null : await setupOf(linked, api, store);
  if (linked !== null) {
    memory.session = null;
    // Whoever reloads comes back to the session that this link is about to have.
    memory.link = linked.replace(/^#/, "");
    memory.view = shownView(store);
  }
  if (hasLinks) {
    keepAddress(store, memory);
    addEventListener("hashchange", async () => {
      if (await holdsNewSetup(location.hash, memory)) location.reload();
    });
  }
  try {
    await session.start(spec);
  } catch (error) {
    if (spec === null) throw error;
    // What it says can't be had on this server, such as a table that is no longer here.
    store.notify(explain(error, (path) => store.catalogue.nameOf(path)), "error");
    await session.start();
  }
}

/**
 * The page, or why there is none yet; above both, what the server can't do for the moment.
 *
 * @param {{ store: Store, session: Session, page: ComponentType<any> }} props
 */
function Whole({ store, session, page }) {
  const isInside = main.tagName === "MAIN";
  const content = store.isWaiting.value ? h(Waiting, { store, isInside }) : h(page, { store, session });
  return [h(Saving, { store }), content, h(Announcer, { store, session })];
}

/**
 * A link of the form `#session=ID&token=…` opens a session. The token leaves the address at once: it must not be seen
 * over a shoulder, bookmarked or shared by accident.
 *
 * @param {TabMemory} memory
 */
function takeSessionFromAddress(memory) {
  const linked = parseFragment(location.hash);
  if (linked === null) return;
  memory.session = linked;
  memory.view = null;
  history.replaceState(null, "", location.pathname + location.search);
}

addEventListener("hashchange", () => {
  // The same tab was given another session's link.
  if (parseFragment(location.hash) !== null) location.reload();
});
