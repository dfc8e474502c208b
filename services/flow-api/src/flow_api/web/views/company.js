// Everything known about one number: its flows as one map, how long one waits and when, and what changed over time.

import { getJson } from "../api.js";
import { WEEKDAYS, bars, grouped } from "../charts.js";
import { empty, h, replace, when } from "../dom.js";
import { drawTree } from "../tree.js";
import { callItem } from "./calls.js";

// One tree out of several flows of one number: steps with the same prompt are one step.
export function merged(flows) {
  const steps = [];
  const names = new Map();
  const signature = (step) => step.metadata?.prompt?.transcript || `${step.type}:${step.description}`;
  for (const flow of flows) {
    const own = new Map();
    for (const step of flow.steps) {
      const key = signature(step);
      if (!names.has(key)) {
        names.set(key, `${flow.id}/${step.id}`);
        steps.push({ ...step, id: names.get(key), next_step: null, conditions: {} });
      }
      own.set(step.id, names.get(key));
    }
    for (const step of flow.steps) {
      const target = steps.find((one) => one.id === own.get(step.id));
      const label = step.dtmf ? `press ${step.dtmf}` : flow.name;
      for (const [predicate, then] of Object.entries(step.conditions || {})) target.conditions[predicate] ??= own.get(then);
      if (step.next_step && !target.next_step) target.next_step = own.get(step.next_step);
      else if (step.next_step && target.next_step !== own.get(step.next_step)) target.conditions[label] = own.get(step.next_step);
    }
  }
  return steps;
}

async function drift(flows) {
  const all = await Promise.all(flows.map((flow) => getJson(`/api/call-flows/${encodeURIComponent(flow.id)}/history?limit=200&sort=-revision`).then((entries) => entries.map((entry) => ({ ...entry, flow }))).catch(() => [])));
  return all.flat().filter((entry) => ["CallFlowMerged", "CallFlowRevised", "CallFlowReverted"].includes(entry.type)).sort((a, b) => b.recorded_at.localeCompare(a.recorded_at)).slice(0, 50);
}

export async function company({ main, signal }, number) {
  const wanted = new URLSearchParams({ phone_number: number });
  const [flows, calls] = await Promise.all([getJson(`/api/call-flows?${wanted}`, { signal }), getJson(`/api/calls?${wanted}&limit=500`, { signal })]);
  if (!flows.length) return replace(main, empty(number, "No flow of this number is known.", h("a", { class: "button primary", href: `#/call?${wanted}` }, "Call it")));
  const changes = await drift(flows);
  const tree = h("div", { class: "card tree-box" });
  replace(
    main,
    h("h1", {}, flows[0].company || number),
    h("p", { class: "soft" }, `${number} · ${flows.length} flow${flows.length === 1 ? "" : "s"} · ${calls.length} call${calls.length === 1 ? "" : "s"}`),
    h("div", { class: "split" },
      tree,
      h("aside", { class: "stack" },
        h("div", { class: "card" }, bars("Median hold by weekday", grouped(calls, WEEKDAYS, (start) => start.getDay()))),
        h("div", { class: "card" }, bars("Median hold by hour", grouped(calls, [...Array(24).keys()].map(String), (start) => start.getHours()))),
        h("div", { class: "card" }, h("h2", {}, "What changed"), changes.length ? h("ul", {}, changes.map((entry) => h("li", {}, when(entry.recorded_at), ": ", h("a", { href: `#/flows/${encodeURIComponent(entry.flow.id)}/history` }, entry.summary)))) : h("p", { class: "soft" }, "Nothing since it was learned.")))),
    h("h2", {}, "Calls"),
    h("ul", { class: "list" }, calls.slice(0, 20).map(callItem)),
  );
  drawTree(tree, { name: number, steps: merged(flows) });
  return undefined;
}
