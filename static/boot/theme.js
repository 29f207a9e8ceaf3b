// A classic script that blocks on purpose: the chosen theme and type must stand before the first paint, or the page flashes.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  // Who has chosen large letters in the browser's settings has them here as well.
  const hasLargeLetters = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) >= 20;
  const largeType = localStorage.getItem("large-type") ?? String(hasLargeLetters);
  if (largeType === "true") document.documentElement.dataset.type = "large";
} catch {
  // Storage is forbidden here; the system's theme is the best answer.
}
