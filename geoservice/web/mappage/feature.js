// What is known of one feature, beside the map.
import { told, persian, say, number, day, moment, element, isolated, called, fetched } from "./words.js";
import { choose } from "./drawn.js";

const schemas = new Map(); // by layer

async function schemaOf(layer) {
  if (!schemas.has(layer)) schemas.set(layer, (await (await fetched(`/collections/${layer}/schema?f=json`)).json()).properties);
  return schemas.get(layer);
}

export class Feature {
  constructor(map, panel, { changed, failed, fit }) {
    Object.assign(this, { map, panel, changed, failed, fit });
    this.open = null; // the layer's id and the feature's
    this.turn = 0;
    this.before = null; // what had the focus
  }

  // `others` are further layers and ids at the same place; the point on the map may stand for `many`.
  // Gives whether it is there.
  async show(layer, id, { others = [], many = 1, near = false, focus = true } = {}) {
    const turn = ++this.turn;
    try {
      const path = `/collections/${layer.id}/items/${encodeURIComponent(id)}`;
      const [feature, schema] = await Promise.all([
        fetched(`${path}?f=json`).then((response) => response.json()), schemaOf(layer.id)]);
      if (turn !== this.turn) return true;
      if (this.panel.hidden) this.before = document.activeElement;
      this.panel.replaceChildren(...this.#contents(layer, id, feature, schema, path, others, many));
      this.panel.hidden = false;
      this.panel.scrollTop = 0;
      if (focus) this.panel.focus({ preventScroll: true });
      this.open = [layer.id, String(id)];
      choose(this.map, feature.geometry);
      if (near && feature.geometry) this.fit(boundsOf(feature.geometry));
      this.changed();
      return true;
    } catch (error) {
      if (turn === this.turn) this.failed(say("layer_failed", layer.title, error.message));
      return false;
    }
  }

  close() {
    this.turn++;
    if (this.panel.hidden) return;
    this.panel.hidden = true;
    this.open = null;
    choose(this.map, null);
    (this.before?.isConnected ? this.before : this.map.getCanvas()).focus({ preventScroll: true });
    this.changed();
  }

  #contents(layer, id, feature, schema, path, others, many) {
    const values = feature.properties, rows = [], without = [];
    const names = Object.keys(schema).filter((name) => schema[name]["x-ogc-role"] !== "primary-geometry")
      .sort((a, b) => schema[a]["x-ogc-propertySeq"] - schema[b]["x-ogc-propertySeq"]);
    for (const name of names) {
      const described = schema[name], title = titleOf(described, name);
      if (values[name] == null || values[name] === "") { if (!twin(name, values)) without.push(title); continue; }
      if (!twin(name, values)) rows.push(element("tr", {}, element("th", { scope: "row" }, title), element("td", {}, valueOf(name, described, values[name]))));
    }
    const copy = element("button", { type: "button", onclick: () => this.#copy(copy) }, say("copy_link"));
    return [
      element("div", { class: "head" },
        element("div", {}, element("p", { class: "of" }, layer.title), element("h2", {}, isolated(called(layer, values, id)))),
        element("button", { type: "button", class: "close", "aria-label": say("close"), title: say("close"), onclick: () => this.close() }, "×")),
      element("p", { class: "ways" },
        element("a", { href: `${told.base}${path}?f=html` }, say("feature_page")),
        feature.geometry && element("button", { type: "button", onclick: () => this.fit(boundsOf(feature.geometry)) }, say("zoom_to")), copy),
      feature.geometry ? null : element("p", { class: "note" }, say("no_place")),
      many > 1 ? element("p", { class: "note" }, say("stands_for", number(many))) : null,
      others.length ? element("div", { class: "others" }, element("span", {}, say("also_here")),
        ...others.map((other) => element("button", { type: "button", onclick: () => this.#instead(other, [{ layer, id, properties: values }, ...others]) },
          isolated(called(other.layer, other.properties, other.id))))) : null,
      element("table", {}, element("tbody", {}, ...rows)),
      without.length ? element("p", { class: "without" }, say("without_value", without.join(say("list_separator")))) : null,
    ].filter(Boolean);
  }

  #instead(other, all) {
    this.show(other.layer, other.id, { others: all.filter((each) => each.layer !== other.layer || each.id !== other.id) });
  }

  async #copy(button) {
    try {
      await navigator.clipboard.writeText(location.href);
      button.textContent = say("copied");
    } catch { /* the address bar has it too */ }
  }
}

// Whether an attribute says in the other language what another one says in this.
function twin(name, values) {
  const [ours, theirs] = persian ? ["_fa", "_en"] : ["_en", "_fa"];
  if (!name.endsWith(theirs)) return false;
  const other = values[name.slice(0, -3) + ours];
  return other != null && other !== "";
}

function titleOf(described, name) {
  return described["x-ogc-titles"]?.[told.language] ?? described.title ?? name;
}

function valueOf(name, described, value) {
  const code = described.oneOf?.find((each) => each.const === value);
  if (code) return isolated(titleOf(code, String(value)));
  if (typeof value === "boolean") return say(value ? "yes" : "no");
  if (typeof value === "number") {
    const shown = number(value, { grouped: !/(^|_)year$/.test(name) }), unit = told.units[described["x-ogc-unit"]];
    return element("data", { value }, element("bdi", {}, shown), unit ? ` ${unit}` : "");
  }
  if (described.format === "date") return element("time", { datetime: value, title: value }, day(value));
  if (described.format === "date-time") return element("time", { datetime: value, title: value }, moment(value));
  if (described.format === "uri" && /^https?:/.test(value)) return element("a", { href: value, rel: "noopener noreferrer", dir: "ltr" }, value);
  return isolated(String(value));
}

// West, south, east, north.
export function boundsOf(geometry) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const take = (each) => {
    if (typeof each[0] !== "number") return each.forEach(take);
    box[0] = Math.min(box[0], each[0]); box[1] = Math.min(box[1], each[1]);
    box[2] = Math.max(box[2], each[0]); box[3] = Math.max(box[3], each[1]);
  };
  for (const part of geometry.geometries ?? [geometry]) take(part.coordinates);
  return box;
}
