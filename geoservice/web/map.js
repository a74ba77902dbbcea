// Moves the small map, and ties its shapes to the rows of the table. The page does without.
(() => {
  "use strict";
  const view = document.querySelector(".view");
  if (!view) return;
  const svg = view.querySelector(".shapes"), bar = view.querySelector(".bar path");
  const whole = svg.viewBox.baseVal, W = whole.width, H = whole.height;
  const unit = Number(view.dataset.unit), top = Number(view.dataset.top), RADIUS = 6378137;
  let x = 0, y = 0, k = 1; // corner of what is seen, and how much of the whole it is

  function show() {
    k = Math.min(3, Math.max(1 / 64, k));
    x = Math.min(2 * W - k * W, Math.max(-W, x));
    y = Math.min(2 * H - k * H, Math.max(-H, y));
    svg.setAttribute("viewBox", [x, y, k * W, k * H].map((n) => n.toFixed(1)).join(" "));
    const ground = unit / Math.cosh((top - (y + k * H / 2) * unit) / RADIUS) * k;
    const most = ground * W / 4, power = 10 ** Math.floor(Math.log10(most));
    const metres = [5, 2, 1].map((n) => n * power).find((n) => n <= most);
    bar.setAttribute("d", `M120 ${H - 190}v70h${(metres / ground).toFixed(0)}v-70`);
    const [size, fa, en] = metres < 1000 ? [metres, "متر", "m"] : [metres / 1000, "کیلومتر", "km"];
    view.querySelector(".length .fa").textContent = `${size.toLocaleString("fa-IR")} ${fa}`;
    view.querySelector(".length .en").textContent = `${size.toLocaleString("en")} ${en}`;
  }

  function at(clientX, clientY) { // a place on the screen, in units of the picture
    return new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
  }

  function zoom(factor, point = { x: x + k * W / 2, y: y + k * H / 2 }) {
    const next = Math.min(3, Math.max(1 / 64, k * factor));
    x = point.x - (point.x - x) * next / k;
    y = point.y - (point.y - y) * next / k;
    k = next;
    show();
  }

  function all() { x = 0; y = 0; k = 1; show(); }

  const buttons = view.querySelector(".zoom");
  buttons.hidden = false;
  buttons.addEventListener("click", (event) => {
    const way = event.target.dataset.zoom;
    if (way === "in") zoom(0.5); else if (way === "out") zoom(2); else if (way === "all") all();
  });
  // The wheel scrolls the page until the map has been taken hold of.
  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !view.contains(document.activeElement)) return;
    event.preventDefault();
    zoom(Math.exp(Math.max(-100, Math.min(100, event.deltaY)) / 250), at(event.clientX, event.clientY));
  }, { passive: false });
  view.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (step) { x += step[0] * k * W / 10; y += step[1] * k * H / 10; show(); }
    else if (event.key === "+" || event.key === "=") zoom(0.5);
    else if (event.key === "-") zoom(2);
    else if (event.key === "0") all();
    else return;
    event.preventDefault();
  });

  // One pointer of a mouse drags; two fingers drag and pinch, one scrolls the page.
  const held = new Map();
  let moved = 0;
  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    moved = 0;
    held.set(event.pointerId, event);
    view.focus({ preventScroll: true });
  });
  window.addEventListener("pointermove", (event) => {
    const before = held.get(event.pointerId);
    if (!before || (event.pointerType === "touch" && held.size < 2)) return;
    const far = Math.hypot(event.clientX - before.clientX, event.clientY - before.clientY);
    const other = [...held.values()].find((each) => each.pointerId !== event.pointerId);
    const from = at(before.clientX, before.clientY), to = at(event.clientX, event.clientY);
    moved += far;
    if (moved > 4) svg.classList.add("dragged");
    const share = other ? 2 : 1;
    x -= (to.x - from.x) / share;
    y -= (to.y - from.y) / share;
    if (other) {
      const wide = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
      zoom(wide(before) / Math.max(1, wide(event)), at(other.clientX, other.clientY));
    } else show();
    held.set(event.pointerId, event);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    window.addEventListener(end, (event) => {
      held.delete(event.pointerId);
      svg.classList.remove("dragged");
    });
  }
  svg.addEventListener("click", (event) => { if (moved > 4) event.preventDefault(); }, true);
  svg.addEventListener("dragstart", (event) => event.preventDefault());

  // What is pointed at in the table is lit on the map, and the other way round.
  const pairs = new Map();
  for (const each of document.querySelectorAll("[data-n]")) {
    pairs.set(each.dataset.n, [...(pairs.get(each.dataset.n) ?? []), each]);
  }
  function light(event, on) {
    const one = event.target.closest?.("[data-n]");
    for (const each of one ? pairs.get(one.dataset.n) : []) each.classList.toggle("lit", on);
  }
  for (const [name, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) {
    document.addEventListener(name, (event) => light(event, on));
  }
})();
