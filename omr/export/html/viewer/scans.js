// The list of scans: drop zone, queue with progress, links to the pieces.

import {make} from "viewer/panels.js";
import {light} from "viewer/viewer.js";

const LOOK = 800; // milliseconds between looks at the queue
const byId = (id) => document.getElementById(id);
const said = (text) => { byId("said").textContent = text; };

export function start() {
  light();
  const drop = byId("drop");
  for (const name of ["dragenter", "dragover"]) {
    addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop.classList.remove("over"); });
  addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    upload([...event.dataTransfer.files]);
  });
  byId("files").addEventListener("change", (event) => upload([...event.target.files]));
  look();
  document.documentElement.dataset.ready = "yes";
}

async function upload(files) {
  for (const file of files) {
    said(`Taking ${file.name}`);
    const answer = await fetch(`upload?name=${encodeURIComponent(file.name)}`, {method: "POST", body: file});
    const {fault} = await answer.json();
    said(fault ?? `${file.name} waits to be read`);
    await list();
  }
}

async function look() {
  try {
    await list();
  } catch {
    said("The server doesn't answer: is `omr serve` still running?");
  }
  setTimeout(look, LOOK);
}

async function list() {
  const scans = await (await fetch("scans")).json(), text = JSON.stringify(scans);
  if (text === list.shown) return;
  list.shown = text;
  byId("scans").replaceChildren(...scans.map(entry));
  if (!scans.length) byId("scans").append(make("li", {class: "none"}, "No scan yet."));
}

function entry({key, name, state, done, pages, fault, mended}) {
  const words = {
    waiting: "waits to be read",
    reading: pages ? `page ${Math.min(done + 1, pages)} of ${pages} is read` : "is read",
    ready: mended ? "mended by hand" : "read",
    failed: fault,
  }[state];
  const title = state === "ready" ? make("a", {href: `piece/${key}/`}, name) : make("span", {}, name);
  const progress = state === "reading" ? make("progress", {max: pages || 1, value: done, "aria-label": `Progress of ${name}`}) : null;
  return make("li", {class: `scan-entry ${state}`, "data-name": name}, title, make("span", {class: "where"}, words), progress);
}
