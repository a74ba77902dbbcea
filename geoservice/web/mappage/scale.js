// A length on the ground beside a bar of it, in the page's language.
import { say, number, element } from "./words.js";

// Pixels. By these steps the bar is at least half as wide, and has room for «۱٬۰۰۰ کیلومتر».
const WIDEST = 180, STEPS = [5, 3, 2, 1];

export class Scale {
  onAdd(map) {
    this.map = map;
    this.text = element("span");
    this.bar = element("div", { class: "maplibregl-ctrl scale" }, this.text);
    this.show = () => this.#show();
    map.on("move", this.show);
    this.#show();
    return this.bar;
  }

  onRemove() {
    this.map.off("move", this.show);
    this.bar.remove();
  }

  #show() {
    const ground = 40075016.7 * Math.cos(this.map.getCenter().lat * Math.PI / 180) / (512 * 2 ** this.map.getZoom());
    const power = 10 ** Math.floor(Math.log10(ground * WIDEST));
    const metres = STEPS.map((n) => n * power).find((n) => n <= ground * WIDEST);
    this.bar.style.width = `${metres / ground}px`;
    this.text.textContent = metres < 1000 ? `${number(metres)} ${say("metre")}` : `${number(metres / 1000)} ${say("kilometre")}`;
  }
}
