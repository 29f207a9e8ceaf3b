import { useSignal, useSignalEffect } from "@preact/signals";
import { Icon } from "../controls/icon.js";
import { lazily } from "../controls/lazy.js";
import { html } from "../html.js";
import { fill, pageLanguage, t, words } from "../i18n.js";

/** @import { PanelProps } from "./playground.js" */

const Diverged = lazily(() => import("./diverged.js"));

/** Why a run has ended in infinity. @param {PanelProps} props */
export function Divergence(props) {
  // The alert stands there from the start: only what appears inside of one is read out.
  return html`<div role="alert">
    ${props.store.state.value === "diverged" && html`<${Diverged} ...${props} />`}
  </div>`;
}

/** What has ended a run by itself, and why. Play goes on all the same. @param {PanelProps} props */
export function Ended({ store, session }) {
  const isDismissed = useSignal(false);
  useSignalEffect(() => {
    // The next run may end in its own way.
    if (store.state.value !== "done") isDismissed.value = false;
  });
  const rule = store.state.value === "done" ? store.catalogue.find("stop_rule", store.doneBy.value ?? "") : undefined;
  const because = rule && store.model.value?.doneBecause;
  const reason = because ? fill(because.words[pageLanguage()], because.values, pageLanguage()) : words(rule?.help);
  // It stands there from the start: only what appears inside of a status is read out.
  return html`<div role="status">
    ${
      rule &&
      !isDismissed.value &&
      html`<div class="ended" id="ended">
        <p>
          <strong>${t("ended.title", { rule: words(rule.label).toLowerCase(), epoch: Math.floor(store.epoch.value) })}</strong>${" "}
          ${reason}
        </p>
        ${
          store.mayWrite.value &&
          html`<button class="button" type="button" title=${t("ended.go_on_help")} onClick=${() => session.run()}>
            ${t("ended.go_on")}
          </button>`
        }
        <button
          class="square"
          type="button"
          aria-label=${t("notice.dismiss")}
          title=${t("notice.dismiss")}
          onClick=${() => {
            isDismissed.value = true;
          }}
        >
          <${Icon} name="close" />
        </button>
      </div>`
    }
  </div>`;
}
