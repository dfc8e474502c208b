// The calls made, newest first.

import { getPage } from "../api.js";
import { needs } from "../access.js";
import { PHASES, inWords } from "../captions.js";
import { busy, empty, h, lagging, replace, seconds, toast, when } from "../dom.js";

const PAGE = 100;

export const outcomeChip = (call) => {
  if (call.state !== "ended") return h("span", { class: "chip warn" }, PHASES[call.state] || call.state);
  return h("span", { class: `chip ${["bridged", "reached"].includes(call.outcome) ? "good" : "bad"}` }, inWords(call.outcome));
};

export const callItem = (call) =>
  h(
    "li",
    {},
    h("a", { class: "card item", href: `#/calls/${call.id}` },
      h("span", {}, h("strong", {}, call.company || call.phone_number), h("small", {}, [call.intent, call.mode, call.phone_number].filter(Boolean).join(" · "))),
      h("span", {}, outcomeChip(call)),
      h("span", { class: "wide" }, call.hold_ms ? seconds(call.hold_ms / 1000) : "—", h("small", {}, "on hold")),
      h("span", { class: "wide" }, when(call.started_at))),
  );

export async function calls({ main, signal }) {
  const list = h("ul", { class: "list" });
  const status = h("div", {});

  async function load(cursor) {
    const { items, next, behind } = await getPage(`/api/calls?limit=${PAGE}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`, signal);
    list.append(...items.map(callItem));
    replace(
      status,
      behind && lagging(),
      !behind && !list.children.length && empty("No call yet", "Say whom to call and what you want.", needs("calls:write", h("a", { class: "button primary", href: "#/call" }, "Call now"))),
      next && h("button", { onclick: (event) => busy(event.currentTarget, () => load(next).catch((error) => toast(error.detail || error.title, "bad"))) }, "Show more"),
    );
  }

  await load();
  replace(
    main,
    h("div", { class: "row spread" }, h("h1", {}, "Calls"), needs("calls:write", h("a", { class: "button primary", href: "#/call" }, "Call now"))),
    list,
    status,
  );
}
