import { useComputed } from "@preact/signals";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { newest } from "../points.js";
import { Curves, figureText } from "./curves.js";

/** @import { Store } from "../store.js" */
/** @import { CurvesProps } from "./curves.js" */

/** @typedef {CurvesProps & { referenceLabel?: string }} MeasureProps */

/**
 * One metric: its newest numbers, which are the legend too, and its curves.
 *
 * @param {MeasureProps} props
 */
export function Measure(props) {
  const { store, metric, splits, reference, referenceLabel } = props;
  return html`<figure class="measure">
    <figcaption>${store.catalogue.metricName(metric)}</figcaption>
    <dl class="figures">
      ${splits.map(
        ({ name, prefix, line }) => html`<div key=${name}>
          <dt title=${t(`split.${name}`)}><${LineKey} line=${line} />${t(`split.${name}_short`)}</dt>
          <dd><${Figure} store=${store} metric=${prefix + metric} /></dd>
        </div>`,
      )}
      ${
        reference !== undefined &&
        html`<div>
          <dt><${LineKey} line="reference" />${referenceLabel}</dt>
          <dd><span class="figure-value is-reference">${figureText(reference)}</span></dd>
        </div>`
      }
    </dl>
    <${Curves} ...${props} />
  </figure>`;
}

/** How a curve is drawn. @param {{ line: "solid" | "dashed" | "dotted" | "reference" }} props */
export function LineKey({ line }) {
  return html`<svg class="line-key is-${line}" viewBox="0 0 24 8" aria-hidden="true"><path d="M0 4h24" /></svg>`;
}

/** The newest value of a metric. @param {{ store: Store, metric: string }} props */
export function Figure({ store, metric }) {
  const text = useComputed(() => {
    const { [metric]: value, ...others } = store.metrics.value;
    if (value !== undefined) return figureText(value);
    // What is measured once an epoch is missing from the newest point within one; else there is nothing to be known.
    const isMeasured = `${/^(?:validation_|test_)?/.exec(metric)?.[0]}loss` in others;
    return figureText(isMeasured ? undefined : newest(store.points.value, metric)?.value);
  });
  return html`<span class="figure-value" id=${metric}>${text}</span>`;
}
