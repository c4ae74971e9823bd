// Cards of the planner are dragged, and moved by keys; the form of each says the same
// without. A card's place is its class (quarters in planner.go); while it is moved, the
// script lays it elsewhere, and sends the new times as a form.
(() => {
  "use strict";
  const plan = document.querySelector("[data-planner]");
  if (!plan) return;
  const quarter = 15, day = 24 * 60;
  const columns = [...plan.querySelectorAll("[data-day]")];
  const said = document.getElementById(plan.dataset.said);
  const form = document.getElementById(plan.dataset.form);
  document.querySelectorAll(".plan-help").forEach((e) => { e.hidden = false; });

  // Times are what the clock on the wall says: no zone has a part in this.
  const parse = (wall) => Date.parse(wall + ":00Z") / 60000;
  const write = (minutes) => new Date(minutes * 60000).toISOString().slice(0, 16);
  const rowsOf = (column) => [...column.querySelectorAll(".plan-cell")];
  const firstHour = () => Number(new URL(rowsOf(columns[0])[0].href).searchParams.get("new").slice(11, 13));
  const hours = () => rowsOf(columns[0]).length;

  // A move is a card on its way: where it was and where it is, in minutes since 1970.
  let move = null;
  const begin = (card) => {
    const starts = parse(card.dataset.starts), ends = parse(card.dataset.ends);
    move = { card, starts, ends, was: [starts, ends], home: card.parentElement, next: card.nextSibling, look: card.className };
    card.dataset.moving = "";
  };
  const lay = () => {
    const { card, starts, ends } = move;
    const column = columns.find((c) => c.dataset.day === write(starts).slice(0, 10));
    if (column && column !== card.parentElement) {
      const focus = document.activeElement === card;
      moving = true;
      column.append(card);
      if (focus) card.focus();
      moving = false;
    }
    const top = parse(write(starts).slice(0, 10) + "T00:00") + firstHour() * 60;
    card.style.gridRow = `${Math.floor((starts - top) / quarter) + 1} / span ${Math.max(2, Math.ceil((ends - starts) / quarter))}`;
    card.style.gridColumn = "1 / -1";
    const clock = write(starts).slice(11) + "–" + write(ends).slice(11);
    card.querySelector(".plan-time").textContent = clock;
    const head = column && column.parentElement.querySelector(".plan-head .unseen");
    said.textContent = (head ? head.textContent + " " : "") + clock;
  };
  let moving = false; // the card changes its column, and the focus with it
  // to lays the card at these times, as far as the week and its hours reach.
  const to = (starts, ends) => {
    const length = ends - starts;
    const first = parse(columns[0].dataset.day + "T00:00"), last = parse(columns[columns.length - 1].dataset.day + "T00:00");
    if (length < quarter) return;
    let date = Math.floor(starts / day) * day;
    let at = starts - date;
    const open = firstHour() * 60, shut = open + hours() * 60;
    if (date < first || date > last) return;
    at = Math.min(Math.max(at, open), shut - Math.min(length, shut - open));
    if (at + length > shut) return;
    move.starts = date + at;
    move.ends = move.starts + length;
    lay();
  };
  const undo = () => {
    const { card, home, next, look, was } = move;
    moving = true;
    const focus = document.activeElement === card;
    home.insertBefore(card, next && next.parentElement === home ? next : null);
    if (focus) card.focus();
    moving = false;
    card.className = look;
    card.style.gridRow = card.style.gridColumn = "";
    card.querySelector(".plan-time").textContent = write(was[0]).slice(11);
    delete card.dataset.moving;
    said.textContent = "";
    move = null;
  };
  const save = () => {
    const { card, starts, ends, was } = move;
    if (starts === was[0] && ends === was[1]) return undo();
    form.action = "/activities/" + encodeURIComponent(card.dataset.id) + "/move";
    form.elements.was.value = card.dataset.was;
    form.elements.starts.value = write(starts);
    form.elements.ends.value = write(ends);
    move = null;
    form.submit();
  };

  // By pointer: a card moves, the lower edge makes it longer or shorter.
  const wide = window.matchMedia("(min-width: 60rem)");
  let drag = null, dragged = false;
  plan.addEventListener("dragstart", (e) => e.preventDefault());
  plan.addEventListener("pointerdown", (e) => {
    dragged = false;
    const card = e.target.closest("[data-id]");
    if (!card || e.button !== 0 || !wide.matches || move) return;
    drag = { card, x: e.clientX, y: e.clientY, edge: e.target.closest(".plan-grip") !== null, id: e.pointerId };
  });
  plan.addEventListener("pointermove", (e) => {
    if (!drag || e.pointerId !== drag.id) return;
    const dx = e.clientX - drag.x, dy = e.clientY - drag.y;
    if (!move) {
      if (Math.hypot(dx, dy) < 5) return;
      begin(drag.card);
      dragged = true;
      drag.card.setPointerCapture(e.pointerId);
    }
    const height = columns[0].getBoundingClientRect().height / (hours() * 60 / quarter);
    const steps = Math.round(dy / height) * quarter;
    if (drag.edge) return to(move.was[0], Math.max(move.was[1] + steps, move.was[0] + quarter));
    const under = columns.findIndex((c) => { const r = c.getBoundingClientRect(); return e.clientX >= r.left - 4 && e.clientX < r.right + 4; });
    const date = under < 0 ? Math.floor(move.starts / day) * day : parse(columns[under].dataset.day + "T00:00");
    const at = move.was[0] - Math.floor(move.was[0] / day) * day + steps;
    const open = firstHour() * 60, length = move.was[1] - move.was[0];
    const begins = Math.min(Math.max(at, open), open + hours() * 60 - length);
    to(date + begins, date + begins + length);
  });
  const drop = (e) => {
    if (!drag || e.pointerId !== drag.id) return;
    drag = null;
    if (move) { if (e.type === "pointerup") save(); else undo(); }
  };
  plan.addEventListener("pointerup", drop);
  plan.addEventListener("pointercancel", drop);
  plan.addEventListener("click", (e) => {
    if (dragged) { e.preventDefault(); dragged = false; return; }
    // An empty place is taken to the half hour.
    const cell = e.target.closest(".plan-cell");
    if (!cell) return;
    const box = cell.getBoundingClientRect();
    const url = new URL(cell.href);
    if (e.clientY - box.top > box.height / 2) url.searchParams.set("new", url.searchParams.get("new").slice(0, 14) + "30");
    cell.href = url.pathname + url.search;
  });

  // By keys: arrows move, Shift and arrows make longer or shorter, Enter saves.
  plan.addEventListener("keydown", (e) => {
    const card = e.target.closest("[data-id]");
    if (!card || !wide.matches || e.ctrlKey || e.metaKey || e.altKey) return;
    const step = { ArrowUp: -quarter, ArrowDown: quarter, ArrowLeft: e.shiftKey ? -quarter : -day, ArrowRight: e.shiftKey ? quarter : day }[e.key];
    if (step) {
      e.preventDefault();
      if (!move) begin(card);
      if (e.shiftKey) to(move.starts, move.ends + step); else to(move.starts + step, move.ends + step);
    } else if (move && e.key === "Enter") {
      e.preventDefault();
      save();
    } else if (move && e.key === "Escape") {
      e.preventDefault();
      drag = null;
      undo();
    }
  });
  plan.addEventListener("focusout", () => { if (move && !drag && !moving) save(); });

  // What was made or moved just now has the focus.
  const made = location.hash.startsWith("#a-") && document.getElementById(location.hash.slice(1));
  if (made) made.focus();
  document.querySelectorAll("[data-all]").forEach((b) => {
    b.hidden = false;
    b.addEventListener("click", () => b.form.querySelectorAll(`[name="${b.dataset.all}"]`).forEach((box) => { box.checked = true; }));
  });
})();
