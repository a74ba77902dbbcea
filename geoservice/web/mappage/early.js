// Asks for what the first map is drawn with, while MapLibre GL is still on its way: what this imports
// is small. Whoever asks for it afterwards finds it under way or there.
import { told, persian } from "./words.js";
import * as address from "./address.js";
import { NAMES_UP_TO, styleOf } from "./drawn.js";
import { usual } from "./layers.js";

// Joined letters are presentation forms: of Arabic letters in B, of those of Persian in A.
const CHARACTERS = ["0-255", ...(persian ? ["65024-65279", "64256-64511"] : [])];
const { layers, view } = address.read();

for (const [id, style] of [...(layers ?? usual()), [told.backdrop]]) {
  const layer = told.layers.find((each) => each.id === id);
  const known = layer?.styles.find((each) => each.id === style) ?? layer?.styles[0];
  if (known) styleOf(layer, known.id).catch(() => {}); // told when it is drawn
}
const font = told.backdrop && !(view?.zoom >= NAMES_UP_TO) ? "Vazirmatn Bold" : "Vazirmatn Regular";
for (const range of CHARACTERS) {
  fetch(`${told.base}/fonts/${encodeURIComponent(font)}/${range}.pbf`).catch(() => {}); // for the cache
}
