// The lists beside the scan, the card of the selected symbol, and the heading.

import {classColour, familyColour, scoreColour, SCORES} from "viewer/colours.js";

const LISTED = 150; // entries of a list at most
const STATES = [
  null,
  ["left out", "The music was read without this symbol."],
  ["confirmed", "Its score is low; other symbols confirm it."],
];

/** Make an element: `make("li", {class: "none"}, "text", child)`. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const byId = (id) => document.getElementById(id);

/** "noteheadBlackSmall" as "notehead black small". */
export const spoken = (name) => name.replace(/([a-z])([A-Z0-9])/g, "$1 $2").toLowerCase();

function swatch(colour) {
  const mark = make("span", {class: "swatch", "aria-hidden": "true"});
  mark.style.background = colour;
  return mark;
}

export class Panels {
  constructor(store) {
    this.store = store;
    store.watch(["page"], () => { this.#heading(); this.#classes(); });
    store.watch(["threshold"], () => this.#attention());
    store.watch(["page", "selected", "measure"], () => { this.#current(); this.#thumbnailsCurrent(); });
    store.watch(["selected", "page"], () => this.#detail());
    store.watch(["hidden"], () => this.#ticks());
    store.watch(["colourBy"], () => this.#legend());
    store.watch([], () => this.#thumbnails());
    byId("threshold").addEventListener("input", (event) => {
      byId("threshold-value").textContent = Number(event.target.value).toFixed(2);
      store.set({threshold: Number(event.target.value)});
    });
    byId("all-classes").addEventListener("click", () => store.set({hidden: new Set()}));
    byId("no-classes").addEventListener("click", () => store.set({hidden: new Set(store.content.classes.keys())}));
  }

  #heading() {
    const {content, page, state} = this.store;
    const symbols = content.pages.reduce((sum, {symbols: here}) => sum + here.length, 0);
    const measures = content.pages.reduce((sum, {measures: here}) => sum + here.reduce((n, m) => n + m.count, 0), 0);
    const right = page?.quality ?? null;
    byId("title").textContent = content.title;
    byId("facts").textContent = [
      `${count(content.pages.length, "page")}, ${count(symbols, "symbol")}, ${count(measures, "measure")}, ${count(content.parts.length, "part")}`,
      right === null ? "" : `this page: about ${Math.round(100 * right)} % of the notes right, by estimate`,
    ].filter(Boolean).join(" · ");
    byId("page-number").textContent = `${state.page + 1} / ${content.pages.length}`;
    byId("page-tools").hidden = content.pages.length < 2;
    byId("previous-page").disabled = state.page === 0;
    byId("next-page").disabled = state.page >= content.pages.length - 1;
    byId("straight-choice").hidden = !page?.straight;
  }

  // --- pages ---

  #thumbnails() {
    const {content} = this.store;
    byId("pages-panel").hidden = content.pages.length < 2;
    byId("thumbnails").replaceChildren(...content.pages.map((page, number) => make("li", {}, make(
      "button", {type: "button", "aria-label": `Page ${number + 1}`, onclick: () => this.store.set({page: number, selected: null, measure: null})},
      page.picture ? make("img", {src: page.picture, alt: "", loading: "lazy", decoding: "async"}) : make("span", {class: "blank"}),
      String(number + 1),
    ))));
    this.#thumbnailsCurrent();
  }

  #thumbnailsCurrent() {
    for (const [number, button] of byId("thumbnails").querySelectorAll("button").entries()) {
      if (number === this.store.state.page) button.setAttribute("aria-current", "page");
      else button.removeAttribute("aria-current");
    }
  }

  // --- what to look at again ---

  #attention() {
    const {measures, symbols} = this.store.attention();
    byId("attention-count").textContent = measures.length + symbols.length;
    byId("measure-count").textContent = measures.length;
    byId("symbol-count").textContent = symbols.length;
    byId("measure-list").replaceChildren(...entries(measures, (item) => this.#measureEntry(item), "All measures add up."));
    byId("symbol-list").replaceChildren(...entries(symbols, (item) => this.#symbolEntry(item), "No symbol has so low a score."));
    this.#current();
  }

  #place(page) { return this.store.content.pages.length > 1 ? `p. ${page + 1}` : ""; }

  #measureEntry({page, measure, number, problem}) {
    return make("button", {
      type: "button", "data-page": page, "data-measure": measure,
      onclick: () => this.store.set({page, measure, selected: null}, "list"),
    }, make("span", {class: "what problem"}, `Measure ${number}: ${problem}`), make("span", {class: "where"}, this.#place(page)));
  }

  #symbolEntry({page, index, kind, score}) {
    const {name} = this.store.content.classes[kind];
    return make("button", {
      type: "button", "data-page": page, "data-symbol": index, onclick: () => this.store.select(page, index, "list"),
    }, swatch(scoreColour(score)), make("span", {class: "what"}, spoken(name)), make("span", {class: "where"}, this.#place(page)),
    make("span", {class: "meter"}, score.toFixed(2)));
  }

  #current() {
    const {page, selected, measure} = this.store.state;
    for (const button of document.querySelectorAll(".list button")) {
      const {page: on, symbol, measure: of} = button.dataset;
      const here = Number(on) === page && (symbol !== undefined ? Number(symbol) === selected : selected === null && Number(of) === measure);
      if (here) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  }

  /** Go to the next or the previous entry of the lists. */
  step(by) {
    const buttons = [...document.querySelectorAll("#measure-list button, #symbol-list button")];
    if (!buttons.length) return;
    const current = buttons.findIndex((button) => button.getAttribute("aria-current") === "true");
    const next = buttons[(Math.max(current, by > 0 ? -1 : 0) + by + buttons.length) % buttons.length];
    next.click();
    next.scrollIntoView({block: "nearest"});
  }

  // --- classes ---

  #classes() {
    const {content, page} = this.store, counts = new Map();
    for (const [, kind] of page?.symbols ?? []) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const families = new Map();
    for (const [kind, found] of counts) {
      const {family} = content.classes[kind];
      if (!families.has(family)) families.set(family, []);
      families.get(family).push([kind, found]);
    }
    const order = [...new Set(content.classes.map(({family}) => family))].filter((family) => families.has(family));
    order.sort((a, b) => total(families.get(b)) - total(families.get(a)));
    byId("class-count").textContent = `${counts.size} on this page`;
    byId("class-list").replaceChildren(...order.flatMap((family) => {
      const kinds = families.get(family).sort((a, b) => b[1] - a[1]);
      const head = this.#tick(kinds.map(([kind]) => kind), family, familyColour(family), total(kinds), "family family-head");
      if (kinds.length === 1 && spoken(content.classes[kinds[0][0]].name) + "s" === family.toLowerCase()) return [head];
      return [head, ...kinds.map(([kind, found]) => this.#tick(
        [kind], spoken(content.classes[kind].name), classColour(content.classes[kind]), found, "family"))];
    }));
    this.#ticks();
  }

  #tick(kinds, text, colour, found, style) {
    const box = make("input", {type: "checkbox", "data-kinds": kinds.join(" ")});
    box.addEventListener("change", () => {
      const hidden = new Set(this.store.state.hidden);
      for (const kind of kinds) box.checked ? hidden.delete(kind) : hidden.add(kind);
      this.store.set({hidden});
    });
    return make("div", {class: style}, make("label", {}, box, swatch(colour), make("span", {class: "what"}, text)),
      make("span", {class: "count"}, String(found)));
  }

  #ticks() {
    const {hidden} = this.store.state;
    for (const box of byId("class-list").querySelectorAll("input")) {
      const kinds = box.dataset.kinds.split(" ").map(Number), shown = kinds.filter((kind) => !hidden.has(kind));
      box.checked = shown.length > 0;
      box.indeterminate = shown.length > 0 && shown.length < kinds.length;
    }
  }

  #legend() {
    const entries = this.store.state.colourBy === "score" ? SCORES.map(([, colour, text]) => make("span", {}, swatch(colour), text)) : [];
    byId("legend").replaceChildren(...entries);
  }

  // --- the selected symbol ---

  #detail() {
    const {store} = this, card = byId("detail"), symbol = store.state.selected === null ? null : store.symbol(store.state.selected);
    card.hidden = !symbol;
    if (!symbol) return card.replaceChildren();
    const told = store.page.told[symbol.index], state = STATES[symbol.used];
    const links = [...(store.page.linksOf.get(symbol.index) ?? [])].map((index) => store.symbol(index)).filter(Boolean);
    card.replaceChildren(
      make("button", {type: "button", class: "icon close", "aria-label": "Close", onclick: () => store.set({selected: null})}, "✕"),
      make("h3", {}, swatch(classColour(symbol)), spoken(symbol.name),
        make("span", {class: symbol.score < store.state.threshold ? "badge warn" : "badge"}, `score ${symbol.score.toFixed(2)}`),
        state ? make("span", {class: "badge warn", title: state[1]}, state[0]) : null),
      make("p", {class: "told"}, told ?? this.#owners(links) ?? ""),
      make("div", {class: "chips", role: "group", "aria-label": "Linked symbols"}, ...links.map((link) => make("button", {
        type: "button", onclick: () => store.select(store.state.page, link.index, "card"),
        onmouseenter: () => store.set({hovered: link.index}), onmouseleave: () => store.set({hovered: null}),
      }, spoken(link.name)))),
    );
    this.onDetail?.(card, symbol);
  }

  /** What the notes are that a symbol belongs to. */
  #owners(links) {
    const {told} = this.store.page;
    const notes = links.map(({index}) => told[index]).filter(Boolean);
    if (!notes.length) return null;
    return notes.length === 1 ? `of ${notes[0]}` : `of ${notes.length} notes: ${notes.map((note) => note.split(",")[0]).join(", ")}`;
  }
}

const total = (kinds) => kinds.reduce((sum, [, found]) => sum + found, 0);
const count = (number, word) => `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;

function entries(items, entry, none) {
  if (!items.length) return [make("li", {class: "none"}, none)];
  const listed = items.slice(0, LISTED).map((item) => make("li", {}, entry(item)));
  if (items.length > LISTED) listed.push(make("li", {class: "none"}, `and ${items.length - LISTED} more`));
  return listed;
}
