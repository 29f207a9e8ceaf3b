import { useEffect, useState } from "preact/hooks";
import { html } from "../html.js";
import { explain } from "../problems.js";

/** @import { Api } from "../api.js" */
/** @import { Credentials } from "../types.js" */

/**
 * The QR code of an address, drawn by the server.
 *
 * @param {object} props
 * @param {Api} props.api
 * @param {Credentials} props.credentials
 * @param {string} props.address
 * @param {string | null} props.token  of the session that it opens
 * @param {string} [props.setup]  what stands after # where there is no token
 * @param {string} props.label
 */
export function Qr({ api, credentials, address, token, setup = "", label }) {
  const [source, setSource] = useState("");
  const [failure, setFailure] = useState("");

  useEffect(() => {
    let isWanted = true;
    let url = "";
    api.qr(credentials, address, token, setup).then(
      (image) => {
        if (!isWanted) return;
        url = URL.createObjectURL(image);
        setSource(url);
        setFailure("");
      },
      (error) => isWanted && setFailure(explain(error)),
    );
    return () => {
      isWanted = false;
      URL.revokeObjectURL(url);
    };
  }, [address, token, setup]);

  if (failure !== "") return html`<p class="help" role="alert">${failure}</p>`;
  // Before the code has come its place is there already: nothing jumps.
  return html`<div class="qr">${source && html`<img src=${source} alt=${label} />`}</div>`;
}
