/** Where the space bar already means something. */
const OWN_SPACE = "button, a, input, select, textarea, summary, [contenteditable], [popover]";

/** Space plays and pauses: it presses the button, with all that the button allows. */
export function listenForShortcuts() {
  addEventListener("keydown", (event) => {
    if (event.key !== " " || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.closest(OWN_SPACE)) return;
    event.preventDefault();
    const play = document.getElementById("play");
    if (play instanceof HTMLButtonElement) play.click();
  });
}
