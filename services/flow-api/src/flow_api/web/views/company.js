// Everything known about one number: its flows as one map, how long one waits and when, and what changed over time.

import { getJson } from "../api.js";
import { needs } from "../access.js";
import { bars, byWeek, byWeekday, weekMap } from "../charts.js";
import { empty, h, replace, seconds, when } from "../dom.js";
import { merged } from "../menu_map.js";
import { drawTree } from "../tree.js";
import { callItem } from "./calls.js";
import { flowItem } from "./flows.js";
import { inPlainWords } from "./history.js";

const CHANGES = { CallFlowCreated: "good", CallFlowLearned: "good", CallFlowMerged: "drifted", CallFlowRevised: "", CallFlowReverted: "", CallFlowDeleted: "bad" };
const SHOWN = 60;

// What changed and when, the newest first; calls that found the same way are counted in between.
export function driftOf(entries) {
  const told = [];
  for (const entry of entries.toSorted((a, b) => b.recorded_at.localeCompare(a.recorded_at))) {
    if (entry.type in CHANGES) told.push(entry);
    else if (entry.type === "CallFlowObserved") {
      if (told.at(-1)?.same) told.at(-1).same += 1;
      else told.push({ same: 1, recorded_at: entry.recorded_at });
    }
  }
  return told.slice(0, SHOWN);
}

async function entriesOf(flow) {
  const entries = await getJson(`/api/call-flows/${encodeURIComponent(flow.id)}/history?limit=500&sort=-revision`).catch(() => []);
  return entries.map((entry) => ({ ...entry, flow }));
}

const changeItem = (entry) =>
  entry.same
    ? h("li", { class: "same" }, h("span", { class: "soft" }, `${entry.same} call${entry.same === 1 ? "" : "s"} found the same way`))
    : h("li", { class: CHANGES[entry.type] }, h("time", { class: "soft" }, when(entry.recorded_at)), h("a", { href: `#/flows/${encodeURIComponent(entry.flow.id)}/history` }, entry.flow.name), h("span", {}, inPlainWords(entry)));

const held = (calls) => {
  const all = calls.filter((call) => call.hold_ms > 0).map((call) => call.hold_ms / 1000).sort((a, b) => a - b);
  return all.length ? seconds(all[Math.floor((all.length - 1) / 2)]) : "—";
};

export async function company({ main, signal }, number) {
  const wanted = new URLSearchParams({ phone_number: number });
  const [flows, calls] = await Promise.all([getJson(`/api/call-flows?${wanted}`, { signal }), getJson(`/api/calls?${wanted}&limit=500`, { signal })]);
  const callIt = needs("calls:write", h("a", { class: "button primary", href: `#/call?${wanted}` }, "Call now"));
  if (!flows.length) return replace(main, empty(number, "No flow of this number is known.", callIt));
  const changes = driftOf((await Promise.all(flows.map(entriesOf))).flat());
  const ended = calls.filter((call) => call.state === "ended");
  const bridged = ended.filter((call) => ["bridged", "reached"].includes(call.outcome)).length;
  const tree = h("div", { class: "card tree-box" });
  const figures = [["flows", flows.length], ["calls", calls.length], ["reached a human", ended.length ? `${bridged} of ${ended.length}` : "—"], ["median hold", held(calls)]];
  replace(
    main,
    h("div", { class: "row spread" }, h("div", {}, h("h1", {}, flows[0].company || number), h("p", { class: "soft" }, number)), callIt),
    h("dl", { class: "card figures wide-figures" }, figures.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
    h("div", { class: "split" },
      h("div", { class: "stack" },
        h("section", {}, h("h2", {}, "The menu map"), tree),
        h("section", {}, h("h2", {}, "Flows"), h("ul", { class: "list tight-list" }, flows.map(flowItem)))),
      h("aside", { class: "stack" },
        h("div", { class: "card" }, weekMap("Hold by weekday and hour", byWeek(calls))),
        h("div", { class: "card" }, bars("Median hold by weekday", byWeekday(calls))),
        h("div", { class: "card" }, h("h2", {}, "What changed"), h("ol", { class: "drift" }, changes.map(changeItem))))),
    h("h2", {}, "Calls"),
    calls.length ? h("ul", { class: "list" }, calls.slice(0, 20).map(callItem)) : empty("No call yet", "Calls to this number are listed here."),
  );
  drawTree(tree, { name: number, steps: merged(flows) });
  return undefined;
}
