import { useComputed } from "@preact/signals";
import { html } from "../html.js";
import { number, t, words } from "../i18n.js";
import { figureText } from "./curves.js";
import { hasParts, presentSplits, toldMetrics } from "./progress-view.js";

/** @import { Catalogue } from "../catalogue.js" */
/** @import { Store } from "../store.js" */
/** @import { Chosen, DataFacts, Spec } from "../types.js" */
/** @import { PanelProps } from "./playground.js" */

/** On paper the setup is a table; on the screen the controls say it. @param {PanelProps} props */
export function PrintedSetup({ store }) {
  const epoch = useComputed(() => number(Math.floor(store.epoch.value)));
  const measured = useComputed(() => measuredText(store));
  return html`<table class="table printed-setup">
    <caption>${t("print.setup")}</caption>
    <tbody>
      ${setupRows(store.spec.value, store.catalogue, store.loss.value, store.facts.value).map(
        ([name, value]) => html`<tr key=${name}>
          <th scope="row">${name}</th>
          <td>${value}</td>
        </tr>`,
      )}
      <tr>
        <th scope="row">${t("transport.epoch")}</th>
        <td>${epoch}</td>
      </tr>
      <tr>
        <th scope="row">${t("progress.title")}</th>
        <td>${measured}</td>
      </tr>
    </tbody>
  </table>`;
}

/**
 * What a setup is, line by line.
 *
 * @param {Spec} spec
 * @param {Catalogue} catalogue
 * @param {string} loss  the name of the loss that trains
 * @param {DataFacts} facts
 * @returns {[string, string][]}
 */
function setupRows({ data, network, training }, catalogue, loss, { columns, target }) {
  /** @param {string} kind @param {Chosen} chosen */
  const said = (kind, chosen) => describe(catalogue, kind, chosen);
  /** @param {string} path */
  const label = (path) => catalogue.nameOf(path);
  const shares = [data.split.train, data.split.validation, data.split.test ?? 0];
  return [
    [t("data.dataset"), said("dataset", data.dataset)],
    [t("data.split"), shares.map((share) => `${number(Math.round(100 * share))} %`).join(" · ")],
    ...(columns === null
      ? []
      : [/** @type {[string, string]} */ ([t("columns.title"), `${columns.map(({ name }) => name).join(", ")} → ${target?.name}`])]),
    [t("features.title"), data.features.map((name) => said("feature", { name })).join(", ") || t("value.none")],
    [
      t("network.layers"),
      network.layers
        .map(({ units, activation, dropout }) => {
          const silenced = dropout ? `, ${t("network.dropout", { share: number(dropout) })}` : "";
          return `${number(units)} ${said("activation", activation)}${silenced}`;
        })
        .join(" · ") || t("value.none"),
    ],
    [t("network.initializer"), said("initializer", network.initializer)],
    [t("training.optimizer"), said("optimizer", training.optimizer)],
    [t("training.loss"), said("loss", loss && loss !== training.loss.name ? { name: loss } : training.loss)],
    [t("training.regularizer"), said("regularizer", training.regularizer)],
    [label("training.batch_size"), number(training.batch_size)],
    [t("more.schedule"), said("schedule", training.schedule)],
    [label("training.warmup_epochs"), number(training.warmup_epochs)],
    [t("more.clipping"), said("clipping", training.clipping)],
    [label("training.input_noise"), number(training.input_noise)],
    [t("more.stop"), training.stop.map((rule) => said("stop_rule", rule)).join(", ") || t("stop.none")],
    [t("more.seeds"), [data.seed, network.seed, training.seed].map((seed) => number(seed)).join(" · ")],
  ];
}

/**
 * What the network does now, metric by metric, for each part of the data.
 *
 * @param {Store} store
 */
function measuredText(store) {
  const splits = presentSplits(store);
  return toldMetrics(store)
    .filter(hasParts)
    .map((metric) => {
      const values = splits.map(
        ({ name, prefix }) => `${t(`split.${name}`)} ${figureText(store.metrics.value[prefix + metric])}`,
      );
      return `${store.catalogue.metricName(metric)}: ${values.join(", ")}`;
    })
    .join(" · ");
}

/**
 * A component by its name and its numbers.
 *
 * @param {Catalogue} catalogue
 * @param {string} kind
 * @param {Chosen} chosen
 */
function describe(catalogue, kind, chosen) {
  const { component, fields } = catalogue.describe(kind, chosen);
  const own = fields
    .filter(({ value }) => typeof value === "number")
    .map(({ name, field, value }) => `${words(field.label) || name} ${number(value)}`);
  const label = words(component?.label) || chosen.name;
  return own.length === 0 ? label : `${label} (${own.join(", ")})`;
}
