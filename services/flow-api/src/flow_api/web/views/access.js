// The bearer token of this browser tab, if the service asks for one, and what it allows.

import { SCOPES, learnScopes, mayDo } from "../access.js";
import { hasToken, setToken } from "../api.js";
import { failure, h, replace, toast } from "../dom.js";

const ALLOWS = { "flows:read": "see flows and calls", "flows:write": "write and learn flows", "calls:write": "make and steer calls", "audit:read": "export everything" };

export async function access({ main }) {
  const input = h("input", { type: "password", autocomplete: "off", placeholder: "paste a token" });
  const state = h("div", { role: "status" });
  const show = () => replace(state, hasToken() && h("ul", { class: "plain" }, SCOPES.map((scope) => h("li", {}, h("span", { class: `chip ${mayDo(scope) ? "good" : "bad"}` }, mayDo(scope) ? "yes" : "no"), ` ${ALLOWS[scope]} `, h("code", {}, scope)))));
  const ask = async () => {
    try {
      await learnScopes();
      show();
    } catch (problem) {
      replace(state, failure(problem, ask));
    }
  };
  const save = async (event) => {
    event.preventDefault();
    setToken(input.value.trim());
    input.value = "";
    await ask();
    toast("Kept for this tab only.");
  };
  const forget = () => {
    setToken("");
    show();
    toast("Forgotten.");
  };
  replace(
    main,
    h("h1", {}, "Access"),
    h("form", { class: "card stack narrow", onsubmit: save },
      h("p", {}, "On this machine no token is needed until one has been made with ", h("code", {}, "python -m flow_api tokens create"), "."),
      h("label", {}, "Token", input),
      h("div", { class: "row" }, h("button", { class: "primary" }, "Use it"), h("button", { type: "button", onclick: forget }, "Forget it")),
      state),
  );
  show();
}
