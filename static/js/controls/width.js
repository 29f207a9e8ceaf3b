import { useSignal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";

/** @import { Signal } from "@preact/signals" */
/** @import { RefObject } from "preact" */

/**
 * How wide an element is, in CSS pixels, as it changes; 0 before it is laid out. What is drawn into it has that size.
 *
 * @param {RefObject<HTMLElement | null>} element
 * @returns {Signal<number>}
 */
export function useWidth(element) {
  const width = useSignal(0);
  useLayoutEffect(() => {
    const watched = /** @type {HTMLElement} */ (element.current);
    const observer = new ResizeObserver(() => {
      width.value = watched.clientWidth;
    });
    observer.observe(watched);
    return () => observer.disconnect();
  }, []);
  return width;
}
