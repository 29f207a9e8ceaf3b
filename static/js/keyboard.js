/** @import { Session } from "./session.js" */

/** Where the space bar already means something. */
const OWN_SPACE = "button, a, input, select, textarea, summary, [contenteditable], [popover]";

/**
 * Space plays and pauses.
 *
 * @param {Session} session
 */
export function listenForShortcuts(session) {
  addEventListener("keydown", (event) => {
    if (event.key !== " " || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.closest(OWN_SPACE)) return;
    event.preventDefault();
    session.toggleRun();
  });
}
