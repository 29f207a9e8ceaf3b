import { useEffect, useState } from "preact/hooks";
import { addressesFor, spoken } from "../addresses.js";
import { CopyButton } from "../controls/copy-button.js";
import { Icon } from "../controls/icon.js";
import { Qr } from "../controls/qr.js";
import { sessionLink } from "../credentials.js";
import { base } from "../environment.js";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { explain } from "../problems.js";

/** @import { ComponentType } from "preact" */
/** @import { Api } from "../api.js" */
/** @import { Session } from "../session.js" */
/** @import { Store } from "../store.js" */
/** @import { Addresses, Credentials } from "../types.js" */

/**
 * What others are invited to: a network of their own, to watch this one, or to drive it as well.
 *
 * @typedef {"own" | "watch" | "drive"} Purpose
 *
 * @typedef {object} Invitation
 * @property {Purpose} purpose
 * @property {string} address  the page's, without a token
 * @property {string | null} token
 *
 * @typedef {{ api: Api, store: Store, session: Session, hasLinks?: boolean }} ShareProps
 */

/** @typedef {"invite" | "setup" | "save"} Kind  others come here, take the setup with them, or it is kept in files */
const KINDS = /** @type {const} */ (["invite", "setup", "save"]);

/**
 * How others find this server, and this session on it.
 *
 * @param {ShareProps & { onProject: (invitation: Invitation) => void }} props
 */
export default function Share(props) {
  const { api, store, session, hasLinks = false } = props;
  const [server, setServer] = useState(/** @type {Addresses | null} */ (null));
  const [failure, setFailure] = useState("");
  const [kind, setKind] = useState(/** @type {Kind} */ ("invite"));
  const [fetched, setFetched] = useState(/** @type {{ setup?: ComponentType<any>, save?: ComponentType<any> }} */ ({}));
  /** @param {Kind} name */
  const choose = async (name) => {
    setKind(name);
    try {
      if (name === "setup") {
        const { SetupShare } = await import("./share-setup.js");
        setFetched((others) => ({ ...others, setup: SetupShare }));
      } else if (name === "save") {
        const { SaveShare } = await import("./share-save.js");
        setFetched((others) => ({ ...others, save: SaveShare }));
      }
    } catch (error) {
      store.notify(explain(error), "error");
    }
  };
  useEffect(() => {
    api.addresses().then(setServer, (error) => setFailure(explain(error)));
  }, []);

  const { credentials } = session;
  if (credentials === null) return html`<p class="help">${t("share.not_yet")}</p>`;
  if (failure !== "") return html`<p class="help" role="alert">${failure}</p>`;
  // The panel is placed when it opens; what it holds must have its height by then.
  if (server === null) return html`<div class="share"></div>`;
  const invitations = html`<${Invitations} ...${props} credentials=${credentials} server=${server} />`;
  if (!hasLinks) return invitations;
  const [address] = addressesFor(new URL(location.href), base, server);
  const page = address ?? location.origin + location.pathname;
  return html`<div class="share-kinds">
    <fieldset class="segments">
      <legend class="visually-hidden">${t("share.kind")}</legend>
      ${KINDS.map(
        (name) => html`<label key=${name}>
          <input type="radio" name="share-kind" checked=${name === kind} onChange=${() => choose(name)} />
          <span>${t(`share.kind.${name}`)}</span>
        </label>`,
      )}
    </fieldset>
    ${kind === "invite" && invitations}
    ${
      kind === "setup" &&
      fetched.setup &&
      html`<div class="share">
        <${fetched.setup} ...${{ api, store, session, credentials, page }} isReachable=${address !== undefined} />
      </div>`
    }
    ${kind === "save" && fetched.save && html`<div class="share"><${fetched.save} ...${{ api, store, session }} /></div>`}
  </div>`;
}

/**
 * @param {ShareProps & { credentials: Credentials, server: Addresses, onProject: (invitation: Invitation) => void }}
 *   props
 */
function Invitations({ api, store, session, credentials, server, onProject }) {
  const tokens = tokensOf(session, credentials, store.isViewer.value);
  const purposes = /** @type {Purpose[]} */ (Object.keys(tokens));
  const [purpose, setPurpose] = useState(purposes[0]);
  const reachable = addressesFor(new URL(location.href), base, server);
  const [address, setAddress] = useState(reachable[0]);

  const isReachable = address !== undefined;
  const root = address ?? `${location.origin}${base}/`;
  const token = tokens[purpose] ?? null;
  const page = token === null ? root : new URL(location.pathname, root).href;
  const link = token === null ? page : sessionLink(page, { id: credentials.id, token });

  /** @param {Event & { currentTarget: HTMLElement }} event */
  const project = (event) => {
    /** @type {HTMLElement} */ (event.currentTarget.closest("[popover]")).hidePopover();
    onProject({ purpose, address: page, token });
  };
  return html`<div class="share">
    <${Purposes} purposes=${purposes} chosen=${purpose} onChoose=${setPurpose} />
    ${
      isReachable
        ? html`<${Address} addresses=${reachable} chosen=${address} onChoose=${setAddress} />
          <${Qr}
            api=${api}
            credentials=${credentials}
            address=${page}
            token=${token}
            label=${t("share.qr", { address: spoken(page) })}
          />`
        : html`<div class="share-alone">
          <p>${t(`share.${server.reach === "network" ? "no_network" : server.reach}`)}</p>
          ${server.reach === "machine" && html`<code>python3 run.py --host 0.0.0.0</code>`}
        </div>`
    }
    ${
      // A link is good for another tab at least.
      (isReachable || purpose !== "own") &&
      html`<p class="help">${t(`share.${purpose}_help`)}</p>
        <div class="share-row">
          <${CopyButton}
            store=${store}
            label=${t(purpose === "own" ? "share.copy_address" : "share.copy")}
            text=${link}
          />
          ${
            isReachable &&
            html`<button class="button" type="button" onClick=${project}>
            <${Icon} name="screen" />${t("share.projector")}
          </button>`
          }
        </div>`
    }
    <a class="share-tab" href=${sessionLink(location.origin + location.pathname, credentials)} target="_blank" rel="noopener">
      ${t("share.second_tab")}
    </a>
  </div>`;
}

/** @param {{ purposes: Purpose[], chosen: Purpose, onChoose: (purpose: Purpose) => void }} props */
function Purposes({ purposes, chosen, onChoose }) {
  return html`<fieldset class="segments">
    <legend class="field-label">${t("share.purpose")}</legend>
    ${purposes.map(
      (purpose) => html`<label key=${purpose}>
        <input type="radio" name="share-purpose" checked=${purpose === chosen} onChange=${() => onChoose(purpose)} />
        <span>${t(`share.${purpose}`)}</span>
      </label>`,
    )}
  </fieldset>`;
}

/** @param {{ addresses: string[], chosen: string, onChoose: (address: string) => void }} props */
function Address({ addresses, chosen, onChoose }) {
  if (addresses.length === 1) return html`<p class="share-address" id="share-address">${spoken(chosen)}</p>`;
  /** @param {Event & { currentTarget: HTMLSelectElement }} event */
  const choose = (event) => onChoose(addresses[event.currentTarget.selectedIndex]);
  return html`<label class="share-choice">
    <span class="field-label">${t("share.address")}</span>
    <select class="share-address" id="share-address" onChange=${choose}>
      ${addresses.map(
        (address) => html`<option key=${address} selected=${address === chosen}>${spoken(address)}</option>`,
      )}
    </select>
  </label>`;
}

/**
 * Return what can be given away, and the token that goes with it. Who only watches has no more than that to give.
 *
 * @param {Session} session
 * @param {Credentials} credentials
 * @param {boolean} isViewer
 * @returns {Partial<Record<Purpose, string | null>>}
 */
function tokensOf({ viewerToken }, { token }, isViewer) {
  if (isViewer) return { own: null, watch: token };
  return viewerToken === undefined ? { own: null, drive: token } : { own: null, watch: viewerToken, drive: token };
}
