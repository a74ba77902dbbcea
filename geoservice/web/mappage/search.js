// Finds features by their names in all layers, as somebody types.
import { told, say, number, element, isolated, called, fetched } from "./words.js";

const SHORTEST = 2, MOST = 6, ASKED = 40; // letters; results of a layer, and those they are picked from
const PAUSE = 250; // milliseconds

export class Search {
  constructor(box, list, status, chosen) {
    Object.assign(this, { box, list, status, chosen });
    this.at = -1; // of the options, which one is active
    this.asking = null;
    box.addEventListener("input", () => { clearTimeout(this.timer); this.timer = setTimeout(() => this.#ask(), PAUSE); });
    box.addEventListener("focus", () => { if (this.list.childElementCount && this.box.value) this.#open(true); });
    box.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("pointerdown", (event) => { if (!event.target.closest(".search")) this.#open(false); });
  }

  async #ask() {
    this.asking?.abort();
    const text = this.box.value.trim();
    if (text.length < SHORTEST) { this.#show([], ""); return; }
    const asking = this.asking = new AbortController();
    this.status.textContent = say("searching");
    const layers = told.layers.filter((layer) => layer.searched.length);
    const found = await Promise.allSettled(layers.map((layer) => inLayer(layer, text, asking.signal)));
    if (asking.signal.aborted) return;
    const groups = found.map((each, n) => ({ layer: layers[n], ...each.value })).filter((group) => group.features?.length);
    const failed = layers.filter((_, n) => found[n].status === "rejected").map((layer) => layer.title);
    const sum = groups.reduce((n, group) => n + group.features.length, 0);
    const said = [sum ? say("found", number(sum)) : say("nothing_found")];
    if (failed.length) said.push(say("search_failed", failed.join(say("list_separator"))));
    this.#show(groups.sort((a, b) => a.rank - b.rank), said.join(" "));
  }

  #show(groups, said) {
    this.at = -1;
    this.box.removeAttribute("aria-activedescendant");
    this.status.textContent = said;
    this.list.replaceChildren(...groups.map(({ layer, features }) => {
      const heading = element("div", { class: "of", id: `found-${layer.id}` }, layer.title);
      return element("div", { role: "group", "aria-labelledby": heading.id }, heading, ...features.map((feature, n) =>
        element("div", { role: "option", id: `found-${layer.id}-${n}`, "aria-selected": "false",
          onclick: () => this.#choose(layer, feature) }, isolated(feature.name))));
    }));
    this.#open(groups.length > 0);
  }

  #open(open) {
    this.list.hidden = !open;
    this.box.setAttribute("aria-expanded", String(open));
    if (!open) this.#mark(-1);
  }

  #key(event) {
    const options = this.#options(), step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && options.length) {
      this.#open(true);
      this.#mark((this.at + step + (this.at < 0 && step < 0 ? 1 : 0) + options.length) % options.length);
    } else if (event.key === "Enter" && !this.list.hidden && options.length) {
      options[Math.max(this.at, 0)].click();
    } else if (event.key === "Escape") {
      if (this.list.hidden) { this.box.value = ""; this.#show([], ""); } else this.#open(false);
      event.stopPropagation();
    } else return;
    event.preventDefault();
  }

  #options() { return [...this.list.querySelectorAll("[role=option]")]; }

  #mark(at) {
    this.at = at;
    this.#options().forEach((each, n) => each.setAttribute("aria-selected", String(n === at)));
    const active = this.#options()[at];
    if (active) {
      this.box.setAttribute("aria-activedescendant", active.id);
      active.scrollIntoView({ block: "nearest" });
    } else this.box.removeAttribute("aria-activedescendant");
  }

  #choose(layer, feature) {
    this.#open(false);
    this.chosen(layer, feature.id);
  }
}

// What a layer has, the best first; `rank` is how good the best is.
async function inLayer(layer, text, signal) {
  const pattern = `%${text.replace(/[\\%_]/g, "\\$&").replace(/'/g, "''")}%`;
  const filter = layer.searched.map((name) => `CASEI(${name}) LIKE CASEI('${pattern}')`).join(" OR ");
  const names = [...new Set([...layer.names, ...layer.searched])];
  const asked = new URLSearchParams({ f: "json", limit: ASKED, skipGeometry: "true", properties: names.join(","), filter });
  const { features } = await (await fetched(`/collections/${layer.id}/items?${asked}`, { signal })).json();
  const wanted = folded(text);
  const ranked = features.map((each) => {
    const name = called(layer, each.properties, each.id);
    const ranks = [name, ...layer.searched.map((key) => each.properties[key])].filter(Boolean).map((value) => rankOf(folded(String(value)), wanted));
    return { id: each.id, name, rank: Math.min(...ranks) };
  }).sort((a, b) => a.rank - b.rank || a.name.length - b.name.length);
  return { features: ranked.slice(0, MOST), rank: ranked[0]?.rank };
}

function rankOf(value, wanted) {
  if (value === wanted) return 0;
  if (value.startsWith(wanted)) return 1;
  return value.includes(` ${wanted}`) ? 2 : 3;
}

// Enough for ranking; what is found, the service decides.
function folded(text) {
  return text.toLowerCase().replace(/[يى]/g, "ی").replace(/ك/g, "ک").replace(/\u200c/g, " ").replace(/[\u064b-\u0652]/g, "");
}
