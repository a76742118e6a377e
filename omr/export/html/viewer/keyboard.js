// Keys, and the table of them.

import {make} from "viewer/panels.js";

const PAN = 60; // screen pixels for each press of an arrow key

/** Keys of the viewer: what to press, what it does, and the function. */
export function viewerKeys({store, scan, player, panels, turn, openHelp}) {
  const step = (by) => {
    const order = store.readingOrder().filter((index) => !store.state.hidden.has(store.page.symbols[store.page.byIndex.get(index)][1]));
    if (!order.length) return;
    const current = order.indexOf(store.state.selected);
    store.select(store.state.page, order[current < 0 ? (by > 0 ? 0 : order.length - 1) : (current + by + order.length) % order.length], "keys");
  };
  const measure = (by) => {
    const {measures} = store.page;
    if (!measures.length) return;
    const current = store.state.measure ?? (by > 0 ? -1 : measures.length);
    store.set({measure: Math.min(Math.max(current + by, 0), measures.length - 1), selected: null}, "keys");
  };
  return [
    {keys: ["n"], what: "Next symbol", run: () => step(1)},
    {keys: ["p"], what: "Previous symbol", run: () => step(-1)},
    {keys: ["l"], what: "Next entry to look at again", run: () => panels.step(1)},
    {keys: ["k"], what: "Previous entry to look at again", run: () => panels.step(-1)},
    {keys: ["m"], what: "Next measure", run: () => measure(1)},
    {keys: ["b"], what: "Previous measure", run: () => measure(-1)},
    {keys: [" "], shown: "Space", what: "Play or pause, from what is selected", run: () => player.toggle()},
    {keys: ["+", "="], what: "Zoom in", run: () => scan.zoomBy(1.25)},
    {keys: ["-"], what: "Zoom out", run: () => scan.zoomBy(0.8)},
    {keys: ["0"], what: "Fit the width", run: () => scan.fit()},
    {keys: ["PageDown"], shown: "Page Down", what: "Next page", run: () => turn(1)},
    {keys: ["PageUp"], shown: "Page Up", what: "Previous page", run: () => turn(-1)},
    {keys: ["Escape"], shown: "Esc", what: "Select nothing", run: () => store.set({selected: null, measure: null})},
    {keys: ["ArrowLeft"], shown: "Arrows", what: "Pan the scan", within: "#scan", run: () => scan.panBy(PAN, 0)},
    {keys: ["ArrowRight"], within: "#scan", run: () => scan.panBy(-PAN, 0)},
    {keys: ["ArrowUp"], within: "#scan", run: () => scan.panBy(0, PAN)},
    {keys: ["ArrowDown"], within: "#scan", run: () => scan.panBy(0, -PAN)},
    {keys: ["?"], what: "This table", run: openHelp},
  ];
}

/** Listen for keys, unless they are typed into a field or pressed with Ctrl and the like. */
export function listen(bindings) {
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("select, textarea, input:not([type=range]):not([type=checkbox]), dialog[open]");
    if (field) return;
    const control = event.ctrlKey || event.metaKey;
    const presses = event.target.closest("button, summary, input, [role=separator]");
    const binding = bindings.find(({keys, within, ctrl = false, shift}) => keys.includes(control || event.key.length > 1 ? event.key : event.key.toLowerCase())
      && ctrl === control && (shift === undefined || shift === event.shiftKey) && (!within || event.target.closest(within)));
    if (!binding || event.altKey) return;
    if (presses && (event.key === " " || event.key.startsWith("Arrow"))) return;
    event.preventDefault();
    binding.run(event);
  });
}

/** Fill the table of the help. */
export function tabulate(bindings) {
  document.getElementById("help-keys").replaceChildren(...bindings.filter(({what}) => what).map(({keys, shown, what, ctrl}) => make(
    "tr", {}, make("td", {}, make("kbd", {}, (ctrl ? "Ctrl " : "") + (shown ?? keys[0].toUpperCase()))), make("td", {}, what))));
}
