import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Icon } from "../controls/icon.js";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { hints } from "../preferences.js";

/** @import { Signal } from "@preact/signals" */
/** @import { Hint, Remedy } from "../hints/rules.js" */
/** @import { Session } from "../session.js" */
/** @import { Store } from "../store.js" */
/** @import { PanelProps } from "./playground.js" */

/** The controls that a remedy can be found at. @type {Record<string, string>} */
const PLACES = {
  layers: ".card.network .stepper button:last-of-type",
  activation: ".layer-head [data-part=activation]",
  initializer: "[data-part=initializer]",
  regularizer: "[data-part=regularizer]",
};

/** Often enough to be of use, seldom enough to be quiet. */
const LOOK_MS = 2000;

/** What seems to go wrong, one thing at a time, for who wants to be told. @param {PanelProps} props */
export function Hints({ store, session }) {
  const hint = useSignal(/** @type {Hint | null} */ (null));
  const isWanted = hints.value;
  useEffect(() => {
    if (!isWanted) return undefined;
    return watch(store, session, hint);
  }, [isWanted]);
  const seen = isWanted ? hint.value : null;
  return html`<div role="status">${seen && html`<${Told} store=${store} session=${session} hint=${hint} />`}</div>`;
}

/** Hints that are not given again in this run. @type {{ run: string, names: Set<string> }} */
const silenced = { run: "", names: new Set() };

/**
 * @param {Store} store
 * @param {Session} session
 * @param {Signal<Hint | null>} hint
 * @returns {() => void} ends it
 */
function watch(store, session, hint) {
  let isLooking = false;
  /** What was seen at the last look: only what is seen twice is said. */
  let before = "";
  const look = async () => {
    if (isLooking || document.hidden || !store.isRunning.peek()) return;
    isLooking = true;
    try {
      const key = `${store.dataKey.peek()} ${store.run.peek()}`;
      if (silenced.run !== key) {
        Object.assign(silenced, { run: key, names: new Set() });
        hint.value = null;
      }
      const [{ hintFor }, { situationOf }, histograms] = await Promise.all([
        import("../hints/rules.js"),
        import("../hints/situation.js"),
        session.ask("histograms", { bins: 50 }).catch(() => null),
      ]);
      const seen = hintFor(situationOf(store, histograms), silenced.names);
      hint.value = seen !== null && seen.name === before ? seen : null;
      before = seen?.name ?? "";
    } catch {
      // The rules could not be fetched: the next look tries again.
    } finally {
      isLooking = false;
    }
  };
  const timer = setInterval(look, LOOK_MS);
  return () => {
    clearInterval(timer);
    hint.value = null;
  };
}

/** @param {PanelProps & { hint: Signal<Hint | null> }} props */
function Told({ store, session, hint }) {
  const { name, values, remedy } = /** @type {Hint} */ (hint.value);
  const silence = () => {
    silenced.names.add(name);
    hint.value = null;
  };
  const attempt = () => {
    silence();
    carryOut(remedy, session);
  };
  return html`<div class="ended hint" id="hint" data-hint=${name}>
    <p><strong>${t("hint.title")}</strong>${" "}${t(`hint.${name}`, values)}</p>
    ${
      store.mayWrite.value &&
      html`<button class="button" type="button" onClick=${attempt}>
        ${"rate" in remedy ? t("hint.try_rate", { rate: remedy.rate }) : t("hint.show")}
      </button>`
    }
    <button class="square" type="button" aria-label=${t("hint.dismiss")} title=${t("hint.dismiss")} onClick=${silence}>
      <${Icon} name="close" />
    </button>
  </div>`;
}

/**
 * @param {Remedy} remedy
 * @param {Session} session
 */
function carryOut(remedy, session) {
  if ("rate" in remedy) {
    session.configure({ training: { optimizer: { learning_rate: remedy.rate } } });
    return;
  }
  const control = document.querySelector(PLACES[remedy.open]);
  if (!(control instanceof HTMLElement)) return;
  control.scrollIntoView({ block: "nearest" });
  control.focus();
  if (control.hasAttribute("popovertarget")) control.click();
}
