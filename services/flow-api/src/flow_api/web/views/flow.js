// One flow as a tree, with what is known about the step one looks at.

import { getJson, getTagged, remove } from "../api.js";
import { needs } from "../access.js";
import { busy, failure, h, replace, seconds, toast, when } from "../dom.js";
import { calls, confidence, expectedWait, percent, waitInWords } from "../known.js";
import { drawTree } from "../tree.js";
import { successRate } from "./flows.js";

export function stepDetails(step, origin) {
  const { prompt, timing, options = [], evidence = [] } = step.metadata || {};
  const wait = step.type === "HOLD" && expectedWait({ steps: [step] });
  const sure = confidence(step);
  return [
    h("h2", {}, step.description || step.id),
    h("p", {}, h("span", { class: "chip" }, step.type), " ", h("code", {}, step.id)),
    step.dtmf && h("p", {}, "Presses ", h("strong", {}, step.dtmf), timing?.earliest_press_ms ? ` as early as ${(timing.earliest_press_ms / 1000).toFixed(1)} s into the prompt` : ""),
    prompt?.transcript && h("blockquote", {}, "“", prompt.transcript, "”"),
    prompt?.fingerprint && h("p", { class: "soft" }, "Recognised by its sound; no transcription is needed."),
    options.length > 0 && h("table", {}, h("tbody", {}, options.map((option) => h("tr", {}, h("th", { scope: "row" }, option.digits), h("td", {}, option.label), h("td", { class: "soft" }, option.last_heard?.slice(0, 10)))))),
    sure !== null && h("p", {}, h("strong", {}, `${percent(sure)} sure`), ` it leads on: ${step.metadata.outcomes.successes || 0} of ${calls((step.metadata.outcomes.successes || 0) + (step.metadata.outcomes.failures || 0))} did.`),
    wait && h("p", {}, `On hold ${waitInWords(wait)}.`),
    !wait && timing?.n > 0 && h("p", { class: "soft" }, `${calls(timing.n)}: typically ${seconds((timing.p50_ms ?? timing.mean_ms) / 1000)}${timing.p95_ms ? `, 19 in 20 under ${seconds(timing.p95_ms / 1000)}` : ""}`),
    h("p", { class: "soft" }, "Timeout ", seconds(step.timeout)),
    origin,
    evidence.length > 0 && h("p", { class: "soft" }, `Seen on ${calls(evidence.length)}.`),
  ];
}

// Which event gave the step its present form, and the call it was heard on.
export function originOf(blame) {
  if (!blame) return null;
  const { form } = blame;
  return h("p", { class: "blame" }, `As it is since version ${form.version}, `, when(form.recorded_at), ", by ", form.actor, form.call_id && [" from ", h("a", { href: `#/calls/${form.call_id}` }, "this call")]);
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
  const erase = () => busy(deleting, async () => {
    if (!confirm(`Delete “${body.name}”? Its history is kept and it can be brought back.`)) return;
    try {
      await remove(path);
      toast("Deleted. Its history shows how to bring it back.");
      go("/flows");
    } catch (error) {
      replace(errors, failure(error, erase));
    }
  });
  const deleting = h("button", { class: "danger", onclick: erase }, "Delete");
  replace(
    main,
    h("div", { class: "row spread" }, h("div", {}, h("h1", {}, body.name), h("p", { class: "soft" }, [body.company, body.phone_number, `version ${body.version}`].filter(Boolean).join(" · "), " ", successRate(body))),
      h("div", { class: "row" },
        body.phone_number && needs("calls:write", h("a", { class: "button primary", href: `#/call?flow=${encodeURIComponent(id)}` }, "Call now")),
        needs("flows:write", h("a", { class: "button", href: `#/flows/${encodeURIComponent(id)}/edit` }, "Edit")),
        h("a", { class: "button", href: `#/flows/${encodeURIComponent(id)}/history` }, "History"),
        body.phone_number && h("a", { class: "button", href: `#/company/${encodeURIComponent(body.phone_number)}` }, "Company"),
        h("button", { onclick: () => download(`${id}.json`, JSON.stringify(body, null, 2)) }, "Export"),
        needs("flows:write", deleting))),
    errors,
    h("div", { class: "split" }, tree, side),
  );
  const select = (step) => replace(side, stepDetails(step, originOf(blame.find((one) => one.step_id === step.id))));
  drawTree(tree, body, { onselect: select });
  if (body.steps.length) select(body.steps[0]);
}
