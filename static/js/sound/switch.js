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
    import("./voice.js").then(
      ({ sing }) => {
        if (isWanted) silence = sing(store);
      },
      (error) => store.notify(explain(error), "error"),
    );
    return () => {
      isWanted = false;
      silence();
    };
  });
}
