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
    history.replaceState(null, "", at.pathname + at.search + at.hash);
  }
  // Passkeys: the hub's question, the browser's answer.
  const toBytes = (s) => Uint8Array.from(atob(s.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const toText = (b) => btoa(String.fromCharCode(...new Uint8Array(b))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const send = async (path, body) => {
    const r = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    return r.json();
  };
  const ask = async (kind, then) => {
    const q = await send("/passkey/" + kind + "/begin", {});
    if (q.problem) return q;
    const o = q.options.publicKey;
    o.challenge = toBytes(o.challenge);
    if (o.user) o.user.id = toBytes(o.user.id);
    for (const list of [o.excludeCredentials, o.allowCredentials]) {
      for (const c of list || []) c.id = toBytes(c.id);
    }
    const c = await (kind === "add" ? navigator.credentials.create({ publicKey: o }) : navigator.credentials.get({ publicKey: o }));
    const response = {};
    for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (c.response[part]) response[part] = toText(c.response[part]);
    }
    const answer = { id: c.id, rawId: toText(c.rawId), type: c.type, response, clientExtensionResults: c.getClientExtensionResults() };
    return send("/passkey/" + kind, { sealed: q.sealed, answer, then });
  };
  document.addEventListener("DOMContentLoaded", () => {
    if (!window.PublicKeyCredential) return;
    document.querySelectorAll("[data-passkey]").forEach((at) => {
      const problem = at.querySelector(".problem");
      at.hidden = false;
      at.querySelector("button").addEventListener("click", async () => {
        problem.hidden = true;
        try {
          const got = await ask(at.dataset.passkey, at.dataset.then);
          if (got.to) { location.assign(got.to); return; }
          problem.textContent = got.problem;
          problem.hidden = false;
        } catch (e) {
          if (e.name !== "NotAllowedError") throw e; // they changed their mind
        }
      });
    });
  });
  // A choice that a form only looks up needs no button.
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("form[data-submit]").forEach((form) => {
    form.querySelectorAll("button").forEach((b) => { b.hidden = true; });
    form.addEventListener("change", () => form.submit());
  }));
  // The first thing that is wrong gets the focus.
  document.addEventListener("DOMContentLoaded", () => {
    const wrong = document.querySelector("[aria-invalid=true]");
    if (wrong) wrong.focus();
  });
  // A list in an order of its own: its buttons move a row without asking the server, and
  // so does the mouse.
  const ends = (list) => [...list.children].forEach((li, i, all) => {
    const [up, down] = li.querySelectorAll("[name=move]");
    up.disabled = i === 0;
    down.disabled = i === all.length - 1;
  });
  document.addEventListener("click", (e) => {
    const b = e.target.closest("[data-order] [name=move]");
    if (!b) return;
    e.preventDefault();
    const li = b.closest("li");
    const list = li.parentElement;
    if (b.value.startsWith("up ")) li.previousElementSibling?.before(li);
    else li.nextElementSibling?.after(li);
    ends(list);
    const [up, down] = li.querySelectorAll("[name=move]");
    (b.disabled ? (b === up ? down : up) : b).focus();
  });
  let dragged = null;
  document.addEventListener("dragstart", (e) => {
    dragged = e.target.closest?.("[data-order] > li") ?? null;
    dragged?.classList.add("dragged");
  });
  document.addEventListener("dragover", (e) => {
    const over = e.target.closest?.("[data-order] > li");
    if (!dragged || !over || over.parentElement !== dragged.parentElement) return;
    e.preventDefault();
    const box = over.getBoundingClientRect();
    if (over !== dragged) over[e.clientY < box.top + box.height / 2 ? "before" : "after"](dragged);
  });
  document.addEventListener("dragend", () => {
    dragged?.classList.remove("dragged");
    if (dragged) ends(dragged.parentElement);
    dragged = null;
  });
  // What is of no use while something else is chosen is not there meanwhile.
  const unless = () => document.querySelectorAll("[data-unless]").forEach((x) => {
    document.getElementById(x.dataset.unless).hidden = x.type === "checkbox" ? x.checked : x.value !== "";
  });
  document.addEventListener("change", unless);
  document.addEventListener("DOMContentLoaded", unless);
})();
