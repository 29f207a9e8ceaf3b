import { useSignal, useSignalEffect } from "@preact/signals";
import { html } from "../../html.js";
import { explain } from "../../problems.js";

/** @import { ComponentType } from "preact" */
/** @import { PanelProps } from "../playground.js" */

/**
 * While the reader paints: a layer over the map that takes the strokes, and its tools below. Fetched at the first
 * stroke; who never paints does not pay for it.
 *
 * @param {PanelProps} props
 */
export function Painter({ store, session }) {
  const view = useSignal(/** @type {ComponentType<PanelProps> | null} */ (null));
  useSignalEffect(() => {
    if (!store.isPainting.value || view.peek() !== null) return;
    import("./painting.js").then(
      (module) => {
        view.value = module.default;
      },
      (error) => {
        store.isPainting.value = false;
        store.notify(explain(error), "error");
      },
    );
  });
  useSignalEffect(() => {
    if (!store.mayWrite.value) store.isPainting.value = false;
  });
  return store.isPainting.value && view.value !== null
    ? html`<${view.value} store=${store} session=${session} />`
    : null;
}
