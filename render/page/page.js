"use strict";
// Draws what the server sends and sends back what is touched. Both go one after
// the other: a picture is never drawn over a newer one, an "up" never overtakes
// its "down".

const canvas = document.getElementById("glass");
const lost = document.getElementById("lost");
const paint = canvas.getContext("2d", { alpha: false });

let viewer = 0; // who the server says we are
let frame = 0;  // the frame that is on the canvas

// Pictures.

const frames = new EventSource("frames"); // connects again by itself
let drawing = Promise.resolve();

frames.onmessage = (e) => {
	const message = JSON.parse(e.data);
	drawing = drawing.then(() => draw(message));
};
frames.onerror = () => { lost.textContent = lost.dataset.words; viewer = 0; };

async function draw(m) {
	const tiles = await Promise.all((m.tiles || []).map(bitmap));
	if (m.viewer) { viewer = m.viewer; lost.textContent = ""; }
	if (m.width && (canvas.width !== m.width || canvas.height !== m.height)) {
		canvas.width = m.width;
		canvas.height = m.height;
	}
	for (const t of tiles) paint.drawImage(t.picture, t.x, t.y);
	canvas.classList.toggle("dark", !!m.dark);
	frame = m.frame;
}

async function bitmap(tile) {
	const bytes = Uint8Array.from(atob(tile.png), (c) => c.charCodeAt(0));
	const blob = new Blob([bytes], { type: "image/png" });
	return { x: tile.x, y: tile.y, picture: await createImageBitmap(blob, { colorSpaceConversion: "none" }) };
}

// Touches.

let waiting = [];
let sending = false;

function send(event) {
	const last = waiting[waiting.length - 1];
	if (last && event.do === "move" && last.do === "move" && last.contact === event.contact) waiting.pop();
	waiting.push(event);
	if (!sending) flush();
}

async function flush() {
	sending = true;
	while (waiting.length > 0) {
		const events = waiting.splice(0, 64);
		if (!viewer) continue; // nobody hears; when somebody does again, this is old
		try {
			await fetch("touches", {
				method: "POST",
				headers: { "Content-Type": "application/json" },
				body: JSON.stringify({ viewer, events }),
			});
		} catch { /* the stream says that the connection is gone */ }
	}
	sending = false;
}

function pointer(what, e) {
	const box = canvas.getBoundingClientRect();
	send({
		do: what, contact: e.pointerId, frame,
		x: Math.floor((e.clientX - box.left) * canvas.width / box.width),
		y: Math.floor((e.clientY - box.top) * canvas.height / box.height),
	});
}

const touching = new Set();

canvas.addEventListener("pointerdown", (e) => {
	if (e.pointerType === "mouse" && e.button !== 0) return;
	canvas.setPointerCapture(e.pointerId); // also what happens outside is ours
	touching.add(e.pointerId);
	pointer("down", e);
});
canvas.addEventListener("pointermove", (e) => { if (touching.has(e.pointerId)) pointer("move", e); });
for (const [event, what] of [["pointerup", "up"], ["pointercancel", "gone"], ["lostpointercapture", "gone"]]) {
	canvas.addEventListener(event, (e) => { if (touching.delete(e.pointerId)) pointer(what, e); });
}
canvas.addEventListener("contextmenu", (e) => e.preventDefault());

// Tab leaves the picture again, and chords belong to the browser.
canvas.addEventListener("keydown", (e) => {
	if (e.repeat || e.key === "Tab" || e.ctrlKey || e.metaKey || e.altKey) return;
	e.preventDefault();
	send({ do: "key", key: e.key });
});
canvas.focus({ preventScroll: true });
