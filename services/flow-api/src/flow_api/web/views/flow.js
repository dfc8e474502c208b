// One flow as a tree, with what is known about the step one looks at.

import { getJson, getTagged, remove } from "../api.js";
import { failure, h, replace, seconds, toast, when } from "../dom.js";
import { drawTree } from "../tree.js";
import { successRate } from "./flows.js";

function stepDetails(step, blame) {
  const { prompt, timing, options = [], evidence = [] } = step.metadata || {};
  const origin = blame.find((one) => one.step_id === step.id);
  return [
    h("h2", {}, step.description || step.id),
    h("p", {}, h("span", { class: "chip" }, step.type), " ", h("code", {}, step.id)),
    step.dtmf && h("p", {}, "Presses ", h("strong", {}, step.dtmf), timing?.earliest_press_ms ? ` as early as ${(timing.earliest_press_ms / 1000).toFixed(1)} s into the prompt` : ""),
    prompt?.transcript && h("blockquote", {}, "“", prompt.transcript, "”"),
    prompt?.fingerprint && h("p", { class: "soft" }, "Recognised by its sound; no transcription is needed."),
    options.length > 0 && h("table", {}, h("tbody", {}, options.map((option) => h("tr", {}, h("th", { scope: "row" }, option.digits), h("td", {}, option.label), h("td", { class: "soft" }, option.last_heard?.slice(0, 10)))))),
    timing?.n > 0 && h("p", { class: "soft" }, `${timing.n} call${timing.n === 1 ? "" : "s"}: typically ${seconds(timing.p50_ms / 1000)}, nine in ten under ${seconds((timing.p90_ms || timing.p95_ms) / 1000)}`),
    h("p", { class: "soft" }, "Timeout ", seconds(step.timeout)),
    origin && h("p", {}, `As it is since version ${origin.form.version}, `, when(origin.form.recorded_at), ", by ", origin.form.actor, origin.form.call_id && [" from ", h("a", { href: `#/calls/${origin.form.call_id}` }, "this call")]),
    evidence.length > 0 && h("p", { class: "soft" }, `Seen on ${evidence.length} call${evidence.length === 1 ? "" : "s"}.`),
  ];
}

export function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  h("a", { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}

export async function flow({ main, go }, id) {
  const path = `/api/call-flows/${encodeURIComponent(id)}`;
  const [body] = await getTagged(path);
  const blame = await getJson(`${path}/blame`).catch(() => []);
  const tree = h("div", { class: "card tree-box" });
  const side = h("aside", { class: "card", "aria-live": "polite" });
  const errors = h("div", {});
  const erase = async () => {
    if (!confirm(`Delete “${body.name}”? Its history is kept and it can be brought back.`)) return;
    try {
      await remove(path);
      toast("Deleted. Its history shows how to bring it back.");
      go("/flows");
    } catch (error) {
      replace(errors, failure(error, erase));
    }
  };
  replace(
    main,
    h("div", { class: "row spread" }, h("div", {}, h("h1", {}, body.name), h("p", { class: "soft" }, [body.company, body.phone_number, `version ${body.version}`].filter(Boolean).join(" · "), " ", successRate(body))),
      h("div", { class: "row" },
        body.phone_number && h("a", { class: "button primary", href: `#/call?flow=${encodeURIComponent(id)}` }, "Call now"),
        h("a", { class: "button", href: `#/flows/${encodeURIComponent(id)}/edit` }, "Edit"),
        h("a", { class: "button", href: `#/flows/${encodeURIComponent(id)}/history` }, "History"),
        body.phone_number && h("a", { class: "button", href: `#/company/${encodeURIComponent(body.phone_number)}` }, "Company"),
        h("button", { onclick: () => download(`${id}.json`, JSON.stringify(body, null, 2)) }, "Export"),
        h("button", { class: "danger", onclick: erase }, "Delete"))),
    errors,
    h("div", { class: "split" }, tree, side),
  );
  const select = (step) => replace(side, stepDetails(step, blame));
  drawTree(tree, body, { onselect: select });
  if (body.steps.length) select(body.steps[0]);
}
