import { lazily } from "../controls/lazy.js";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { Columns, Scatter } from "./data/off-plane.js";
import { Data } from "./data.js";
import { Divergence, Ended } from "./ended.js";
import { Features } from "./features.js";
import { Fold } from "./fold.js";
import { Hints } from "./hints.js";
import { Lenses } from "./lenses.js";
import { Network } from "./network.js";
import { Notices } from "./notices.js";
import { Output } from "./output.js";
import { PrintedPictures } from "./printed-pictures.js";
import { PrintedSetup } from "./printed-setup.js";
import { Progress } from "./progress.js";
import { Timeline } from "./timeline.js";
import { Tour } from "./tour.js";
import { Transport } from "./transport.js";

/** @import { Session } from "../session.js" */
/** @import { Store } from "../store.js" */

/** @typedef {{ store: Store, session: Session }} PanelProps */

const SetupNotes = lazily(() => import("./setup-notes.js"));

/** The whole page below its header, from left to right: data, network, output, how well. @param {PanelProps} props */
export function Playground(props) {
  const { hasPlane, isPainting, opened } = props.store;
  // Who begins to paint needs the plane, whatever the network still learns.
  const hasMap = hasPlane.value || isPainting.value;
  return html`<h1 class="visually-hidden">${t("app.name")}</h1>
    <${Transport} ...${props} />
    <${Timeline} ...${props} />
    <${Tour} ...${props} />
    ${(opened.value?.notes.length ?? 0) > 0 && html`<${SetupNotes} ...${props} />`}
    <${Divergence} ...${props} />
    <${Ended} ...${props} />
    <${Hints} ...${props} />
    <${PrintedSetup} ...${props} />
    <${PrintedPictures} ...${props} />
    <div class="panels">
      <section class="card data" aria-labelledby="data-title">
        <${Fold} title=${t("data.title")}>
          <${Data} ...${props} />
          ${hasPlane.value ? html`<${Features} ...${props} />` : html`<${Columns} ...${props} />`}
        <//>
      </section>
      <section class="card network" aria-labelledby="network-title"><${Network} ...${props} /></section>
      <section class="card output" data-part="output" aria-labelledby="output-title">
        ${hasMap ? html`<${Output} ...${props} />` : html`<${Scatter} ...${props} />`}
      </section>
      <section class="card progress" data-part="progress" aria-labelledby="progress-title"><${Progress} ...${props} /></section>
      <section class="card lenses" data-part="lenses" aria-labelledby="lenses-title">
        <${Fold} title=${t("lenses.title")}><${Lenses} ...${props} /><//>
      </section>
    </div>
    <${Notices} ...${props} />`;
}
