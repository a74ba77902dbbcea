// What was found: each place with how sure it is, and why it is not surer.
import { say, number, element, isolated, labelled } from "./words.js";

export class Results {
  constructor(panel, chosen) {
    Object.assign(this, { panel, chosen });
    this.features = [];
  }

  clear() {
    this.features = [];
    this.panel.replaceChildren();
    this.panel.hidden = true;
    this.chosen(null);
  }

  // Shows a collection, the first of it on the map; gives what to say of it.
  show({ features, faults, regions }, heading) {
    this.features = features;
    const list = element("ol", { "aria-labelledby": "results-heading" }, ...features.map((feature, n) => this.#item(feature, n)));
    this.panel.replaceChildren(
      element("h2", { id: "results-heading" }, heading),
      ...(regions?.length ? [element("p", { class: "of" }, regions.map(({ names }) => names[document.documentElement.lang] ?? names.fa ?? names.en).join(say("list_separator")))] : []),
      ...(faults.length ? [why(faults)] : []),
      features.length ? list : element("p", { class: "note" }, say("nothing_found")));
    this.panel.hidden = false;
    this.panel.scrollTop = 0;
    this.#choose(features.length ? 0 : -1, true);
    return features.length ? say("found", number(features.length)) : say("nothing_found");
  }

  #item(feature, n) {
    const { geocoding, confidence, match_level_title, matched, faults, uncertainty_m } = feature.properties;
    const facts = [
      geocoding.distance >= 0.5 && say("away", metres(geocoding.distance)),
      uncertainty_m > 0 && say("within", metres(uncertainty_m)),
      geocoding.postcode && say("postcode", number(Number(geocoding.postcode), { grouped: false })),
    ].filter(Boolean);
    return element("li", {},
      element("button", { type: "button", class: "place", "aria-pressed": "false", onclick: () => this.#choose(n, true) },
        element("span", { class: "name" }, labelled(geocoding.label)),
        element("span", { class: "measure" },
          element("span", { class: "level" }, match_level_title),
          confidence != null && element("span", { class: "sure" }, element("meter", { min: 0, max: 1, low: 0.5, high: 0.8, optimum: 1, value: confidence, "aria-hidden": "true" }), say("sure", number(Math.round(confidence * 100))))),
        element("span", { class: "facts" }, facts.join(" · "))),
      matched?.length ? element("dl", { class: "matched", "aria-label": say("matched") }, ...matched.map(({ token, title }) =>
        element("div", {}, element("dt", {}, title), element("dd", {}, isolated(token))))) : null,
      faults.length ? why(faults) : null);
  }

  #choose(n, near) {
    [...this.panel.querySelectorAll(".place")].forEach((each, at) => each.setAttribute("aria-pressed", String(at === n)));
    this.chosen(this.features[n] ?? null, near);
  }
}

function why(faults) {
  return element("ul", { class: "faults", "aria-label": say("faults") }, ...faults.map(({ name, penalty, title }) =>
    element("li", { title: name }, title, penalty > 0 && penalty < 1 ? element("span", { class: "penalty" }, ` ${say("costs", number(Math.round(penalty * 100)))}`) : null)));
}

function metres(value) {
  return value < 1000 ? `${number(Math.round(value))} ${say("metre")}` : `${number(Math.round(value / 100) / 10)} ${say("kilometre")}`;
}
