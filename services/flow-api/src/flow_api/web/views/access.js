// The bearer token of this browser tab, if the service asks for one.

import { setToken } from "../api.js";
import { h, replace, toast } from "../dom.js";

export async function access({ main }) {
  const input = h("input", { type: "password", autocomplete: "off", placeholder: "paste a token" });
  const save = (event) => {
    event.preventDefault();
    setToken(input.value.trim());
    input.value = "";
    toast("Kept for this tab only.");
  };
  replace(
    main,
    h("h1", {}, "Access"),
    h("form", { class: "card stack narrow", onsubmit: save },
      h("p", {}, "On this machine no token is needed until one has been made with ", h("code", {}, "python -m flow_api tokens create"), "."),
      h("label", {}, "Token", input),
      h("div", {}, h("button", { class: "primary" }, "Use it"))),
  );
}
