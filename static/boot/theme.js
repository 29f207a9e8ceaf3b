// A classic script that blocks on purpose: the chosen theme must stand before the first paint, or the page flashes.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is forbidden here; the system's theme is the best answer.
}
