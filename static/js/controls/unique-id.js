import { useState } from "preact/hooks";

let count = 0;

/** Return an id for an element of this component. Preact's `useId` repeats itself where a page has several roots. */
export function useUniqueId() {
  const [id] = useState(() => `control-${(count += 1)}`);
  return id;
}
