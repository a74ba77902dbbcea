// What the map shows, in the fragment of its address: whoever opens the address sees the same.
//   #layers=place,county:county_population&view=6.2/32.1/53.7&feature=county/0801
const PLACES = 4; // decimal places of degrees: some ten metres

export function read() {
  const parts = new Map();
  for (const part of location.hash.slice(1).split("&")) {
    const at = part.indexOf("=");
    if (at > 0) parts.set(part.slice(0, at), part.slice(at + 1));
  }
  return { layers: layersOf(parts.get("layers")), view: viewOf(parts.get("view")), feature: featureOf(parts.get("feature")) };
}

export function write({ layers, view, feature }) {
  const parts = [`layers=${layers.map(([id, style]) => [id, style].filter(Boolean).map(encodeURIComponent).join(":")).join(",")}`];
  if (view) parts.push(`view=${[view.zoom.toFixed(2), view.lat.toFixed(PLACES), view.lng.toFixed(PLACES)].join("/")}`);
  if (feature) parts.push(`feature=${feature.map((each) => encodeURIComponent(each)).join("/")}`);
  history.replaceState(null, "", `#${parts.join("&")}`);
}

function layersOf(text) {
  if (text === undefined) return null;
  return text.split(",").filter(Boolean).map((each) => each.split(":").map(decoded));
}

function viewOf(text) {
  const [zoom, lat, lng] = (text ?? "").split("/").map(Number);
  const good = [zoom, lat, lng].every(Number.isFinite) && zoom >= 0 && zoom <= 24;
  return good && Math.abs(lat) <= 90 && Math.abs(lng) <= 180 ? { zoom, lat, lng } : null;
}

function featureOf(text) {
  const [layer, ...id] = (text ?? "").split("/");
  return id.length ? [decoded(layer), decoded(id.join("/"))] : null;
}

function decoded(text) {
  try { return decodeURIComponent(text); } catch { return text; }
}
