// The map page: the map, its layers, the search and what is chosen, tied to the page's address.
import { told, persian, say, isolated, fetched } from "./words.js";
import * as address from "./address.js";
import * as drawn from "./drawn.js";
import { Layers, usual } from "./layers.js";
import { Feature } from "./feature.js";
import { Search } from "./search.js";
import { at, root, side, still, narrow, failed, colours, makeMap, extentOf, broken } from "./view.js";

let layers, feature, map, hovering, pending = false;

// How far the middle of what panels leave free of the map lies from the middle of the map, in pixels.
function aside() {
  if (at("feature").hidden) return [0, 0];
  const panel = at("feature").getBoundingClientRect(), view = map.getCanvas().getBoundingClientRect();
  return narrow.matches ? [0, (panel.top - view.bottom) / 2] : [(persian ? panel.right - view.left : panel.left - view.right) / 2, 0];
}

// Of many changes in one go the last is told.
function changed() {
  if (!pending && layers && feature) queueMicrotask(tell);
  pending = Boolean(layers && feature);
}

// The address has the middle of what is free: on another screen the panels leave another one.
function tell() {
  pending = false;
  const { x, y } = map.project(map.getCenter()), [across, down] = aside();
  const { lng, lat } = across || down ? map.unproject([x + across, y + down]) : map.getCenter();
  address.write({ layers: layers.on(), view: { zoom: map.getZoom(), lat, lng }, feature: feature.open });
  at("other").hash = location.hash;
  const texts = layers.attributions();
  const parts = texts.flatMap((text) => [" · ", isolated(text)]).slice(1);
  at("attribution").replaceChildren(...(texts.length ? [say("source"), " ", ...parts] : []));
}

// Room for the panels that lie over the map.
function padding() {
  const [across, down] = aside().map((each) => 2 * Math.abs(each));
  if (narrow.matches) return { top: 60, bottom: 60 + down, left: 30, right: 30 };
  return { top: 50, bottom: 50, left: 50, right: 50, [side]: 50 + across };
}

function fit(bounds) {
  const [west, south, east, north] = bounds;
  map.fitBounds([[west, south], [east, north]], { padding: padding(), maxZoom: 12, animate: !still, duration: 700 });
}

function fitLayer(described, id) {
  const box = described.get(id)?.extent?.spatial?.bbox?.[0];
  if (box) fit(box);
}

// All features within some pixels, the topmost first, each once.
function featuresAt(point) {
  const reach = 5, box = [[point.x - reach, point.y - reach], [point.x + reach, point.y + reach]];
  const found = new Map();
  for (const each of map.queryRenderedFeatures(box, { layers: layers.drawnIds() })) {
    const layer = layers.layer(each.layer.id.split("/")[0]);
    const id = layer && each.properties[layer.featureId];
    if (id != null) found.set(`${layer.id}/${id}`, found.get(`${layer.id}/${id}`) ?? { layer, id, properties: each.properties });
  }
  return [...found.values()];
}

// Moves a place from below the panel to the middle of what the panel leaves free.
function uncover(place) {
  const panel = at("feature").getBoundingClientRect(), view = map.getCanvas().getBoundingClientRect();
  const { x, y } = map.project(place);
  const near = 40, [across, down] = [x + view.left, y + view.top];
  if (at("feature").hidden || across < panel.left - near || across > panel.right + near || down < panel.top - near || down > panel.bottom + near) return;
  map.easeTo({ center: place, offset: aside(), animate: !still });
}

function pick(point, focus) {
  const [first, ...others] = featuresAt(point);
  const place = map.unproject(point);
  if (first) feature.show(first.layer, first.id, { others: others.slice(0, 8), many: first.properties.point_count, focus }).then(() => uncover(place));
  else feature.close();
  return Boolean(first);
}

async function open({ layers: wanted, view, feature: chosen }, first) {
  const look = () => map.easeTo({ center: view, zoom: view.zoom, offset: aside(), animate: false });
  if (view) look();
  const turned = layers.set(wanted ?? usual());
  if (chosen && layers.layer(chosen[0])) {
    const there = await feature.show(layers.layer(chosen[0]), chosen[1], { near: !view, focus: !first });
    if (there && view) look(); // its panel is over the map now
  } else feature.close();
  await turned;
}

function keys() {
  const canvas = map.getCanvas();
  canvas.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    if (!pick(map.project(map.getCenter()), true)) failed(say("nothing_here"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (!at("feature").hidden) feature.close();
    else if (narrow.matches) opened(false);
  });
}

function opened(open) {
  at("side").classList.toggle("open", open);
  at("opener").setAttribute("aria-expanded", String(open));
  if (open) layers?.shown();
  if (!open && at("layers").contains(document.activeElement)) at("opener").focus();
}

async function begin() {
  const state = address.read(), collections = fetched("/collections?f=json");
  const { collections: list } = await (await collections).json();
  const described = new Map(list.map((each) => [each.id, each])), on = new Map(state.layers ?? usual());
  const first = list.filter(({ id }) => on.has(id)), whole = extentOf(first.length ? first : list);
  map = await makeMap(state.view ? { center: state.view, zoom: state.view.zoom } : { bounds: whole, fitBoundsOptions: { padding: 24 } });
  performance.mark("map made");
  const under = drawn.backdrop(map, colours()).catch(() => failed(say("data_failed")));
  drawn.chosen(map);
  feature = new Feature(map, at("feature"), { changed, failed, fit });
  layers = new Layers(map, at("layers"), described, { changed, failed, fit: (id) => fitLayer(described, id) });
  new Search(at("query"), at("found"), at("said"), (layer, id) => {
    layers.turnOn(layer.id);
    if (narrow.matches) opened(false);
    feature.show(layer, id, { near: true });
  });
  keys();
  map.on("click", (event) => pick(event.point, false));
  map.on("mousemove", ({ point }) => {
    cancelAnimationFrame(hovering);
    hovering = requestAnimationFrame(() => { map.getCanvas().style.cursor = featuresAt(point).length ? "pointer" : ""; });
  });
  map.on("moveend", changed);
  addEventListener("hashchange", () => open(address.read(), false));
  await Promise.all([under, open(state, true)]);
  await map.once("idle");
  performance.mark("first map");
  root.dataset.ready = "";
}

at("opener").addEventListener("click", () => opened(!at("side").classList.contains("open")));
begin().catch(broken);
// For the console, and for tests.
globalThis.page = { get map() { return map; }, get layers() { return layers; }, get feature() { return feature; } };
