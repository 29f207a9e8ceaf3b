import { html } from "../html.js";

/** Drawn on a grid of 20 × 20; a path whose name ends in `Filled` is filled, the others are stroked. */
const PATHS = {
  playFilled: "M6 3.6v12.8a.8.8 0 0 0 1.2.7l10.2-6.4a.8.8 0 0 0 0-1.4L7.2 2.9a.8.8 0 0 0-1.2.7z",
  pauseFilled: "M5.5 3H9v14H5.5zM11 3h3.5v14H11z",
  step: "M5 4.5v11l7.5-5.5zM15.5 4.5v11",
  reset: "M4.2 7.2A6.5 6.5 0 1 1 3.5 10M4 3.5v4h4",
  dice: "M3.5 3.5h13v13h-13zM7.2 7.2h.01M12.8 7.2h.01M10 10h.01M7.2 12.8h.01M12.8 12.8h.01",
  chevron: "M5.5 8l4.5 4.5L14.5 8",
  previous: "M12 5.5L7.5 10l4.5 4.5",
  next: "M8 5.5l4.5 4.5L8 14.5",
  plus: "M10 4.5v11M4.5 10h11",
  minus: "M4.5 10h11",
  brush: "M16.5 3.5L8.8 11.2M8.5 11a3 3 0 0 1 1 4.2c-1 1.6-3.6 1.7-6 1.3 1.5-.9 1-2.4 1.5-3.8A2.7 2.7 0 0 1 8.5 11z",
  table: "M3 4h14v12H3zM3 8h14M8 4v12",
  bin: "M4 5.5h12M8 5.5V3.5h4v2M5.5 5.5l.8 11h7.4l.8-11",
  pencil: "M4 16l.8-3.3L13.5 4a1.5 1.5 0 0 1 2.2 0l.3.3a1.5 1.5 0 0 1 0 2.2L7.3 15.2z",
  undo: "M7.5 4L4 7.5 7.5 11M4 7.5h7.5a4 4 0 0 1 0 8H9",
  redo: "M12.5 4L16 7.5 12.5 11M16 7.5H8.5a4 4 0 0 0 0 8H11",
  more: "M5 10h.01M10 10h.01M15 10h.01",
  download: "M10 3.5v9M6 9l4 4 4-4M4 16.5h12",
  display: "M3 4.5h8M15 4.5h2M3 10h2M9 10h8M3 15.5h8M15 15.5h2M13 2.8v3.4M7 8.3v3.4M13 13.8v3.4",
  close: "M5 5l10 10M15 5L5 15",
  copy: "M7.5 7.5h9v9h-9zM12.5 7.5v-4h-9v9h4",
  screen: "M3 4h14v9H3zM7 16.5h6M10 13v3.5",
  link: "M8 12l4-4M9 6l1.5-1.5a3.5 3.5 0 0 1 5 5L14 11M11 14l-1.5 1.5a3.5 3.5 0 0 1-5-5L6 9",
};

/** @param {{ name: keyof typeof PATHS }} props */
export function Icon({ name }) {
  const isFilled = name.endsWith("Filled");
  return html`<svg class=${isFilled ? "icon is-filled" : "icon"} viewBox="0 0 20 20" aria-hidden="true">
    <path d=${PATHS[name]} />
  </svg>`;
}
