// Starts the viewer and connects its parts.

import {Store} from "viewer/store.js";
import {Scan} from "viewer/scan.js";
import {Engraving} from "viewer/engraving.js";
import {Player} from "viewer/player.js";
import {Panels} from "viewer/panels.js";
import {listen, tabulate, viewerKeys} from "viewer/keyboard.js";

const byId = (id) => document.getElementById(id);

/** Start with the content that the page holds. */
export function start() {
  const {keys} = connect(JSON.parse(byId("content").textContent));
  tabulate(keys);
  listen(keys);
}

/** Build the views of a piece. */
export function connect(content) {
  light();
  const store = new Store(content), scan = new Scan(store), engraving = new Engraving(store);
  const player = new Player(store), panels = new Panels(store);
  const turn = (by) => {
    const page = store.state.page + by;
    if (page >= 0 && page < store.content.pages.length) store.set({page, selected: null, measure: null});
  };
  const openHelp = () => byId("help-dialog").showModal();
  follow(store, scan, engraving);
  tools(store, scan, player, turn, openHelp);
  divide();
  const keys = viewerKeys({store, scan, player, panels, turn, openHelp});
  document.documentElement.dataset.ready = "yes";
  window.omr = {store, scan, player}; // for tests and for the curious
  return {store, scan, engraving, player, panels, keys, turn};
}

/** Bring into sight on the scan what is selected elsewhere, and scroll both sides together. */
function follow(store, scan, engraving) {
  store.watch(["selected", "measure", "page"], () => {
    const {selected, measure, origin} = store.state;
    if (origin === "scan" || origin === "scroll") return;
    if (selected !== null) {
      const symbol = store.symbol(selected);
      if (symbol) scan.reveal(symbol.box);
    } else if (measure !== null) {
      scan.revealMeasure(measure);
    }
  });
  let busy = 0;
  engraving.onScroll = () => {
    if (!engraving.scrolledByHand || store.state.selected !== null || performance.now() < busy) return;
    const measure = engraving.centralMeasure;
    if (measure === null) return;
    busy = performance.now() + 120;
    store.set({measure}, "engraving");
  };
  scan.root.addEventListener("wheel", (event) => {
    if (event.ctrlKey || store.state.selected !== null) return;
    const measure = scan.centralMeasure;
    if (measure !== null) store.set({measure}, "scroll");
  }, {passive: true});
}

function tools(store, scan, player, turn, openHelp) {
  const on = (id, run, name = "click") => byId(id).addEventListener(name, run);
  on("previous-page", () => turn(-1));
  on("next-page", () => turn(1));
  on("zoom-in", () => scan.zoomBy(1.25));
  on("zoom-out", () => scan.zoomBy(0.8));
  on("zoom-fit", () => scan.fit());
  on("colour-by", (event) => store.set({colourBy: event.target.value}), "change");
  on("straight", (event) => { store.set({straight: event.target.value === "yes"}); scan.fit(); }, "change");
  on("help", openHelp);
  on("play", () => player.toggle());
  on("tempo", (event) => {
    byId("tempo-value").textContent = event.target.value;
    player.setTempo(Number(event.target.value));
  }, "input");
  on("download", () => save(store.content.musicxml, `${store.content.title.replace(/\.[^.]*$/, "")}.musicxml`));
  player.onChange = () => {
    byId("play").setAttribute("aria-pressed", String(player.playing));
    byId("play").lastElementChild.textContent = player.playing ? "Pause" : "Play";
  };
  store.watch([], () => { byId("play").disabled = !store.content.playback.notes.length; });
  scan.onView = () => {
    const {shown} = store;
    if (shown) byId("zoom-fit").textContent = `${Math.round(100 * scan.view.k * shown.width / Math.max(1, scan.root.clientWidth - 24))} %`;
  };
  scan.onView();
}

function save(text, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], {type: "application/vnd.recordare.musicxml+xml"}));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** Light or dark: as the system has it, until the button says otherwise. */
export function light() {
  const root = document.documentElement, dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = (theme) => { root.dataset.theme = theme; };
  let chosen = null;
  try { chosen = localStorage.getItem("omr-theme"); } catch { /* storage is closed to files in some browsers */ }
  apply(chosen ?? (dark.matches ? "dark" : "light"));
  dark.addEventListener("change", () => chosen ?? apply(dark.matches ? "dark" : "light"));
  byId("theme").addEventListener("click", () => {
    chosen = root.dataset.theme === "dark" ? "light" : "dark";
    try { localStorage.setItem("omr-theme", chosen); } catch { /* as above */ }
    apply(chosen);
  });
}

/** Let the width of the two sides be dragged, or moved with the arrow keys. */
function divide() {
  const divider = byId("divider"), main = document.querySelector("main");
  let share = 50;
  const set = (wanted) => {
    share = Math.min(80, Math.max(20, wanted));
    main.style.gridTemplateColumns = `268px minmax(0, ${share}fr) 7px minmax(0, ${100 - share}fr)`;
    divider.setAttribute("aria-valuenow", String(Math.round(share)));
  };
  divider.addEventListener("pointerdown", (event) => divider.setPointerCapture(event.pointerId));
  divider.addEventListener("pointermove", (event) => {
    if (!divider.hasPointerCapture(event.pointerId)) return;
    const {left, width} = main.getBoundingClientRect();
    set(100 * (event.clientX - left - 268) / (width - 275));
  });
  divider.addEventListener("keydown", (event) => {
    const by = {ArrowLeft: -4, ArrowRight: 4}[event.key];
    if (by) set(share + by);
  });
}
