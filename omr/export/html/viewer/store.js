// What the viewer shows and what is selected. Views listen for "change" and read `state`.

/** Derived look-up tables of a page. */
function prepared(page) {
  page.byIndex = new Map(page.symbols.map(([index], place) => [index, place]));
  page.linksOf = new Map();
  for (const [from, to] of page.links) {
    for (const [a, b] of [[from, to], [to, from]]) {
      if (!page.linksOf.has(a)) page.linksOf.set(a, new Set());
      page.linksOf.get(a).add(b);
    }
  }
  return page;
}

export class Store extends EventTarget {
  /** @param content as `omr.export.html.content.piece_content` makes it */
  constructor(content) {
    super();
    this.take(content);
    this.state = {
      page: 0, straight: false, selected: null, hovered: null, measure: null, hidden: new Set(),
      colourBy: "class", threshold: 0.6, playing: new Set(), origin: "",
    };
  }

  /** Take other content, as after an edit. */
  take(content) {
    this.content = content;
    content.pages.forEach(prepared);
  }

  /** Change the state; listeners hear which fields changed. */
  set(patch, origin = "") {
    const changed = Object.keys(patch).filter((key) => this.state[key] !== patch[key]);
    if (!changed.length) return;
    Object.assign(this.state, patch, {origin});
    this.dispatchEvent(new CustomEvent("change", {detail: new Set(changed)}));
  }

  /** Tell every listener that the content is another one. */
  renew() {
    this.dispatchEvent(new CustomEvent("change", {detail: new Set(["content"])}));
  }

  /** Call a function when one of some fields changes, and once now. */
  watch(fields, listen) {
    this.addEventListener("change", ({detail}) => {
      if (detail.has("content") || fields.some((field) => detail.has(field))) listen(detail);
    });
    listen(new Set(fields));
  }

  get page() { return this.content.pages[this.state.page]; }

  /** Size, picture, boxes and outlines of the picture that is shown. */
  get shown() { return (this.state.straight && this.page?.straight) || this.page; }

  /** Name, score, state and box of a symbol of a page. */
  symbol(index, page = this.page) {
    const place = page.byIndex.get(index);
    if (place === undefined) return null;
    const [, number, score, used] = page.symbols[place];
    const shown = (this.state.straight && page.straight) || page;
    return {index, place, ...this.content.classes[number], number, score, used, box: shown.boxes[place]};
  }

  /** Select a symbol, on another page too. */
  select(page, index, origin = "") {
    const changes = {page, selected: index};
    if (index !== null) {
      const measure = this.measureOf(page, index);
      if (measure !== null) changes.measure = measure;
    }
    this.set(changes, origin);
  }

  /** The measure, by its place on the page, in which a symbol stands. */
  measureOf(page, index) {
    const place = this.content.pages[page].byIndex.get(index);
    if (place === undefined) return null;
    const [x0, y0, x1, y1] = this.content.pages[page].boxes[place];
    return this.measureAt(this.content.pages[page], (x0 + x1) / 2, (y0 + y1) / 2);
  }

  /** The measure of a page at a point, or the nearest one of those at its height. */
  measureAt(shown, x, y) {
    let best = null, least = Infinity;
    shown.outlines.forEach((outline, place) => {
      const xs = outline.filter((_, n) => n % 2 === 0), ys = outline.filter((_, n) => n % 2 === 1);
      const dx = Math.max(Math.min(...xs) - x, 0, x - Math.max(...xs));
      const dy = Math.max(Math.min(...ys) - y, 0, y - Math.max(...ys));
      if (dx + 3 * dy < least) [best, least] = [place, dx + 3 * dy];
    });
    return best;
  }

  /** Symbols of a page in reading order: by measure, then from left to right. */
  readingOrder() {
    const page = this.page, {boxes} = page;
    const rank = page.symbols.map(([index], place) => {
      const [x0, y0, x1, y1] = boxes[place];
      return [this.measureAt(page, (x0 + x1) / 2, (y0 + y1) / 2) ?? 0, x0, index];
    });
    return rank.sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, , index]) => index);
  }

  /** What deserves a second look, on all pages: measures that don't add up, then symbols of low scores. */
  attention() {
    const measures = [], symbols = [];
    this.content.pages.forEach((page, number) => {
      page.measures.forEach((measure, place) => {
        if (measure.problem) measures.push({page: number, measure: place, ...measure});
      });
      for (const [index, kind, score, used] of page.symbols) {
        if (score < this.state.threshold && used !== 1) symbols.push({page: number, index, kind, score});
      }
    });
    symbols.sort((a, b) => a.score - b.score || a.page - b.page || a.index - b.index);
    return {measures, symbols};
  }
}
