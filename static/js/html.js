import htm from "htm";
import { h } from "preact";

/** @import { VNode } from "preact" */

/** Markup in a template string, for Preact. */
export const html = /** @type {(strings: TemplateStringsArray, ...values: any[]) => VNode<any>} */ (
  /** @type {unknown} */ (htm.bind(h))
);
