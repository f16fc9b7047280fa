// What the business did through the networks' APIs, and the customer's way to answer it.

import { clock, element, word } from "./dom.js";

const by = (id) => document.getElementById(id);

export class Business {
  /** `phones` answer; each by its network. */
  constructor(phones) {
    this.phones = new Map(phones.map((phone) => [phone.network, phone]));
  }

  update(state) {
    const calls = state.business;
    by("business-empty").hidden = calls.length > 0;
    by("business-count").textContent = word("business_count", { count: state.accepted });
    const drawn = JSON.stringify(calls);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const focused = document.activeElement?.dataset?.answer;
    by("business").replaceChildren(...calls.map((call) => this.draw(call)));
    if (focused) by("business").querySelector(`[data-answer="${CSS.escape(focused)}"]`)?.focus();
  }

  draw(call) {
    const name = call.customer?.name;
    const answered = call.answered === "success" ? null
      : element("span", { class: "outcome", "data-state": "failed", text: word(`answered_${call.answered}`) });
    const tools = [];
    if (call.answerable) {
      tools.push(element("button", {
        class: "button quiet", type: "button", "data-answer": call.external_id,
        text: word("action_answer", { name }), onclick: () => this.phones.get(call.network)?.answerCall(call),
      }));
    }
    if (call.permalink) {
      tools.push(element("a", {
        class: "button quiet", href: call.permalink, text: word("action_open"),
        "aria-label": `${word("action_open")}: ${call.text}`,
      }));
    }
    return element("li", { "data-call": call.external_id, "data-kind": call.kind },
      element("p", { class: "top" },
        element("time", { class: "meta", datetime: call.at, text: clock(call.at) }),
        element("strong", { text: word(`network_${call.network}`) }),
        element("bdi", { text: `@${call.handle}` }),
        element("span", { text: word(`call_${call.kind}`) }),
        name ? element("span", { class: "meta" }, word("to_person"), " ", element("bdi", { text: name })) : null,
        call.copy > 1 ? element("span", { class: "outcome", "data-state": "failed", text: word("call_copy", { count: call.copy }) }) : null,
        answered),
      call.text ? element("p", { class: "words", dir: "auto", text: call.text }) : null,
      tools.length > 0 ? element("div", { class: "tools" }, ...tools) : null);
  }
}
