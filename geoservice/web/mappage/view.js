// What both map pages are made around: the empty map, its colours, light or dark, and trouble told.
import { Map as MapView, NavigationControl, prewarm, setWorkerUrl } from "./maplibre-gl.mjs";
import { told, persian, say } from "./words.js";
import * as drawn from "./drawn.js";
import { Scale } from "./scale.js";

export const at = (id) => document.getElementById(id);
export const root = document.documentElement, side = persian ? "left" : "right";
export const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
export const narrow = matchMedia("(max-width: 44rem)");
let map;
setWorkerUrl(new URL("./maplibre-gl-worker.mjs", import.meta.url).href);
prewarm(); // the worker loads while the map is being made

export function failed(text) {
  at("trouble").textContent = text;
  at("trouble").hidden = false;
  clearTimeout(failed.timer);
  failed.timer = setTimeout(() => { at("trouble").hidden = true; }, 8000);
}

export function colours() {
  const style = getComputedStyle(at("map"));
  return { land: style.color, border: style.borderTopColor };
}

// A map with nothing on it; `view` is where it begins: a centre with a zoom, or bounds.
export async function makeMap(view) {
  map = new MapView({
    container: "map",
    style: { version: 8, sources: {}, layers: [], glyphs: `${told.base}/fonts/{fontstack}/{range}.pbf` },
    ...view,
    attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false, renderWorldCopies: false, maxZoom: 18, fadeDuration: still ? 0 : 150,
    locale: { "Map.Title": say("map_keys"), "NavigationControl.ZoomIn": say("zoom_in"), "NavigationControl.ZoomOut": say("zoom_out") },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), `top-${side}`);
  map.addControl(new Scale(), `bottom-${side}`);
  map.on("error", ({ error }) => { console.warn(error); if (error?.name !== "AbortError") failed(say("data_failed")); });
  await map.once("style.load");
  return map;
}

export function extentOf(list) {
  const boxes = list.flatMap((each) => each.extent?.spatial?.bbox ?? []);
  if (!boxes.length) return [[-170, -60], [170, 75]];
  const edge = (n, of) => of(...boxes.map((box) => box[n]));
  return [[edge(0, Math.min), edge(1, Math.min)], [edge(2, Math.max), edge(3, Math.max)]];
}

function theme(name) {
  if (name) root.dataset.theme = name;
  if (map?.isStyleLoaded) drawn.repaint(map, colours());
}

const dark = matchMedia("(prefers-color-scheme: dark)");
at("theme").addEventListener("click", () => {
  const now = root.dataset.theme ?? (dark.matches ? "dark" : "light");
  theme(now === "dark" ? "light" : "dark");
  try { localStorage.setItem("theme", root.dataset.theme); } catch { /* not kept then */ }
});
dark.addEventListener("change", () => theme());
try { theme(localStorage.getItem("theme")); } catch { /* the system's */ }

// The page cannot go on: says why, and stays.
export function broken(error) {
  console.error(error);
  at("trouble").hidden = false;
  at("trouble").textContent = document.createElement("canvas").getContext("webgl2") ? `${say("data_failed")} ${error.message}` : say("no_webgl");
}
