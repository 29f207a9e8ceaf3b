import { signal } from "@preact/signals";
import { Problem } from "./problems.js";

/** @import { Api } from "./api.js" */
/** @import { HeldTable } from "./types.js" */

const KEY = "datasets";

/**
 * The tables that the reader has given to the server, and the token that opens their collection. As all tokens it is
 * kept for this tab; for longer, on this device, only where the reader wants it: others may use the device too.
 */
export class Tables {
  #api;
  #tab;
  #device;
  /** @type {string | null} */
  #token;

  /**
   * @param {Api} api
   * @param {Pick<Storage, "getItem" | "setItem" | "removeItem">} tab
   * @param {Pick<Storage, "getItem" | "setItem" | "removeItem">} device
   */
  constructor(api, tab, device) {
    this.#api = api;
    this.#tab = tab;
    this.#device = device;
    const kept = read(device);
    this.#token = read(tab) ?? kept;
    /** Whether the device remembers the collection when the tab is closed. */
    this.isKept = signal(kept !== null);
    /** Those that the collection holds, the newest last; null before they have been asked for. */
    this.held = signal(/** @type {HeldTable[] | null} */ (this.#token === null ? [] : null));
  }

  /** Ask which tables there are. Throws Problem. */
  async load() {
    if (this.#token === null) return;
    await this.#ofCollection(async (token) => {
      this.held.value = await this.#api.tables(token);
    });
  }

  /** A name that no other table on the list has: this one, or with a number. @param {string} name */
  freeName(name) {
    const taken = new Set((this.held.peek() ?? []).map((table) => table.name));
    let free = name;
    for (let count = 2; taken.has(free); count += 1) free = `${name} ${count}`;
    return free;
  }

  /**
   * @param {Parameters<Api["createTable"]>[0]} content
   * @param {string} name
   */
  async add(content, name) {
    const created = await this.#created(content, name);
    if (created.token !== null) this.#remember(created.token);
    const others = (this.held.peek() ?? []).filter(({ id }) => id !== created.id);
    this.held.value = [...others, { id: created.id, name: created.name, bytes: 0 }];
    return created;
  }

  /** @param {string} id */
  read(id) {
    return this.#api.table(id);
  }

  /** A table as CSV. @param {string} id */
  csv(id) {
    return this.#api.tableCsv(id);
  }

  /** Have a table no longer on the list that the server does not have. @param {string} id */
  drop(id) {
    this.held.value = (this.held.peek() ?? []).filter((table) => table.id !== id);
  }

  /**
   * @param {string} id
   * @param {string} name
   */
  async rename(id, name) {
    await this.#ofCollection((token) => this.#api.renameTable(id, name, token));
    this.held.value = (this.held.peek() ?? []).map((table) => (table.id === id ? { ...table, name } : table));
  }

  /** @param {string} id */
  async remove(id) {
    await this.#ofCollection((token) => this.#api.deleteTable(id, token));
    this.drop(id);
  }

  /** @param {boolean} isKept */
  keepOnDevice(isKept) {
    this.isKept.value = isKept;
    if (this.#token !== null) this.#remember(this.#token);
    if (!isKept) write(this.#device, null);
  }

  /**
   * @param {Parameters<Api["createTable"]>[0]} content
   * @param {string} name
   */
  async #created(content, name) {
    try {
      return await this.#api.createTable(content, name, this.#token);
    } catch (error) {
      if (!isGone(error)) throw error;
      this.#forget();
      return this.#api.createTable(content, name, null);
    }
  }

  /**
   * Do something with the collection; one that the server no longer has is forgotten. Throws Problem.
   *
   * @param {(token: string) => Promise<void>} act
   */
  async #ofCollection(act) {
    try {
      await act(this.#token ?? "");
    } catch (error) {
      if (!isGone(error)) throw error;
      this.#forget();
    }
  }

  /** @param {string} token */
  #remember(token) {
    this.#token = token;
    write(this.#tab, token);
    if (this.isKept.peek()) write(this.#device, token);
  }

  #forget() {
    this.#token = null;
    this.held.value = [];
    write(this.#tab, null);
    write(this.#device, null);
  }
}

/** @param {unknown} error */
const isGone = (error) => error instanceof Problem && error.code === "no_collection";

/** @param {Pick<Storage, "getItem">} storage */
function read(storage) {
  try {
    return storage.getItem(KEY);
  } catch {
    return null;
  }
}

/**
 * @param {Pick<Storage, "setItem" | "removeItem">} storage
 * @param {string | null} token
 */
function write(storage, token) {
  try {
    if (token === null) storage.removeItem(KEY);
    else storage.setItem(KEY, token);
  } catch {
    // Storage is full or forbidden: the list lasts as long as the page.
  }
}
