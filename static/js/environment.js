/** What the server told the page when it rendered it: attributes of <html>, since inline scripts are forbidden. */
const { dataset, lang } = document.documentElement;

export const base = dataset.base ?? "";
export const staticUrl = dataset.static ?? "";
export const language = lang === "it" ? "it" : "en";
