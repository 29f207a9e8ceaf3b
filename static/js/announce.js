import { number, t } from "./i18n.js";

/** @import { EpochProgress, Metrics, RunState } from "./types.js" */

/** Losses are told with so many digits that count, accuracies in whole percent: an ear does not need more. */
const DIGITS = 3;

/** In the order in which they are told. */
const FIGURES = ["loss", "accuracy", "validation_loss", "test_loss", "test_accuracy"];

/**
 * Where a session stands, in a sentence to be heard.
 *
 * @param {{ state: RunState, epoch: number, epochProgress: EpochProgress | null, metrics: Metrics }} standing
 */
export function spoken({ state, epoch, epochProgress, metrics }) {
  const parts = [t(`state.${state}`), t("announce.epoch", { epoch: Math.floor(epoch) })];
  if (epochProgress !== null && epochProgress.examples > 0) {
    parts.push(t("transport.example_of", { example: epochProgress.examples, examples: epochProgress.of }));
  }
  for (const name of FIGURES) {
    const value = metrics[name];
    if (typeof value === "number") parts.push(t(`announce.${name}`, { value: heard(name, value) }));
  }
  return `${parts.join(", ")}.`;
}

/**
 * @param {string} name
 * @param {number} value
 */
function heard(name, value) {
  if (name.endsWith("accuracy")) return `${number(Math.round(100 * value))} %`;
  return number(Number(value.toPrecision(DIGITS)), { digits: 6 });
}
