import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useAnswer } from "../../controls/answer.js";
import { Mark } from "../../controls/mark.js";
import { useUniqueId } from "../../controls/unique-id.js";
import { useWidth } from "../../controls/width.js";
import { themeColours } from "../../draw/colours.js";
import { drawIsolines, drawMap } from "../../draw/map.js";
import { markStyle } from "../../draw/marks.js";
import { drawSpace, EDGE_PX } from "../../draw/space.js";
import { className } from "../../facts.js";
import { html } from "../../html.js";
import { number, t } from "../../i18n.js";
import { classesIn, steady } from "../../space.js";
import { layerName, unitSymbol } from "../names.js";
import { outputLook, outputMap, PLANE } from "../shown-map.js";

/** @import { Colours } from "../../draw/colours.js" */
/** @import { Space } from "../../space.js" */
/** @import { SpacePicture } from "../../draw/space.js" */
/** @import { Store } from "../../store.js" */
/** @import { PanelProps } from "../playground.js" */

const EXAMPLES = 300;
/** Rows and columns of the grid: a point every third of a unit of the plane. */
const LINES = 37;
const FIELD = 41;

/** Where a layer puts the examples and the plane, beside where they were. @param {PanelProps} props */
export default function SpaceLens({ store, session }) {
  const hidden = store.layers.value.length - 1;
  const wanted = useSignal(hidden - 1);
  const isTable = useSignal(false);
  const layer = useComputed(() => Math.min(Math.max(0, wanted.value), store.layers.value.length - 2));
  const id = useUniqueId();

  const previous = useRef(/** @type {Space | null} */ (null));
  const answer = useAnswer(
    store,
    () => (layer.value < 0 ? null : { layer: layer.value, limit: EXAMPLES, lines: LINES, resolution: FIELD }),
    async (query) => {
      const told = steady(previous.current, await session.ask("space", query));
      previous.current = told;
      return told;
    },
  );
  const last = useRef(/** @type {Space | null} */ (null));
  if (answer.value !== null) last.current = answer.value;
  const isOfThisLayer = last.current?.layer === layer.value && last.current.units === store.layers.value[layer.value]?.units;
  const space = isOfThisLayer ? last.current : null;

  if (hidden === 0) return html`<p class="help">${t("space.no_layer")}</p>`;
  /** @param {Event & { currentTarget: HTMLSelectElement }} event */
  const choose = ({ currentTarget: { value } }) => {
    wanted.value = Number(value);
  };
  return html`<div class="lens-tools">
      <label for=${id}>
        ${t("layers.layer")}
        <select class="select" id=${id} value=${layer.value} onChange=${choose}>
          ${Array.from(
            { length: hidden },
            (_, index) => html`<option key=${index} value=${index}>${layerName(store.layers.value, index)}</option>`,
          )}
        </select>
      </label>
      <label>
        <input type="checkbox" checked=${isTable.value} onChange=${() => (isTable.value = !isTable.peek())} />
        ${t("lenses.as_table")}
      </label>
    </div>
    ${
      space === null
        ? html`<p class="help">${t("lenses.computing")}</p>`
        : html`<p class="help">${help(space)}</p>
            ${isTable.value ? html`<${Table} store=${store} space=${space} />` : html`<${Pictures} store=${store} space=${space} />`}`
    }`;
}

/** What the axes are, and what is not shown. @param {Space} space */
function help({ units, projected, explained, grid, field, points, total }) {
  const share = number(100 * (explained[0] + explained[1]), { digits: 0 });
  return [
    projected ? t("space.projected", { units, share }) : t(units === 1 ? "space.one_unit" : "space.two_units"),
    grid === null ? t("space.no_grid") : t("space.grid"),
    field !== null && t("space.field"),
    points.length < total && t("space.some", { count: points.length, total }),
  ]
    .filter(Boolean)
    .join(" ");
}

/** @param {{ store: Store, space: Space }} props */
function Pictures({ store, space }) {
  const { grid } = space;
  const data = store.data.value?.train;
  return html`<div class="spaces">
    ${
      grid !== null &&
      data &&
      html`<${Picture}
      store=${store}
      title=${t("space.before")}
      axes=${["x", "y"]}
      picture=${{ points: data.inputs.slice(0, EXAMPLES), targets: data.targets.slice(0, EXAMPLES), grid: straight(grid.length), ranges: [PLANE, PLANE] }}
    />
    <span class="spaces-arrow" aria-hidden="true">→</span>`
    }
    <${Picture}
      store=${store}
      title=${layerName(store.layers.value, space.layer)}
      axes=${axisNames(store, space)}
      picture=${space}
      field=${space.field}
    />
  </div>`;
}

/**
 * The grid as it is before any layer.
 *
 * @param {number} lines
 */
function straight(lines) {
  const [low, high] = PLANE;
  const place = (/** @type {number} */ index) => low + ((high - low) * index) / (lines - 1);
  return Array.from({ length: lines }, (_, row) =>
    Array.from({ length: lines }, (_column, column) => [place(column), place(lines - 1 - row)]),
  );
}

/**
 * @param {Store} store
 * @param {Space} space
 */
function axisNames(store, { layer, units, projected, explained }) {
  if (!projected) return [0, 1].map((unit) => (unit < units ? unitSymbol(store.layers.value, layer, unit) : ""));
  return explained.map((share, axis) =>
    t("space.component", { index: axis + 1, share: number(100 * share, { digits: 0 }) }),
  );
}

/**
 * @param {{ store: Store, title: string, axes: string[], picture: SpacePicture, field?: Space["field"] }} props
 */
function Picture({ store, title, axes, picture, field = null }) {
  const frame = useRef(/** @type {HTMLDivElement | null} */ (null));
  const marks = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const background = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const border = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const size = useWidth(frame);
  const draw = () => {
    const colours = themeColours();
    const style = markStyle(colours, store.facts.value.task, store.targetDomain.value);
    if (marks.current === null || size.value === 0) return;
    drawSpace(marks.current, size.value, picture, style, colours);
    if (background.current === null || border.current === null || field === null) return;
    const map = fieldMap(store, colours, field);
    drawMap(background.current, map, colours, "shades");
    drawIsolines(border.current, map, size.value - 2 * EDGE_PX, colours, "classes");
  };
  useLayoutEffect(draw);
  useSignalEffect(draw);

  const [x, y] = picture.ranges;
  const label = t("space.picture", { title, count: picture.points.length });
  return html`<figure class="space">
    <figcaption>${title}</figcaption>
    <div class="space-plot">
      <span class="space-y" aria-hidden="true"><i>${axes[1] && short(y[1])}</i><b>${axes[1]}</b><i>${axes[1] && short(y[0])}</i></span>
      <div class="space-frame" ref=${frame} role="img" aria-label=${label}>
        ${
          field !== null &&
          html`<canvas class="space-field" ref=${background}></canvas>
            <canvas class="space-border" ref=${border}></canvas>`
        }
        <canvas class="space-marks" ref=${marks}></canvas>
      </div>
      <span class="space-x" aria-hidden="true"><i>${short(x[0])}</i><b>${axes[0]}</b><i>${short(x[1])}</i></span>
    </div>
  </figure>`;
}

/**
 * The outputs behind a layer as they are drawn over the plane of the inputs.
 *
 * @param {Store} store
 * @param {Colours} colours
 * @param {NonNullable<Space["field"]>} field
 */
function fieldMap(store, colours, { range, values }) {
  const [low, high] = range;
  const scale = 255 / (high - low || 1);
  const bytes = Uint8Array.from(values.flat(2), (value) => Math.min(255, Math.max(0, ((value ?? low) - low) * scale + 0.5)));
  const [rows, columns] = [values[0].length, values[0][0].length];
  return outputMap(outputLook(store), colours, { values: bytes, rows, columns, ranges: values.map(() => range) });
}

/** Where the classes lie, as numbers. @param {{ store: Store, space: Space }} props */
function Table({ store, space }) {
  const facts = store.facts.value;
  if (facts.classes === null) return html`<p class="help">${t("space.no_classes")}</p>`;
  const axes = axisNames(store, space);
  return html`<div class="lens-table" tabindex="0" role="group" aria-label=${t("lenses.space")}>
    <table class="table">
      <caption class="help">
        ${t("space.table")}
      </caption>
      <thead>
        <tr>
          <th scope="col">${t("space.class")}</th>
          <th scope="col" class="is-number">${t("space.examples")}</th>
          ${axes.map((name, axis) => html`<th key=${axis} scope="col" class="is-number">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${classesIn(space).map(
          ({ target, count, middle, spread }, index) =>
            html`<tr key=${target}>
              <th scope="row">
                <span class="class-key"><${Mark} task=${facts.task} index=${index} />${className(facts, index)}</span>
              </th>
              <td class="is-number">${number(count)}</td>
              ${axes.map((_, axis) => html`<td key=${axis} class="is-number">${short(middle[axis])} ± ${short(spread[axis])}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** @param {number} value */
const short = (value) => number(value, { digits: 2 });
