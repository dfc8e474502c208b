// The address after # names the view: #/flows/chase_bank/history shows the history of that flow.

import { failure, h, loading, replace } from "./dom.js";
import { callNow } from "./views/call_now.js";
import { calls } from "./views/calls.js";
import { company } from "./views/company.js";
import { editFlow, newFlow } from "./views/edit_flow.js";
import { flow } from "./views/flow.js";
import { flows } from "./views/flows.js";
import { history } from "./views/history.js";
import { live } from "./views/live.js";
import { access } from "./views/access.js";

const ROUTES = [
  [/^\/?$/, flows],
  [/^\/flows$/, flows],
  [/^\/new$/, newFlow],
  [/^\/flows\/([^/]+)$/, flow],
  [/^\/flows\/([^/]+)\/edit$/, editFlow],
  [/^\/flows\/([^/]+)\/history$/, history],
  [/^\/company\/([^/]+)$/, company],
  [/^\/call$/, callNow],
  [/^\/calls$/, calls],
  [/^\/calls\/([^/]+)$/, live],
  [/^\/token$/, access],
];

let leave = new AbortController();

async function show() {
  leave.abort();
  leave = new AbortController();
  const { signal } = leave;
  const [path, query] = location.hash.replace(/^#/, "").split("?");
  // Each view draws into an element of its own: what answers a view that was left meanwhile is drawn where nobody sees it.
  const main = h("div", { class: "view" });
  replace(document.getElementById("main"), main);
  for (const link of document.querySelectorAll("nav a")) {
    const place = link.getAttribute("href").slice(1);
    const here = path === place || path.startsWith(`${place}/`) || (place === "/flows" && path.length < 2);
    if (here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const route = ROUTES.find(([pattern]) => pattern.test(path));
  if (!route) return replace(main, h("div", { class: "empty" }, h("h2", {}, "No such page"), h("a", { href: "#/flows" }, "To the flows")));
  replace(main, loading("the page"));
  try {
    const names = path.match(route[0]).slice(1).map(decodeURIComponent); // a broken address cannot be decoded
    const go = (to) => signal.aborted || (location.hash = to);
    await route[1]({ main, signal, query: new URLSearchParams(query), go }, ...names);
  } catch (error) {
    if (!signal.aborted) replace(main, failure(error, show));
  }
}

// The address names the view, so that the way past the menu may not change it.
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("main").focus();
});
addEventListener("hashchange", show);
show();
