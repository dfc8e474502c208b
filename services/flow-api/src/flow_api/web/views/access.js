// The bearer token of this browser tab, if the service asks for one, and what it allows.

import { SCOPES, learnScopes } from "../access.js";
import { setToken } from "../api.js";
import { busy, failure, h, loading, replace, toast, when } from "../dom.js";

const ALLOWS = { "flows:read": "see flows and calls", "flows:write": "write and learn flows", "calls:write": "make and steer calls", "audit:read": "export everything" };

const allowed = (caller) => [
  h("p", {}, "The service takes you for ", h("strong", {}, caller.actor), caller.created_at ? `, by a token made ${when(caller.created_at)}.` : ": no token is needed here."),
  h("ul", { class: "plain" }, SCOPES.map((scope) => {
    const may = caller.scopes.includes(scope);
    return h("li", {}, h("span", { class: `chip ${may ? "good" : "bad"}` }, may ? "yes" : "no"), ` ${ALLOWS[scope]} `, h("code", {}, scope));
  })),
  h("p", { class: "soft" }, `Up to ${caller.limits.requests_per_s} requests a second, ${caller.limits.burst} at once.`),
];

export async function access({ main }) {
  const input = h("input", { type: "password", autocomplete: "off", placeholder: "paste a token" });
  const state = h("div", { role: "status" });
  const use = h("button", { class: "primary" }, "Use it");
  const ask = async () => {
    replace(state, loading("what you may do"));
    try {
      replace(state, allowed(await learnScopes()));
      return true;
    } catch (problem) {
      replace(state, failure(problem, ask));
      return false;
    }
  };
  const save = (event) => {
    event.preventDefault();
    return busy(use, async () => {
      setToken(input.value.trim());
      input.value = "";
      if (await ask()) toast("Kept for this tab only.");
    });
  };
  const forget = async () => {
    setToken("");
    toast("Forgotten.");
    await ask();
  };
  replace(
    main,
    h("h1", {}, "Access"),
    h("form", { class: "card stack narrow", onsubmit: save },
      h("p", {}, "On this machine no token is needed until one has been made with ", h("code", {}, "python -m flow_api tokens create"), "."),
      h("label", {}, "Token", input),
      h("div", { class: "row" }, use, h("button", { type: "button", onclick: forget }, "Forget it")),
      state),
  );
  await ask();
}
