// The signals on a Leaflet map: fills with their hatches, letters, and the keyboard from buurt to buurt.
const BORDERLINE = 1, OUTSIDE = 2, WARNED = 4; // flags of a buurt, as the page sends them
const LINE = "#3b3a36";
const AS_SENT = { smoothFactor: 0, noClip: true }; // simplified before it was sent; clipping costs more than it saves
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

// An SVG renderer that draws the hatch of a shape over its fill, along the same path: it is laid out once.
const hatched = () => new (L.SVG.extend({
  _initPath(layer) {
    L.SVG.prototype._initPath.call(this, layer);
    if (layer.options.hatch === undefined) return;
    layer.hatching = document.createElementNS("http://www.w3.org/2000/svg", "path");
    layer.hatching.setAttribute("pointer-events", "none");
    this._updateStyle(layer);
  },
  _addPath(layer) {
    L.SVG.prototype._addPath.call(this, layer);
    if (layer.hatching) layer._path.after(layer.hatching);
  },
  _removePath(layer) {
    L.SVG.prototype._removePath.call(this, layer);
    layer.hatching?.remove();
  },
  _setPath(layer, path) {
    L.SVG.prototype._setPath.call(this, layer, path);
    layer.hatching?.setAttribute("d", path);
  },
  _updateStyle(layer) {
    L.SVG.prototype._updateStyle.call(this, layer);
    const { hatch, hatchOpacity } = layer.options;
    layer.hatching?.setAttribute("fill", hatch ? `url(#hatch-${hatch})` : "none");
    layer.hatching?.setAttribute("fill-opacity", hatchOpacity ?? 1);
  },
}))({ padding: 0.5 });

export class SignalLayer {
  // shapes: Map of code -> { rings, at }; styles: class -> { fill, hatch, letter, label }; onOpen(code, byKeyboard)
  constructor(map, shapes, styles, onOpen) {
    Object.assign(this, { map, shapes, styles, onOpen, fills: new Map(), letters: new Map(), renderer: hatched(), dimmed: () => false });
    this.group = L.featureGroup().addTo(map);
    this.chosen = L.polygon([], { renderer: this.renderer, interactive: false, fill: false, color: "#111111", weight: 5 }).addTo(map);
    this.tip = L.tooltip({ className: "map-tip", direction: "top", offset: [0, -14] });
    this.pane = map.getPane("markerPane");
    this.room = parseFloat(getComputedStyle(map.getContainer()).getPropertyValue("--veerkracht-map-letter")) || 26;
    this.listen();
  }

  // One listener for all shapes and one for all letters: there may be five hundred.
  listen() {
    const codeOf = ({ propagatedFrom }) => propagatedFrom.options.code;
    this.group.on("click", (event) => this.onOpen(codeOf(event)));
    this.group.on("mouseover", (event) => this.say(codeOf(event), event.latlng));
    this.group.on("mousemove", ({ latlng }) => this.tip.setLatLng(latlng));
    this.group.on("mouseout", () => this.map.closeTooltip(this.tip));
    const on = (name, work) => this.pane.addEventListener(name, (event) => {
      const code = event.target.dataset?.letter;
      if (code) work(code, event);
    });
    on("click", (code) => this.onOpen(code));
    on("focusin", (code) => { this.stop(code); this.say(code, this.shapes.get(code).at); });
    on("focusout", () => this.map.closeTooltip(this.tip));
    on("mouseover", (code) => this.say(code, this.shapes.get(code).at));
    on("mouseout", () => this.map.closeTooltip(this.tip));
    on("keydown", (code, event) => this.onKey(event, code));
    this.map.on("zoomend viewreset resize", () => this.place());
  }

  // values: code -> { key, flags, name }
  show(values) {
    this.values = values;
    for (const [code, shape] of this.shapes) {
      if (!values.has(code)) continue;
      if (this.fills.has(code)) this.paint(code);
      else this.add(code, shape);
      if (this.letters.has(code)) this.letter(code);
    }
    this.chosen.bringToFront();
    this.place();
    if (!this.pane.hasChildNodes()) this.pane.append(...this.letters.values());
  }

  add(code, { rings }) {
    const fill = L.polygon(rings, { ...this.styleOf(code), code, renderer: this.renderer, color: LINE, ...AS_SENT });
    this.fills.set(code, fill);
    this.group.addLayer(fill);
    if (this.values.get(code).flags & OUTSIDE) return;
    const button = document.createElement("div");
    button.dataset.letter = code;
    button.setAttribute("role", "button");
    button.tabIndex = this.letters.size ? -1 : 0;
    if (!this.letters.size) this.at = code;
    this.letters.set(code, button);
  }

  // Only what a class changes: setting every attribute of five hundred shapes is felt when somebody switches.
  paint(code) {
    const fill = this.fills.get(code);
    const { fillColor, fillOpacity, hatch, hatchOpacity } = Object.assign(fill.options, this.styleOf(code));
    fill._path.setAttribute("fill", fillColor);
    fill._path.setAttribute("fill-opacity", fillOpacity);
    fill.hatching.setAttribute("fill", hatch ? `url(#hatch-${hatch})` : "none");
    fill.hatching.setAttribute("fill-opacity", hatchOpacity);
  }

  letter(code) {
    const { key, flags, name, told } = this.values.get(code);
    const { letter, label } = this.styles[key];
    const button = this.letters.get(code);
    const classes = ["map-letter", "leaflet-zoom-hide", !letter && "map-letter--none", flags & BORDERLINE && "map-letter--border", this.dimmed(code) && "is-dimmed", code === this.code && "is-chosen"];
    const look = classes.filter(Boolean).join(" ");
    if (button.className !== look) button.className = look;
    const text = `${letter || "–"}${flags & WARNED ? "!" : ""}`;
    if (button.textContent !== text) button.textContent = text;
    button.setAttribute("aria-label", `${name}: ${label}${flags & BORDERLINE ? ", grensgeval" : ""}${told ? `. ${told}` : ""}`);
  }

  styleOf(code) {
    const { key, flags } = this.values.get(code);
    const opacity = this.dimmed(code) ? 0.08 : flags & OUTSIDE ? 0.22 : 1;
    const basemap = this.map.getContainer().classList.contains("map--with-basemap") ? 0.75 : 1;
    const { fill, hatch } = this.styles[key];
    return { fillColor: fill, fillOpacity: opacity * basemap, hatch, hatchOpacity: opacity === 0.22 ? 0.3 : opacity === 1 ? 1 : 0, weight: flags & OUTSIDE ? 0.7 : 1.4 };
  }

  // dimmed: code -> is it left out?
  filter(dimmed) {
    this.dimmed = dimmed;
    for (const code of this.fills.keys()) this.paint(code);
    for (const [code, button] of this.letters) button.classList.toggle("is-dimmed", dimmed(code));
  }

  choose(code) {
    this.letters.get(this.code)?.classList.remove("is-chosen");
    this.letters.get(this.code)?.removeAttribute("aria-current");
    this.code = code;
    this.chosen.setLatLngs(this.shapes.get(code)?.rings ?? []).bringToFront();
    this.letters.get(code)?.classList.add("is-chosen");
    this.letters.get(code)?.setAttribute("aria-current", "true");
    if (this.letters.has(code)) this.stop(code);
    this.place();
  }

  say(code, latlng) {
    const { key, flags, name, told } = this.values.get(code);
    const { letter, label } = this.styles[key];
    const tip = document.createElement("span");
    const bold = document.createElement("b");
    bold.textContent = name;
    tip.append(bold, ` ${letter ? `${letter} · ` : ""}${label}${flags & BORDERLINE ? " (grensgeval)" : ""}${told ? `. ${told}` : ""}`);
    this.map.openTooltip(this.tip.setContent(tip).setLatLng(latlng));
  }

  // ---- keyboard: one stop for Tab, arrows to the nearest buurt that way ----
  stop(code) {
    const before = this.letters.get(this.at);
    if (before) before.tabIndex = -1;
    this.at = code;
    this.letters.get(code).tabIndex = 0;
  }

  onKey(event, code) {
    if (event.key === "Enter" || event.key === " ") this.onOpen(code, { focus: true });
    else if (ARROWS[event.key]) this.walk(code, ARROWS[event.key]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  walk(code, [right, down]) {
    const point = (other) => this.map.latLngToContainerPoint(this.shapes.get(other).at);
    const here = point(code);
    let best, least = Infinity;
    for (const other of this.letters.keys()) {
      if (other === code || this.dimmed(other)) continue;
      const { x, y } = point(other).subtract(here);
      const ahead = x * right + y * down, aside = Math.abs(x * down - y * right);
      if (ahead <= 0 || aside > 2 * ahead) continue;
      const cost = ahead + 2 * aside;
      if (cost < least) { least = cost; best = other; }
    }
    if (!best) return;
    this.map.panInside(this.shapes.get(best).at, { padding: [40, 40], animate: false });
    this.stop(best);
    this.place(); // it may have waited for room
    this.letters.get(best).focus();
  }

  // Letters where they belong. One that would lie over another waits until there is room: zooming in shows it.
  place() {
    const taken = [];
    const first = [this.code, this.at];
    const codes = [...this.letters.keys()].sort((a, b) => first.includes(b) - first.includes(a) || this.size(b) - this.size(a));
    for (const code of codes) {
      const point = this.map.latLngToLayerPoint(this.shapes.get(code).at);
      const crowded = taken.some(({ x, y }) => Math.hypot(x - point.x, y - point.y) < this.room);
      const button = this.letters.get(code);
      button.style.transform = `translate(${point.x}px, ${point.y}px)`;
      button.classList.toggle("is-crowded", crowded);
      if (!crowded) taken.push(point);
    }
  }

  size(code) {
    const shape = this.shapes.get(code);
    if (shape.size === undefined) {
      let [top, right, bottom, left] = [-90, -180, 90, 180];
      for (const part of shape.rings) for (const { lat, lng } of part[0]) {
        top = Math.max(top, lat);
        right = Math.max(right, lng);
        bottom = Math.min(bottom, lat);
        left = Math.min(left, lng);
      }
      shape.size = (top - bottom) * (right - left);
    }
    return shape.size;
  }

  bounds() {
    const inside = [...this.values].filter(([code, { flags }]) => this.shapes.has(code) && !(flags & OUTSIDE)).map(([code]) => this.shapes.get(code).rings.flat(2));
    return L.latLngBounds(inside.length ? inside.flat() : [...this.shapes.values()].flatMap(({ rings }) => rings.flat(2)));
  }
}
