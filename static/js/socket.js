import { decodeFrame } from "./frame.js";
import { Problem } from "./problems.js";

/** @import { Frame } from "./frame.js" */

/** Close codes after which trying again with the same token is useless. */
const FINAL_CODES = new Set([4401, 4403, 4404]);
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 15_000;

/**
 * How long to wait before the attempt after `failures` failed ones: doubling, and spread by up to a half so that a
 * class does not come back at the same instant.
 *
 * @param {number} failures  at least 1
 * @param {number} chance  in [0, 1)
 */
export const reconnectDelay = (failures, chance) =>
  Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1)) * (1 - chance / 2);

/**
 * @typedef {object} StreamHandlers
 * @property {() => number} lastPoint  the number of the newest point that is already here
 * @property {(deliver: () => void) => void} onArrival  something has come; `deliver` hands over all that has by then
 * @property {(event: any) => void} onEvent
 * @property {(frame: Frame) => void} onFrame
 * @property {() => void} onOpen
 * @property {() => void} onLost  the connection broke; another attempt is planned
 * @property {(code: number) => void} onEnd  it is no use to try again
 */

/** The WebSocket of one session: says hello, matches answers with commands, comes back when the connection is lost. */
export class Stream {
  #url;
  #token;
  #handlers;
  /** @type {WebSocket | null} */
  #socket = null;
  #failures = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;
  /** What has come and was not handed over yet, oldest first. @type {(string | ArrayBuffer)[]} */
  #arrived = [];
  #lastId = 0;
  /** @type {Map<number, { resolve: (answer: any) => void, reject: (error: Problem) => void }>} */
  #waiting = new Map();
  #isEnded = false;

  /**
   * @param {string} url
   * @param {string} token
   * @param {StreamHandlers} handlers
   */
  constructor(url, token, handlers) {
    this.#url = url;
    this.#token = token;
    this.#handlers = handlers;
  }

  connect() {
    clearTimeout(this.#retry);
    if (this.#isEnded || this.#socket !== null) return;
    const socket = new WebSocket(this.#url);
    socket.binaryType = "arraybuffer";
    socket.onopen = () =>
      socket.send(JSON.stringify({ type: "hello", token: this.#token, last_point: this.#handlers.lastPoint() }));
    socket.onmessage = ({ data }) => {
      // A socket that was given up may still deliver what was on its way.
      if (socket !== this.#socket) return;
      this.#arrived.push(data);
      if (this.#arrived.length === 1) this.#handlers.onArrival(() => this.#deliver());
    };
    socket.onclose = ({ code }) => {
      if (socket === this.#socket) this.#lose(code);
    };
    this.#socket = socket;
  }

  /** Give the connection up without waiting for the network to notice, and try again later. */
  drop() {
    const socket = this.#socket;
    if (socket === null) return;
    this.#lose(1006);
    socket.close();
  }

  /** Leave for good. */
  end() {
    this.#isEnded = true;
    clearTimeout(this.#retry);
    const socket = this.#socket;
    this.#socket = null;
    this.#arrived = [];
    this.#rejectAll();
    socket?.close();
  }

  /**
   * Send a command and return the server's answer.
   *
   * @param {Record<string, any>} command
   * @returns {Promise<any>}
   */
  command(command) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return Promise.reject(new Problem({ code: "not_connected" }));
    const id = ++this.#lastId;
    const answer = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#socket.send(JSON.stringify({ ...command, id }));
    return answer;
  }

  /**
   * Tell which frame was drawn, so that the server sends the next.
   *
   * @param {number} seq
   */
  seen(seq) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify({ type: "seen", seq }));
  }

  #deliver() {
    const arrived = this.#arrived;
    this.#arrived = [];
    for (const data of arrived) this.#receive(data);
  }

  /** @param {string | ArrayBuffer} data */
  #receive(data) {
    if (typeof data !== "string") {
      this.#handlers.onFrame(decodeFrame(data));
      return;
    }
    const event = JSON.parse(data);
    const waiting = this.#waiting.get(event.id);
    if (waiting !== undefined) {
      this.#waiting.delete(event.id);
      if (event.type === "ack") waiting.resolve(event);
      else waiting.reject(new Problem(event));
      return;
    }
    if (event.type === "ack") return;
    this.#handlers.onEvent(event);
    if (event.type === "welcome") {
      this.#failures = 0;
      this.#handlers.onOpen();
    }
  }

  /** @param {number} code */
  #lose(code) {
    this.#deliver();
    this.#socket = null;
    this.#rejectAll();
    if (FINAL_CODES.has(code)) {
      this.#isEnded = true;
      this.#handlers.onEnd(code);
      return;
    }
    this.#failures += 1;
    this.#retry = setTimeout(() => this.connect(), reconnectDelay(this.#failures, Math.random()));
    this.#handlers.onLost();
  }

  #rejectAll() {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new Problem({ code: "not_connected" }));
  }
}
