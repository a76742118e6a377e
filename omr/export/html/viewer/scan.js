// The scan: picture and boxes on a canvas, what is selected on an SVG layer above it.

import {classColour, scoreColour} from "viewer/colours.js";

const SVG = "http://www.w3.org/2000/svg";
const ZOOM = [0.05, 12]; // screen pixels for each pixel of the page
const MARGIN = 48; // screen pixels around what is brought into sight
const LINE = 1.25; // screen pixels of a box's outline, at most
const LINE_SHARE = 0.12; // of a staff space: thinner outlines where the page is shown small
const LARGE = 4; // staff spaces of width from which on a box that is higher than a space is not tinted
const TOP = 44; // screen pixels above the page, for the title of the side
const SIDE = 12; // screen pixels beside the page
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Scan {
  constructor(store) {
    this.store = store;
    this.root = document.getElementById("scan");
    this.canvas = document.getElementById("canvas");
    this.overlay = document.getElementById("overlay");
    this.layer = this.overlay.appendChild(document.createElementNS(SVG, "g"));
    this.view = {k: 1, x: 0, y: 0};
    this.pointers = new Map();
    this.pictures = new Map();
    this.tool = null; // takes pointer events before panning does, for editing
    this.onView = () => {};
    new ResizeObserver(() => this.#resized()).observe(this.root);
    store.watch(["page", "straight"], (changed) => this.#turned(changed));
    store.watch(["hidden", "colourBy"], () => this.#layPaths());
    store.watch(["selected", "hovered", "measure", "playing"], () => this.mark());
    this.#listen();
  }

  // --- picture and boxes ---

  #turned(changed) {
    const {shown, page} = this.store;
    if (!shown) return;
    this.root.setAttribute("aria-label", `Scan of ${page.name}, page ${page.number}`);
    this.#layPaths();
    if (!changed.has("content") || !this.fitted) this.fit();
    this.mark();
    this.redraw();
  }

  picture(url) {
    if (!url) return null;
    if (!this.pictures.has(url)) {
      const image = new Image();
      image.onload = () => this.redraw();
      image.src = url;
      this.pictures.set(url, image);
    }
    return this.pictures.get(url);
  }

  /** One path for each colour: two thousand boxes are drawn with a few strokes. */
  #layPaths() {
    const {shown, page, content, state} = this.store;
    this.paths = new Map();
    if (!shown) return;
    page.symbols.forEach(([, kind, score, used], place) => {
      if (state.hidden.has(kind)) return;
      const colour = state.colourBy === "class" ? classColour(content.classes[kind]) : scoreColour(score);
      const key = `${colour}|${used}`;
      if (!this.paths.has(key)) this.paths.set(key, {colour, used, path: new Path2D(), filled: new Path2D()});
      const [x0, y0, x1, y1] = shown.boxes[place], {path, filled} = this.paths.get(key);
      path.rect(x0, y0, x1 - x0, y1 - y0);
      const large = Math.min((x1 - x0) / LARGE, y1 - y0) > (shown.space ?? Infinity); // slurs and the like
      if (!large && used !== 1) filled.rect(x0, y0, x1 - x0, y1 - y0);
    });
    this.problems = new Path2D();
    page.measures.forEach((measure, place) => {
      if (measure.problem) this.problems.addPath(outlinePath(shown.outlines[place]));
    });
    this.redraw();
  }

  redraw() {
    if (!this.pending) this.pending = requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.pending = 0;
    const {shown} = this.store, ratio = devicePixelRatio || 1, {k, x, y} = this.view;
    const pen = this.canvas.getContext("2d");
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (!shown) return;
    pen.setTransform(k * ratio, 0, 0, k * ratio, x * ratio, y * ratio);
    pen.fillStyle = "#fff";
    pen.shadowColor = "#0003";
    pen.shadowBlur = 16 * ratio;
    pen.fillRect(0, 0, shown.width, shown.height);
    pen.shadowBlur = 0;
    const image = this.picture(shown.picture);
    pen.imageSmoothingQuality = "high";
    if (image?.complete && image.naturalWidth) pen.drawImage(image, 0, 0, shown.width, shown.height);
    pen.fillStyle = "#ffb02033";
    pen.fill(this.problems);
    // like a highlighter: the ink stays black under the colour
    pen.globalCompositeOperation = "multiply";
    const line = Math.min(LINE, Math.max(0.5, (shown.space ?? 16) * k * LINE_SHARE)) / k;
    for (const {colour, used, path, filled} of this.paths.values()) {
      pen.lineWidth = line;
      pen.setLineDash(used === 1 ? [3 / k, 3 / k] : []);
      pen.strokeStyle = pen.fillStyle = colour;
      pen.globalAlpha = 0.75;
      pen.stroke(path);
      pen.globalAlpha = 0.2;
      pen.fill(filled);
    }
    pen.globalAlpha = 1;
    pen.globalCompositeOperation = "source-over";
  }

  // --- what is selected, hovered, playing ---

  mark() {
    const {store, layer} = this, {state} = store;
    layer.replaceChildren();
    if (!store.shown) return;
    const outline = store.shown.outlines[state.measure];
    if (outline) this.#shape("polygon", {points: outline.join(" "), class: "measure"});
    for (const index of state.playing) this.box(index, "playing");
    if (state.selected !== null) this.#selection(state.selected);
    if (state.hovered !== null && state.hovered !== state.selected) this.box(state.hovered, "hover");
    this.tool?.mark?.();
    this.#place();
  }

  #selection(index) {
    const symbol = this.store.symbol(index);
    if (!symbol) return;
    for (const other of this.store.page.linksOf.get(index) ?? []) {
      const linked = this.box(other, "linked");
      if (linked) this.#link(symbol.box, linked.box);
    }
    this.box(index, "selected");
  }

  #link(a, b) {
    const [from, to] = [middle(a), middle(b)];
    this.#shape("line", {x1: from[0], y1: from[1], x2: to[0], y2: to[1], class: "link"});
  }

  /** Outline a symbol on the layer. */
  box(index, kind) {
    const symbol = this.store.symbol(index);
    if (!symbol) return null;
    const [x0, y0, x1, y1] = symbol.box, around = kind === "playing" || kind === "selected" ? 2.5 / this.view.k : 0;
    this.#shape("rect", {
      x: x0 - around, y: y0 - around, width: Math.max(0, x1 - x0 + 2 * around), height: Math.max(0, y1 - y0 + 2 * around),
      rx: 2 / this.view.k, class: kind, "data-symbol": index,
    });
    return symbol;
  }

  #shape(name, attributes) {
    const shape = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, value);
    return this.layer.appendChild(shape);
  }

  shape(name, attributes) { return this.#shape(name, attributes); }

  // --- zoom and pan ---

  #resized() {
    const ratio = devicePixelRatio || 1, {clientWidth, clientHeight} = this.root;
    this.canvas.width = Math.round(clientWidth * ratio);
    this.canvas.height = Math.round(clientHeight * ratio);
    if (!this.fitted || this.width !== clientWidth) this.fit();
    this.width = clientWidth;
    this.redraw();
  }

  #place() {
    const {k, x, y} = this.view;
    this.layer.setAttribute("transform", `translate(${x} ${y}) scale(${k})`);
  }

  /** Show the page over the whole width, from its top. */
  fit() {
    const {shown} = this.store, {clientWidth} = this.root;
    if (!shown || !clientWidth) return;
    const k = (clientWidth - 2 * SIDE) / shown.width;
    this.fitted = true;
    this.#moveTo({k, x: SIDE, y: TOP});
  }

  zoomBy(factor, at = [this.root.clientWidth / 2, this.root.clientHeight / 2]) {
    const {k, x, y} = this.view, wanted = Math.min(Math.max(k * factor, ZOOM[0]), ZOOM[1]);
    this.#moveTo({k: wanted, x: at[0] - (at[0] - x) * wanted / k, y: at[1] - (at[1] - y) * wanted / k});
    this.mark();
  }

  panBy(dx, dy) {
    this.#moveTo({...this.view, x: this.view.x + dx, y: this.view.y + dy});
  }

  #moveTo(view) {
    const {shown} = this.store, {clientWidth, clientHeight} = this.root;
    if (shown) {
      view.x = kept(view.x, shown.width * view.k, clientWidth, SIDE, SIDE);
      view.y = kept(view.y, shown.height * view.k, clientHeight, TOP, clientHeight / 3);
    }
    this.view = view;
    this.#place();
    this.redraw();
    this.onView();
  }

  /** Bring a box into sight, smoothly where that is welcome. */
  reveal([x0, y0, x1, y1]) {
    const {k, x, y} = this.view, {clientWidth, clientHeight} = this.root;
    const within = (low, high, size) => low >= MARGIN && high <= size - MARGIN;
    const centred = (low, high, size) => size / 2 - k * (low + high) / 2;
    const wide = (x1 - x0) * k > clientWidth - 2 * MARGIN;
    const goal = {
      k,
      x: wide || within(x0 * k + x, x1 * k + x, clientWidth) ? x : centred(x0, x1, clientWidth),
      y: within(y0 * k + y, y1 * k + y, clientHeight) ? y : centred(y0, y1, clientHeight),
    };
    cancelAnimationFrame(this.gliding);
    if (goal.x === x && goal.y === y) return;
    if (calm.matches) return this.#moveTo(goal);
    const start = performance.now(), from = {...this.view};
    const step = (now) => {
      const t = Math.min(1, (now - start) / 180), eased = 1 - (1 - t) ** 3;
      this.#moveTo({k, x: from.x + (goal.x - from.x) * eased, y: from.y + (goal.y - from.y) * eased});
      if (t < 1) this.gliding = requestAnimationFrame(step);
    };
    this.gliding = requestAnimationFrame(step);
  }

  /** Bring a measure of the shown page into sight. */
  revealMeasure(place) {
    const outline = this.store.shown?.outlines[place];
    if (outline) this.reveal(bounds(outline));
  }

  /** The measure in the middle of what is in sight. */
  get centralMeasure() {
    const {k, x, y} = this.view, {clientWidth, clientHeight} = this.root;
    return this.store.measureAt(this.store.shown, (clientWidth / 2 - x) / k, (clientHeight / 3 - y) / k);
  }

  // --- pointer ---

  /** Pixels of the page under a pointer. */
  point(event) {
    const {left, top} = this.root.getBoundingClientRect(), {k, x, y} = this.view;
    return [(event.clientX - left - x) / k, (event.clientY - top - y) / k];
  }

  /** The smallest visible symbol at a point of the page. */
  at([x, y]) {
    const {shown, page, state} = this.store, near = 3 / this.view.k;
    let best = null, least = Infinity;
    page?.symbols.forEach(([index, kind], place) => {
      if (state.hidden.has(kind)) return;
      const [x0, y0, x1, y1] = shown.boxes[place];
      if (x < x0 - near || x > x1 + near || y < y0 - near || y > y1 + near) return;
      const area = (x1 - x0 + near) * (y1 - y0 + near);
      if (area < least) [best, least] = [index, area];
    });
    return best;
  }

  #listen() {
    const {root} = this;
    root.addEventListener("wheel", (event) => {
      event.preventDefault();
      const {left, top} = root.getBoundingClientRect();
      const unit = event.deltaMode === 1 ? 20 : 1;
      if (event.ctrlKey || event.metaKey) {
        this.zoomBy(Math.exp(-event.deltaY * unit * 0.0045), [event.clientX - left, event.clientY - top]);
      } else {
        this.panBy(-event.deltaX * unit, -event.deltaY * unit);
      }
    }, {passive: false});
    root.addEventListener("pointerdown", (event) => this.#down(event));
    root.addEventListener("pointermove", (event) => this.#move(event));
    for (const name of ["pointerup", "pointercancel"]) root.addEventListener(name, (event) => this.#up(event));
    root.addEventListener("pointerleave", () => this.store.set({hovered: null}));
    root.addEventListener("dblclick", (event) => {
      const {left, top} = root.getBoundingClientRect();
      this.zoomBy(event.shiftKey ? 0.5 : 2, [event.clientX - left, event.clientY - top]);
    });
  }

  #down(event) {
    if (event.button > 1) return;
    this.root.focus({preventScroll: true});
    this.root.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, [event.clientX, event.clientY]);
    this.moved = 0;
    this.taken = this.pointers.size === 1 && event.button === 0 && Boolean(this.tool?.down?.(this.point(event), event));
  }

  #move(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) {
      const index = this.at(this.point(event));
      this.root.classList.toggle("over", index !== null);
      this.store.set({hovered: index});
      this.tool?.hover?.(this.point(event), event);
      return;
    }
    const now = [event.clientX, event.clientY];
    if (this.taken) {
      this.tool.drag(this.point(event), event);
      return;
    }
    const [dx, dy] = [now[0] - before[0], now[1] - before[1]];
    this.moved += Math.hypot(dx, dy);
    if (this.pointers.size === 2) { // pinch
      const [[, other]] = [...this.pointers].filter(([id]) => id !== event.pointerId);
      const {left, top} = this.root.getBoundingClientRect();
      const spread = (p) => Math.hypot(p[0] - other[0], p[1] - other[1]) || 1;
      this.zoomBy(spread(now) / spread(before), [(now[0] + other[0]) / 2 - left, (now[1] + other[1]) / 2 - top]);
    } else if (this.moved > 3) {
      this.root.classList.add("dragging");
      this.panBy(dx, dy);
    }
    this.pointers.set(event.pointerId, now);
  }

  #up(event) {
    if (!this.pointers.delete(event.pointerId)) return;
    this.root.classList.remove("dragging");
    if (this.taken) {
      this.taken = false;
      this.tool.up(this.point(event), event);
      return;
    }
    if (this.moved > 3 || event.type === "pointercancel") return;
    const point = this.point(event), index = this.at(point), {state} = this.store;
    const patch = {selected: index};
    if (index === null) patch.measure = this.store.measureAt(this.store.shown, ...point);
    if (index === null) this.store.set(patch, "scan");
    else this.store.select(state.page, index, "scan");
  }
}

/** Keep a page in sight: centred or at its start where it fits, else without a gap wider than the margins. */
function kept(start, length, room, before, after) {
  if (length <= room - before - SIDE) return before === SIDE ? (room - length) / 2 : before;
  return Math.min(before, Math.max(start, room - after - length));
}

const middle = ([x0, y0, x1, y1]) => [(x0 + x1) / 2, (y0 + y1) / 2];

export function bounds(outline) {
  const xs = outline.filter((_, n) => n % 2 === 0), ys = outline.filter((_, n) => n % 2 === 1);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

function outlinePath(outline) {
  const path = new Path2D();
  for (let n = 0; n < outline.length; n += 2) path[n ? "lineTo" : "moveTo"](outline[n], outline[n + 1]);
  path.closePath();
  return path;
}
