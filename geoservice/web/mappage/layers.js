// The list of layers: which are on, how they are drawn, their legends.
import { told, say, number, element, fetched } from "./words.js";
import { draw, omitted, styleOf } from "./drawn.js";
import { plainLegend } from "./plain.js";

// `described` are the collections by id, as `/collections` has them.
export class Layers {
  constructor(map, list, described, { changed, failed, fit }) {
    Object.assign(this, { map, described, changed, failed, fit });
    this.entries = new Map();
    for (const shape of ["point", "line", "polygon"]) {
      const group = told.layers.filter((layer) => layer.shape === shape && described.has(layer.id));
      if (!group.length) continue;
      const heading = element("h2", { id: `group-${shape}` }, say(shape));
      const items = element("ul", { "aria-labelledby": heading.id }, ...group.map((layer) => this.#entry(layer)));
      list.append(heading, items);
    }
    map.on("zoomend", () => this.#dim());
    map.on("idle", () => this.#count());
  }

  // What is on, from the top: pairs of layer and style, the style only where it is not the default.
  on() {
    return [...this.entries.values()].filter((entry) => entry.box.checked)
      .map(({ layer, style }) => [layer.id, style && style !== layer.styles[0]?.id ? style : undefined]);
  }

  // Turns these on and all others off; what is unknown is passed over.
  async set(wanted) {
    const styles = new Map(wanted);
    await Promise.all([...this.entries.values()].map((entry) => {
      const on = styles.has(entry.layer.id), style = styles.get(entry.layer.id);
      const known = entry.layer.styles.some((each) => each.id === style);
      return this.#turn(entry, on, known ? style : entry.layer.styles[0]?.id);
    }));
  }

  turnOn(id) {
    const entry = this.entries.get(id);
    if (entry && !entry.box.checked) return this.#turn(entry, true, entry.style);
  }

  layer(id) { return this.entries.get(id)?.layer; }

  // The map's layers of what is on, by which features are found.
  drawnIds() { return this.map.getStyle().layers.map(({ id }) => id).filter((id) => this.entries.has(id.split("/")[0])); }

  attributions() {
    const texts = this.on().map(([id]) => this.described.get(id).attribution).filter(Boolean);
    return [...new Set(texts.flatMap((text) => text.split(" · ")))]; // each runs in its own direction
  }

  #entry(layer) {
    const about = this.described.get(layer.id), id = `layer-${layer.id}`;
    const box = element("input", { type: "checkbox", id });
    const count = about.itemCount == null ? "" : number(about.itemCount);
    const more = element("div", { class: "more", hidden: true });
    const item = element("li", { "data-layer": layer.id },
      element("div", { class: "row" }, box, element("label", { for: id }, layer.title), element("span", { class: "count" }, count)), more);
    const entry = { layer, box, more, item, style: layer.styles[0]?.id, take: null, turn: 0 };
    box.addEventListener("change", () => this.#turn(entry, box.checked, entry.style));
    this.entries.set(layer.id, entry);
    return item;
  }

  async #turn(entry, on, style) {
    const turn = ++entry.turn;
    entry.box.checked = on;
    entry.style = style;
    entry.take?.();
    entry.take = null;
    entry.more.hidden = !on;
    entry.item.classList.toggle("on", on);
    this.changed();
    if (!on) return;
    this.#fill(entry);
    try {
      const found = await styleOf(entry.layer, style);
      // By now it may have been turned off, or another style asked for.
      if (turn !== entry.turn) return;
      entry.take = draw(this.map, entry.layer, found, told.layers.indexOf(entry.layer));
    } catch (error) {
      if (turn === entry.turn) this.failed(say("layer_failed", entry.layer.title, error.message));
    }
    this.#dim();
  }

  #fill({ layer, more, style }) {
    const entry = this.entries.get(layer.id), parts = [];
    parts.push(element("p", { class: "hint" }, say("from_zoom")), element("p", { class: "omitted", hidden: true }));
    if (layer.styles.length > 1) {
      const choice = element("select", { "aria-label": say("drawn_as"), onchange: () => this.#turn(entry, true, choice.value) },
        ...layer.styles.map(({ id, title }) => element("option", { value: id, selected: id === style }, title)));
      parts.push(choice);
    }
    const legend = element("div", { class: "legend", role: "img", "aria-label": say("legend", layer.title) });
    parts.push(legend, element("p", { class: "ways" },
      element("button", { type: "button", onclick: () => this.fit(layer.id) }, say("whole_layer")),
      element("a", { href: `${told.base}/collections/${layer.id}?f=html` }, say("about_layer"))));
    more.replaceChildren(...parts);
    if (style) this.#legend(legend, layer, layer.styles.find(({ id }) => id === style));
    else legend.append(...plainLegend(layer));
  }

  // The SVG becomes part of the page, so that it has the page's font and colours.
  async #legend(holder, layer, style) {
    try {
      const text = await (await fetched(`/styles/${style.id}?f=svg&lang=${told.language}`)).text();
      const svg = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
      if (svg.localName !== "svg") return;
      holder.replaceChildren(document.importNode(svg, true));
      trim(holder.firstChild, style.title);
    } catch (error) {
      if (error.status === 404) holder.replaceChildren(...plainLegend(layer)); // as it is drawn
      // Else the map does without a legend.
    }
  }

  // What could not be measured as long as it was not shown.
  shown() {
    for (const { more, layer, style } of this.entries.values()) {
      const svg = more.querySelector("svg"), known = layer.styles.find(({ id }) => id === style);
      if (svg && known) trim(svg, known.title);
    }
  }

  // Tells of what tiles leave out; of points none is, one stands for others.
  #count() {
    for (const { layer, box, more } of this.entries.values()) {
      if (!box.checked || layer.shape === "point") continue;
      const note = more.querySelector(".omitted"), many = omitted(this.map, layer);
      note.hidden = !many;
      note.textContent = many ? say("omitted", number(many)) : "";
    }
  }

  #dim() {
    for (const { layer, item } of this.entries.values()) {
      item.classList.toggle("far", this.map.getZoom() < layer.minZoom);
    }
  }
}

// Takes paper and title from a legend: the list has both.
function trim(svg, title) {
  if (!svg.getBBox().width) return; // it is not shown yet
  svg.querySelector("rect[width='100%']")?.remove();
  const first = svg.querySelector("text");
  if (first?.textContent.includes(title) && svg.querySelectorAll("text").length > 1) first.remove();
  const box = svg.getBBox();
  svg.setAttribute("viewBox", [box.x - 2, box.y - 2, box.width + 4, box.height + 4].join(" "));
  svg.setAttribute("width", box.width + 4);
  svg.setAttribute("height", box.height + 4);
}

// What is on when the address does not say: the first areas, else the first layer.
export function usual() {
  const areas = told.layers.filter((layer) => layer.shape === "polygon" && layer.id !== told.backdrop);
  return [...areas, ...told.layers].slice(0, 1).map((layer) => [layer.id]);
}
