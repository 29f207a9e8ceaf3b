import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { themeColours } from "../draw/colours.js";
import { drawMarks, markStyle, sharpContext } from "../draw/marks.js";
import { html } from "../html.js";

/** @import { Store } from "../store.js" */
/** @import { Component } from "../types.js" */

/**
 * A data set as a small picture, drawn from the engine's own sample of it.
 *
 * @param {{ store: Store, dataset: Component, size: number }} props
 */
export function DatasetPicture({ store, dataset, size }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  useSignalEffect(() => {
    const preview = store.previews.value?.datasets[dataset.name];
    const colours = themeColours();
    if (canvas.current === null || preview?.inputs === undefined) return;
    const isNumber = dataset.task === "regression";
    const context = sharpContext(canvas.current, size, size);
    drawMarks(
      context,
      { inputs: preview.inputs, targets: preview.targets ?? [] },
      {
        plane: preview.plane ?? [-6, 6],
        size,
        // Of a few points each is to be seen, of many their shape, of numbers how they rise and fall.
        radius: (preview.inputs.length < 10 || isNumber ? 4 : 1.6) * (size / 48),
        fill: "full",
        style: {
          ...markStyle(colours, dataset.task ?? "binary", [-1, 1]),
          rim: isNumber ? "transparent" : colours.css.card,
        },
      },
    );
  });
  return html`<canvas class="thumbnail-picture" ref=${canvas} aria-hidden="true"></canvas>`;
}
