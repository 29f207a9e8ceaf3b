import { effect } from "@preact/signals";
import { isPart } from "./parts.js";
import { Problem } from "./problems.js";

/** @import { Api } from "./api.js" */
/** @import { TabMemory } from "./credentials.js" */
/** @import { View } from "./setup-link.js" */
/** @import { Store } from "./store.js" */
/** @import { Imported, SetupNote, Spec } from "./types.js" */

/** How setups are written into addresses: who comes without one, and changes nothing, needs none of it. */
const fetchLinks = () => import("./setup-link.js");

/** While a slider is dragged the address rests: browsers allow it few changes. */
const ADDRESS_REST_MS = 400;
/** What a server answers that will answer otherwise soon. */
const PASSING = new Set([0, 429, 502, 503, 504]);
const ASK_AGAIN_MS = 2000;

/**
 * Where a setup came from, and what could not be taken from there.
 *
 * @typedef {object} Opened
 * @property {"setup" | "tf-playground" | "file"} source
 * @property {SetupNote[]} notes
 */

/**
 * Whether the address holds a setup that this tab has not opened yet: not one that the page itself has written there.
 *
 * @param {string} fragment
 * @param {TabMemory} memory
 */
export async function holdsNewSetup(fragment, memory) {
  if (!fragment.includes("=")) return false;
  const { kindOfLink } = await fetchLinks();
  if (kindOfLink(fragment) === null) return false;
  return memory.session === null || fragment.replace(/^#/, "") !== memory.link;
}

/**
 * Return the spec that an address says, null if nothing can be made of it. The store is told how it is to be looked at
 * and what could not be taken.
 *
 * @param {string} fragment
 * @param {Api} api
 * @param {Store} store
 * @returns {Promise<Spec | null>}
 */
export async function setupOf(fragment, api, store) {
  for (;;) {
    try {
      return await opened(fragment, api, store);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (!PASSING.has(error.status)) {
        const notes = [{ field: "", code: error.code, message: error.message }];
        store.opened.value = { source: await sourceOf(fragment), notes };
        return null;
      }
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
  }
}

/** @param {string} fragment */
async function sourceOf(fragment) {
  const { kindOfLink } = await fetchLinks();
  return /** @type {"setup" | "tf-playground"} */ (kindOfLink(fragment));
}

/**
 * @param {string} fragment
 * @param {Api} api
 * @param {Store} store
 */
async function opened(fragment, api, store) {
  const source = await sourceOf(fragment);
  if (source === "tf-playground") {
    const imported = await api.importSpec(source, fragment);
    show(viewOf(imported), store);
    store.opened.value = { source, notes: imported.notes };
    return imported.spec;
  }
  const { decodeSetup } = await fetchLinks();
  const { spec, view, problems } = decodeSetup(fragment, store.catalogue);
  const { spec: whole, notes } = await api.importSpec("json", JSON.stringify({ spec }));
  show(view, store);
  const strange = view.hidden.filter((name) => !isKnownPart(name, store));
  store.opened.value = {
    source,
    notes: [...problems, ...strange.map((value) => ({ field: "hide", code: "unknown_part", value })), ...notes],
  };
  return whole;
}

/**
 * Return the spec in a file that somebody has saved. Throws Problem where it is none.
 *
 * @param {string} text
 * @param {Api} api
 * @param {Store} store
 */
export async function setupInFile(text, api, store) {
  const { spec, notes } = await api.importSpec("json", text);
  store.opened.value = { source: "file", notes };
  return spec;
}

/**
 * Let the address follow the setup, from now on.
 *
 * @param {Store} store
 * @param {TabMemory} memory
 */
export function keepAddress(store, memory) {
  let timer = 0;
  effect(() => {
    const spec = store.serverSpec.value;
    const view = shownView(store);
    if (spec === undefined) return;
    clearTimeout(timer);
    const write = async () => {
      try {
        const fragment = isUsual(spec, view, store) ? "" : (await fetchLinks()).encodeSetup(spec, store.catalogue, view).fragment;
        if (mine !== timer) return;
        memory.link = fragment;
        memory.view = view;
        if (location.hash.replace(/^#/, "") === fragment) return;
        history.replaceState(history.state, "", location.pathname + location.search + (fragment && `#${fragment}`));
      } catch {
        // What writes links could not be fetched: the next change tries again.
      }
    };
    const mine = window.setTimeout(write, ADDRESS_REST_MS);
    timer = mine;
  });
}

/**
 * Whether a setup is that of a first visit, of which an address says nothing.
 *
 * @param {Spec} spec
 * @param {View} view
 * @param {Store} store
 */
const isUsual = (spec, { hidden, showOthers, discretise }, { catalogue }) =>
  hidden.length === 0 && showOthers && !discretise && JSON.stringify(spec) === JSON.stringify(catalogue.defaults);

/**
 * How the experiment is looked at now.
 *
 * @param {Store} store
 * @returns {View}
 */
export const shownView = (store) => ({
  hidden: [...store.hidden.value],
  showOthers: store.showsOthers.value,
  discretise: store.isDiscretised.value,
});

/**
 * Look at the experiment as a link or this tab's memory says.
 *
 * @param {View} view
 * @param {Store} store
 */
export function show({ hidden, showOthers, discretise }, store) {
  store.hidden.value = new Set(hidden.filter((name) => isKnownPart(name, store)));
  store.showsOthers.value = showOthers;
  store.isDiscretised.value = discretise;
}

/** @param {Imported} imported @returns {View} */
const viewOf = ({ view }) => ({
  hidden: view.hidden,
  showOthers: view.show_others ?? true,
  discretise: view.discretise ?? false,
});

/** @param {string} name @param {Store} store */
const isKnownPart = (name, { catalogue }) =>
  isPart(name) || catalogue.all("feature").some((feature) => name === `feature-${feature.name}`);
