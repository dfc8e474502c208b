// A number and what one wants, in one's own words. Says beforehand whether a known flow will be followed, and why.

import { getJson, postJson } from "../api.js";
import { needs } from "../access.js";
import { busy, failure, h, replace, toast } from "../dom.js";
import { expectedWait, waitInWords } from "../known.js";

const TYPING_MS = 250; // nothing is asked while somebody types

// The keys a flow presses on its main path.
function keysOf(flow) {
  const byId = new Map(flow.steps.map((step) => [step.id, step]));
  const keys = [];
  for (let step = flow.steps[0], left = flow.steps.length; step && left; step = byId.get(step.next_step), left -= 1) if (step.dtmf) keys.push(step.dtmf);
  return keys;
}

function following(flow, why) {
  const wait = waitInWords(expectedWait(flow, new Date()));
  const keys = keysOf(flow);
  return [
    h("p", {}, h("span", { class: "plan-mode good" }, "Follow"), " ", h("a", { href: `#/flows/${encodeURIComponent(flow.id)}` }, flow.name), `, ${why}.`),
    keys.length > 0 && h("p", { class: "keys" }, "Will press ", keys.map((key) => h("kbd", {}, key))),
    wait && h("p", {}, `On hold ${wait}.`),
  ];
}

const exploring = (why) => [h("p", {}, h("span", { class: "plan-mode" }, "Explore"), ` the phone menu: ${why}.`), h("p", { class: "soft" }, "What it finds is learned for the next call.")];

export async function callNow({ main, query, signal, go }) {
  const known = query.get("flow") ? await getJson(`/api/call-flows/${encodeURIComponent(query.get("flow"))}`) : null;
  const number = h("input", { name: "phone_number", type: "tel", required: true, placeholder: "+18005551234", value: known?.phone_number || query.get("phone_number") || "" });
  const intent = h("input", { name: "intent", required: !known, placeholder: "dispute a charge", value: query.get("intent") || "" });
  const company = h("input", { name: "company", placeholder: "Chase Bank", value: known?.company || "" });
  const device = h("input", { name: "device", placeholder: "the default phone" });
  const early = h("input", { type: "checkbox" });
  const plan = h("div", { class: "plan", role: "status" });
  const trouble = h("div", {});
  const call = h("button", { class: "primary", type: "submit" }, "Call");

  let asked = 0;
  async function foresee() {
    const mine = ++asked;
    if (known) return replace(plan, following(known, "because you chose it"));
    if (!number.value.trim()) return replace(plan, h("p", { class: "soft" }, "Type a number to see whether the way is known."));
    const wish = { phone_number: number.value.trim(), ...(intent.value.trim() && { intent: intent.value.trim() }) };
    let found;
    try {
      found = following(await getJson(`/api/call-flows/lookup?${new URLSearchParams(wish)}`), "which is known for this number and wish");
    } catch (error) {
      found = error.status === 404 ? exploring("no way is known for this number and wish") : h("p", { class: "soft" }, error.faults?.[0]?.message ? `The number ${error.faults[0].message}` : error.title);
    }
    return mine === asked && replace(plan, found);
  }

  let timer;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(foresee, TYPING_MS);
  };

  async function start(event) {
    event.preventDefault();
    replace(trouble);
    const wish = { phone_number: number.value.trim(), intent: intent.value.trim(), company: company.value.trim(), ring_early: early.checked };
    if (device.value.trim()) wish.device = device.value.trim();
    if (known) Object.assign(wish, { mode: "follow", flow_id: known.id });
    await busy(call, async () => {
      try {
        const started = await postJson("/api/calls", wish, { "idempotency-key": crypto.randomUUID() });
        sessionStorage.setItem(`why:${started.id}`, started.why || "");
        if (signal.aborted) toast("The call has begun."); // one is elsewhere meanwhile
        else go(`/calls/${started.id}`);
      } catch (error) {
        replace(trouble, failure(error));
      }
    });
  }

  for (const input of [number, intent]) input.addEventListener("input", soon);
  replace(
    main,
    h("h1", {}, "Call now"),
    h("form", { class: "card stack narrow", onsubmit: start },
      h("label", {}, "Whom to call", number),
      h("label", {}, "What you want, in your own words", intent),
      plan,
      h("details", {}, h("summary", {}, "More"),
        h("div", { class: "stack more" },
          h("label", {}, "Company", company),
          h("label", {}, "Ring which of your phones", device),
          h("label", { class: "check" }, early, "Ring me already when a human is likely soon"))),
      trouble,
      h("div", {}, needs("calls:write", call))),
  );
  await foresee();
}
