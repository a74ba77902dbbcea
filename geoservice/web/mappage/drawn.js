// Puts styles on the map, each layer at its height: areas, lines, points, what is chosen, then texts.
import { told, fetched } from "./words.js";
import { plain } from "./plain.js";

const HEIGHTS = { backdrop: 0, polygon: 1, line: 2, point: 3 };
const CHOSEN = 5, TEXTS = 6;
const stack = []; // { id, height } of the map's layers, from the lowest

export function add(map, layer, height) {
  const at = stack.findIndex((each) => each.height > height);
  map.addLayer(layer, at < 0 ? undefined : stack[at].id);
  stack.splice(at < 0 ? stack.length : at, 0, { id: layer.id, height });
}

function remove(map, id) {
  if (map.getLayer(id)) map.removeLayer(id);
  const at = stack.findIndex((each) => each.id === id);
  if (at >= 0) stack.splice(at, 1);
}

const asked = new Map(); // styles under way or here, by id

// The style of a layer; a plain one where the service has none for it.
export function styleOf(layer, style) {
  if (!asked.has(style)) {
    const found = style ? asStyled(layer, style) : plain(layer);
    if (!style) return found;
    asked.set(style, found);
    found.catch(() => asked.delete(style));
  }
  return asked.get(style);
}

async function asStyled(layer, style) {
  try {
    const found = await (await fetched(`/styles/${style}?f=mapbox&lang=${told.language}`)).json();
    await Promise.all(Object.values(found.sources).map(described));
    return found;
  } catch (error) {
    if (error.status === 404) return plain(layer);
    throw error;
  }
}

// What the map would ask for only once it is there.
async function described(source) {
  if (!source.url?.startsWith(told.base)) return;
  const { tiles, minzoom, maxzoom, bounds } = await (await fetched(source.url.slice(told.base.length))).json();
  delete source.url;
  Object.assign(source, { tiles, minzoom, maxzoom }, bounds && { bounds });
}

// Adds the style under names of its own and gives what takes it away again. Layers of one shape lie
// as in the list: `place` is the layer's place in it, from the top.
export function draw(map, layer, style, place) {
  const name = (each) => `${layer.id}/${each}`, added = [];
  for (const [id, source] of Object.entries(style.sources)) {
    if (!map.getSource(name(id))) map.addSource(name(id), source);
  }
  for (const each of style.layers) {
    if (each.type === "background") continue;
    const height = (each.type === "symbol" ? TEXTS : HEIGHTS[layer.shape]) + 1 - (place + 1) / 1000;
    add(map, { ...inDigits(each), id: name(each.id), source: name(each.source) }, height);
    added.push(name(each.id));
  }
  return () => {
    added.forEach((id) => remove(map, id));
    Object.keys(style.sources).forEach((id) => map.getSource(name(id)) && map.removeSource(name(id)));
  };
}

// How many of the layer's shapes the tiles in view leave out; what lies on an edge counts in each.
export function omitted(map, layer) {
  const source = `${layer.id}/${layer.id}`;
  if (!map.getSource(source)) return 0;
  return map.querySourceFeatures(source, { sourceLayer: `${layer.id}_omitted` })
    .reduce((sum, { properties }) => sum + properties.omitted, 0);
}

// Numbers on the map in the digits of the language; QGIS, which has the style too, drops what says so.
function inDigits(layer) {
  const [operator, number] = layer.layout?.["text-field"] ?? [];
  if (operator !== "to-string") return layer;
  return { ...layer, layout: { ...layer.layout, "text-field": ["number-format", number, { locale: told.language }] } };
}

export const NAMES_UP_TO = 7; // the zoom to which the backdrop bears names

// What lies under everything, faint: the outlines of the country; and over it, their names.
export async function backdrop(map, colours) {
  if (!told.backdrop) return;
  const on = { source: `backdrop:${told.backdrop}`, "source-layer": told.backdrop };
  const layer = told.layers.find(({ id }) => id === told.backdrop);
  const style = await styleOf(layer, layer.styles[0]?.id);
  for (const [id, source] of Object.entries(style.sources)) map.addSource(`backdrop:${id}`, source);
  add(map, { id: "backdrop", type: "fill", ...on, paint: { "fill-color": colours.land, "fill-antialias": false } }, HEIGHTS.backdrop);
  add(map, { id: "backdrop-edges", type: "line", ...on, paint: { "line-color": colours.border, "line-width": 0.7 } }, HEIGHTS.backdrop);
  for (const each of style.layers.filter(({ type }) => type === "symbol")) {
    const layout = { ...each.layout, "text-font": ["Vazirmatn Bold"] };
    add(map, { ...each, id: `backdrop-${each.id}`, source: `backdrop:${each.source}`, maxzoom: NAMES_UP_TO, layout }, TEXTS);
  }
}

export function repaint(map, colours) {
  if (!map.getLayer("backdrop")) return;
  map.setPaintProperty("backdrop", "fill-color", colours.land);
  map.setPaintProperty("backdrop-edges", "line-color", colours.border);
}

const NOTHING = { type: "FeatureCollection", features: [] };

export function chosen(map) {
  map.addSource("chosen", { type: "geojson", data: NOTHING });
  const on = { source: "chosen" }, is = (kind) => ["==", ["geometry-type"], kind];
  add(map, { id: "chosen-area", type: "fill", ...on, filter: is("Polygon"), paint: { "fill-color": "#f5a524", "fill-opacity": 0.22 } }, CHOSEN);
  add(map, { id: "chosen-halo", type: "line", ...on, paint: { "line-color": "#ffffff", "line-width": 5 } }, CHOSEN);
  add(map, { id: "chosen-edge", type: "line", ...on, paint: { "line-color": "#d97706", "line-width": 2.5 } }, CHOSEN);
  add(map, { id: "chosen-point", type: "circle", ...on, filter: is("Point"), paint: { "circle-color": "#f5a524", "circle-opacity": 0.35, "circle-radius": 11, "circle-stroke-color": "#d97706", "circle-stroke-width": 2.5 } }, CHOSEN);
}

export function choose(map, geometry) {
  map.getSource("chosen")?.setData(geometry ? { type: "Feature", properties: {}, geometry } : NOTHING);
}
