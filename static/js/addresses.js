/** @import { Addresses } from "./types.js" */

/** @param {string} host */
const isLoopback = (host) => host === "localhost" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);

/**
 * Return the addresses at which others in the room open this page's server, the likeliest first; none if nobody but
 * this machine reaches it.
 *
 * @param {URL} here  the page's own address, on whichever page
 * @param {string} base  the path prefix of the server
 * @param {Addresses} server
 */
export function addressesFor(here, base, { hosts }) {
  // What this page was opened by has just been shown to work; only on the server itself that says nothing of others.
  const names = isLoopback(here.hostname) ? hosts.map(bracketed) : [here.hostname];
  const port = here.port && `:${here.port}`;
  return names.map((name) => `${here.protocol}//${name}${port}${base}/`);
}

/** @param {string} host */
const bracketed = (host) => (host.includes(":") ? `[${host}]` : host);

/**
 * Return an address as it is read out and typed: without what browsers add by themselves.
 *
 * @param {string} address
 */
export const spoken = (address) => address.replace(/^http:\/\//, "").replace(/\/$/, "");
