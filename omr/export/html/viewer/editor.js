// Mending a piece on a server: symbols on the scan, keys and metres of measures, systems; undo and redo.

import {connect} from "viewer/viewer.js";
import {listen, tabulate} from "viewer/keyboard.js";
import {make, spoken} from "viewer/panels.js";

const HANDLE = 4; // half the side of a handle, in screen pixels
const WITH_HANDLES = 22; // screen pixels of the longer side of a symbol that is shown with handles
const NUDGE = 0.125; // of a staff space
const VALUES = ["breve", "whole", "half", "quarter", "eighth", "16th", "32nd", "64th"];
const DOWNLOADS = {musicxml: "MusicXML", mxl: "MusicXML, compressed", midi: "MIDI", mei: "MEI", coco: "COCO", mung: "MuNG", html: "HTML to look at"};
const byId = (id) => document.getElementById(id);

/** Start with the content that the server has. */
export async function start() {
  const content = await request("content");
  document.title = `${content.title} · omr`;
  const parts = connect(content), editor = new Editor(parts);
  const keys = [...editor.keys(), ...parts.keys];
  tabulate(keys);
  listen(keys);
}

async function request(address, body) {
  const answer = await fetch(address, body === undefined ? {} : {method: "POST", body: JSON.stringify(body)});
  const content = await answer.json();
  if (!answer.ok) throw new Error(content.fault ?? answer.statusText);
  return content;
}

class Editor {
  constructor({store, scan, panels}) {
    Object.assign(this, {store, scan, panels, adding: false, systems: false, drag_: null});
    this.queue = Promise.resolve();
    this.#bar();
    scan.tool = {
      down: (point, event) => this.#down(point, event), drag: (point) => this.#drag(point), up: () => this.#up(),
      mark: () => this.#mark(), hover: (point) => this.#hover(point),
    };
    panels.onDetail = (card, symbol) => this.#form(card, symbol);
    const moved = scan.onView;
    scan.onView = () => { moved(); this.#placeJoins(); };
    store.watch(["page", "straight"], () => this.#joins());
    store.watch(["measure", "selected", "page"], () => this.#enable());
  }

  // --- requests ---

  /** Send an edit; edits wait for each other. `again` finds the symbol to select afterwards. */
  send(entry, again = null) {
    return this.#queue("edit", {page: this.store.state.page, ...entry}, again);
  }

  step(by) {
    const {position, edits} = this.store.content, wanted = position + by;
    if (wanted >= 0 && wanted <= edits.length) this.#queue("steps", {position: wanted}, null);
  }

  #queue(address, body, again) {
    this.queue = this.queue.then(async () => {
      this.#say("Reading the music again", true);
      const began = performance.now();
      try {
        const content = await request(address, body);
        this.#take(content, again);
        this.#say(`${this.#saved()} in ${Math.round(performance.now() - began)} ms`);
      } catch (error) {
        this.#say(error.message, false, true);
      }
    });
    return this.queue;
  }

  #take(content, again) {
    const {store} = this;
    store.take(content);
    const page = store.page, name = again?.name;
    let found = null, least = Infinity;
    if (again) {
      for (const [index, kind] of page.symbols) {
        if (content.classes[kind].name !== name) continue;
        const away = page.boxes[page.byIndex.get(index)].reduce((sum, edge, n) => sum + Math.abs(edge - again.box[n]), 0);
        if (away < least) [found, least] = [index, away];
      }
    }
    Object.assign(store.state, {selected: found, hovered: null, origin: "edit"});
    if (store.state.measure >= page.measures.length) store.state.measure = null;
    store.renew();
    this.#enable();
    this.#joins();
  }

  #saved() {
    const {position} = this.store.content;
    return position === 0 ? "As it was read" : `${position} ${position === 1 ? "edit" : "edits"} saved`;
  }

  #say(text, busy = false, fault = false) {
    const status = byId("edit-status");
    status.textContent = text;
    status.classList.toggle("busy", busy);
    status.classList.toggle("fault", fault);
    document.body.dataset.busy = String(busy);
  }

  // --- the bar ---

  #bar() {
    const {store} = this, names = store.content.classes.map(({name}) => name);
    const button = (id, text, title, run, toggles = false) => make("button", {type: "button", id, title, onclick: run, "aria-pressed": toggles ? "false" : null}, text);
    const group = (label, ...parts) => make("div", {class: "tools", role: "group", "aria-label": label}, ...parts);
    const list = make("datalist", {id: "class-names"}, ...names.map((name) => make("option", {value: name}, spoken(name))));
    this.kind = make("input", {id: "add-class", list: "class-names", value: "noteheadBlack", size: 15, "aria-label": "Class of new symbols", spellcheck: "false", autocomplete: "off"});
    const fifths = make("select", {id: "key", "aria-label": "Key of the selected measure"}, ...Array.from({length: 15}, (_, n) => {
      const count = Math.abs(n - 7), text = n === 7 ? "no sharp or flat" : `${count} ${n > 7 ? "sharp" : "flat"}${count > 1 ? "s" : ""}`;
      return make("option", {value: n - 7, selected: n === 7}, text);
    }));
    const metre = make("select", {id: "metre", "aria-label": "Metre of the selected measure"}, ...["4/4", "3/4", "2/4", "2/2", "3/8", "6/8", "9/8", "12/8", "5/4", "3/2", "none"].map((text) => make("option", {}, text)));
    byId("edit-bar").append(
      group("Steps", button("undo", "Undo", "Undo (Ctrl Z)", () => this.step(-1)), button("redo", "Redo", "Redo (Ctrl Y)", () => this.step(1))),
      group("Symbols", button("add", "Add", "Draw new symbols on the scan (A)", () => this.#toggleAdding(), true), this.kind, list,
        button("delete", "Delete", "Delete the selected symbol (Del)", () => this.#delete())),
      group("Measure", fifths, button("set-key", "Set key", "Set the key of the selected measure", () => this.send({set: "key", measure: store.state.measure, fifths: Number(fifths.value)})),
        metre, button("set-metre", "Set metre", "Set the metre of the selected measure", () => {
          const [beats, unit] = metre.value === "none" ? [0, 4] : metre.value.split("/").map(Number);
          this.send({set: "metre", measure: store.state.measure, beats, unit});
        })),
      group("Systems", button("systems", "Systems", "Split and join systems", () => this.#toggleSystems(), true)),
      make("span", {id: "edit-status", role: "status", class: "status"}, this.#saved()),
    );
    const download = make("select", {id: "downloads", "aria-label": "Download"}, make("option", {value: ""}, "Download"),
      ...Object.entries(DOWNLOADS).map(([name, text]) => make("option", {value: name}, text)));
    download.addEventListener("change", () => {
      if (download.value) make("a", {href: `download/${download.value}`, download: ""}).click();
      download.value = "";
    });
    byId("file-tools").replaceChildren(make("a", {href: "../../", class: "button"}, "Scans"), download);
    this.#enable();
  }

  #enable() {
    const {content, state} = this.store, measure = state.measure !== null;
    byId("undo").disabled = content.position === 0;
    byId("undo").title = content.position ? `Undo: ${content.edits[content.position - 1]} (Ctrl Z)` : "Undo (Ctrl Z)";
    byId("redo").disabled = content.position >= content.edits.length;
    byId("delete").disabled = state.selected === null;
    for (const id of ["set-key", "set-metre", "key", "metre"]) byId(id).disabled = !measure;
  }

  #toggleAdding(on = !this.adding) {
    this.adding = on;
    byId("add").setAttribute("aria-pressed", String(on));
    this.scan.root.classList.toggle("drawing", on);
  }

  // --- symbols ---

  #selected() {
    const {store} = this;
    return store.state.selected === null || store.state.straight ? null : store.symbol(store.state.selected);
  }

  #delete() {
    const symbol = this.#selected();
    if (symbol) this.send({label: `Delete ${spoken(symbol.name)}`, removed: [symbol.index]});
  }

  #change(symbol, {name = symbol.name, box = symbol.box}, label) {
    this.send({label, changed: [{index: symbol.index, name, box}]}, {name, box});
  }

  /** The fields of the card of the selected symbol. */
  #form(card, symbol) {
    const kind = make("input", {list: "class-names", value: symbol.name, "aria-label": "Class", id: "class-of", size: 18, spellcheck: "false", autocomplete: "off"});
    kind.addEventListener("focus", () => kind.select());
    kind.addEventListener("change", () => {
      if (!this.store.content.classes.some(({name}) => name === kind.value)) return this.#say(`${kind.value}: no such class`, false, true);
      if (kind.value !== symbol.name) this.#change(symbol, {name: kind.value}, `${spoken(symbol.name)} to ${spoken(kind.value)}`);
    });
    const fields = [kind];
    if (symbol.score < 1) {
      fields.push(make("button", {type: "button", id: "confirm", title: "It is right: its score becomes 1 (C)", onclick: () => this.#confirm()}, "Is right"));
    }
    fields.push(make("button", {type: "button", onclick: () => this.#delete()}, "Delete"));
    const told = this.store.page.told[symbol.index];
    if (told) fields.push(...this.#duration(symbol, told));
    card.append(make("div", {class: "form"}, ...fields));
  }

  #duration(symbol, told) {
    const now = VALUES.find((value) => told.includes(` ${value},`)) ?? "quarter";
    const dotted = told.includes("double-dotted") ? 2 : told.includes("dotted") ? 1 : 0;
    const value = make("select", {"aria-label": "Duration", id: "duration"}, ...VALUES.map((name) => make("option", {selected: name === now}, name)));
    const dots = make("select", {"aria-label": "Dots", id: "dots"}, ...["no dot", "1 dot", "2 dots"].map((text, n) => make("option", {value: n, selected: n === dotted}, text)));
    const send = () => this.send({set: "duration", index: symbol.index, value: value.value, dots: Number(dots.value)}, symbol);
    value.addEventListener("change", send);
    dots.addEventListener("change", send);
    return [value, dots];
  }

  #confirm() {
    const symbol = this.#selected();
    if (symbol && symbol.score < 1) this.#change(symbol, {}, `Confirm ${spoken(symbol.name)}`);
  }

  #nudge(dx, dy) {
    const symbol = this.#selected();
    if (!symbol) return;
    const by = NUDGE * (this.store.shown.space ?? 16), [x0, y0, x1, y1] = symbol.box;
    this.#change(symbol, {box: [x0 + dx * by, y0 + dy * by, x1 + dx * by, y1 + dy * by]}, `Move ${spoken(symbol.name)}`);
  }

  // --- drawing, moving and resizing with the pointer ---

  /** Which edges of the selected symbol a point would drag: [left, top, right, bottom], null beside it. */
  #grip([x, y]) {
    const symbol = this.#selected();
    if (!symbol) return null;
    const near = (HANDLE + 2) / this.scan.view.k, [x0, y0, x1, y1] = symbol.box;
    if (x < x0 - near || x > x1 + near || y < y0 - near || y > y1 + near) return null;
    if (!this.#hasHandles(symbol)) return [true, true, true, true];
    const [left, top] = [Math.abs(x - x0) < near, Math.abs(y - y0) < near];
    const [right, bottom] = [Math.abs(x - x1) < near, Math.abs(y - y1) < near];
    if ((left || right) && (top || bottom)) return [left && !right, top && !bottom, right, bottom];
    return [true, true, true, true];
  }

  /** Whether a symbol is shown large enough for handles; a smaller one can be moved. */
  #hasHandles({box: [x0, y0, x1, y1]}) {
    return Math.max(x1 - x0, y1 - y0) * this.scan.view.k >= WITH_HANDLES;
  }

  #hover(point) {
    const grip = this.adding ? null : this.#grip(point);
    this.scan.root.style.cursor = this.adding ? "crosshair" : !grip ? "" : grip.every(Boolean) ? "move"
      : grip[0] === grip[1] ? "nwse-resize" : "nesw-resize";
  }

  #down(point, event) {
    if (event.pointerType === "touch" && !this.adding) return false;
    if (this.store.state.straight) return false; // boxes are those of the scan
    if (this.adding) {
      this.drag_ = {from: point, grip: [false, false, true, true], box: [...point, ...point], start: [...point, ...point], symbol: null};
      return true;
    }
    const grip = this.#grip(point);
    if (!grip) return false;
    const symbol = this.#selected();
    this.drag_ = {from: point, grip, start: symbol.box, box: symbol.box, symbol};
    return true;
  }

  #drag(point) {
    const {from, grip, start} = this.drag_, by = [point[0] - from[0], point[1] - from[1]];
    const box = start.map((edge, n) => edge + (grip[n] ? by[n % 2] : 0));
    this.drag_.box = [Math.min(box[0], box[2]), Math.min(box[1], box[3]), Math.max(box[0], box[2]), Math.max(box[1], box[3])];
    this.scan.mark();
  }

  #up() {
    const {symbol, start, grip} = this.drag_;
    let {box} = this.drag_;
    this.drag_ = null;
    const slight = Math.max(...box.map((edge, n) => Math.abs(edge - start[n]))) * this.scan.view.k < 3;
    if (symbol) {
      if (slight) return this.scan.mark();
      return this.#change(symbol, {box}, `${grip.every(Boolean) ? "Move" : "Resize"} ${spoken(symbol.name)}`);
    }
    const {value: name} = this.kind, {content} = this.store;
    if (!content.classes.some((each) => each.name === name)) return this.#say(`${name}: no such class`, false, true);
    if (slight) box = this.#usual(name, start);
    this.send({label: `Add ${spoken(name)}`, added: [{name, box}]}, {name, box});
  }

  /** A box of the usual size of a class on this page, around a point. */
  #usual(name, [x, y]) {
    const {page, content} = this.store, space = page.space ?? 16;
    const alike = page.symbols.map(([, kind], place) => [kind, place]).filter(([kind]) => content.classes[kind].name === name)
      .map(([, place]) => page.boxes[place]);
    const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
    const [width, height] = alike.length
      ? [median(alike.map(([x0, , x1]) => x1 - x0)), median(alike.map(([, y0, , y1]) => y1 - y0))]
      : [1.2 * space, space];
    return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
  }

  /** Handles of the selected symbol, and what is drawn. */
  #mark() {
    if (this.drag_) {
      const [x0, y0, x1, y1] = this.drag_.box;
      this.scan.shape("rect", {x: x0, y: y0, width: x1 - x0, height: y1 - y0, class: "new"});
      return;
    }
    const symbol = this.#selected(), size = HANDLE / this.scan.view.k;
    if (!symbol) return;
    const [x0, y0, x1, y1] = symbol.box;
    if (!this.#hasHandles(symbol)) return;
    for (const [x, y] of [[x0, y0], [x1, y0], [x1, y1], [x0, y1]]) {
      this.scan.shape("rect", {x: x - size, y: y - size, width: 2 * size, height: 2 * size, class: "handle"});
    }
  }

  // --- systems ---

  #toggleSystems() {
    this.systems = !this.systems;
    byId("systems").setAttribute("aria-pressed", String(this.systems));
    this.#joins();
  }

  /** A button in each gap between two staves. */
  #joins() {
    const {store} = this;
    for (const button of this.scan.root.querySelectorAll(".join")) button.remove();
    if (!this.systems || store.state.straight) return;
    this.scan.root.append(...(store.page?.gaps ?? []).map(({upper, joined, at}) => {
      const text = joined ? "Split" : "Join";
      const button = make("button", {
        type: "button", class: "join", "aria-label": `${text} staves ${upper + 1} and ${upper + 2}`,
        onclick: () => this.send({set: "join", upper, joined: !joined}),
        onpointerdown: (event) => event.stopPropagation(), onpointerup: (event) => event.stopPropagation(),
      }, text);
      button.at = at;
      return button;
    }));
    this.#placeJoins();
  }

  #placeJoins() {
    const {k, x, y} = this.scan.view;
    for (const button of this.scan.root.querySelectorAll(".join")) {
      button.style.left = `${Math.max(4, button.at[0] * k + x - 30)}px`;
      button.style.top = `${button.at[1] * k + y - 13}px`;
    }
  }

  // --- keys ---

  keys() {
    return [
      {keys: ["Delete", "Backspace"], shown: "Del", what: "Delete the selected symbol", run: () => this.#delete()},
      {keys: ["c"], what: "The selected symbol is right", run: () => this.#confirm()},
      {keys: ["a"], what: "Draw new symbols", run: () => this.#toggleAdding()},
      {keys: ["e"], what: "Change the class of the selected symbol", run: () => byId("class-of")?.focus()},
      {keys: ["ArrowLeft"], shift: true, shown: "Shift Arrows", what: "Move the selected symbol", run: () => this.#nudge(-1, 0)},
      {keys: ["ArrowRight"], shift: true, run: () => this.#nudge(1, 0)},
      {keys: ["ArrowUp"], shift: true, run: () => this.#nudge(0, -1)},
      {keys: ["ArrowDown"], shift: true, run: () => this.#nudge(0, 1)},
      {keys: ["z"], ctrl: true, shift: false, what: "Undo", run: () => this.step(-1)},
      {keys: ["y"], ctrl: true, what: "Redo", run: () => this.step(1)},
      {keys: ["Z", "z"], ctrl: true, shift: true, run: () => this.step(1)},
    ];
  }
}
