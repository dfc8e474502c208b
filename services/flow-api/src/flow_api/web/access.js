// What the token of this tab may do, so that no button promises what the service would refuse.

import { getJson, hasToken } from "./api.js";

export const SCOPES = ["flows:read", "flows:write", "calls:write", "audit:read"];

// {actor, scopes, limits …}: whom the service takes us for. Raises the Problem where the token is not known at all.
export async function learnScopes() {
  const caller = await getJson("/api/token");
  sessionStorage.setItem("scopes", JSON.stringify(caller.scopes));
  return caller;
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
