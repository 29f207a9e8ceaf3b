import { effect, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { html } from "../html.js";
import { announces } from "../preferences.js";

/** @import { Store } from "../store.js" */
/** @import { RunState } from "../types.js" */
/** @import { PanelProps } from "./playground.js" */

/** While it runs the state is told this often, if the reader wants to hear it. */
const PERIOD_MS = 10_000;
/** Figures follow a change of the state within this time. */
const SETTLED_MS = 600;
/** @type {Set<RunState>} */
const RESTING = new Set(["paused", "done", "diverged"]);

/** Says to those who listen where the session stands: when it comes to rest, and calmly while it runs. @param {PanelProps} props */
export function Announcer({ store }) {
  const words = useMemo(() => signal(""), []);
  useEffect(() => announce(store, (text) => (words.value = text)), [store]);
  return html`<p class="visually-hidden" id="announcer" role="status" aria-live="polite">${words}</p>`;
}

/**
 * @param {Store} store
 * @param {(text: string) => void} say
 * @returns {() => void} ends it
 */
function announce(store, say) {
  const tell = async () => {
    try {
      const { spoken } = await import("../announce.js");
      const model = store.model.peek();
      if (model !== null) say(spoken(model));
    } catch {
      // Without a connection there is nothing new to be said.
    }
  };
  return effect(() => {
    const state = store.state.value;
    // Steps one by one do not change the state, but where it rests.
    if (RESTING.has(state)) {
      store.step.value;
      const timer = setTimeout(tell, SETTLED_MS);
      return () => clearTimeout(timer);
    }
    if (state !== "running" || !announces.value) return undefined;
    const timer = setInterval(tell, PERIOD_MS);
    return () => clearInterval(timer);
  });
}
