// All flows: searched while one types, paged, with the figures that tell how good each one is.

import { getPage } from "../api.js";
import { needs } from "../access.js";
import { busy, empty, failure, h, lagging, loading, replace, seconds, when } from "../dom.js";
import { expectedWait } from "../known.js";

const PAGE = 50;

export const successRate = (flow) => {
  const calls = flow.success_count + flow.fail_count;
  if (!calls) return h("span", { class: "chip" }, "not tried");
  const share = Math.round((100 * flow.success_count) / calls);
  return h("span", { class: `chip ${share >= 80 ? "good" : share >= 50 ? "warn" : "bad"}` }, `${share} % of ${calls}`);
};

export function flowItem(flow) {
  const wait = expectedWait(flow)?.p50_ms;
  return h(
    "li",
    {},
    h(
      "a",
      { class: "card item", href: `#/flows/${encodeURIComponent(flow.id)}` },
      h("span", {}, h("strong", {}, flow.name), h("small", {}, [flow.company, flow.phone_number].filter(Boolean).join(" · "), " ", flow.tags.map((tag) => h("span", { class: "chip" }, tag)))),
      h("span", {}, successRate(flow)),
      h("span", { class: "wide" }, wait ? seconds(wait / 1000) : "—", h("small", {}, "typical wait")),
      h("span", { class: "wide" }, when(flow.updated_at), h("small", {}, `last learned or changed, version ${flow.version}`)),
    ),
  );
}

export async function flows({ main, query, signal, go }) {
  const list = h("ul", { class: "list" });
  const status = h("div", {});
  const search = h("input", { type: "search", value: query.get("q") || "", placeholder: "Company, name or words", "aria-label": "Search flows" });
  const tag = h("input", { value: query.get("tag") || "", placeholder: "Tag", "aria-label": "Tag" });
  const number = h("input", { value: query.get("phone_number") || "", placeholder: "+18005551234", "aria-label": "Phone number" });
  const sort = h(
    "select",
    { "aria-label": "Sort by" },
    [["-updated_at", "newest first"], ["name", "by name"], ["-success_count", "most successful"]].map(([value, text]) => h("option", { value }, text)),
  );
  let generation = 0;

  async function load(cursor) {
    const mine = ++generation;
    const wanted = new URLSearchParams({ limit: PAGE, sort: sort.value });
    for (const [name, input] of [["q", search], ["tag", tag], ["phone_number", number]]) if (input.value.trim()) wanted.set(name, input.value.trim());
    if (cursor) wanted.set("cursor", cursor);
    if (!cursor) replace(status, loading("flows"));
    try {
      const { items, next, behind } = await getPage(`/api/call-flows?${wanted}`, signal);
      if (mine !== generation) return;
      if (!cursor) replace(list, items.map(flowItem));
      else list.append(...items.map(flowItem));
      replace(
        status,
        behind && lagging(),
        !behind && !list.children.length && nothing(),
        next && h("button", { onclick: (event) => busy(event.currentTarget, () => load(next)) }, "Show more"),
      );
    } catch (error) {
      if (!signal.aborted && mine === generation) replace(status, failure(error, () => load(cursor)));
    }
  }

  const nothing = () => {
    const looking = search.value || tag.value || number.value;
    const hint = looking ? "None fits what you are looking for." : "A flow is learned by making a call, or written by hand.";
    return empty("No flow here yet", hint, needs("calls:write", h("a", { class: "button primary", href: "#/call" }, "Make a call")));
  };

  let timer;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => load(), 200);
  };
  for (const input of [search, tag, number]) input.addEventListener("input", soon);
  sort.addEventListener("change", () => load());
  replace(
    main,
    h("div", { class: "row spread" }, h("h1", {}, "Flows"), h("div", { class: "row" }, importButton(go, signal), needs("flows:write", h("a", { class: "button", href: "#/new" }, "Write one by hand")), needs("calls:write", h("a", { class: "button primary", href: "#/call" }, "Call now")))),
    h("div", { class: "grid search", role: "search" }, search, tag, number, sort),
    list,
    status,
  );
  await load();
}

function importButton(go, signal) {
  const file = h("input", { type: "file", accept: "application/json,.json", hidden: true, onchange: async () => {
    const text = await file.files[0].text();
    if (signal.aborted) return; // else the next flow written by hand would begin with it
    sessionStorage.setItem("imported", text);
    go("/new");
  } });
  return h("span", {}, file, needs("flows:write", h("button", { onclick: () => file.click() }, "Import")));
}
