/** @import { SettingsChange } from "./model.js" */
/** @import { Change } from "./spec-changes.js" */
/** @import { Point } from "./types.js" */

/**
 * @typedef {{ step: number, type: string, fields: Change[] }} LoggedChange  as the server's log has it
 */

/**
 * Return the changes of settings that a log tells, as the page keeps its own: those of one epoch are one. What was set
 * before the first step is how the run began, and no change.
 *
 * @param {LoggedChange[]} logged
 * @param {number} run
 * @param {readonly Point[]} points  of the run, which tell the epoch of a step
 * @returns {SettingsChange[]}
 */
export function changesFromLog(logged, run, points) {
  /** @type {Map<number, Map<string, Change>>} */
  const found = new Map();
  for (const { step, type, fields } of logged) {
    const epoch = points.findLast((point) => point.step <= step)?.epoch ?? 0;
    if (step === 0 || type === "edited") continue;
    const what = found.get(epoch) ?? new Map();
    found.set(epoch, what);
    for (const change of wholeComponents(fields)) {
      what.set(change.field, { ...change, from: (what.get(change.field) ?? change).from });
    }
  }
  return [...found].map(([epoch, what]) => ({ run, epoch, what: [...what.values()] }));
}

/**
 * Where a component is another one, that is the change, not its fields.
 *
 * @param {Change[]} fields
 */
function wholeComponents(fields) {
  const named = fields.filter(({ field }) => field.endsWith(".name")).map(({ field }) => field.slice(0, -".name".length));
  return fields.flatMap(({ field, from, to }) => {
    const component = named.find((path) => field.startsWith(`${path}.`));
    if (component === undefined) return [{ field, from, to }];
    return field === `${component}.name` ? [{ field: component, from: { name: from }, to: { name: to } }] : [];
  });
}
