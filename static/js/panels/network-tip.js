export { layerName } from "./names.js";
