// Light or dark before the first paint: the choice made here, else the system's.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try {
      return localStorage.getItem("postroom-theme");
    } catch {
      return null;
    }
  };
  const root = document.documentElement;
  const show = () => root.setAttribute("data-bs-theme", chosen() || (system.matches ? "dark" : "light"));
  show();
  system.addEventListener("change", show);
  root.setAttribute("data-js", "");
})();
