/** @import { View } from "./setup-link.js" */
/** @import { Credentials, Spec } from "./types.js" */

/**
 * Return the session that an address names after `#`, or null. Only `#session=ID&token=…` is one.
 *
 * @param {string} fragment
 * @returns {Credentials | null}
 */
export function parseFragment(fragment) {
  const parameters = new URLSearchParams(fragment.replace(/^#/, ""));
  const id = parameters.get("session");
  const token = parameters.get("token");
  return id && token ? { id, token } : null;
}

/**
 * Return the address that opens a session elsewhere. The token stands after `#`, so that it never reaches a log.
 *
 * @param {string} page  the page's address without fragment
 * @param {Credentials} credentials
 */
export function sessionLink(page, { id, token }) {
  return `${page}#${new URLSearchParams({ session: id, token })}`;
}

/**
 * What this tab remembers across reloads: the session that it shows, its viewer's token where it is known, the last
 * settings, from which a new session is made when the server has forgotten the old one, and how it changes them.
 *
 * @typedef {Credentials & { viewerToken?: string }} Remembered
 */
export class TabMemory {
  #storage;
  #prefix;

  /**
   * @param {Pick<Storage, "getItem" | "setItem">} storage
   * @param {string} [prefix]  of the page's keys, so that two pages in one tab don't take each other's session
   */
  constructor(storage, prefix = "") {
    this.#storage = storage;
    this.#prefix = prefix;
  }

  /** @returns {Remembered | null} */
  get session() {
    return this.#read("session");
  }

  set session(value) {
    this.#write("session", value);
  }

  /** @returns {Spec | null} */
  get spec() {
    return this.#read("spec");
  }

  set spec(value) {
    this.#write("spec", value);
  }

  /** What the page has last written into the address. @returns {string | null} */
  get link() {
    return this.#read("link");
  }

  set link(value) {
    this.#write("link", value);
  }

  /** How the experiment is looked at. @returns {View | null} */
  get view() {
    return this.#read("view");
  }

  set view(value) {
    this.#write("view", value);
  }

  /** Whether a network that is built anew keeps what it has learned. */
  get keepsWeights() {
    return this.#read("keepsWeights") === true;
  }

  set keepsWeights(value) {
    this.#write("keepsWeights", value);
  }

  /** @param {string} key */
  #read(key) {
    try {
      return JSON.parse(this.#storage.getItem(this.#prefix + key) ?? "null");
    } catch {
      return null;
    }
  }

  /**
   * @param {string} key
   * @param {any} value
   */
  #write(key, value) {
    try {
      this.#storage.setItem(this.#prefix + key, JSON.stringify(value));
    } catch {
      // Storage is full or forbidden: the page works, only a reload starts anew.
    }
  }
}
