// The signals on a Leaflet map: fills, one overlay of hatches per class, letters, and the keyboard from buurt to buurt.
const BORDERLINE = 1, OUTSIDE = 2; // flags of a buurt, as the page sends them
const LINE = "#3b3a36";
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

export class SignalLayer {
  // shapes: Map of code -> { rings, at }; styles: class -> { fill, hatch, letter, label }; onOpen(code, byKeyboard)
  constructor(map, shapes, styles, onOpen) {
    Object.assign(this, { map, shapes, styles, onOpen, fills: new Map(), letters: new Map(), hatches: [], dimmed: () => false });
    this.group = L.featureGroup().addTo(map);
    this.chosen = L.polygon([], { interactive: false, fill: false, color: "#111111", weight: 5 }).addTo(map);
    this.tip = L.tooltip({ className: "map-tip", direction: "top", offset: [0, -14] });
    map.on("zoomend resize", () => this.declutter());
  }

  // values: code -> { key, flags, name }
  show(values) {
    this.values = values;
    for (const [code, shape] of this.shapes) if (!this.fills.has(code) && values.has(code)) this.add(code, shape);
    for (const [code, fill] of this.fills) fill.setStyle(this.styleOf(code));
    for (const code of this.letters.keys()) this.letter(code);
    this.hatch();
    this.declutter();
  }

  add(code, { rings, at }) {
    const fill = L.polygon(rings, { color: LINE, smoothFactor: 0.6 }).addTo(this.group);
    fill.on("click", () => this.onOpen(code));
    fill.on("mouseover", ({ latlng }) => this.say(code, latlng));
    fill.on("mousemove", ({ latlng }) => this.tip.setLatLng(latlng));
    fill.on("mouseout", () => this.map.closeTooltip(this.tip));
    this.fills.set(code, fill);
    if (this.values.get(code).flags & OUTSIDE) return;
    const marker = L.marker(at, { icon: L.divIcon({ className: "map-letter", iconSize: null }), keyboard: false }).addTo(this.map);
    const button = marker.getElement();
    button.setAttribute("role", "button");
    button.tabIndex = -1;
    button.addEventListener("click", () => this.onOpen(code));
    button.addEventListener("focus", () => { this.stop(code); this.say(code, marker.getLatLng()); });
    button.addEventListener("blur", () => this.map.closeTooltip(this.tip));
    button.addEventListener("mouseenter", () => this.say(code, marker.getLatLng()));
    button.addEventListener("mouseleave", () => this.map.closeTooltip(this.tip));
    button.addEventListener("keydown", (event) => this.onKey(event, code));
    this.letters.set(code, button);
    if (this.letters.size === 1) this.stop(code);
  }

  letter(code) {
    const { key, flags, name } = this.values.get(code);
    const { letter, label } = this.styles[key];
    const button = this.letters.get(code);
    button.textContent = letter || "–";
    button.classList.toggle("map-letter--none", !letter);
    button.classList.toggle("map-letter--border", Boolean(flags & BORDERLINE));
    button.setAttribute("aria-label", `${name}: ${label}${flags & BORDERLINE ? ", grensgeval" : ""}`);
  }

  styleOf(code) {
    const { key, flags } = this.values.get(code);
    const opacity = this.dimmed(code) ? 0.08 : flags & OUTSIDE ? 0.22 : 1;
    const basemap = this.map.getContainer().classList.contains("map--with-basemap") ? 0.75 : 1;
    return { fillColor: this.styles[key].fill, fillOpacity: opacity * basemap, weight: flags & OUTSIDE ? 0.7 : 1.4 };
  }

  hatch() {
    for (const old of this.hatches) old.remove();
    const groups = new Map();
    for (const [code, { key, flags }] of this.values) {
      const { hatch } = this.styles[key];
      const shape = this.shapes.get(code);
      if (!hatch || !shape || this.dimmed(code)) continue;
      const name = `${hatch} ${flags & OUTSIDE}`;
      if (!groups.has(name)) groups.set(name, { hatch, opacity: flags & OUTSIDE ? 0.3 : 1, rings: [] });
      groups.get(name).rings.push(...shape.rings);
    }
    this.hatches = [...groups.values()].map(({ hatch, opacity, rings }) =>
      L.polygon(rings, { stroke: false, interactive: false, fillColor: `url(#hatch-${hatch})`, fillOpacity: opacity, smoothFactor: 0.6 }).addTo(this.map));
    this.chosen.bringToFront();
  }

  // dimmed: code -> is it left out?
  filter(dimmed) {
    this.dimmed = dimmed;
    for (const [code, fill] of this.fills) fill.setStyle(this.styleOf(code));
    for (const [code, button] of this.letters) button.classList.toggle("is-dimmed", dimmed(code));
    this.hatch();
  }

  choose(code) {
    this.letters.get(this.code)?.classList.remove("is-chosen");
    this.code = code;
    this.chosen.setLatLngs(this.shapes.get(code)?.rings ?? []).bringToFront();
    this.letters.get(code)?.classList.add("is-chosen");
    if (this.letters.has(code)) this.stop(code);
    this.declutter();
  }

  say(code, latlng) {
    const { key, flags, name } = this.values.get(code);
    const { letter, label } = this.styles[key];
    const tip = document.createElement("span");
    const bold = document.createElement("b");
    bold.textContent = name;
    tip.append(bold, ` ${letter ? `${letter} · ` : ""}${label}${flags & BORDERLINE ? " (grensgeval)" : ""}`);
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
    if (event.key === "Enter" || event.key === " ") this.onOpen(code, true);
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
    this.letters.get(best).focus();
  }

  // Letters that would lie over another one wait until there is room: zooming in shows them.
  declutter() {
    const taken = [];
    const room = this.letters.values().next().value?.offsetWidth ?? 24; // a letter is a circle of this width
    const first = [this.code, this.at];
    const codes = [...this.letters.keys()].sort((a, b) => first.includes(b) - first.includes(a) || this.size(b) - this.size(a));
    for (const code of codes) {
      const { x, y } = this.map.latLngToLayerPoint(this.shapes.get(code).at);
      const crowded = taken.some((other) => Math.hypot(other.x - x, other.y - y) < room);
      this.letters.get(code).classList.toggle("is-crowded", crowded);
      if (!crowded) taken.push({ x, y });
    }
  }

  size(code) {
    const shape = this.shapes.get(code);
    if (shape.size === undefined) {
      const bounds = L.latLngBounds(shape.rings.flat(2));
      shape.size = (bounds.getNorth() - bounds.getSouth()) * (bounds.getEast() - bounds.getWest());
    }
    return shape.size;
  }

  bounds() {
    const inside = [...this.values].filter(([code, { flags }]) => this.shapes.has(code) && !(flags & OUTSIDE)).map(([code]) => this.shapes.get(code).rings.flat(2));
    return L.latLngBounds(inside.length ? inside.flat() : [...this.shapes.values()].flatMap(({ rings }) => rings.flat(2)));
  }
}
