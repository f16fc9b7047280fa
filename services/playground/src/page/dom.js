// Small helpers: elements made node by node, words, requests.

let words = {};

/** Loads the words of the page's language. */
export async function loadWords() {
  const answer = await fetch(`/playground/words.${document.documentElement.lang}.json`);
  words = await answer.json();
}

/** A word, with `{name}` places filled in. */
export function word(key, places = {}) {
  const text = words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => places[name] ?? whole);
}

/** An element; properties go through setAttribute except listeners and `text`. */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "text") made.textContent = value;
    else if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** A labelled control in a `.field`. */
export function field(id, label, control) {
  control.id = id;
  return element("div", { class: "field" }, element("label", { for: id, text: label }), control);
}

/** A select with [value, text] options. */
export function choice(options, properties = {}) {
  const made = element("select", properties);
  setOptions(made, options);
  return made;
}

/** Replaces the options, keeping the chosen one when it is still there. */
export function setOptions(select, options) {
  const wanted = JSON.stringify(options);
  if (select.dataset.options === wanted) return;
  const chosen = select.value;
  select.dataset.options = wanted;
  select.replaceChildren(...options.map(([value, text]) => element("option", { value, text })));
  if (options.some(([value]) => value === chosen)) select.value = chosen;
}

/** JSON of a GET. */
export async function get(path, query = {}) {
  const answer = await fetch(`/playground/api/${path}?${new URLSearchParams(query)}`);
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

/** Sends JSON; throws with the sentence of a refusal. */
export async function send(method, path, body) {
  const answer = await fetch(`/playground/api/${path}`, {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const result = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(result.detail ?? word("unreachable"));
  return result;
}

/** A time in the page's language; with its date unless it is today's. */
export function clock(moment) {
  const at = new Date(moment);
  const format = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
  if (at.toDateString() !== new Date().toDateString()) Object.assign(format, { day: "numeric", month: "short" });
  return at.toLocaleString(document.documentElement.lang, format);
}
