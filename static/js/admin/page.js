import { useEffect, useRef } from "preact/hooks";
import { html } from "../html.js";
import { number, t } from "../i18n.js";
import { Spark } from "./spark.js";

/** @import { ComponentChildren } from "preact" */
/** @import { Load, ProcessLoad } from "../types.js" */
/** @import { Sample, Watch } from "./watch.js" */

const STATES = ["running", "paused", "idle", "done", "diverged", "queued", "parked"];
/** Later than this, a frame is seen to come late. */
const LATE_S = 0.1;
const MEGA = 1e6;
const UNITS = /** @type {const} */ ([
  ["gigabytes", 1e9],
  ["megabytes", MEGA],
  ["kilobytes", 1e3],
]);

/** How the server does; first of all, whether the reader may know. @param {{ watch: Watch }} props */
export function AdminPage({ watch }) {
  return watch.load.value === null ? html`<${SignIn} watch=${watch} />` : html`<${Board} watch=${watch} />`;
}

/** @param {{ watch: Watch }} props */
function SignIn({ watch }) {
  /** @param {SubmitEvent & { currentTarget: HTMLFormElement }} event */
  const open = (event) => {
    event.preventDefault();
    watch.open(String(new FormData(event.currentTarget).get("token")).trim());
  };
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => input.current?.focus(), []);
  return html`<form class="card sign-in" onSubmit=${open}>
    <h1>${t("admin.title")}</h1>
    <label class="field-label" for="admin-token">${t("admin.token")}</label>
    <input
      class="text-input"
      ref=${input}
      id="admin-token"
      name="token"
      type="password"
      autocomplete="current-password"
      spellcheck="false"
      required
      aria-describedby="admin-token-help"
    />
    <p class="help" id="admin-token-help">${t("admin.token_help")}</p>
    <div role="alert">${watch.failure.value && html`<p class="admin-failure">${watch.failure.value}</p>`}</div>
    <button class="button is-primary" disabled=${watch.isOpening.value}>${t("admin.open")}</button>
  </form>`;
}

/** @param {{ watch: Watch }} props */
function Board({ watch }) {
  const load = /** @type {Load} */ (watch.load.value);
  const sample = watch.samples.value.at(-1);
  return html`<header class="admin-head">
      <h1>${t("admin.title")}</h1>
      <p class="help">${t("admin.since", { time: duration(load.uptime_s), version: load.version })}</p>
      <div role="alert">
        ${watch.failure.value && html`<p class="admin-failure">${t("admin.stale")} ${watch.failure.value}</p>`}
      </div>
    </header>
    <${Figures} load=${load} sample=${sample} />
    <div class="admin-cards">
      <${Curve}
        watch=${watch}
        name="frames"
        value=${rate(sample?.framesPerSecond)}
        valueOf=${(/** @type {Sample} */ { framesPerSecond }) => framesPerSecond}
      />
      <${Curve}
        watch=${watch}
        name="memory"
        value=${size(sample?.memory ?? null)}
        valueOf=${(/** @type {Sample} */ { memory }) => (memory === null ? null : memory / MEGA)}
      />
      <${Sessions} load=${load} />
      <${Store} load=${load} />
      <${Processes} load=${load} sample=${sample} />
      <${Limits} limits=${load.limits} />
    </div>`;
}

/** What is looked at first. @param {{ load: Load, sample: Sample | undefined }} props */
function Figures({ load, sample }) {
  const { sessions, limits } = load;
  const inMemory = STATES.filter((state) => state !== "queued" && state !== "parked").reduce(
    (sum, state) => sum + (sessions[state] ?? 0),
    0,
  );
  const lateness = Math.max(0, ...load.workers.map(({ lateness_s }) => lateness_s));
  return html`<dl class="card admin-figures">
    <${Figure} name="sessions" note=${t("admin.of", { limit: limits.sessions })}>${number(inMemory)}<//>
    <${Figure} name="running">${number(sessions.running ?? 0)}<//>
    <${Figure} name="queue" isAlarming=${(sessions.queued ?? 0) > 0}>${number(sessions.queued ?? 0)}<//>
    <${Figure} name="streams">${number(load.streams)}<//>
    <${Figure} name="rate">${rate(sample?.framesPerSecond)}<//>
    <${Figure} name="lateness" isAlarming=${lateness > LATE_S}>${milliseconds(lateness)}<//>
    <${Figure} name="restarts" isAlarming=${load.worker_restarts > 0}>${number(load.worker_restarts)}<//>
  </dl>`;
}

/** @param {{ name: string, note?: string, isAlarming?: boolean, children?: ComponentChildren }} props */
function Figure({ name, note, isAlarming = false, children }) {
  return html`<div class=${isAlarming ? "is-alarming" : ""}>
    <dt>${t(`admin.figure.${name}`)}</dt>
    <dd id="figure-${name}">${children}${note && html` <small>${note}</small>`}</dd>
  </div>`;
}

/** @param {{ watch: Watch, name: string, value: string, valueOf: (sample: Sample) => number | null }} props */
function Curve({ watch, name, value, valueOf }) {
  return html`<section class="card" aria-labelledby="curve-${name}">
    <div class="card-head">
      <h2 id="curve-${name}">${t(`admin.curve.${name}`)}</h2>
      <span class="admin-value">${value}</span>
    </div>
    <${Spark} watch=${watch} label=${t("admin.curve_label", { name: t(`admin.curve.${name}`) })} valueOf=${valueOf} />
  </section>`;
}

/** @param {{ load: Load }} props */
function Sessions({ load: { sessions } }) {
  const most = Math.max(1, ...Object.values(sessions));
  return html`<section class="card" aria-labelledby="states-title">
    <div class="card-head"><h2 id="states-title">${t("admin.states")}</h2></div>
    <dl class="bars">
      ${STATES.map(
        (state) => html`<div key=${state} class="is-${state}">
          <dt>${t(`admin.state.${state}`)}</dt>
          <dd>
            <svg class="bar" viewBox="0 0 ${most} 1" preserveAspectRatio="none" aria-hidden="true">
              <rect width=${sessions[state] ?? 0} height="1" />
            </svg>
            <span id="state-${state}">${number(sessions[state] ?? 0)}</span>
          </dd>
        </div>`,
      )}
    </dl>
  </section>`;
}

/** What is kept on disk, and whether that works. @param {{ load: Load }} props */
function Store({ load: { saving, store, limits } }) {
  const { stored_sessions: mostSessions, store_bytes: mostBytes } = limits;
  const isWell = saving === "ok" || saving === "off";
  return html`<section class="card" aria-labelledby="store-title">
    <div class="card-head"><h2 id="store-title">${t("admin.store")}</h2></div>
    <p class="admin-saving ${isWell ? "" : "is-failing"}" id="saving" data-saving=${saving} role="status">
      ${t(`admin.saving.${saving}`)}
    </p>
    <dl class="admin-list">
      <div>
        <dt>${t("admin.stored")}</dt>
        <dd id="stored-sessions">
          ${number(store.sessions)} ${mostSessions && html`<small>${t("admin.of", { limit: mostSessions })}</small>`}
        </dd>
      </div>
      <div>
        <dt>${t("admin.size")}</dt>
        <dd>${size(store.bytes)} ${mostBytes && html`<small>${t("admin.of", { limit: size(mostBytes) })}</small>`}</dd>
      </div>
    </dl>
  </section>`;
}

/** @param {{ load: Load, sample: Sample | undefined }} props */
function Processes({ load: { web, workers }, sample }) {
  /** @param {ProcessLoad} process @param {number} index */
  const shared = (process, index) => html`<td>${share(sample?.processors[index] ?? null)}</td>
    <td>${size(process.memory_bytes)}</td>`;
  return html`<section class="card admin-wide" aria-labelledby="processes-title">
    <div class="card-head"><h2 id="processes-title">${t("admin.processes")}</h2></div>
    <div class="admin-scroll" tabindex="0" role="group" aria-labelledby="processes-title">
      <table class="admin-table">
        <thead>
          <tr>
            ${["process", "sessions", "training", "lateness", "processor", "memory"].map(
              (name) => html`<th scope="col" key=${name}>${t(`admin.column.${name}`)}</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">${t("admin.web")}</th>
            <td></td>
            <td></td>
            <td></td>
            ${shared(web, 0)}
          </tr>
          ${workers.map(
            (worker, index) => html`<tr key=${index}>
              <th scope="row">${t("admin.worker", { count: index + 1 })}</th>
              <td>${number(worker.sessions)}</td>
              <td>${number(worker.running)}</td>
              <td class=${worker.lateness_s > LATE_S ? "is-alarming" : ""}>${milliseconds(worker.lateness_s)}</td>
              ${shared(worker, index + 1)}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

/** @param {{ limits: Record<string, number> }} props */
function Limits({ limits }) {
  return html`<details class="card admin-wide admin-limits">
    <summary><h2>${t("admin.limits")}</h2></summary>
    <p class="help">${t("admin.limits_help")}</p>
    <dl>
      ${Object.entries(limits).map(
        ([name, limit]) => html`<div key=${name}>
          <dt><code>max_${name}</code></dt>
          <dd>${name.endsWith("_bytes") ? size(limit) : number(limit)}</dd>
        </div>`,
      )}
    </dl>
  </details>`;
}

/** @param {number | null | undefined} value */
const rate = (value) => (value === null || value === undefined ? "–" : number(value, { digits: value < 10 ? 1 : 0 }));

/** @param {number | null} value */
const share = (value) => (value === null ? "–" : t("admin.percent", { percent: Math.round(100 * value) }));

/** @param {number} seconds */
const milliseconds = (seconds) => t("admin.milliseconds", { count: Math.round(1000 * seconds) });

/** @param {number | null} bytes */
function size(bytes) {
  if (bytes === null) return "–";
  const [unit, factor] = UNITS.find(([, least]) => bytes >= least) ?? UNITS[2];
  const value = bytes / factor;
  return t(`admin.${unit}`, { count: number(value, { digits: value < 10 ? 1 : 0 }) });
}

/** Return a time in its two largest units. @param {number} seconds */
function duration(seconds) {
  const minutes = Math.floor(seconds / 60);
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24];
  if (days > 0) return t("admin.days", { days, hours });
  return hours > 0 ? t("admin.hours", { hours, minutes: minutes % 60 }) : t("admin.minutes", { minutes });
}
