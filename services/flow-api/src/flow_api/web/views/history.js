// What a flow was at any version: the tree as it was, what changed, which call taught it, and whether the record is whole.

import { getJson, postJson } from "../api.js";
import { failure, h, replace, toast, when } from "../dom.js";
import { drawTree } from "../tree.js";

function marksOf(diff) {
  const marks = {};
  for (const step of diff.changed) marks[step.id] = "changed";
  for (const step of diff.moved) marks[step.id] = "moved";
  for (const step of diff.added) marks[step.id] = "added";
  for (const step of diff.removed) marks[step.id] = "removed";
  return marks;
}

const show = (value) => (value === null || value === undefined ? "nothing" : typeof value === "object" ? JSON.stringify(value) : String(value));

function changes(diff) {
  const lines = [
    ...diff.fields.map((one) => [one.path, `${show(one.before)} → ${show(one.after)}`]),
    ...diff.added.map((step) => [step.id, "added"]),
    ...diff.removed.map((step) => [step.id, "removed"]),
    ...diff.moved.map((step) => [step.id, `moved from place ${step.before + 1} to ${step.after + 1}`]),
    ...diff.changed.flatMap((step) => step.changes.filter((one) => !one.path.startsWith("$.metadata")).map((one) => [step.id, `${one.path.slice(2)}: ${show(one.before)} → ${show(one.after)}`])),
  ];
  if (!lines.length) return h("p", { class: "soft" }, "Only what is known about the steps changed (timing, evidence).");
  return h("table", {}, h("tbody", {}, lines.map(([what, how]) => h("tr", {}, h("th", { scope: "row" }, h("code", {}, what)), h("td", {}, how)))));
}

function entryRow(entry) {
  return h(
    "tr",
    {},
    h("td", {}, `v${entry.version}`),
    h("td", {}, when(entry.recorded_at)),
    h("td", {}, entry.summary, entry.call_id && [" ", h("a", { href: `#/calls/${entry.call_id}` }, "the call")]),
    h("td", { class: "soft" }, entry.actor),
  );
}

async function verify(path, box) {
  replace(box, h("span", { role: "status" }, "Checking every event …"));
  try {
    const answer = await getJson(`${path}/verify`);
    replace(
      box,
      answer.ok
        ? h("p", { class: "chip good" }, `Whole: ${answer.events} events, each chained to the one before it. Nothing was changed.`)
        : h("div", { class: "failure", role: "alert" }, h("h2", {}, "The record was changed"), h("ul", {}, answer.breaks.map((one) => h("li", {}, show(one))))),
    );
  } catch (error) {
    replace(box, failure(error, () => verify(path, box)));
  }
}

export async function history({ main, go }, id) {
  const path = `/api/call-flows/${encodeURIComponent(id)}`;
  const entries = await getJson(`${path}/history?limit=500`);
  const versions = Math.max(...entries.map((entry) => entry.version));
  const tree = h("div", { class: "card tree-box" });
  const side = h("aside", { class: "card stack", "aria-live": "polite" });
  const verdict = h("div", {});
  const slider = h("input", { type: "range", min: 1, max: versions, value: versions, "aria-label": "Version" });
  const place = h("output", {});

  async function revert(version) {
    try {
      const flow = await postJson(`${path}/revert`, { version });
      toast(`Brought back as version ${flow.version}.`);
      go(`/flows/${encodeURIComponent(id)}`);
    } catch (error) {
      toast(error.detail || error.title, "bad");
    }
  }

  let wanted = 0;
  async function look() {
    const version = Number(slider.value);
    wanted = version;
    const cause = entries.find((entry) => entry.version === version);
    place.textContent = `Version ${version} of ${versions}, ${when(cause?.recorded_at)}`;
    try {
      const [flow, diff] = await Promise.all([
        getJson(`${path}?version=${version}`),
        version > 1 ? getJson(`${path}/diff?from=${version - 1}&to=${version}`) : null,
      ]);
      if (wanted !== version) return;
      const shown = diff ? { ...flow, steps: [...flow.steps, ...diff.removed.map((step) => ({ ...step, next_step: null, conditions: {} }))] } : flow;
      drawTree(tree, shown, { marks: diff ? marksOf(diff) : {} });
      replace(
        side,
        h("h2", {}, place.textContent),
        h("p", {}, cause?.summary, cause?.call_id && [" — ", h("a", { href: `#/calls/${cause.call_id}` }, "see the call")]),
        h("p", { class: "soft" }, `by ${cause?.actor}`),
        diff && changes(diff),
        version < versions && h("button", { onclick: () => revert(version) }, `Bring back version ${version}`),
      );
    } catch (error) {
      replace(side, failure(error, look));
    }
  }

  slider.addEventListener("input", look);
  replace(
    main,
    h("div", { class: "row spread" }, h("h1", {}, "History of ", h("a", { href: `#/flows/${encodeURIComponent(id)}` }, id)), h("button", { onclick: () => verify(path, verdict) }, "Verify the record")),
    verdict,
    h("div", { class: "card stack" }, h("label", {}, place, slider)),
    h("div", { class: "split" }, tree, side),
    h("section", { class: "card table-box" }, h("h2", {}, "Every event"), h("table", {}, h("thead", {}, h("tr", {}, ["", "when", "what", "who"].map((head) => h("th", { scope: "col" }, head)))), h("tbody", {}, entries.toReversed().map(entryRow)))),
  );
  await look();
}
