// The place that is chosen: its point, the circle that it lies in, and where somebody clicked.
import { add } from "./drawn.js";

const CIRCLE = 5, RADIUS = 6371000, CORNERS = 72; // height among the map's layers; metres
const NOTHING = { type: "FeatureCollection", features: [] };

export class Place {
  constructor(map, fit) {
    Object.assign(this, { map, fit });
    for (const name of ["circle", "place", "clicked"]) map.addSource(name, { type: "geojson", data: NOTHING });
    add(map, { id: "circle", type: "fill", source: "circle", paint: { "fill-color": "#f5a524", "fill-opacity": 0.18 } }, CIRCLE);
    add(map, { id: "circle-edge", type: "line", source: "circle", paint: { "line-color": "#d97706", "line-width": 1.5, "line-dasharray": [3, 2] } }, CIRCLE);
    add(map, { id: "clicked", type: "circle", source: "clicked", paint: { "circle-color": "#0b6b64", "circle-radius": 5, "circle-stroke-color": "#fff", "circle-stroke-width": 2 } }, CIRCLE);
    add(map, { id: "place", type: "circle", source: "place", paint: { "circle-color": "#f5a524", "circle-radius": 7, "circle-stroke-color": "#fff", "circle-stroke-width": 2.5 } }, CIRCLE);
  }

  click(point) {
    this.clicked = point;
    this.map.getSource("clicked").setData(point ? { type: "Feature", properties: {}, geometry: { type: "Point", coordinates: point } } : NOTHING);
  }

  show(feature, near) {
    const at = feature?.geometry?.coordinates, metres = feature?.properties.uncertainty_m ?? 0;
    const ring = at && metres > 0 ? circle(at, metres) : null;
    this.map.getSource("place").setData(at ? feature : NOTHING);
    this.map.getSource("circle").setData(ring ? { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } } : NOTHING);
    if (!near || !at) return;
    const points = [...(ring ?? [at]), ...(this.clicked ? [this.clicked] : [])];
    const edge = (n, of) => of(...points.map((each) => each[n]));
    this.fit([edge(0, Math.min), edge(1, Math.min), edge(0, Math.max), edge(1, Math.max)]);
  }
}

// A circle on the ground as a ring of corners.
function circle([lon, lat], metres) {
  const degrees = metres / RADIUS * 180 / Math.PI, narrower = Math.cos(lat * Math.PI / 180);
  return Array.from({ length: CORNERS + 1 }, (_, n) => {
    const turn = n % CORNERS / CORNERS * 2 * Math.PI;
    return [lon + degrees * Math.cos(turn) / narrower, lat + degrees * Math.sin(turn)];
  });
}
