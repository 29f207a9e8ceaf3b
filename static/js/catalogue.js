import { t, words } from "./i18n.js";

/** @import { CatalogueDocument, Chosen, Component, Field, Preset, Spec } from "./types.js" */

/** The kinds of a spec's members that are not called as what they hold. */
const KINDS = new Map([
  ["output_activation", "activation"],
  ["stop", "stop_rule"],
]);

/** What the server offers: components, bounds, defaults, presets and limits. The page knows none of them by name. */
export class Catalogue {
  #document;

  /** @param {CatalogueDocument} document */
  constructor(document) {
    this.#document = document;
    this.defaults = document.defaults;
    this.limits = document.limits;
  }

  /**
   * @param {string} kind
   * @returns {Component[]}
   */
  all(kind) {
    return this.#document.components[kind] ?? [];
  }

  /**
   * @param {string} kind
   * @param {string} name
   * @returns {Component | undefined}
   */
  find(kind, name) {
    return this.all(kind).find((component) => component.name === name);
  }

  /**
   * The kind of the components that a member of the spec holds.
   *
   * @param {string} member  such as `output_activation`
   */
  kindOf(member) {
    return KINDS.get(member) ?? member;
  }

  /** Data sets that can be chosen by name: points on the plane. */
  get planeDatasets() {
    return this.all("dataset").filter((dataset) => dataset.inputs === 2 && !dataset.given);
  }

  /**
   * The data set that is made of what a user gives in `field`: painted points, or the columns of a table.
   *
   * @param {"points" | "columns"} field
   */
  givenBy(field) {
    return this.all("dataset").find((dataset) => dataset.given && field in dataset.fields)?.name ?? "";
  }

  /** Presets that this page can draw. @returns {Preset[]} */
  get planePresets() {
    return this.#document.presets.filter((preset) => this.isOnPlane(preset.spec));
  }

  /** Presets whose examples are images. @returns {Preset[]} */
  get imagePresets() {
    return this.#document.presets.filter((preset) => this.isOfImages(preset.spec));
  }

  /**
   * Features are what a network sees of a point, so that data on the plane have some, and no others.
   *
   * @param {Spec} spec
   */
  isOnPlane(spec) {
    return spec.data.features.length > 0;
  }

  /** @param {Spec} spec */
  isOfImages(spec) {
    return Boolean(this.find("dataset", spec.data.dataset.name)?.image);
  }

  /**
   * Losses that suit the task of the spec's data set.
   *
   * @param {Spec} spec
   */
  lossesFor(spec) {
    const task = this.find("dataset", spec.data.dataset.name)?.task;
    return this.all("loss").filter(({ tasks }) => tasks === undefined || task === undefined || tasks.includes(task));
  }

  /**
   * The metrics that judge a task, in their order; the loss is none.
   *
   * @param {string} task
   */
  metricsFor(task) {
    return this.all("metric").filter(({ tasks }) => tasks?.includes(task));
  }

  /**
   * What a figure of the curves is called: a metric, or the loss or the rate of which the page has its own word.
   *
   * @param {string} name
   */
  metricName(name) {
    return words(this.find("metric", name)?.label) || t(`metrics.${name}`);
  }

  /**
   * What a metric means; nothing of what is none.
   *
   * @param {string} name
   * @param {string} task
   */
  metricMeaning(name, task) {
    const metric = this.find("metric", name);
    const meaning = words(metric?.help);
    return metric?.averaged && task === "multiclass" ? t("metrics.mean", { meaning }) : meaning;
  }

  /**
   * The least and the greatest that a figure of the curves can be; null: no end. A loss and a rate begin at zero.
   *
   * @param {string} name
   * @returns {[number | null, number | null]}
   */
  rangeOf(name) {
    return this.find("metric", name)?.range ?? [0, null];
  }

  /**
   * Activations that a layer of so many units can have.
   *
   * @param {number} units
   */
  activationsFor(units) {
    return this.all("activation").filter(({ layerwise }) => !layerwise || units > 1);
  }

  /**
   * The field of a spec's own member, such as `training.batch_size`.
   *
   * @param {string} path
   * @returns {Field}
   */
  field(path) {
    return this.#document.fields[path] ?? { type: "number" };
  }

  /**
   * A field within what this server allows: its limits may be tighter than the engine's.
   *
   * @param {string} name
   * @param {Field} field
   * @returns {Field}
   */
  #limited(name, field) {
    const limit = this.limits[name];
    return limit !== undefined && field.maximum !== undefined && limit < field.maximum
      ? { ...field, maximum: limit }
      : field;
  }

  /**
   * What the page calls a field of the spec; its path where the catalogue has no word for it.
   *
   * @param {string} path  such as `training.optimizer.learning_rate` or `network.layers[2].units`
   */
  nameOf(path) {
    const own = this.#document.fields[path.replace(/\[\d+\]/g, "[]")];
    const last = path.split(".").at(-1) ?? "";
    const components = Object.values(this.#document.components).flat();
    const field = own ?? components.find(({ fields }) => last in fields)?.fields[last];
    const layer = /^network\.layers\[(\d+)\]/.exec(path);
    const label = words(field?.label);
    if (layer === null) return label || path;
    return [t("network.layer", { layer: Number(layer[1]) + 1 }), label].filter(Boolean).join(", ");
  }

  /**
   * What a component is called, of whatever kind; its name where the catalogue has no word for it.
   *
   * @param {string} name
   */
  labelOf(name) {
    const component = Object.values(this.#document.components)
      .flat()
      .find((candidate) => candidate.name === name);
    return words(component?.label) || name;
  }

  /**
   * A spec's component with its description: what it is called, and its fields with their values.
   *
   * @param {string} kind
   * @param {Chosen} chosen
   */
  describe(kind, chosen) {
    const component = this.find(kind, chosen.name);
    const fields = Object.entries(component?.fields ?? {}).map(([name, field]) => ({
      name,
      field: this.#limited(name, field),
      value: chosen[name] ?? field.default,
    }));
    return { component, fields };
  }
}
