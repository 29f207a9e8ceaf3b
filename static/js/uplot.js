/**
 * uPlot as a module. Its small form is a script, which pages load before any module.
 *
 * @type {typeof import("uplot")}
 */
export default /** @type {any} */ (globalThis).uPlot;
