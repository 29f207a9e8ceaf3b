import { html } from "../html.js";
import { t } from "../i18n.js";
import { Divergence, Ended } from "../panels/ended.js";
import { Notices } from "../panels/notices.js";
import { Confusion } from "./confusion.js";
import { Digits } from "./digits.js";
import { Network } from "./network.js";
import { Pad } from "./pad.js";
import { Progress } from "./progress.js";
import { Setup } from "./setup.js";
import { LabTransport } from "./transport.js";

/** @import { PanelProps } from "../panels/playground.js" */
/** @import { Lab } from "./lab.js" */

/** @typedef {PanelProps & { lab: Lab }} LabProps */

/** The whole page below its header: set up, network, answers; then what it says of the test digits. @param {LabProps} props */
export function Mnist(props) {
  return html`<${LabTransport} ...${props} />
    <${Divergence} ...${props} />
    <${Ended} ...${props} />
    <main class="lab">
      <h1 class="visually-hidden">${t("mnist.title")}</h1>
      <section class="card setup" aria-labelledby="setup-title"><${Setup} ...${props} /></section>
      <section class="card lab-progress" aria-labelledby="progress-title"><${Progress} ...${props} /></section>
      <section class="card lab-network" aria-labelledby="network-title"><${Network} ...${props} /></section>
      <section class="card pad-card" aria-labelledby="pad-title"><${Pad} ...${props} /></section>
      <section class="card digits-card" aria-labelledby="digits-title"><${Digits} ...${props} /></section>
      <section class="card confusion-card" aria-labelledby="confusion-title"><${Confusion} ...${props} /></section>
    </main>
    <${Notices} ...${props} />`;
}
