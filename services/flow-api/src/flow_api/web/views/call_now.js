// A number and what one wants, in one's own words. Says beforehand whether a known flow will be followed.

import { getJson, postJson } from "../api.js";
import { needs } from "../access.js";
import { failure, h, replace } from "../dom.js";
import { expectedWait, waitInWords } from "../known.js";

export async function callNow({ main, query, go }) {
  const known = query.get("flow") ? await getJson(`/api/call-flows/${encodeURIComponent(query.get("flow"))}`) : null;
  const number = h("input", { name: "phone_number", type: "tel", required: true, placeholder: "+18005551234", value: known?.phone_number || query.get("phone_number") || "" });
  const intent = h("input", { name: "intent", required: !known, placeholder: "dispute a charge", value: query.get("intent") || "" });
  const company = h("input", { name: "company", placeholder: "Chase Bank", value: known?.company || "" });
  const device = h("input", { name: "device", placeholder: "the default phone" });
  const early = h("input", { type: "checkbox" });
  const plan = h("p", { class: "soft", role: "status" });
  const trouble = h("div", {});

  const wait = (flow) => {
    const words = waitInWords(expectedWait(flow, new Date()));
    return words && ` On hold ${words}.`;
  };

  async function foresee() {
    if (known) return replace(plan, "Follows ", h("a", { href: `#/flows/${known.id}` }, known.name), ", because you chose it.", wait(known));
    if (!number.value.trim()) return replace(plan, "Type a number to see whether the way is known.");
    try {
      const flow = await getJson(`/api/call-flows/lookup?${new URLSearchParams({ phone_number: number.value.trim(), ...(intent.value.trim() && { intent: intent.value.trim() }) })}`);
      replace(plan, "Follows ", h("a", { href: `#/flows/${flow.id}` }, flow.name), ", which is known for this number.", wait(flow));
    } catch (error) {
      replace(plan, error.status === 404 ? "Explores the phone menu: no flow is known for this number and wish." : error.faults?.[0]?.message || error.title);
    }
    return undefined;
  }

  async function start(event) {
    event.preventDefault();
    replace(trouble);
    const wish = { phone_number: number.value.trim(), intent: intent.value.trim(), company: company.value.trim(), ring_early: early.checked };
    if (device.value.trim()) wish.device = device.value.trim();
    if (known) Object.assign(wish, { mode: "follow", flow_id: known.id });
    try {
      const call = await postJson("/api/calls", wish, { "idempotency-key": crypto.randomUUID() });
      sessionStorage.setItem(`why:${call.id}`, call.why || "");
      go(`/calls/${call.id}`);
    } catch (error) {
      replace(trouble, failure(error));
    }
  }

  for (const input of [number, intent]) input.addEventListener("change", foresee);
  replace(
    main,
    h("h1", {}, "Call now"),
    h("form", { class: "card stack narrow", onsubmit: start },
      h("label", {}, "Whom to call", number),
      h("label", {}, "What you want, in your own words", intent),
      h("label", {}, "Company (optional)", company),
      h("label", {}, "Ring which of your phones", device),
      h("label", { class: "check" }, early, "Ring me already when a human is likely soon"),
      plan,
      trouble,
      h("div", {}, needs("calls:write", h("button", { class: "primary", type: "submit" }, "Call")))),
  );
  await foresee();
}
