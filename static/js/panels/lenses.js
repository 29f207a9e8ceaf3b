import { signal, useSignal, useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { lazily } from "../controls/lazy.js";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { recall, remember } from "../memory.js";

/** @import { Lazy } from "../controls/lazy.js" */
/** @import { PanelProps } from "./playground.js" */

/**
 * A way to look into the network that is one press away. Its module is fetched when it is first opened, so that a first
 * visit does not pay for it; its default export draws it.
 *
 * @typedef {{ name: string, view: Lazy }} Lens
 */

const loading = () => html`<p class="help">${t("lenses.loading")}</p>`;

/** In the order of their tabs. @type {Lens[]} */
const LENSES = [
  { name: "layers", view: lazily(() => import("./lenses/layers.js"), loading) },
  { name: "measures", view: lazily(() => import("./lenses/measures.js"), loading) },
  { name: "example", view: lazily(() => import("./lenses/example.js"), loading) },
  { name: "space", view: lazily(() => import("./lenses/space.js"), loading) },
  { name: "histograms", view: lazily(() => import("./lenses/histograms.js"), loading) },
  { name: "surface", view: lazily(() => import("./lenses/surface.js"), loading) },
  { name: "runs", view: lazily(() => import("./lenses/runs.js"), loading) },
];

/** Under which name the tab that was open last is kept. */
const REMEMBERED = "lens";

/** The lens that another part of the page has asked for. */
const wanted = signal(/** @type {{ name: string, isSought: boolean } | null} */ (null));

/**
 * Open a lens, and bring it into view unless somebody looks at something else.
 *
 * @param {string} name
 * @param {{ isSought?: boolean }} [options]
 */
export function openLens(name, { isSought = true } = {}) {
  wanted.value = { name, isSought };
}

/** The card with everything that looks deeper than map and curves, a tab for each. @param {PanelProps} props */
export function Lenses(props) {
  const chosen = useSignal(rememberedLens());
  const tabs = useRef(/** @type {HTMLElement | null} */ (null));

  /** @param {number} index */
  const open = (index) => {
    chosen.value = index;
    remember(REMEMBERED, LENSES[index].name);
  };
  /** @param {number} index */
  const choose = (index) => {
    open((index + LENSES.length) % LENSES.length);
    /** @type {HTMLElement[]} */ ([...(tabs.current?.children ?? [])])[chosen.peek()]?.focus();
  };
  /** @param {KeyboardEvent} event */
  const walk = (event) => {
    const places = {
      ArrowRight: chosen.peek() + 1,
      ArrowLeft: chosen.peek() - 1,
      Home: 0,
      End: LENSES.length - 1,
    };
    const place = places[/** @type {keyof typeof places} */ (event.key)];
    if (place === undefined) return;
    event.preventDefault();
    choose(place);
  };

  useSignalEffect(() => {
    const asked = wanted.value;
    const index = LENSES.findIndex(({ name }) => name === asked?.name);
    if (asked === null || index < 0 || tabs.current === null) return;
    wanted.value = null;
    const fold = tabs.current.closest("details");
    if (fold !== null) fold.open = true;
    if (!asked.isSought) {
      open(index);
      return;
    }
    choose(index);
    tabs.current.scrollIntoView({ block: "start" });
  });
  useLayoutEffect(() => {
    const bar = /** @type {HTMLElement} */ (tabs.current);
    // The remembered tab may lie beyond the edge. (`scrollIntoView` would move the page as well.)
    const tab = /** @type {HTMLElement} */ (bar.children[chosen.peek()]);
    bar.scrollLeft = tab.offsetLeft - (bar.clientWidth - tab.clientWidth) / 2;
    const fade = () => fadeEdges(bar);
    const observer = new ResizeObserver(fade);
    observer.observe(bar);
    return () => observer.disconnect();
  }, []);

  return html`<h2 class="visually-hidden" id="lenses-title">${t("lenses.title")}</h2>
    <div
      class="tabs"
      role="tablist"
      aria-labelledby="lenses-title"
      ref=${tabs}
      onKeyDown=${walk}
      onScroll=${(/** @type {Event & { currentTarget: HTMLElement }} */ event) => fadeEdges(event.currentTarget)}
    >
      ${LENSES.map(
        ({ name, view }, index) =>
          html`<button
            key=${name}
            class="tab"
            type="button"
            role="tab"
            id=${`lens-tab-${name}`}
            aria-controls="lens"
            aria-selected=${index === chosen.value}
            tabindex=${index === chosen.value ? 0 : -1}
            onPointerEnter=${view.fetch}
            onClick=${() => choose(index)}
          >
            ${t(`lenses.${name}`)}
          </button>`,
      )}
    </div>
    <div class="lens" id="lens" role="tabpanel" tabindex="0" aria-labelledby=${`lens-tab-${LENSES[chosen.value].name}`}>
      <${Opened} key=${LENSES[chosen.value].name} ...${props} lens=${LENSES[chosen.value]} />
    </div>`;
}

/**
 * Let the bar fade towards where there are more tabs.
 *
 * @param {HTMLElement} bar
 */
function fadeEdges(bar) {
  bar.classList.toggle("has-more-before", bar.scrollLeft > 1);
  bar.classList.toggle("has-more-behind", bar.scrollLeft + bar.clientWidth < bar.scrollWidth - 1);
}

/** Return the place of the tab that was open last; at first the first one's. */
const rememberedLens = () => Math.max(0, LENSES.findIndex(({ name }) => name === recall(REMEMBERED)));

/** @param {PanelProps & { lens: Lens }} props */
function Opened({ lens, store, session }) {
  return html`${store.state.value === "diverged" && html`<p class="help lens-warning">${t("lenses.diverged")}</p>`}
    <${lens.view} store=${store} session=${session} />`;
}
