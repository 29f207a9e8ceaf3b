/**
 * What a network that learns can look like when something goes wrong, told by its own numbers. Each rule looks at the
 * situation and returns what it has seen, or null. They are modest: a rule that is not sure says nothing.
 *
 * @import { Point } from "../types.js"
 *
 * @typedef {object} LayerSituation  a hidden layer
 * @property {number} layer  0 is the first
 * @property {[number | null, number | null] | null} range  of its activation
 * @property {number} units
 * @property {number | null} silent  how many of its units are 0 wherever one looks; null: not known
 * @property {{ low: number, high: number, counts: number[] } | null} activations  what its units say to the examples
 *
 * @typedef {object} Situation
 * @property {readonly Point[]} points  of the run, in order
 * @property {number} rate  the learning rate
 * @property {LayerSituation[]} layers
 *
 * What may be done about it with one press: another learning rate, or the control that helps is opened.
 *
 * @typedef {{ rate: number } | { open: string }} Remedy
 * @typedef {{ name: string, values: Record<string, number>, remedy: Remedy }} Hint
 */

/** Fewer points tell nothing. */
const WINDOW = 20;
/** A loss below this is none to complain about. */
const SMALL_LOSS = 0.05;
/** Who is right this often needs no hint about how it learns. */
const GOOD_ACCURACY = 0.97;

/** @param {readonly number[]} values */
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** @param {readonly Point[]} points @param {string} metric @returns {number[]} */
const valuesOf = (points, metric) => points.map((point) => point[metric]).filter((value) => typeof value === "number");

/** @param {Situation} situation */
function isGood({ points }) {
  const { loss, accuracy } = points[points.length - 1];
  return (typeof accuracy === "number" && accuracy >= GOOD_ACCURACY) || (loss ?? 0) < SMALL_LOSS;
}

/** How the mean of the newest half of the window compares with that of the older half; 1: nothing has changed. */
function progressOf(/** @type {readonly number[]} */ losses) {
  const half = Math.floor(losses.length / 2);
  return mean(losses.slice(-half)) / mean(losses.slice(0, half));
}

/** Two figures are told with as many digits as they deserve. @param {number} value */
const told = (value) => Number(value.toPrecision(3));

/** Units of a layer whose activation starts at zero, and that are zero everywhere: no gradient passes through them. */
function deadUnits(/** @type {Situation} */ { layers }) {
  const found = layers.find(
    ({ range, silent, units }) => range?.[0] === 0 && silent !== null && silent > 0 && silent >= units / 2,
  );
  if (found === undefined) return null;
  return {
    name: "dead",
    values: { count: found.silent ?? 0, units: found.units, layer: found.layer + 1 },
    remedy: { open: "activation" },
  };
}

/** The loss jumps up about as often as it falls, far, and gets nowhere. */
function rateTooLarge(/** @type {Situation} */ situation) {
  const losses = valuesOf(situation.points, "loss").slice(-WINDOW);
  if (losses.length < WINDOW || situation.rate <= 0 || isGood(situation)) return null;
  const jumps = losses.slice(1).map((loss, index) => loss / losses[index] - 1);
  const ups = jumps.filter((jump) => jump > 0.05);
  if (ups.length < WINDOW / 4 || progressOf(losses) < 0.95) return null;
  return {
    name: "rate_large",
    values: { ups: ups.length, epochs: WINDOW, percent: Math.round(100 * mean(ups)), rate: told(situation.rate / 3) },
    remedy: { rate: told(situation.rate / 3) },
  };
}

/** Nearly all that a layer says lies at the ends of what it can say, and the loss does not fall: slopes there vanish. */
function saturated(/** @type {Situation} */ situation) {
  if (!isStuck(situation, WINDOW)) return null;
  for (const { layer, range, activations } of situation.layers) {
    const [low, high] = range ?? [null, null];
    if (low === null || high === null || activations === null) continue;
    const total = activations.counts.reduce((sum, count) => sum + count, 0);
    const width = (activations.high - activations.low) / activations.counts.length;
    const edge = 0.03 * (high - low);
    const atEnds = activations.counts.reduce((sum, count, bin) => {
      const middle = activations.low + (bin + 0.5) * width;
      return sum + (middle < low + edge || middle > high - edge ? count : 0);
    }, 0);
    if (total > 0 && atEnds / total > 0.8) {
      return {
        name: "saturated",
        values: { percent: Math.round((100 * atEnds) / total), layer: layer + 1 },
        remedy: { open: "initializer" },
      };
    }
  }
  return null;
}

/** On examples that it does not learn from the network has become worse for long, while on its own it became better. */
function overfitting(/** @type {Situation} */ { points }) {
  const unseen = points.some((point) => "validation_loss" in point) ? "validation_loss" : "test_loss";
  const known = points.filter((point) => typeof point[unseen] === "number");
  if (known.length < WINDOW) return null;
  const losses = valuesOf(known, unseen);
  const place = losses.indexOf(Math.min(...losses));
  const best = known[place];
  const recent = known.slice(-5);
  const now = mean(valuesOf(recent, unseen));
  const [before, since] = [losses[place], known.length - 1 - place];
  const isWorse = now > 1.15 * before && now - before > 0.02 && since >= 10;
  if (!isWorse || mean(valuesOf(recent, "loss")) >= 0.9 * (best.loss ?? 0)) return null;
  return {
    name: unseen === "test_loss" ? "overfitting_test" : "overfitting_validation",
    values: {
      before: told(before),
      epoch: best.epoch,
      now: told(now),
      train_before: told(best.loss ?? 0),
      train_now: told(mean(valuesOf(recent, "loss"))),
    },
    remedy: { open: "regularizer" },
  };
}

/** The loss falls at almost every step, and yet hardly gets anywhere. */
function rateTooSmall(/** @type {Situation} */ situation) {
  const losses = valuesOf(situation.points, "loss").slice(-2 * WINDOW);
  if (losses.length < 2 * WINDOW || situation.rate <= 0 || isGood(situation)) return null;
  const downs = losses.filter((loss, index) => index > 0 && loss < losses[index - 1]).length;
  const fallen = 1 - losses[losses.length - 1] / losses[0];
  if (downs < 0.9 * (losses.length - 1) || fallen < 0.001 || fallen > 0.03) return null;
  return {
    name: "rate_small",
    values: {
      percent: Number((100 * fallen).toPrecision(2)),
      epochs: losses.length,
      rate: told(3 * situation.rate),
    },
    remedy: { rate: told(3 * situation.rate) },
  };
}

/** Nothing changes any more, and it is not good yet. */
function plateau(/** @type {Situation} */ situation) {
  if (!isStuck(situation, 2 * WINDOW)) return null;
  const losses = valuesOf(situation.points, "loss").slice(-2 * WINDOW);
  const [before, now] = [mean(losses.slice(0, WINDOW)), mean(losses.slice(-WINDOW))];
  return {
    name: "plateau",
    values: { epochs: losses.length, before: told(before), now: told(now) },
    remedy: { open: "layers" },
  };
}

/**
 * Whether the loss has hardly changed for so many epochs, and is large.
 *
 * @param {Situation} situation
 * @param {number} epochs
 */
function isStuck(situation, epochs) {
  const losses = valuesOf(situation.points, "loss").slice(-epochs);
  if (losses.length < epochs || isGood(situation)) return false;
  return Math.abs(progressOf(losses) - 1) < 0.005;
}

/** The most certain and the most harmful first. */
const RULES = [deadUnits, rateTooLarge, saturated, overfitting, rateTooSmall, plateau];

/**
 * Return what is worth saying about a situation: one hint, of those that are not silenced, or null.
 *
 * @param {Situation} situation
 * @param {ReadonlySet<string>} [silenced]  names of hints that are not to be given
 * @returns {Hint | null}
 */
export function hintFor(situation, silenced = new Set()) {
  if (situation.points.length === 0) return null;
  for (const rule of RULES) {
    const hint = rule(situation);
    if (hint !== null && !silenced.has(hint.name)) return hint;
  }
  return null;
}
