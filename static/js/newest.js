/**
 * Asks at most one question at a time. Of those that come meanwhile only the newest is asked, so that answers are never
 * late by more than one question.
 *
 * @template Question
 * @template Answer
 */
export class NewestOnly {
  #ask;
  #isAsking = false;
  /** @type {{ question: Question } | null} */
  #waiting = null;

  /** @param {(question: Question) => Promise<Answer>} ask  says what comes of it, and catches what fails */
  constructor(ask) {
    this.#ask = ask;
  }

  /** Whether an answer is awaited. */
  get isAsking() {
    return this.#isAsking;
  }

  /** @param {Question} question */
  async ask(question) {
    this.#waiting = { question };
    if (this.#isAsking) return;
    this.#isAsking = true;
    while (this.#waiting !== null) {
      const next = this.#waiting.question;
      this.#waiting = null;
      await this.#ask(next);
    }
    this.#isAsking = false;
  }
}
