import { html } from "../html.js";

/**
 * @typedef {{ actual: number, predicted: number }} Cell
 *
 * @typedef {object} ConfusionMatrixProps
 * @property {number[][]} confusion  a row an actual class, a column a predicted one
 * @property {(index: number) => string} nameOf  a class
 * @property {{ caption: string, actual: string, predicted: string }} words
 * @property {(cell: Cell, count: number) => string} say  a cell in words
 * @property {(cell: Cell) => string} [tagOf]  what a cell is called, where there are two classes
 * @property {Cell | null} [chosen]
 * @property {(cell: Cell) => void} [onChoose]  what a press on a cell does; without it there is nothing to press
 */

/**
 * How often each class was taken for each. The diagonal is right, and told from the rest by weight as well as hue.
 *
 * @param {ConfusionMatrixProps} props
 */
export function ConfusionMatrix({ confusion, nameOf, words, say, tagOf, chosen = null, onChoose }) {
  const classes = confusion.map((_, index) => index);
  const largest = largestCounts(confusion);

  /** @param {Cell} cell */
  const drawCell = (cell) => {
    const { actual, predicted } = cell;
    const count = confusion[actual][predicted];
    const isRight = actual === predicted;
    // The eye compares areas of colour: counts of one and two must be seen beside a thousand.
    const share = Math.sqrt(count / (isRight ? largest.right : largest.wrong));
    const content = html`${tagOf && html`<span class="confusion-tag">${tagOf(cell)}</span>`}${count === 0 ? "·" : count}`;
    return html`<td key=${predicted} class=${isRight ? "is-right" : ""} style=${{ "--share": share.toFixed(3) }}>
      ${
        onChoose === undefined
          ? html`<span class="confusion-count" title=${say(cell, count)}>${content}</span>`
          : html`<button
            type="button"
            aria-pressed=${chosen?.actual === actual && chosen.predicted === predicted}
            aria-label=${say(cell, count)}
            disabled=${count === 0}
            onClick=${() => onChoose(cell)}
          >
            ${content}
          </button>`
      }
    </td>`;
  };

  return html`<table class="confusion" id="confusion">
    <caption class="visually-hidden">
      ${words.caption}
    </caption>
    <thead>
      <tr>
        <td></td>
        <th class="confusion-axis" scope="colgroup" colspan=${classes.length}>${words.predicted}</th>
      </tr>
      <tr>
        <th scope="col" class="confusion-axis">${words.actual}</th>
        ${classes.map((index) => html`<th key=${index} scope="col" title=${nameOf(index)}>${nameOf(index)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${classes.map(
        (actual) =>
          html`<tr key=${actual}>
            <th scope="row" title=${nameOf(actual)}>${nameOf(actual)}</th>
            ${classes.map((predicted) => drawCell({ actual, predicted }))}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/**
 * Return the largest count on the diagonal and the largest beside it.
 *
 * @param {readonly number[][]} confusion
 */
export function largestCounts(confusion) {
  let [right, wrong] = [1, 1];
  confusion.forEach((row, actual) =>
    row.forEach((count, predicted) => {
      if (actual === predicted) right = Math.max(right, count);
      else wrong = Math.max(wrong, count);
    }),
  );
  return { right, wrong };
}
