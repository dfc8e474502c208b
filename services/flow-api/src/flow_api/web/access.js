// What the token of this tab may do, so that no button promises what the service would refuse.

import { getJson, getText, hasToken, postJson } from "./api.js";

export const SCOPES = ["flows:read", "flows:write", "calls:write", "audit:read"];

// Each is refused with 403 before anything is read where the scope is missing; with it an empty request is only found invalid.
const QUESTIONS = {
  "flows:read": () => getJson("/api/call-flows?limit=1"),
  "flows:write": () => postJson("/api/call-flows", {}),
  "calls:write": () => postJson("/api/calls", {}),
  "audit:read": () => getText("/api/audit/events?limit=1"),
};

// Asks the service. Raises the Problem where the token is not known at all.
export async function learnScopes() {
  const allowed = [];
  for (const scope of SCOPES) {
    try {
      await QUESTIONS[scope]();
      allowed.push(scope);
    } catch (problem) {
      if (problem.status === 401 || problem.status === 0) throw problem;
      if (problem.status !== 403) allowed.push(scope);
    }
  }
  sessionStorage.setItem("scopes", JSON.stringify(allowed));
  return allowed;
}

// Without a token nothing is known to be forbidden.
export function mayDo(scope) {
  const known = hasToken() && sessionStorage.getItem("scopes");
  return !known || JSON.parse(known).includes(scope);
}

// The button or link as it is, or out of use with the reason.
export function needs(scope, element) {
  if (mayDo(scope)) return element;
  const reason = `Your token lacks the scope ${scope}`;
  element.setAttribute("title", reason);
  element.setAttribute("aria-disabled", "true");
  if ("disabled" in element) element.disabled = true;
  element.removeAttribute("href");
  return element;
}
