// Starts the page: words, a phone for each network, the desk; then asks for news every second and a half.

import { get, loadWords } from "./dom.js";
import { Bitly } from "./bitly.js";
import { Business } from "./business.js";
import { Desk } from "./desk.js";
import { Faults } from "./faults.js";
import { Phone } from "./phone.js";

const EVERY = 1500;

const KEPT = "guichet-playground-language";

// The chosen language is kept in this browser; the address says which one is shown.
const language = document.documentElement.lang;
const asked = new URLSearchParams(location.search).get("lang");
const kept = localStorage.getItem(KEPT);
if (asked) localStorage.setItem(KEPT, language);
else if (kept && kept !== language) location.replace(`?lang=${kept}`);

await loadWords();
const current = document.querySelector(`[data-language="${language}"]`);
current?.setAttribute("aria-current", "true");
const phones = [...document.querySelectorAll(".phone")].map((root) => new Phone(root));
const desk = [new Desk(), new Business(phones), new Faults(), new Bitly()];
const connection = document.getElementById("connection");
let version = null;
let people = null;

async function refresh() {
  try {
    const state = await get("state");
    connection.hidden = true;
    await Promise.all(desk.map((part) => part.update(state)));
    if (state.version !== version || state.personas.length !== people) {
      version = state.version;
      people = state.personas.length;
      await Promise.all(phones.map((phone) => phone.update(state)));
    }
  } catch {
    connection.hidden = false;
    version = null;
  }
}

await refresh();
document.body.dataset.ready = "";
setInterval(() => {
  if (!document.hidden) refresh();
}, EVERY);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) refresh();
});
