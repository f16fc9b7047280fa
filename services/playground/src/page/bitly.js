// How the played Bitly answers: well, not at all, or with a refusal.

import { choice, field, get, send, word } from "./dom.js";

const by = (id) => document.getElementById(id);

const MODES = [
  "well", "hang", "rate_limited", "over_quota", "forbidden", "server_error", "unavailable", "nonsense",
];

export class Bitly {
  constructor() {
    this.mode = choice(MODES.map((name) => [name, word(`bitly_${name}`)]));
    by("bitly").append(field("bitly-mode", word("bitly_mode"), this.mode));
    this.mode.addEventListener("change", () => this.put(this.mode.value));
  }

  async put(mode) {
    this.sending = true;
    try {
      await send("PUT", "bitly", { mode });
      by("bitly-answer").textContent = word("applied");
    } catch (refusal) {
      by("bitly-answer").textContent = refusal.message;
    }
    this.sending = false;
  }

  async update() {
    const { mode } = await get("bitly");
    // What is being chosen here is newer than what was asked.
    if (!this.sending && document.activeElement !== this.mode) this.mode.value = mode;
  }
}
