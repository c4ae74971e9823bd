// What pages do better with a script. Everything works without.
(() => {
  "use strict";
  // The list of pages stands beside the page where there is room, and is a drawer
  // where there is none.
  const wide = window.matchMedia("(min-width: 60rem)");
  const drawers = () => document.querySelectorAll("[data-drawer]").forEach((d) => { d.open = wide.matches; });
  wide.addEventListener("change", drawers);
  document.addEventListener("DOMContentLoaded", drawers);
  drawers();
  // What was done is said once: the address forgets it.
  const at = new URL(location.href);
  if (at.searchParams.has("done")) {
    at.searchParams.delete("done");
    history.replaceState(null, "", at.pathname + at.search);
  }
  // The first thing that is wrong gets the focus.
  document.addEventListener("DOMContentLoaded", () => {
    const wrong = document.querySelector("[aria-invalid=true]");
    if (wrong) wrong.focus();
  });
})();
