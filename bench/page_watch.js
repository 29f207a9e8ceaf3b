// Runs in the page before anything of its own, and notes what the benchmark asks for: see page.py.
(() => {
  const watch = {
    /** When frames were handed to the screen: the time of each animation frame in which the page drew one, once. */
    painted: [],
    /** How long the main thread was busy with each of these animation frames, from its start to past its paint. */
    work: [],
    /** By how much a timer came late, every few milliseconds. */
    lags: [],
    /** Tasks of more than 50 ms, as the browser reports them. */
    longTasks: [],
    shift: 0,
    learningAt: null,
    /** What is awaited: since when, and how it is recognised. */
    awaited: null,
    answerAwaited: null,
    /** Frames a second to ask for in the page's place; null: as the page does. */
    fps: null,
    keepsLags: false,
    /** Whether the curves have had their full number of points, so that every second one was dropped. */
    thinned: false,
  };
  globalThis.pageWatch = watch;

  const send = WebSocket.prototype.send;
  const heard = new WeakSet();
  WebSocket.prototype.send = function (data) {
    const message = JSON.parse(data);
    if (message.type === "seen") noteFrame();
    if (message.type === "view" && message.fps > 0 && watch.fps !== null) data = JSON.stringify({ ...message, fps: watch.fps });
    const awaited = watch.answerAwaited;
    if (awaited !== null && awaited.type === message.type && awaited.id === undefined) awaited.id = message.id;
    if (!heard.has(this)) {
      heard.add(this);
      this.addEventListener("message", hear);
    }
    return send.call(this, data);
  };

  /** @param {MessageEvent} event */
  function hear({ data }) {
    if (typeof data !== "string") return;
    const event = JSON.parse(data);
    if (event.type === "thinned") watch.thinned = true;
    const awaited = watch.answerAwaited;
    if (awaited !== null && awaited.id === event.id && awaited.id !== undefined && awaited.took === undefined) awaited.took = performance.now() - awaited.since;
  }

  // The page draws in an animation frame, and says so in the same one: one "seen" for each frame that it has drawn.
  let frameStart = 0;
  function noteFrame() {
    if (frameStart === watch.painted.at(-1)) return;
    watch.painted.push(frameStart);
    const start = frameStart;
    afterPaint((end) => watch.work.push(end - start));
  }

  /** @param {(now: number) => void} call */
  function afterPaint(call) {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => call(performance.now());
    channel.port2.postMessage(null);
  }

  const each = (now) => {
    frameStart = now;
    const { awaited } = watch;
    if (awaited !== null && awaited.since !== null && awaited.took === undefined && awaited.isThere()) {
      awaited.took = 0;
      afterPaint((end) => {
        awaited.took = end - awaited.since;
      });
    }
    if (watch.learningAt === null && Number((document.getElementById("epoch")?.textContent ?? "0").replace(/\D/g, "")) >= 1) {
      watch.learningAt = 0;
      afterPaint((end) => {
        watch.learningAt = end;
      });
    }
    requestAnimationFrame(each);
  };
  requestAnimationFrame(each);

  const PERIOD_MS = 5;
  let due = performance.now() + PERIOD_MS;
  setInterval(() => {
    const now = performance.now();
    if (watch.keepsLags) watch.lags.push(Math.max(0, now - due));
    due = now + PERIOD_MS;
  }, PERIOD_MS);

  new PerformanceObserver((list) => watch.longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
    type: "longtask",
    buffered: true,
  });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) watch.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });

  // What is seen of an input, and when: from the event's own time, which is that of the browser and not of a handler.
  const effects = {
    rate: () => {
      const box = document.getElementById("learning-rate");
      const before = box.value;
      return () => box.value !== before;
    },
    state: () => {
      const status = document.getElementById("status");
      const before = status.dataset.state;
      return () => status.dataset.state !== before;
    },
    unit: () => {
      // A canvas that was never drawn on has the size that HTML gives it.
      const drawn = () => [...document.querySelectorAll("button.unit canvas")].filter(({ width }) => width !== 300).length;
      const before = drawn();
      return () => drawn() > before;
    },
  };
  watch.await = (effect, answer) => {
    watch.awaited = { since: null, took: undefined, isThere: effects[effect]() };
    watch.answerAwaited = { type: answer, since: null, took: undefined, id: undefined };
  };
  for (const type of ["keydown", "pointerdown", "pointerup"]) {
    addEventListener(
      type,
      ({ timeStamp }) => {
        for (const awaited of [watch.awaited, watch.answerAwaited]) {
          // A click counts from where the button is let go: before that nothing may happen.
          if (awaited !== null && awaited.took === undefined && awaited.id === undefined) awaited.since = timeStamp;
        }
      },
      { capture: true },
    );
  }
})();
