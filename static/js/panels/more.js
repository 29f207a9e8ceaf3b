import { Icon } from "../controls/icon.js";
import { lazily } from "../controls/lazy.js";
import { Popover } from "../controls/popover.js";
import { html } from "../html.js";
import { t } from "../i18n.js";

/** @import { Spec } from "../types.js" */
/** @import { PanelProps } from "./playground.js" */

const Parts = lazily(() => import("./more-parts.js"));

/** How it learns in all detail, one press away: each part says in a line how it is set, and opens. @param {PanelProps} props */
export function More({ store, session }) {
  const spec = store.spec.value;
  const changed = countChanged(spec, store.catalogue.defaults);
  const caption = html`<span class="picker-label">${t("more.title")}</span>
    <span class="picker-value">
      <span class="picker-name">
        ${store.hidden.value.has("batch") ? t("more.details") : t("more.batch", { size: spec.training.batch_size })}
        ${changed > 0 && html`<span title=${t("more.changed", { count: changed })}> +${changed}</span>`}
      </span>
      <${Icon} name="chevron" />
    </span>`;
  return html`<${Popover}
    label=${caption}
    buttonClass="picker"
    id="more"
    panelLabel=${t("more.panel")}
    part="more"
    onNear=${Parts.fetch}
  >
    ${() => html`<${Parts} store=${store} session=${session} />`}
  <//>`;
}

/**
 * How many things behind this button are not as they are at first.
 *
 * @param {Spec} spec
 * @param {Spec} defaults
 */
function countChanged({ training }, { training: usual }) {
  const names = /** @type {const} */ (["input_noise", "input_shift", "schedule", "warmup_epochs", "clipping", "stop"]);
  return names.filter((name) => JSON.stringify(training[name]) !== JSON.stringify(usual[name])).length;
}
