import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { NewestOnly } from "../newest.js";
import { explain, Problem } from "../problems.js";

/** @import { Signal } from "@preact/signals" */
/** @import { Store } from "../store.js" */

/** While the network learns, its answers are asked for anew so often. */
const AGAIN_MS = 500;

/**
 * What the server says to a question about the network: asked at once when the question changes, again as the network
 * learns, and for the very state in which training rests. One at a time; not while nobody can see the page.
 *
 * @template Question
 * @template Answer
 * @param {Store} store
 * @param {() => Question | null} pose  reads signals and returns what is asked; null: nothing
 * @param {(question: Question) => Promise<Answer>} ask
 * @returns {Signal<Answer | null>}  null before the first answer, and when the data or the network are others
 */
export function useAnswer(store, pose, ask) {
  const answer = useSignal(/** @type {Answer | null} */ (null));
  const question = useComputed(pose);
  const asker = useMemo(
    () =>
      new NewestOnly(async (/** @type {{ question: Question, key: string | null }} */ asked) => {
        try {
          const said = await ask(asked.question);
          if (asked.key === store.dataKey.peek()) answer.value = said;
        } catch (error) {
          // That the session is gone is told, and cared for, elsewhere.
          if (!(error instanceof Problem && error.status === 404)) store.notify(explain(error), "error");
        }
      }),
    [],
  );
  useSignalEffect(() => {
    const key = store.dataKey.value;
    const posed = question.value;
    answer.value = null;
    if (key === null || posed === null) return undefined;
    const askNow = () => {
      if (!document.hidden) asker.ask({ question: posed, key: store.dataKey.peek() });
    };
    // Steps come far more often than anyone looks: what comes meanwhile is asked about when the time is up.
    let timer = 0;
    const stop = store.step.subscribe(() => {
      if (timer !== 0) return;
      timer = window.setTimeout(() => {
        timer = 0;
        askNow();
      }, AGAIN_MS);
    });
    const stopWatching = store.state.subscribe(askNow);
    return () => {
      stop();
      stopWatching();
      clearTimeout(timer);
    };
  });
  return answer;
}
