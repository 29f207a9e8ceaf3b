import { h } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

/** @import { ComponentChildren, FunctionComponent, ComponentType } from "preact" */

/** What could not be fetched is asked for again after so long, for as long as it is wanted. */
const AGAIN_MS = 2000;

/** @type {(error: unknown) => void} */
let tell = () => {};

/** Have somebody told when a part of the page cannot be fetched. @param {(error: unknown) => void} listener */
export function onMissingPart(listener) {
  tell = listener;
}

/**
 * A component that is fetched when it is first drawn, so that a first visit does not pay for it. `fetch` has it ready
 * before: called when a pointer or the focus comes near to what opens it, it costs no time that anybody notices.
 *
 * @typedef {FunctionComponent<any> & { fetch: () => void }} Lazy
 */

/**
 * Make one. Its module's default export draws it.
 *
 * @param {() => Promise<{ default: ComponentType<any> }>} load
 * @param {() => ComponentChildren} [meanwhile]  what stands in its place until it is there
 * @returns {Lazy}
 */
export function lazily(load, meanwhile = () => null) {
  /** @type {ComponentType<any> | null} */
  let component = null;
  /** @type {Promise<void> | null} */
  let fetching = null;
  const fetchOnce = () => {
    fetching ??= load().then(
      (module) => {
        component = module.default;
      },
      (error) => {
        // The next one who opens it asks again.
        fetching = null;
        throw error;
      },
    );
    return fetching;
  };

  /** @param {any} props */
  function Fetched(props) {
    const [isThere, setThere] = useState(component !== null);
    useLayoutEffect(() => {
      if (isThere) return undefined;
      let isWanted = true;
      let isTold = false;
      const fetchUntilThere = () => {
        if (!isWanted) return;
        fetchOnce().then(
          () => isWanted && setThere(true),
          (error) => {
            if (isWanted && !isTold) tell(error);
            isTold = true;
            setTimeout(fetchUntilThere, AGAIN_MS);
          },
        );
      };
      fetchUntilThere();
      return () => {
        isWanted = false;
      };
    }, []);
    return component === null ? meanwhile() : h(component, props);
  }
  Fetched.fetch = () => {
    fetchOnce().catch(() => {
      // Said where it is drawn.
    });
  };
  return Fetched;
}
