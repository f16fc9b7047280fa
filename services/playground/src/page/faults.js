// What the networks' APIs answer: faults to come, and whether their limits hold.

import { choice, element, field, send, setOptions, word } from "./dom.js";

const by = (id) => document.getElementById(id);

const NETWORKS = ["x", "facebook", "instagram", "tiktok"];
const FAULTS = [
  "accept_then_time_out", "reset_after_accept", "fail_500_after_accept", "errors_in_200",
  "limit_429_with_hint", "limit_429_without_hint", "refuse_401", "slow", "echo_first",
];

export class Faults {
  constructor() {
    this.network = choice(NETWORKS.map((name) => [name, word(`network_${name}`)]));
    this.fault = choice(FAULTS.map((name) => [name, word(`fault_${name}`)]));
    this.unit = choice(["count", "percent"].map((name) => [name, word(`fault_by_${name}`)]));
    this.amount = element("input", { type: "number", min: "1", max: "100000", step: "1", value: "1" });
    this.limits = choice(["true", "off"].map((name) => [name, word(`limits_${name}`)]));
    by("api-faults").append(
      field("fault-network", word("network"), this.network),
      field("fault-kind", word("fault"), this.fault),
      field("fault-amount", word("fault_amount"), this.amount),
      field("fault-unit", word("fault_unit"), this.unit),
      element("button", { class: "button", type: "submit", text: word("fault_add") }),
      field("fault-limits", word("limits"), this.limits),
    );
    by("api-faults").addEventListener("submit", (event) => {
      event.preventDefault();
      const value = Math.max(1, Math.round(Number(this.amount.value)) || 1);
      this.set(this.network.value, this.fault.value, { count: 0, percent: 0, [this.unit.value]: value });
    });
    this.limits.addEventListener("change", () => this.put({ ...this.faults, limits: this.limits.value }));
  }

  set(network, fault, chance) {
    this.put({ ...this.faults, [network]: { ...this.faults[network], [fault]: chance } });
  }

  async put(faults) {
    try {
      this.draw(await send("PUT", "faults", faults));
      by("api-faults-answer").textContent = word("applied");
    } catch (refusal) {
      by("api-faults-answer").textContent = refusal.message;
    }
  }

  update(state) {
    this.draw(state.faults);
  }

  draw(faults) {
    this.faults = faults;
    setOptions(this.limits, ["true", "off"].map((name) => [name, word(`limits_${name}`)]));
    if (document.activeElement !== this.limits) this.limits.value = faults.limits;
    const active = NETWORKS.flatMap((network) => FAULTS
      .map((fault) => ({ network, fault, ...faults[network][fault] }))
      .filter((one) => one.count > 0 || one.percent > 0));
    const drawn = JSON.stringify(active);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    by("api-faults-active").replaceChildren(...active.map((one) => this.line(one)));
  }

  line({ network, fault, count, percent }) {
    const amounts = [];
    if (count > 0) amounts.push(word("fault_next", { count }));
    if (percent > 0) amounts.push(`${percent} %`);
    const name = `${word(`network_${network}`)}: ${word(`fault_${fault}`)}`;
    return element("li", { "data-fault": `${network}/${fault}` },
      element("span", { text: `${name} · ${amounts.join(" · ")}` }),
      element("button", {
        class: "button quiet", type: "button", text: word("fault_stop"), "aria-label": `${word("fault_stop")}: ${name}`,
        onclick: () => this.set(network, fault, { count: 0, percent: 0 }),
      }));
  }
}
