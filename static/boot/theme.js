// A classic script that blocks on purpose: the chosen theme and type must stand before the first paint, or the page flashes.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  if (localStorage.getItem("large-type") === "true") document.documentElement.dataset.type = "large";
} catch {
  // Storage is forbidden here; the system's theme is the best answer.
}
