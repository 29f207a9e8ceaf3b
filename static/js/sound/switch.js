import { effect } from "@preact/signals";
import { explain } from "../problems.js";
import { hearsLoss } from "../preferences.js";

/** @import { Store } from "../store.js" */

/** Sound costs nothing until it is wanted: its module is fetched when it is first switched on. @param {Store} store */
export function listenForSound(store) {
  effect(() => {
    if (!hearsLoss.value) return undefined;
    let isWanted = true;
    let silence = () => {};
    const forget = whenTouched(() => {
      import("./voice.js").then(
        ({ sing }) => {
          if (isWanted) silence = sing(store);
        },
        (error) => store.notify(explain(error), "error"),
      );
    });
    return () => {
      isWanted = false;
      forget();
      silence();
    };
  });
}

/**
 * Begin as soon as the page has been touched: before that no browser lets it sound. Returns what gives it up.
 *
 * @param {() => void} begin
 */
function whenTouched(begin) {
  if (navigator.userActivation?.hasBeenActive ?? true) {
    begin();
    return () => {};
  }
  const forget = () => {
    removeEventListener("pointerdown", start);
    removeEventListener("keydown", start);
  };
  const start = () => {
    forget();
    begin();
  };
  addEventListener("pointerdown", start);
  addEventListener("keydown", start);
  return forget;
}
