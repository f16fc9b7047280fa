// Generator, faults, and what was told.

import { clock, element, send, word } from "./dom.js";

const by = (id) => document.getElementById(id);

export class Desk {
  constructor() {
    this.generator = null;
    by("generator").addEventListener("submit", (event) => event.preventDefault());
    by("generator-running").addEventListener("click", () => this.steer({ running: !this.generator?.running }));
    by("generator-mode").addEventListener("change", (event) => this.steer({ mode: event.target.value }));
    by("generator-pace").addEventListener("change", (event) => this.steer({ pace: Number(event.target.value) }));
    by("generator-rate").addEventListener("change", (event) => this.steer({ rate: Number(event.target.value) }));
    by("generator-seed").addEventListener("change", (event) => this.steer({ seed: Number(event.target.value) }));
    by("switches").addEventListener("submit", (event) => {
      event.preventDefault();
      this.switch(event.target);
    });
    by("replay").addEventListener("click", () => this.replay());
  }

  async steer(change) {
    try {
      this.drawGenerator(await send("PUT", "generator", change));
    } catch (refusal) {
      by("generator-state").textContent = refusal.message;
    }
  }

  async switch(form) {
    const values = { ...this.switches };
    for (const input of form.querySelectorAll("input")) values[input.name] = Number(input.value);
    try {
      await send("PUT", "switches", values);
      by("switches-answer").textContent = word("applied");
    } catch (refusal) {
      by("switches-answer").textContent = refusal.message;
    }
  }

  async replay() {
    try {
      const told = await send("POST", "x/replay", {});
      by("replay-answer").textContent = word("replayed", { count: told.updates });
    } catch (refusal) {
      by("replay-answer").textContent = refusal.message;
    }
  }

  update(state) {
    this.drawGenerator(state.generator);
    if (!this.switches) {
      for (const input of by("switches").querySelectorAll("input")) input.value = state.switches[input.name];
    }
    this.switches = state.switches;
    by("callbacks").replaceChildren(...state.callbacks.map((one) => element("li", {
      "data-state": one.valid ? "valid" : "invalid",
      text: word(one.valid ? "callback_valid" : "callback_invalid", { network: word(`network_${one.network}`) }),
    })));
    this.drawLog(state.log);
  }

  drawGenerator(generator) {
    this.generator = generator;
    const key = generator.running ? "running" : "paused";
    setText(by("generator-state"), word(key, { turns: generator.turns }));
    setText(by("generator-running"), word(generator.running ? "pause" : "resume"));
    for (const name of ["mode", "pace", "rate", "seed"]) {
      const control = by(`generator-${name}`);
      if (document.activeElement !== control) control.value = String(generator[name]);
    }
    for (const one of document.querySelectorAll("[data-mode]")) one.hidden = one.dataset.mode !== generator.mode;
  }

  drawLog(lines) {
    by("feed-empty").hidden = lines.length > 0;
    const drawn = JSON.stringify(lines);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    by("feed").replaceChildren(...lines.map((line) => this.drawLine(line)));
  }

  drawLine(line) {
    const last = line.attempts.at(-1);
    const answer = last ? (last.status ?? word("no_answer")) : "";
    const notes = [];
    if (line.attempts.length > 1) notes.push(word("twice", { count: line.attempts.length }));
    if (last?.together > 1) notes.push(word("together", { count: last.together - 1 }));
    return element("li", { "data-line": line.line },
      element("p", { class: "top" },
        element("time", { class: "meta", datetime: line.network_time, text: clock(line.network_time) }),
        element("strong", { text: word(`network_${line.network}`) }),
        element("code", { text: line.event }),
        element("span", { class: "outcome", "data-state": line.outcome, text: `${word(`outcome_${line.outcome}`)} ${answer}` })),
      line.text ? element("p", { class: "words", dir: "auto", text: line.text }) : null,
      element("p", { class: "meta" },
        element("span", { class: "mono", text: line.external_id }),
        notes.length > 0 ? ` · ${notes.join(" · ")}` : ""));
  }
}

function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}
