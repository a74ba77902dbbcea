// How a layer is drawn for which the service has no style: on the map, and in its legend.
import { told, element } from "./words.js";

const COLOUR = "#0b6b64", RADIUS = 4, RIM = 1, WIDTH = 2, OPACITY = 0.2, EDGE = 1;

export function plain(layer) {
  const id = layer.id, on = { source: id, "source-layer": id };
  const shapes = {
    point: [{ id: "points", type: "circle", paint: { "circle-color": COLOUR, "circle-radius": RADIUS, "circle-stroke-color": "#fff", "circle-stroke-width": RIM } }],
    line: [{ id: "lines", type: "line", paint: { "line-color": COLOUR, "line-width": WIDTH } }],
    polygon: [
      { id: "areas", type: "fill", paint: { "fill-color": COLOUR, "fill-opacity": OPACITY } },
      { id: "edges", type: "line", paint: { "line-color": COLOUR, "line-width": EDGE } },
    ],
  };
  return {
    sources: { [id]: { type: "vector", url: `${told.base}/tiles/${id}.json` } },
    layers: shapes[layer.shape].map((each) => ({ ...each, ...on })),
  };
}

// The symbol, of the size that it has in the legends of styles, and what it stands for.
export function plainLegend(layer) {
  const shapes = {
    point: ["circle", { cx: 13, cy: 8, r: RADIUS, fill: COLOUR, stroke: "#fff", "stroke-width": RIM }],
    line: ["line", { x1: 0, x2: 26, y1: 8, y2: 8, stroke: COLOUR, "stroke-width": WIDTH }],
    polygon: ["rect", { x: 0.5, y: 0.5, width: 25, height: 15, fill: COLOUR, "fill-opacity": OPACITY, stroke: COLOUR, "stroke-width": EDGE }],
  };
  const symbol = drawing("svg", { width: 26, height: 16, viewBox: "0 0 26 16" });
  symbol.append(drawing(...shapes[layer.shape]));
  return [symbol, element("span", {}, layer.title)];
}

function drawing(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
