import { Problem } from "./problems.js";

/** @import { Addresses, CatalogueDocument, Chosen, Credentials, Curve, Description, Load, Point } from "./types.js" */
/** @import { HeldTable, Imported, Predictions, Previews, Spec, TableDescription, TableNote } from "./types.js" */

const JSON_TYPE = "application/json";
const CSV_TYPE = "text/csv";
const SVG_TYPE = "image/svg+xml";
const MOST_NAME_LETTERS = 200;

/** The REST calls that the page makes. */
export class Api {
  #base;
  #firstSession;

  /**
   * @param {string} base  the path prefix that the server runs under
   * @param {Promise<Response>} [firstSession]  the answer to a call for a session, made before this was there
   */
  constructor(base, firstSession) {
    this.#base = `${base}/api/v1`;
    this.#firstSession = firstSession;
  }

  /** With the words of one language; the page announces this very address. @returns {Promise<CatalogueDocument>} */
  catalogue(/** @type {string} */ language) {
    return this.#request(`/catalog?lang=${language}&schema=false`);
  }

  /** @returns {Promise<Previews>} */
  previews() {
    return this.#request("/catalog/previews");
  }

  /**
   * What a component does with a number.
   *
   * @param {string} kind
   * @param {Chosen} component
   * @param {Record<string, number>} [more]  what else the curve depends on
   * @returns {Promise<Curve>}
   */
  curve(kind, component, more = {}) {
    return this.#request("/curves", { method: "POST", body: { kind, component, ...more } });
  }

  /**
   * @param {Spec} spec
   * @returns {Promise<Description & { token: string, viewer_token: string }>}
   */
  createSession(spec) {
    const asked = this.#firstSession;
    this.#firstSession = undefined;
    return this.#request("/sessions", { method: "POST", body: { spec }, asked });
  }

  /**
   * @param {Credentials} credentials
   * @returns {Promise<Point[]>}
   */
  async history({ id, token }) {
    const answer = await this.#request(`/sessions/${encodeURIComponent(id)}/history`, { token });
    return answer.points;
  }

  /**
   * @param {Credentials} credentials
   * @param {"train" | "validation" | "test"} split
   * @param {number} limit
   * @returns {Promise<{ inputs: number[][], targets: number[] }>}
   */
  data({ id, token }, split, limit) {
    return this.#request(`/sessions/${encodeURIComponent(id)}/data?split=${split}&limit=${limit}`, { token });
  }

  /**
   * The inputs of examples whose inputs are images: bytes, in NumPy's format.
   *
   * @param {Credentials} credentials
   * @param {"train" | "validation" | "test"} split
   * @param {number} offset
   * @param {number} limit
   * @returns {Promise<ArrayBuffer>}
   */
  images({ id, token }, split, offset, limit) {
    const part = new URLSearchParams({ split, offset: String(offset), limit: String(limit), array: "inputs" });
    return this.#request(`/sessions/${encodeURIComponent(id)}/data?${part}`, { token, accept: "application/x-npy" });
  }

  /**
   * What the network says of each example of a part.
   *
   * @param {Credentials} credentials
   * @param {"train" | "validation" | "test"} split
   * @returns {Promise<Predictions>}
   */
  predictions({ id, token }, split) {
    return this.#request(`/sessions/${encodeURIComponent(id)}/predictions?split=${split}`, { token });
  }

  /**
   * What the network says to one input of the reader's own.
   *
   * @param {Credentials} credentials
   * @param {readonly number[]} input
   * @returns {Promise<number[]>}
   */
  async predict({ id, token }, input) {
    const path = `/sessions/${encodeURIComponent(id)}/predict`;
    const answer = await this.#request(path, { method: "POST", token, body: { inputs: [input] } });
    return answer.outputs[0];
  }

  /**
   * What the server says to a question about the network, such as `histograms` with `{ bins: 20 }`.
   *
   * @param {Credentials} credentials
   * @param {string} name  the last part of the route
   * @param {Record<string, string | number>} [query]
   * @param {any} [body]  sent along where the question does not fit into an address
   * @returns {Promise<any>}
   */
  ask({ id, token }, name, query = {}, body = undefined) {
    const words = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
    const path = `/sessions/${encodeURIComponent(id)}/${name}${words.size > 0 ? `?${words}` : ""}`;
    return this.#request(path, { method: body === undefined ? "GET" : "POST", token, body });
  }

  /**
   * What a text of another program says: a spec, and notes on what could not be taken.
   *
   * @param {string} format
   * @param {string} text
   * @returns {Promise<Imported>}
   */
  importSpec(format, text) {
    return this.#request("/specs/import", { method: "POST", body: { format, text } });
  }

  /**
   * Send a table; without a token it begins a collection.
   *
   * @param {Blob | { columns: string[], rows: (number | string | null)[][] }} content  a text of cells, or a table
   * @param {string} name
   * @param {string | null} token
   * @returns {Promise<TableDescription & { name: string, token: string | null, notes: TableNote[] }>}
   */
  createTable(content, name, token) {
    const path = `/datasets?${new URLSearchParams({ name: name.slice(0, MOST_NAME_LETTERS) })}`;
    return this.#request(path, { method: "POST", token: token ?? undefined, body: content });
  }

  /**
   * @param {string} token  of a collection
   * @returns {Promise<HeldTable[]>}
   */
  async tables(token) {
    return (await this.#request("/datasets", { token })).datasets;
  }

  /**
   * @param {string} id
   * @returns {Promise<TableDescription & { table: { columns: string[], rows: (number | string | null)[][] } }>}
   */
  table(id) {
    return this.#request(`/datasets/${encodeURIComponent(id)}`);
  }

  /** A table as CSV. @param {string} id */
  async tableCsv(id) {
    const bytes = await this.#request(`/datasets/${encodeURIComponent(id)}`, { accept: CSV_TYPE });
    return new TextDecoder().decode(bytes);
  }

  /**
   * @param {string} id
   * @param {string} name
   * @param {string} token  of the collection
   */
  renameTable(id, name, token) {
    const words = new URLSearchParams({ name: name.slice(0, MOST_NAME_LETTERS) });
    return this.#request(`/datasets/${encodeURIComponent(id)}?${words}`, { method: "PATCH", token });
  }

  /**
   * @param {string} id
   * @param {string} token  of the collection
   */
  deleteTable(id, token) {
    return this.#request(`/datasets/${encodeURIComponent(id)}`, { method: "DELETE", token });
  }

  /** Where others reach the server. @returns {Promise<Addresses>} */
  addresses() {
    return this.#request("/addresses");
  }

  /**
   * The QR code of a page of this server, as SVG; with a token, of the session on that page. The token travels in the
   * body: addresses end up in logs.
   *
   * @param {Credentials} credentials
   * @param {string} address
   * @param {string | null} token
   * @param {string} [setup]  what stands after # instead
   * @returns {Promise<Blob>}
   */
  async qr({ id, token: own }, address, token, setup = "") {
    const path = `/sessions/${encodeURIComponent(id)}/qr`;
    const body = setup === "" ? { address, token } : { address, token, setup };
    const bytes = await this.#request(path, { method: "POST", token: own, body, accept: SVG_TYPE });
    return new Blob([bytes], { type: SVG_TYPE });
  }

  /**
   * How much the server has to do; for who has the administrator's token.
   *
   * @param {string} token
   * @returns {Promise<Load>}
   */
  load(token) {
    return this.#request("/admin/load", { token });
  }

  /** @param {string} id */
  streamUrl(id) {
    const url = new URL(`${this.#base}/sessions/${encodeURIComponent(id)}/stream`, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    return url.href;
  }

  /**
   * @param {string} path
   * @param {{ method?: string, body?: any, token?: string, accept?: string, asked?: Promise<Response> }} [options]
   *   `asked`: the answer, where the call has been made already
   * @returns {Promise<any>}
   */
  async #request(path, { method = "GET", body, token, accept = JSON_TYPE, asked } = {}) {
    /** @type {Record<string, string>} */
    const headers = { Accept: accept };
    if (body !== undefined) headers["Content-Type"] = body instanceof Blob ? body.type : JSON_TYPE;
    if (token !== undefined) headers.Authorization = `Bearer ${token}`;
    let response;
    try {
      asked ??= fetch(this.#base + path, {
        method,
        headers,
        body: body === undefined || body instanceof Blob ? body : JSON.stringify(body),
      });
      response = await asked;
    } catch {
      throw new Problem({ code: "unreachable" });
    }
    if (response.status === 204) return null;
    if (response.ok) return accept === JSON_TYPE ? response.json() : response.arrayBuffer();
    throw new Problem(await problemDocument(response));
  }
}

/** @param {Response} response */
async function problemDocument(response) {
  const seconds = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  const retryAfter = seconds >= 0 ? seconds : undefined;
  try {
    const document = await response.json();
    if (typeof document.code === "string") return { status: response.status, ...document, retryAfter };
  } catch {
    // Not JSON: a proxy answered in the server's place.
  }
  const title = `${response.status} ${response.statusText}`;
  return { status: response.status, code: "unexpected_answer", title, retryAfter };
}
