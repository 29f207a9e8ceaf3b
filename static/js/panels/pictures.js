import { valueRange, wholeRange } from "../draw/chart.js";
import { themeColours } from "../draw/colours.js";
import { onAxis, smooth } from "../draw/curve-data.js";
import { diagramOf } from "../draw/diagram.js";
import { drawField } from "../draw/field.js";
import { layoutNetwork } from "../draw/layout.js";
import { biasesOf, linksOf } from "../draw/links.js";
import { drawMap, traceLines } from "../draw/map.js";
import { markStyle } from "../draw/marks.js";
import { MAP_PX, PathText, chartPicture, mapPicture, networkPicture } from "../draw/pictures.js";
import { colourDomain, colourTable } from "../draw/ramp.js";
import { FILL_OF_SPLIT } from "../draw/shapes.js";
import { parametersOf } from "../drawn.js";
import { className, unplacedTarget } from "../facts.js";
import { number, t, words } from "../i18n.js";
import { axisOf } from "./axes.js";
import { mapViewOf } from "./map-view.js";
import { placesOf } from "./mistakes.js";
import { inputSymbol, inputsNote, layerName, unitSymbol } from "./names.js";
import { shownCurves, toldMetrics } from "./progress-view.js";
import { PLANE, shownMap, shownTitle } from "./shown-map.js";
import { shownUnits } from "./units.js";

/** @import { Colours } from "../draw/colours.js" */
/** @import { ClassMap, Colouring, ValueMap } from "../draw/map.js" */
/** @import { MapKey, MapLegend, Picture } from "../draw/pictures.js" */
/** @import { Store } from "../store.js" */

const PARTS = /** @type {const} */ (["test", "validation", "train"]);
const MARK_PX = 4;
const RING_PX = 7;
/** A ramp is drawn in so many colours: all that a byte can tell. */
const TONES = 256;
const NETWORK = { column: 170, height: 520 };

/**
 * The pictures that can be kept, each as the page shows it now; null where there is nothing to show.
 *
 * @type {Record<"map" | "network" | "curves", (store: Store) => Picture | null>}
 */
export const PICTURES = { map: pictureOfMap, network: pictureOfNetwork, curves: pictureOfCurves };

/** @param {Store} store */
function pictureOfMap(store) {
  const colours = themeColours();
  const view = mapViewOf(store);
  const shown = shownMap(store, colours);
  if (shown === null) return null;
  const colouring = view.colouring.value;
  const field = document.createElement("canvas");
  drawMap(field, shown, colours, colouring);
  const lines = { fine: new PathText(), strong: new PathText() };
  if (view.hasLines.value) traceLines(shown, colouring, MAP_PX, lines);
  const data = store.data.value;
  return mapPicture({
    title: shownTitle(store),
    field: field.toDataURL(),
    lines: shown.columns,
    plane: PLANE,
    axes: [axisOf(store, 0), axisOf(store, 1)],
    isolines: { fine: lines.fine.toString(), strong: lines.strong.toString() },
    marks: PARTS.filter((part) => view.shown.value.includes(part)).flatMap((part) => {
      const examples = data?.[part];
      return examples ? [{ examples, fill: FILL_OF_SPLIT[part], radius: part === "train" ? MARK_PX : 0.8 * MARK_PX }] : [];
    }),
    rings: { places: placesOf(view.mistakes.value, data), radius: RING_PX },
    style: markStyle(colours, store.facts.value.task, store.targetDomain.value),
    legend: legendOf(store, shown, colours, colouring),
    css: colours.css,
  });
}

/**
 * What the legend below the map tells.
 *
 * @param {Store} store
 * @param {ValueMap | ClassMap} shown
 * @param {Colours} colours
 * @param {Colouring} colouring
 * @returns {MapLegend}
 */
function legendOf(store, shown, colours, colouring) {
  const facts = store.facts.value;
  const fills = mapViewOf(store).shown.value.map((part) => ({ words: t(`split.${part}_short`), fill: FILL_OF_SPLIT[part] }));
  const classes = Array.from({ length: facts.classes ?? 0 }, (_, target) => ({ words: className(facts, target), target }));
  const tones = { values: Uint8Array.from({ length: TONES }, (_, tone) => tone), rows: 1, columns: TONES };
  const field = document.createElement("canvas");
  if (colouring === "sureness") {
    drawField(field, tones.values, 1, TONES, colours.greys);
    const least = shown.kind === "classes" ? 1 / classes.length : 0.5;
    const ticks = [least, (1 + least) / 2, 1].map((share) => `${number(100 * share, { digits: 0 })} %`);
    const ends = /** @type {[MapKey, MapKey]} */ (["unsure", "sure"].map((end) => ({ words: t(`view.${end}`), target: null })));
    return { fills, ramp: { field: field.toDataURL(), ends, ticks }, classes };
  }
  if (shown.kind === "classes") return { fills, ramp: null, classes };
  const [low, high] = shown.domain;
  drawMap(field, { ...shown, ...tones, range: shown.domain }, colours, colouring);
  const unit = store.shownUnit.value;
  const isOutput = unit === null || unit.layer === store.layers.value.length - 1;
  const isNumber = isOutput && facts.task === "regression";
  const ticks = [low, (low + high) / 2, high].map((tick) => number(isNumber ? unplacedTarget(facts, tick) : tick, { digits: 2 }));
  /** @type {[MapKey, MapKey]} */
  let ends = [{ words: "", target: null }, { words: "", target: null }];
  if (isNumber) ends = [{ words: "", target: low }, { words: facts.target?.name ?? "", target: high }];
  else if (shown.isDecided) ends = [classes[0], classes[1]];
  else if (isOutput) ends = [ends[0], classes[unit?.unit ?? 0]];
  // What the ends do not tell of the marks, a row of its own does.
  return { fills, ramp: { field: field.toDataURL(), ends, ticks }, classes: isNumber || shown.isDecided ? [] : classes };
}

/** @param {Store} store */
function pictureOfNetwork(store) {
  const layers = store.layers.value;
  if (layers.length === 0) return null;
  const colours = themeColours();
  const inputs = layers[0].inputs;
  const layout = layoutNetwork([inputs, ...layers.map(({ units }) => units)], NETWORK.column * (layers.length + 1), NETWORK.height);
  const parameters = parametersOf(store.frame.value, store.parameters.value);
  const diagram = diagramOf(layout, linksOf(layout, layers), biasesOf(layout, layers), parameters);
  /** @type {Map<string, string>} */
  const pictures = new Map();
  const shown = store.hasPlane.value ? shownUnits(store, layers, layout.columns.slice(1)) : null;
  for (const { layer, unit, values, table } of shown?.maps ?? []) {
    const canvas = document.createElement("canvas");
    drawField(canvas, values, shown?.rows ?? 0, shown?.across ?? 0, table);
    pictures.set(`${layer}.${unit}`, canvas.toDataURL());
  }
  return networkPicture({
    title: t("network.title"),
    layout,
    diagram,
    pictureOf: (layer, unit) => (layer === 0 ? featurePicture(store, unit) : pictures.get(`${layer - 1}.${unit}`)),
    heads: [
      { title: t("network.input"), note: inputsNote(store, inputs) },
      ...layers.map(({ activation, units }, index) => ({
        title: words(store.catalogue.find("activation", activation)?.label) || activation,
        note: index === layers.length - 1 ? layerName(layers, index) : t("network.units", { count: units }),
        rest: units > layout.columns[index + 1].y.length ? `+ ${units - layout.columns[index + 1].y.length}` : "",
      })),
    ],
    symbolOf: (layer, unit) => (layer === 0 ? inputSymbol(store, unit) : unitSymbol(layers, layer - 1, unit)),
    css: colours.css,
  });
}

/** @param {Store} store @param {number} index */
function featurePicture(store, index) {
  const name = store.spec.value.data.features[index];
  const preview = name && store.previews.value?.features[name];
  if (!preview) return undefined;
  const canvas = document.createElement("canvas");
  const table = colourTable(themeColours().ramp, preview.range, colourDomain(preview.range, null));
  drawField(canvas, preview.values, preview.shape[0], preview.shape[1], table);
  return canvas.toDataURL();
}

/** @param {Store} store */
function pictureOfCurves(store) {
  const points = store.points.value;
  if (points.length === 0) return null;
  const { metric, splits, bounds, isLog, smoothing, unit, view } = shownCurves(store, toldMetrics(store));
  const epochs = points.map(({ epoch }) => epoch);
  const zoom = view.zoom.value;
  const across = zoom ?? wholeRange({}, epochs.at(-1));
  const raw = splits.map(({ name, prefix, line }) => ({
    label: t(`split.${name}`),
    line,
    isFaint: smoothing > 0,
    values: onAxis(points.map((point) => point[prefix + metric]), isLog),
  }));
  const smoothed = raw.map((curve) => ({ ...curve, isFaint: false, values: smooth(curve.values, smoothing) }));
  const seen = [...raw, ...smoothed].flatMap(({ values }) =>
    values.flatMap((value, index) => {
      const isSeen = typeof value === "number" && epochs[index] >= across[0] && epochs[index] <= across[1];
      return isSeen ? [value] : [];
    }),
  );
  const [least, most] = seen.length > 0 ? [Math.min(...seen), Math.max(...seen)] : [null, null];
  return chartPicture({
    title: unit,
    unit: t("progress.epochs"),
    across,
    up: valueRange({ bounds, isLog, zoom: () => zoom }, least, most),
    isLog,
    epochs,
    curves: [...(smoothing > 0 ? raw : []), ...smoothed],
    changes: store.changes.value.filter(({ run }) => run === store.run.value).map(({ epoch }) => epoch),
    format: (value) => number(value, { digits: isLog ? 5 : 3 }),
    formatEpoch: (epoch) => number(epoch),
    css: themeColours().css,
  });
}

/** A picture is as sharp as a good screen shows it. */
const DENSITY = 2;

/**
 * Return a picture as PNG.
 *
 * @param {Picture} picture
 * @returns {Promise<Blob>}
 */
export async function pngOf({ svg, width, height }) {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = width * DENSITY;
    canvas.height = height * DENSITY;
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob === null ? reject(new Error("no picture")) : resolve(blob)), "image/png");
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}
