// What a flow was at any version: the tree as it was, what changed, which call taught it, and whether the record is whole.

import { getJson, postJson } from "../api.js";
import { needs } from "../access.js";
import { busy, failure, h, loading, replace, toast, when } from "../dom.js";
import { drawTree } from "../tree.js";
import { originOf, stepDetails } from "./flow.js";

function marksOf(diff) {
  const marks = {};
  for (const step of diff.changed) marks[step.id] = "changed";
  for (const step of diff.moved) marks[step.id] = "moved";
  for (const step of diff.added) marks[step.id] = "added";
  for (const step of diff.removed) marks[step.id] = "removed";
  return marks;
}

function show(value) {
  if (value === null || value === undefined || value.length === 0) return "nothing";
  if (Array.isArray(value)) return value.map((one) => (Array.isArray(one) ? one.join(" goes to ") : show(one))).join("; ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

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

const marksLegend = () => h("p", { class: "legend soft" }, ["added", "changed", "moved", "removed"].map((mark) => h("span", {}, h("i", { class: `swatch mark-${mark}` }), mark)));

// The id of a call says nothing to a person; the link beside it leads there.
export const inPlainWords = (entry) => entry?.summary.replace(`call ${entry.call_id}`, "a call").replaceAll("$.", "") || "";

function entryRow(entry) {
  return h(
    "tr",
    {},
    h("td", {}, `v${entry.version}`),
    h("td", {}, when(entry.recorded_at)),
    h("td", {}, inPlainWords(entry), entry.call_id && [" — ", h("a", { href: `#/calls/${entry.call_id}` }, "see it")]),
    h("td", { class: "soft" }, entry.actor),
  );
}

async function allEntries(path) {
  const entries = [];
  let cursor = "";
  do {
    const { response, body } = await getJson.withResponse(`${path}/history?limit=500${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    entries.push(...body);
    cursor = response.headers.get("next-cursor") || "";
  } while (cursor);
  return entries;
}

async function verify(path, box) {
  replace(box, loading("and checking every event"));
  try {
    const answer = await getJson(`${path}/verify`);
    replace(
      box,
      answer.ok
        ? h("div", { class: "verdict", role: "status" }, h("strong", {}, "The record is whole."), ` All ${answer.events} events are chained, each to the one before it; none was changed, left out or put in. Its last link: `, h("code", {}, (answer.head_hash || "").slice(0, 16)))
        : h("div", { class: "failure", role: "alert" }, h("h2", {}, "The record was changed"), h("p", {}, `${answer.breaks.length} of ${answer.events} events do not fit:`), h("ul", {}, answer.breaks.map((one) => h("li", {}, `event ${one.revision}: ${one.reason}`)))),
    );
  } catch (error) {
    replace(box, failure(error, () => verify(path, box)));
  }
}

// Blame as seen from an older version: the step's present form may be younger than that.
function originAt(blame, version) {
  if (!blame) return h("p", { class: "soft" }, "Not part of the newest version.");
  if (blame.form.version <= version) return originOf(blame);
  return h("p", { class: "blame" }, `In the flow since version ${blame.introduced.version}; changed later, in version ${blame.form.version}.`);
}

// As a datetime-local field wants it, in whole seconds.
const localTime = (iso, later_ms = 0) => {
  const date = new Date(new Date(iso).getTime() + later_ms);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60000).toISOString().slice(0, 19);
};

export async function history({ main, go }, id) {
  const path = `/api/call-flows/${encodeURIComponent(id)}`;
  const [entries, blame] = await Promise.all([allEntries(path), getJson(`${path}/blame`).catch(() => [])]);
  const versions = Math.max(...entries.map((entry) => entry.version));
  const tree = h("div", { class: "card tree-box" });
  const side = h("aside", { class: "card stack", "aria-live": "polite" });
  const verdict = h("div", {});
  const slider = h("input", { type: "range", min: 1, max: versions, value: versions, "aria-label": "Version" });
  const moment = h("input", { type: "datetime-local", step: 1, min: localTime(entries[0].recorded_at), value: localTime(entries.at(-1).recorded_at, 1000), "aria-label": "Moment" });
  const since = Math.ceil(new Date(entries[0].recorded_at).getTime() / 1000);
  const until = Math.max(since + 1, Math.ceil(new Date(entries.at(-1).recorded_at).getTime() / 1000));
  const time = h("input", { type: "range", min: since, max: until, value: until, "aria-label": "Time" });
  const place = h("output", {});
  const about = h("div", { class: "card" });

  const revert = (version) => async (event) => busy(event.currentTarget, async () => {
    try {
      const flow = await postJson(`${path}/revert`, { version });
      toast(`Brought back as version ${flow.version}.`);
      go(`/flows/${encodeURIComponent(id)}`);
    } catch (error) {
      toast(error.detail || error.title, "bad");
    }
  });

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
      const select = (step) => replace(about, stepDetails(step, originAt(blame.find((one) => one.step_id === step.id), version)));
      drawTree(tree, shown, { marks: diff ? marksOf(diff) : {}, onselect: select });
      replace(about, h("p", { class: "soft" }, "Choose a step to see where it comes from."));
      replace(
        side,
        h("h2", {}, `What version ${version} changed`),
        h("p", {}, inPlainWords(cause), cause?.call_id && [" — ", h("a", { href: `#/calls/${cause.call_id}` }, "see the call")]),
        h("p", { class: "soft" }, `by ${cause?.actor}`),
        diff && marksLegend(),
        diff && changes(diff),
        version < versions && needs("flows:write", h("button", { onclick: revert(version) }, `Bring back version ${version}`)),
      );
    } catch (error) {
      replace(side, failure(error, look));
    }
  }

  // As it was at a moment: what is known of the steps (timing, evidence) is that of then, too.
  async function lookAt() {
    if (!moment.value) return;
    wanted = -1;
    replace(side, loading("the flow as it was"));
    try {
      const flow = await getJson(`${path}?as_of=${encodeURIComponent(new Date(moment.value).toISOString())}`);
      slider.value = flow.version;
      place.textContent = `As it was ${when(moment.value)}: version ${flow.version}`;
      drawTree(tree, flow, { onselect: (step) => replace(about, stepDetails(step, originAt(blame.find((one) => one.step_id === step.id), flow.version))) });
      replace(side, h("h2", {}, place.textContent), h("p", { class: "soft" }, `${flow.success_count} calls had succeeded, ${flow.fail_count} had failed.`));
    } catch (error) {
      replace(side, error.status === 404 ? h("p", {}, "There was no such flow then.") : failure(error, lookAt));
    }
  }

  const movedTo = (s) => {
    moment.value = localTime(new Date(1000 * s).toISOString());
    return lookAt();
  };
  slider.addEventListener("input", look);
  time.addEventListener("input", () => movedTo(Number(time.value)));
  moment.addEventListener("change", () => {
    time.value = new Date(moment.value).getTime() / 1000;
    return lookAt();
  });
  replace(
    main,
    h("div", { class: "row spread" }, h("h1", {}, "History of ", h("a", { href: `#/flows/${encodeURIComponent(id)}` }, id)), h("button", { onclick: () => verify(path, verdict) }, "Verify the record")),
    verdict,
    h("div", { class: "card timeline" }, h("label", {}, place, slider), h("div", {}, h("label", {}, "Or at a moment", moment), time)),
    h("div", { class: "split" }, tree, h("div", { class: "stack" }, side, about)),
    h("section", { class: "card table-box" }, h("h2", {}, "Every event"), h("table", {}, h("thead", {}, h("tr", {}, ["", "when", "what", "who"].map((head) => h("th", { scope: "col" }, head)))), h("tbody", {}, entries.toReversed().map(entryRow)))),
  );
  await look();
}
