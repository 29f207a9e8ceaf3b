import { base } from "./environment.js";
import { Playground } from "./panels/playground.js";
import { explain } from "./problems.js";
import { startPage } from "./start.js";

startPage({
  memoryPrefix: "",
  hasLinks: true,
  hasTour: true,
  presetsOf: (catalogue) => catalogue.planePresets,
  rules: {
    firstSpec: (catalogue) => catalogue.defaults,
    startsAtOnce: true,
    // Epochs a second that a person can follow: about one a frame.
    speed: 20,
    // A picture for each of them; of what is faster than that, as many as look smooth.
    framesPerSecond: (speed) => (speed !== null && speed <= 20 ? 20 : 30),
    view: {},
    runCommand: (store) => ({ type: "run", speed: store.speed.peek() }),
    suits: (catalogue, spec) => !catalogue.isOfImages(spec),
    otherPage: `${base}/mnist`,
  },
  connect: ({ api, store }) => {
    api.previews().then(
      (previews) => {
        store.previews.value = previews;
      },
      (error) => store.notify(explain(error), "error"),
    );
    return Playground;
  },
});
