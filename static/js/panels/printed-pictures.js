import { useEffect, useRef } from "preact/hooks";
import { html } from "../html.js";
import { PICTURES } from "./pictures.js";

/** @import { PanelProps } from "./playground.js" */

/** In the order in which they stand on paper. */
const NAMES = /** @type {const} */ (["network", "map", "curves"]);

/**
 * Network, map and curves for paper: drawn when somebody prints, as pictures that fit any sheet. What is laid out for the
 * screen would be cut off there, and of canvases that lie on one another only the topmost is printed.
 *
 * @param {PanelProps} props
 */
export function PrintedPictures({ store }) {
  const place = useRef(/** @type {HTMLDivElement | null} */ (null));
  useEffect(() => {
    const svg = new DOMParser();
    const draw = () => {
      const figures = NAMES.flatMap((name) => {
        const picture = PICTURES[name](store);
        if (picture === null) return [];
        const figure = document.createElement("figure");
        figure.className = `is-${name}`;
        figure.append(svg.parseFromString(picture.svg, "image/svg+xml").documentElement);
        return [figure];
      });
      place.current?.replaceChildren(...figures);
    };
    const clear = () => place.current?.replaceChildren();
    addEventListener("beforeprint", draw);
    addEventListener("afterprint", clear);
    return () => {
      removeEventListener("beforeprint", draw);
      removeEventListener("afterprint", clear);
    };
  }, [store]);
  return html`<div class="printed-pictures" ref=${place}></div>`;
}
