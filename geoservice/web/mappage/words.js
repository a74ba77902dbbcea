// Words, numbers and days of the page's language, and elements that hold them.
export const told = JSON.parse(document.getElementById("told").textContent);
export const persian = told.language === "fa";

const LOCALE = persian ? "fa-IR" : "en";
let days; // made when first needed: loading a calendar takes a tenth of a second

export function say(word, ...values) {
  return told.words[word].replace(/\{(\d)\}/g, (_, n) => values[n]);
}

// At most six significant digits of a fraction, as on the other pages.
export function number(value, { grouped = true } = {}) {
  const whole = String(Math.trunc(Math.abs(value))).length;
  const small = value !== 0 && Math.abs(value) < 0.005;
  return value.toLocaleString(LOCALE, {
    useGrouping: grouped,
    ...(small ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: Math.max(6 - whole, 2) }),
  });
}

export function day(text) {
  const at = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  days ??= new Intl.DateTimeFormat(persian ? "fa-IR-u-ca-persian" : "en-CA",
    { year: "numeric", month: "2-digit", day: "2-digit", timeZone: "UTC" });
  return Number.isNaN(at.getTime()) ? text : days.format(at).replace(/[^\d۰-۹]+/g, "/");
}

export function moment(text) {
  return `${day(text)} ${text.slice(11, 16)} UTC`;
}

// An element; `children` are elements or texts, and texts are never markup.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...children.filter((each) => each != null));
  return made;
}

// A text of unknown direction; what is only ASCII (codes, ids) is left to right.
export function isolated(text) {
  return element("bdi", { dir: /^[\x20-\x7e]*$/.test(text) ? "ltr" : "auto" }, text);
}

// A label, small to large: each name for itself, so that the first one does not turn the others.
export function labelled(text) {
  return element("span", {}, ...text.split(/([،,] )/).map((each, n) => (n % 2 ? each : isolated(each))));
}

// What a feature of the layer is called.
export function called(layer, properties, id) {
  const name = layer.names.find((each) => properties[each] != null && properties[each] !== "");
  return name ? String(properties[name]) : String(id ?? layer.title);
}

// A document of the service; an error says what the service said was wrong.
export async function fetched(path, options) {
  const response = await fetch(`${told.base}${path}`, options);
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  throw Object.assign(new Error(problem.detail ?? response.statusText), { status: response.status });
}
