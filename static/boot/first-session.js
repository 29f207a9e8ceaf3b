// The server makes a newcomer's session while the page's modules are on their way; the page's Api takes the answer over.
try {
  if (!location.hash.includes("=") && sessionStorage.getItem("session") === null) {
    const address = `${document.documentElement.dataset.base}/api/v1/sessions`;
    const headers = { Accept: "application/json", "Content-Type": "application/json" };
    globalThis.firstSession = fetch(address, { method: "POST", headers, body: "{}" });
    globalThis.firstSession.catch(() => {}); // Who takes it over says what went wrong.
  }
} catch {
  // Storage is forbidden here: the page asks as soon as it is there.
}
