// Elements from values: h("button", {class: "primary", onclick: go}, "Go"). Text is always text, never markup.

const SVG = "http://www.w3.org/2000/svg";
const SVG_TAGS = new Set(["svg", "g", "path", "rect", "text", "circle", "line", "title", "defs", "marker", "tspan", "polyline"]);

export function h(tag, attributes = {}, ...children) {
  const element = SVG_TAGS.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" && "value" in element) element.value = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

export function replace(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

export const empty = (title, hint, action) => h("div", { class: "empty" }, h("h2", {}, title), h("p", {}, hint), action);

// What stands under a list that is not whole.
export const lagging = () => h("p", { class: "soft", role: "status" }, "Not everything is here yet: the service is still reading its event log.");

export const loading = (what) => h("p", { class: "loading", role: "status" }, `Loading ${what} …`);

// A failed request, with every fault the server named and a way to try again.
export function failure(problem, retry) {
  return h(
    "div",
    { class: "failure", role: "alert" },
    h("h2", {}, problem.title || "That did not work"),
    h("p", {}, problem.detail || ""),
    h("ul", {}, (problem.faults || []).map((fault) => h("li", {}, h("code", {}, fault.path), " ", fault.message))),
    h("div", { class: "row centred" }, problem.status === 401 && h("a", { class: "button primary", href: "#/token" }, "Give a token"), retry && h("button", { type: "button", onclick: retry }, "Try again")),
  );
}

export function toast(text, kind = "info") {
  const box = h("div", { class: `toast ${kind}`, role: "status" }, text);
  document.body.append(box);
  setTimeout(() => box.remove(), 6000);
}

export const seconds = (s) => {
  if (s === undefined || s === null) return "—";
  if (s < 10) return `${Math.round(s * 10) / 10} s`;
  if (s < 59.5) return `${Math.round(s)} s`;
  if (s >= 3600) return `${Math.floor(s / 3600)} h${s % 3600 >= 60 ? ` ${Math.floor((s % 3600) / 60)} min` : ""}`;
  const [minutes, rest] = [Math.floor(Math.round(s) / 60), Math.round(s) % 60];
  return rest ? `${minutes} min ${String(rest).padStart(2, "0")} s` : `${minutes} min`;
};

// As a clock shows it: 0:07, 12:30, 1:02:05.
export function clock(s) {
  const [hours, minutes, rest] = [Math.floor(s / 3600), Math.floor(s / 60) % 60, String(Math.floor(s % 60)).padStart(2, "0")];
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

// While the work goes on the button says so and cannot be pressed again.
export async function busy(button, work) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  try {
    await work();
  } finally {
    button.removeAttribute("aria-busy");
  }
}

export const when = (iso) => (iso ? new Date(iso).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }) : "—");
