// The geocoder's page: a search box, what was found, and the map; a click on the map asks back.
import { told, persian, say, fetched } from "./words.js";
import * as drawn from "./drawn.js";
import { at, root, side, still, narrow, failed, colours, makeMap, extentOf, broken } from "./view.js";
import { Suggestions } from "./suggestions.js";
import { Results } from "./results.js";
import { Place } from "./place.js";
import { coordinates } from "./coordinates.js";

const NEAR = 9; // the zoom from which what is on the map comes first, and is shown
const SHOWN = 5; // results
const AROUND = ["county", "place", "address"]; // layers that say where one is
let map, results, place, asking;

// What is asked for stands behind # where the page wrote it, or behind ? as others write it.
function read() {
  const behind = new URLSearchParams(location.hash.slice(1)), says = ["q", "at"].some((name) => behind.has(name));
  const parts = says ? behind : new URLSearchParams(location.search), [lat, lon] = (parts.get("at") ?? "").split(",").map(Number);
  const point = parts.has("at") && Number.isFinite(lat) && Number.isFinite(lon) ? { lat, lon } : null;
  return { text: parts.get("q"), point, wrong: parts.has("at") && !point };
}

function write(parts) {
  const here = new URL(location);
  for (const name of ["q", "at"]) here.searchParams.delete(name);
  here.hash = new URLSearchParams(parts);
  history.replaceState(null, "", here);
  at("other").hash = here.hash;
}

// Asks, and shows what comes; a later question makes an earlier one void.
async function ask(path, parameters, heading) {
  asking?.abort();
  const mine = asking = new AbortController();
  at("said").textContent = say("searching");
  try {
    const asked = new URLSearchParams({ ...parameters, lang: told.language });
    const found = await (await fetched(`${path}?${asked}`, { signal: mine.signal })).json();
    if (mine.signal.aborted) return;
    at("said").textContent = results.show(found, heading);
  } catch (error) {
    if (mine.signal.aborted) return;
    at("said").textContent = "";
    results.clear();
    failed(say("search_failed", error.message));
  }
}

async function search(text) {
  const wanted = text.trim();
  if (!wanted) { at("query").focus(); return; }
  const typed = coordinates(wanted);
  if (typed) { await reverse(typed); return; }
  write({ q: wanted });
  place.click(null);
  const { lat, lng } = map.getCenter();
  const near = map.getZoom() >= NEAR ? { lat: lat.toFixed(5), lon: lng.toFixed(5) } : {};
  await ask("/geocode/search", { q: wanted, limit: SHOWN, ...near }, say("results"));
}

async function reverse({ lat, lon }) {
  const point = { lat: lat.toFixed(6), lon: lon.toFixed(6) };
  write({ at: `${point.lat},${point.lon}` });
  place.click([lon, lat]);
  await ask("/geocode/reverse", point, say("what_is_here"));
}

// Room for the panel that lies over the map on a phone.
function padding() {
  return narrow.matches ? { top: 40, left: 40, right: 40, bottom: at("results").offsetHeight + 30 } : { top: 60, bottom: 60, left: 60, right: 60 };
}

function fit([west, south, east, north]) {
  map.fitBounds([[west, south], [east, north]], { padding: padding(), maxZoom: 16, animate: !still, duration: 700 });
}

async function begin() {
  const collections = fetched("/collections?f=json");
  const { collections: list } = await (await collections).json();
  map = await makeMap({ bounds: extentOf(list), fitBoundsOptions: { padding: 24 } });
  const under = drawn.backdrop(map, colours()).catch(() => failed(say("data_failed")));
  place = new Place(map, fit);
  const around = AROUND.map(layAround);
  results = new Results(at("results"), (feature, near) => place.show(feature, near));
  const suggestions = new Suggestions(at("query"), at("found"), {
    search: (text) => search(text),
    chosen: (feature) => {
      write({ q: feature.properties.geocoding.label });
      place.click(null);
      at("said").textContent = results.show({ features: [feature], faults: [] }, say("results"));
    },
  });
  at("ask").addEventListener("submit", (event) => {
    event.preventDefault();
    suggestions.close();
    search(at("query").value);
  });
  map.on("click", ({ lngLat }) => reverse({ lat: lngLat.lat, lon: lngLat.lng }));
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const { lat, lng } = map.getCenter();
    reverse({ lat, lon: lng });
  });
  addEventListener("hashchange", open);
  await under;
  await Promise.all([open(), ...around]);
  await map.once("idle");
  root.dataset.ready = "";
}

// Draws one of those layers in its usual style, where the service has it; areas by their edges
// alone, and places' names in Persian alone: of Latin ones some letters have no glyphs.
async function layAround(id, n) {
  const layer = told.layers.find((each) => each.id === id);
  if (!layer?.styles.length) return;
  const style = await drawn.styleOf(layer, layer.styles[0].id);
  const layers = style.layers.filter(({ type }) => type !== "fill" && (persian || id !== "place" || type !== "symbol"));
  const near = layers.map((each) => ({ ...inPersianDigits(each), minzoom: Math.max(each.minzoom ?? 0, NEAR) }));
  drawn.draw(map, layer, { ...style, layers: near }, n);
}

// On a Persian page a label that is a number and nothing else is written so: plaques are.
function inPersianDigits(layer) {
  const text = layer.layout?.["text-field"];
  if (!persian || !text) return layer;
  const number = ["to-number", text, -1], digits = ["number-format", number, { locale: "fa-IR" }];
  return { ...layer, layout: { ...layer.layout, "text-field": ["case", ["==", ["to-string", number], ["to-string", text]], digits, text] } };
}

async function open() {
  const { text, point, wrong } = read();
  if (text) { at("query").value = text; await search(text); }
  else if (point) await reverse(point);
  else if (wrong) at("said").textContent = say("bad_at");
}

root.dataset.side = side;
begin().catch(broken);
// For the console, and for tests.
globalThis.page = { get map() { return map; }, get results() { return results; } };
