/**
 * The parts of the page that a link can hide. An element belongs to a part by its attribute `data-part`; what is hidden
 * is neither seen nor reached by keyboard or screen reader.
 *
 * A part's name stands in links: it must not change.
 */
export const PARTS = /** @type {const} */ ([
  "header",
  "help",
  "presets",
  "play",
  "step",
  "reset",
  "speed",
  "timeline",
  "rate",
  "optimizer",
  "loss",
  "regularizer",
  "regularizer-rate",
  "task",
  "data",
  "regenerate",
  "noise",
  "samples",
  "split",
  "batch",
  "more",
  "features",
  "layers",
  "units",
  "activation",
  "initializer",
  "others",
  "discretise",
  "output",
  "progress",
  "lenses",
]);

/** @param {string} name */
export const isPart = (name) => /** @type {readonly string[]} */ (PARTS).includes(name);

/** @type {CSSStyleSheet | null} */
let sheet = null;

/**
 * Hide these parts and show all others, now and whenever panels draw themselves anew. Beside PARTS there is one for each
 * feature: `feature-` and its name.
 *
 * @param {ReadonlySet<string>} hidden
 */
export function hideParts(hidden) {
  if (sheet === null) {
    sheet = new CSSStyleSheet();
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }
  const selectors = [...hidden].map((name) => `[data-part="${name}"]`);
  sheet.replaceSync(selectors.length === 0 ? "" : `${selectors.join(", ")} { display: none !important; }`);
}
