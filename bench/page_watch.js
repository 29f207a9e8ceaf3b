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
    /** Whether the curves have had their full number of points, so that every second one was dropped. */
    thinned: false,
    /** Whether the server has told that the network is another, has sent its first picture, and that is drawn. */
    rebuilt: "",
    rebuiltSeq: Infinity,
  };
  globalThis.pageWatch = watch;

  const send = WebSocket.prototype.send;
  const heard = new WeakSet();
  WebSocket.prototype.send = function (data) {
    const message = JSON.parse(data);
    if (message.type === "seen") {
      noteFrame();
      if (message.seq >= watch.rebuiltSeq) watch.rebuilt = "drawn";
    }
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
    if (typeof data !== "string") {
      if (watch.rebuilt === "told") {
        const length = new DataView(data).getUint32(0, true);
        watch.rebuiltSeq = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, length))).seq;
        watch.rebuilt = "sent";
      }
      return;
    }
    const event = JSON.parse(data);
    if (event.type === "rebuilt" && watch.rebuilt === "no") watch.rebuilt = "told";
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

  // The page's own animation frames are watched, and none is added: an empty one takes its time too.
  const request = globalThis.requestAnimationFrame;
  globalThis.requestAnimationFrame = (call) =>
    request.call(globalThis, (now) => {
      frameStart = now;
      call(now);
    });

  /** Look in every animation frame whether something is there, and note when the first one with it has been painted. */
  function lookOut(isThere, note) {
    request.call(globalThis, () => {
      if (isThere()) afterPaint(note);
      else lookOut(isThere, note);
    });
  }
  const epoch = () => Number((document.getElementById("epoch")?.textContent ?? "0").replace(/\D/g, ""));
  lookOut(
    () => epoch() >= 1,
    (end) => {
      watch.learningAt = end;
    },
  );

  const PERIOD_MS = 5;
  watch.keepLags = () => {
    let due = performance.now() + PERIOD_MS;
    setInterval(() => {
      const now = performance.now();
      watch.lags.push(Math.max(0, now - due));
      due = now + PERIOD_MS;
    }, PERIOD_MS);
  };

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
      const count = () => document.querySelectorAll("button.unit").length;
      const before = count();
      return () => count() > before;
    },
    map: () => {
      const isThere = effects.unit();
      watch.rebuilt = "no";
      watch.rebuiltSeq = Infinity;
      return () => isThere() && watch.rebuilt === "drawn";
    },
  };
  watch.await = (effect, answer) => {
    const awaited = { since: null, took: undefined };
    const isThere = effects[effect]();
    watch.awaited = awaited;
    lookOut(
      () => awaited.since !== null && isThere(),
      (end) => {
        awaited.took = end - awaited.since;
      },
    );
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
