// Runs in every page that a test opens, before anything of the page: notes what the
// keyboard gets at. watched.begin() says how often Tab is to be pressed, watched.end()
// what is wrong.
window.watched = (() => {
  "use strict";
  const reached = new Map(); // element → whether its focus is to be seen
  addEventListener("focusin", (e) => {
    let seen = false;
    for (let x = e.target; x && !seen && x !== document.body; x = x.parentElement) {
      const s = getComputedStyle(x);
      seen = s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0 && (x === e.target || x.matches("label,:has(> :focus-visible)"));
    }
    reached.set(e.target, seen);
  }, true);
  const usable = () => [...document.querySelectorAll("a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex]")].filter((x) => {
    if (x.tabIndex < 0 || x.disabled || x.closest("[inert]") || !x.checkVisibility({ visibilityProperty: true })) return false;
    if (x.type !== "radio" || x.checked) return true;
    // Of radio buttons that belong together Tab gets at the chosen one, or at one of them.
    return ![...document.querySelectorAll("input[type=radio]")].some((o) => o !== x && o.name === x.name && o.form === x.form && (o.checked || reached.has(o)));
  });
  // Dates and times have several places to type in.
  const places = { date: 4, time: 4, "datetime-local": 7 };
  const say = (x) => x.outerHTML.slice(0, 160).replace(/\s+/g, " ");
  return {
    begin() {
      document.activeElement?.blur();
      reached.clear();
      return usable().reduce((n, x) => n + (places[x.type] || 1), 3);
    },
    end() {
      const wrong = usable().filter((x) => !reached.has(x)).map((x) => "Tab does not get at " + say(x));
      for (const [x, seen] of reached) if (!seen && x.isConnected) wrong.push("its focus is not to be seen: " + say(x));
      return wrong;
    },
  };
})();
