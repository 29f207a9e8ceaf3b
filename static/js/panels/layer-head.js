import { ComponentPicker } from "../controls/component-picker.js";
import { Icon } from "../controls/icon.js";
import { html } from "../html.js";
import { t } from "../i18n.js";

/** @import { Column } from "../draw/layout.js" */
/** @import { Chosen, HiddenLayer, Json } from "../types.js" */
/** @import { PanelProps } from "./playground.js" */

const MAX_WIDTH_PX = 160;

/** @param {Column} column */
const place = ({ x, gap }) => ({ left: `${x}px`, width: `${Math.min(gap - 4, MAX_WIDTH_PX)}px` });

/**
 * The head of a column that has nothing to choose: the inputs, the output.
 *
 * @param {{ column: Column, title: string, note: string }} props
 */
export function PlainHead({ column, title, note }) {
  return html`<div class="layer-head" style=${place(column)}>
    <span class="layer-title">${title}</span>
    <span class="layer-note">${note}</span>
  </div>`;
}

/**
 * The head of a hidden layer: its activation, and how many units it has.
 *
 * @param {PanelProps & HiddenLayer & { index: number, column: Column }} props
 */
export function LayerHead({ store, session, index, column, units, activation }) {
  const { catalogue } = store;
  const disabled = !store.mayWrite.value;
  const layer = t("network.layer", { layer: index + 1 });
  // An activation that shares something out among the units is nothing with a single one.
  const fewest = catalogue.find("activation", activation.name)?.layerwise ? 2 : 1;

  /** @param {(layer: HiddenLayer) => HiddenLayer} change */
  const change = (change) => {
    const { layers } = store.spec.peek().network;
    session.configure({ network: { layers: layers.map((other, at) => (at === index ? change(other) : other)) } });
  };
  /** @param {number} by */
  const changeUnits = (by) => change((layer) => ({ ...layer, units: Math.max(fewest, layer.units + by) }));
  /** @param {Json} patch */
  const changeActivation = (patch) =>
    change((layer) => ({
      ...layer,
      // Layers stand in a list, which a patch replaces whole: another activation starts with its own defaults.
      activation: "name" in patch ? /** @type {Chosen} */ (patch) : { ...layer.activation, ...patch },
    }));

  return html`<div class="layer-head" role="group" aria-label=${layer} style=${place(column)}>
    <${ComponentPicker}
      catalogue=${catalogue}
      kind="activation"
      label=${t("network.activation_of", { layer })}
      chosen=${activation}
      choices=${catalogue.activationsFor(units)}
      isCompact=${true}
      disabled=${disabled}
      onChange=${changeActivation}
    />
    <span class="layer-note">${t("network.units", { count: units })}</span>
    <span class="layer-buttons" data-part="units">
      <button
        class="square"
        type="button"
        aria-label=${t("network.remove_unit", { layer })}
        title=${t("network.remove_unit", { layer })}
        disabled=${disabled || units <= fewest}
        onClick=${() => changeUnits(-1)}
      >
        <${Icon} name="minus" />
      </button>
      <button
        class="square"
        type="button"
        aria-label=${t("network.add_unit", { layer })}
        title=${t("network.add_unit", { layer })}
        disabled=${disabled || units >= catalogue.limits.units}
        onClick=${() => changeUnits(1)}
      >
        <${Icon} name="plus" />
      </button>
    </span>
  </div>`;
}
