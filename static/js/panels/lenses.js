import { useSignal, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { explain } from "../problems.js";

/** @import { ComponentType } from "preact" */
/** @import { PanelProps } from "./playground.js" */

/**
 * A way to look into the network that is one press away. Its module is fetched when it is first opened, so that a first
 * visit does not pay for it; its default export draws it.
 *
 * @typedef {{ name: string, load: () => Promise<{ default: ComponentType<PanelProps> }> }} Lens
 */

/** In the order of their tabs. @type {Lens[]} */
const LENSES = [{ name: "layers", load: () => import("./lenses/layers.js") }];

/** The card with everything that looks deeper than map and curves, a tab for each. @param {PanelProps} props */
export function Lenses(props) {
  const chosen = useSignal(0);
  const tabs = useRef(/** @type {HTMLElement | null} */ (null));

  /** @param {number} index */
  const choose = (index) => {
    chosen.value = (index + LENSES.length) % LENSES.length;
    /** @type {HTMLElement[]} */ ([...(tabs.current?.children ?? [])])[chosen.value]?.focus();
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

  return html`<h2 class="visually-hidden" id="lenses-title">${t("lenses.title")}</h2>
    <div class="tabs" role="tablist" aria-labelledby="lenses-title" ref=${tabs} onKeyDown=${walk}>
      ${LENSES.map(
        ({ name }, index) =>
          html`<button
            key=${name}
            class="tab"
            type="button"
            role="tab"
            id=${`lens-tab-${name}`}
            aria-controls="lens"
            aria-selected=${index === chosen.value}
            tabindex=${index === chosen.value ? 0 : -1}
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

/** @param {PanelProps & { lens: Lens }} props */
function Opened({ lens, store, session }) {
  const view = useSignal(/** @type {ComponentType<PanelProps> | null} */ (null));
  useSignalEffect(() => {
    lens.load().then(
      (module) => {
        view.value = module.default;
      },
      (error) => store.notify(explain(error), "error"),
    );
  });
  return view.value === null
    ? html`<p class="help">${t("lenses.loading")}</p>`
    : html`<${view.value} store=${store} session=${session} />`;
}
