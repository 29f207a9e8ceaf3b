import { base } from "../environment.js";
import { html } from "../html.js";
import { startPage } from "../start.js";
import { Lab } from "./lab.js";
import { Mnist } from "./page.js";
import { FIRST_LAYER_UNITS } from "./weights.js";

/** @import { PanelProps } from "../panels/playground.js" */

/** @type {Lab | null} */
let lab = null;

startPage({
  memoryPrefix: "mnist.",
  presetsOf: (catalogue) => catalogue.imagePresets,
  // A preset is worth its own number of epochs.
  onPreset: ({ epochs }) => /** @type {Lab} */ (lab).setEpochs(epochs),
  rules: {
    firstSpec: (catalogue) => catalogue.imagePresets[0].spec,
    // Nobody's processor works for a while unasked.
    startsAtOnce: false,
    speed: null,
    // The weights are seen to move; more would take time from the training.
    framesPerSecond: () => 4,
    view: { arrays: ["first_layer"], first_layer_units: FIRST_LAYER_UNITS },
    runCommand: () => /** @type {Lab} */ (lab).runCommand(),
    suits: (catalogue, spec) => catalogue.isOfImages(spec),
    otherPage: `${base}/`,
  },
  connect: ({ api, store, session }) => {
    const connected = new Lab(api, store, session);
    lab = connected;
    return (/** @type {PanelProps} */ props) => html`<${Mnist} ...${props} lab=${connected} />`;
  },
});
