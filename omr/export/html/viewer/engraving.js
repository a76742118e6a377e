// The engraving: the SVG of the page that is shown; its notes carry the ids of symbols.

const ID = /^(?:note|rest)-(\d+)-(\d+)$/;
const SVG = "http://www.w3.org/2000/svg";
const AROUND = 200; // verovio's units above and below the staves of a measure; a staff space is 180
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Engraving {
  constructor(store) {
    this.store = store;
    this.root = document.getElementById("engraving");
    this.onScroll = () => {};
    store.watch(["page"], () => this.#mount());
    store.watch(["selected"], () => this.#select());
    store.watch(["playing"], () => this.#light("is-playing", [...store.state.playing]));
    store.watch(["measure"], () => this.#veil());
    this.root.addEventListener("click", (event) => this.#click(event));
    this.root.addEventListener("scroll", () => this.onScroll(), {passive: true});
  }

  #mount() {
    const {content, page, state} = this.store, top = this.root.scrollTop;
    const sheet = page?.sheet ?? null, svg = sheet === null ? null : content.engraved?.[sheet];
    const same = this.mounted === state.page;
    this.mounted = state.page;
    if (svg) {
      this.root.innerHTML = svg;
      const drawing = this.root.querySelector("svg");
      drawing.setAttribute("role", "img");
      drawing.setAttribute("aria-label", `Music of page ${state.page + 1}, engraved again`);
      this.#mend();
    } else {
      const says = document.createElement("p");
      says.className = "says";
      says.innerHTML = content.engraved === null
        ? "The music is engraved here where verovio is installed: <code>pip install 'omr-music[engrave]'</code>. The scan works without."
        : "No music was read on this page.";
      this.root.replaceChildren(says);
    }
    this.root.scrollTop = same ? top : 0;
    this.#select();
    this.#veil();
  }

  /** Tint the measures that don't add up. */
  #mend() {
    this.store.page.measures.forEach(({index, problem}) => {
      if (problem) this.#tint(this.#measure(index), "veil problem");
    });
  }

  #measure(index) { return this.root.querySelector(`#measure-${index}`); }

  #tint(group, kind) {
    const staves = [...(group?.querySelectorAll(":scope > .staff > path") ?? [])].map((line) => line.getBBox());
    if (!staves.length) return;
    const [x0, y0] = ["x", "y"].map((side) => Math.min(...staves.map((box) => box[side])));
    const [x1, y1] = [Math.max(...staves.map((box) => box.x + box.width)), Math.max(...staves.map((box) => box.y + box.height))];
    const box = {x: x0, y: y0 - AROUND, width: x1 - x0, height: y1 - y0 + 2 * AROUND};
    const veil = document.createElementNS(SVG, "rect");
    for (const [key, value] of Object.entries({x: box.x, y: box.y, width: box.width, height: box.height, rx: 60, class: kind})) {
      veil.setAttribute(key, value);
    }
    group.prepend(veil);
  }

  #elements(indices) {
    const {sheet} = this.store.page ?? {};
    return indices.flatMap((index) => [`note-${sheet}-${index}`, `rest-${sheet}-${index}`])
      .map((id) => document.getElementById(id)).filter(Boolean);
  }

  #light(kind, indices) {
    for (const element of this.root.querySelectorAll(`.${kind}`)) element.classList.remove(kind);
    const found = this.#elements(indices);
    for (const element of found) element.classList.add(kind);
    return found;
  }

  /** Light the selected note, or the notes that the selected symbol belongs to. */
  #select() {
    const {state, page} = this.store;
    const index = state.selected;
    let found = index === null ? [] : this.#light("is-selected", [index]);
    if (index === null) this.#light("is-selected", []);
    else if (!found.length && page) found = this.#light("is-selected", [...(page.linksOf.get(index) ?? [])]);
    if (found.length && state.origin !== "engraving") this.#reveal(found[0]);
  }

  #veil() {
    for (const veil of this.root.querySelectorAll(".veil.here")) veil.remove();
    const {state, page} = this.store, measure = page?.measures[state.measure];
    if (!measure) return;
    const group = this.#measure(measure.index);
    this.#tint(group, "veil here");
    if (group && state.origin !== "engraving" && state.selected === null) this.#reveal(group);
  }

  #reveal(element) {
    const box = element.getBoundingClientRect(), view = this.root.getBoundingClientRect();
    if (box.top >= view.top + 30 && box.bottom <= view.bottom - 30) return;
    const top = this.root.scrollTop + box.top - view.top - view.height / 3;
    this.quietUntil = performance.now() + 500;
    this.root.scrollTo({top, behavior: calm.matches || this.store.state.origin === "scroll" ? "instant" : "smooth"});
  }

  /** Whether the last scrolling was the reader's own. */
  get scrolledByHand() { return performance.now() > (this.quietUntil ?? 0); }

  /** The measure, by its place on the page, a third below the upper edge. */
  get centralMeasure() {
    const view = this.root.getBoundingClientRect(), y = view.top + view.height / 3;
    let best = null, least = Infinity;
    this.store.page?.measures.forEach(({index}, place) => {
      const box = this.#measure(index)?.getBoundingClientRect();
      if (!box) return;
      const away = Math.max(box.top - y, 0, y - box.bottom);
      if (away < least) [best, least] = [place, away];
    });
    return best;
  }

  #click(event) {
    const {store} = this;
    for (let element = event.target.closest("[id]"); element; element = element.parentElement?.closest("[id]")) {
      const [, , symbol] = ID.exec(element.id) ?? [];
      if (symbol !== undefined) return store.select(store.state.page, Number(symbol), "engraving");
      const measure = /^measure-(\d+)$/.exec(element.id);
      if (measure) {
        const place = store.page.measures.findIndex(({index}) => index === Number(measure[1]));
        return store.set({measure: place, selected: null}, "engraving");
      }
    }
  }
}
