// What may be about to be written, below the box; keys as the ARIA pattern of a combobox has them.
import { told, say, element, labelled, fetched } from "./words.js";

const PAUSE = 120, SHORTEST = 2, MOST = 8; // milliseconds, letters, places

export class Suggestions {
  constructor(box, list, { search, chosen }) {
    Object.assign(this, { box, list, search, chosen });
    this.at = -1;
    this.features = [];
    this.asking = null;
    box.addEventListener("input", () => { clearTimeout(this.timer); this.timer = setTimeout(() => this.#ask(), PAUSE); });
    box.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("pointerdown", (event) => { if (!event.target.closest(".search")) this.close(); });
  }

  close() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.#open(false);
  }

  async #ask() {
    this.asking?.abort();
    const text = this.box.value.trim();
    if (text.length < SHORTEST) { this.#show([]); return; }
    const mine = this.asking = new AbortController();
    try {
      const asked = new URLSearchParams({ q: text, limit: MOST, lang: told.language });
      const { features } = await (await fetched(`/geocode/autocomplete?${asked}`, { signal: mine.signal })).json();
      if (!mine.signal.aborted) this.#show(features);
    } catch { if (!mine.signal.aborted) this.#show([]); }
  }

  #show(features) {
    this.features = features;
    this.list.replaceChildren(...features.map((feature, n) => {
      const { geocoding, match_level_title, faults } = feature.properties;
      return element("div", { role: "option", id: `suggested-${n}`, "aria-selected": "false", onclick: () => this.#choose(n) },
        element("span", { class: "label" }, labelled(geocoding.label)),
        element("span", { class: "level" }, faults.length ? say("like", match_level_title) : match_level_title));
    }));
    this.#open(features.length > 0);
  }

  #open(open) {
    this.list.hidden = !open;
    this.box.setAttribute("aria-expanded", String(open));
    this.#mark(-1);
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], many = this.features.length;
    if (step && many) {
      if (this.list.hidden) this.#open(true);
      this.#mark((this.at + step + (this.at < 0 && step < 0 ? 1 : 0) + many) % many);
    } else if (event.key === "Enter" && this.at >= 0 && !this.list.hidden) {
      this.#choose(this.at);
    } else if (event.key === "Escape") {
      if (this.list.hidden) this.box.value = "";
      this.close();
    } else return;
    event.preventDefault();
  }

  #mark(at) {
    this.at = at;
    [...this.list.children].forEach((each, n) => each.setAttribute("aria-selected", String(n === at)));
    const active = this.list.children[at];
    if (active) {
      this.box.setAttribute("aria-activedescendant", active.id);
      active.scrollIntoView({ block: "nearest" });
    } else this.box.removeAttribute("aria-activedescendant");
  }

  #choose(n) {
    const feature = this.features[n];
    this.box.value = feature.properties.geocoding.label;
    this.close();
    this.chosen(feature);
  }
}
