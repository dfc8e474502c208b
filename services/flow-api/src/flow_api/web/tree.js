// A flow drawn as a tree. Steps are focusable in path order; arrows keys move along the edges; Enter selects.

import { h, replace, seconds } from "./dom.js";
import { calls, confidence, percent, tried } from "./known.js";
import { COLUMN, HEIGHT, WIDTH, edgeLine, goesAround, layout } from "./tree_layout.js";

const MARGIN = 24;
const AROUND = 64; // more room at the sides where an edge goes around
// Strokes on a 20 × 20 grid.
const ICONS = {
  DTMF: "M4 4h2M9 4h2M14 4h2M4 9h2M9 9h2M14 9h2M4 14h2M9 14h2M14 14h2",
  WAIT: "M10 3a7 7 0 1 0 .01 0M10 6v4l3 2",
  LISTEN: "M3 8v4M6.5 5v10M10 3v14M13.5 6v8M17 8v4",
  HOLD: "M7 15V5l9-2v10M7 15a2.4 2.4 0 1 1-.01-.1M16 13a2.4 2.4 0 1 1-.01-.1",
  SPEAK: "M3 4h14v9H9l-4 4v-4H3z",
  TRANSFER: "M6 2h8v16H6zM9 15.500h2",
};

function spoken(box, boxes) {
  const { step } = box;
  const onwards = [step.next_step && `then ${step.next_step}`, ...Object.entries(step.conditions || {}).map(([p, t]) => `${p} goes to ${t}`)];
  const sure = confidence(step);
  const known = sure === null ? "" : `, ${percent(sure)} sure`;
  const pressed = step.dtmf ? `, presses ${[...step.dtmf].join(" ")}` : "";
  return `Step ${boxes.indexOf(box) + 1} of ${boxes.length}, ${step.type}, ${step.description}${pressed}${known}. ${onwards.filter(Boolean).join(", ")}`;
}

function short(text, length) {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

function note(step) {
  const { timing, hold, evidence = [] } = step.metadata || {};
  const n = hold?.overall?.n || timing?.n || evidence.length;
  if (n) return calls(n);
  return step.timeout && (step.type === "HOLD" || step.type === "WAIT") ? `up to ${seconds(step.timeout)}` : "";
}

const CALLS_MIN = 4; // of fewer calls the lower bound is low even where all went well: no reason for an alarming colour

// A bar along the lower edge of a step: how surely it leads on.
function certainty(step) {
  const share = confidence(step);
  if (share === null) return null;
  const look = tried(step) < CALLS_MIN ? "few" : share >= 0.8 ? "good" : share >= 0.5 ? "warn" : "bad";
  const wide = WIDTH - 88;
  return h("g", { class: `certainty ${look}` }, h("title", {}, `${percent(share)} sure`), h("rect", { class: "rail", x: 44, y: HEIGHT - 13, width: wide, height: 4, rx: 2 }), h("rect", { class: "level", x: 44, y: HEIGHT - 13, width: Math.max(4, wide * share), height: 4, rx: 2 }));
}

function node(box, boxes, options) {
  const { step } = box;
  const classes = ["step", `type-${step.type.toLowerCase()}`, options.marks?.[step.id], options.current === step.id && "current"].filter(Boolean).join(" ");
  const select = () => options.onselect?.(step);
  return h(
    "g",
    {
      class: classes, transform: `translate(${box.x},${box.y})`, tabindex: "0", role: "button", "data-step": step.id,
      "aria-label": spoken(box, boxes), onclick: select,
      onkeydown: (event) => (event.key === "Enter" || event.key === " ") && (event.preventDefault(), select()),
    },
    h("rect", { class: "box", width: WIDTH, height: HEIGHT, rx: 14 }),
    h("path", { class: "icon", transform: "translate(14,14)", d: ICONS[step.type] }),
    h("text", { class: "name", x: 44, y: 27 }, short(step.description || step.id, step.dtmf ? 23 : 28)),
    h("text", { class: "kind", x: 44, y: 46 }, short([step.type, note(step)].filter(Boolean).join(" · "), 32)),
    !step.metadata?.last_seen && certainty(step),
    step.metadata?.last_seen && h("text", { class: "kind", x: 44, y: 62 }, `not heard since ${step.metadata.last_seen.slice(0, 10)}`),
    step.dtmf && [h("circle", { class: "key", cx: WIDTH - 26, cy: HEIGHT / 2, r: 17 }), h("text", { class: "digit", x: WIDTH - 26, y: HEIGHT / 2 + 6 }, short(step.dtmf, 3))],
  );
}

const line = (one, byId) => h("g", { class: `edge ${one.kind}` }, h("path", { d: edgeLine(byId.get(one.from), byId.get(one.to)).path, "marker-end": "url(#arrow)" }));

function label(one, byId) {
  const { x, y } = edgeLine(byId.get(one.from), byId.get(one.to));
  return one.label && h("g", { class: `edge ${one.kind}` }, h("text", { class: one.kind, x: one.kind === "next" ? x + 10 : x, y: y + 3 }, short(one.label, 30)));
}

function arrow() {
  return h("defs", {}, h("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, orient: "auto" }, h("path", { d: "M0,0 L8,4 L0,8 z" })));
}

// options: current (step id), marks ({step id: css class}), onselect(step)
export function drawTree(container, flow, options = {}) {
  const plan = layout(flow.steps);
  const byId = new Map(plan.boxes.map((box) => [box.id, box]));
  const side = plan.edges.some((one) => goesAround(byId.get(one.from), byId.get(one.to))) ? MARGIN + AROUND : MARGIN;
  const svg = h(
    "svg",
    {
      class: "tree", role: "group", "aria-label": `Steps of ${flow.name}`,
      viewBox: `${-side} ${-MARGIN} ${plan.width + 2 * side} ${plan.height + 2 * MARGIN}`,
      width: plan.width + 2 * side, height: plan.height + 2 * MARGIN,
    },
    arrow(),
    plan.edges.map((one) => line(one, byId)),
    plan.edges.map((one) => label(one, byId)),
    plan.boxes.map((box) => node(box, plan.boxes, options)),
  );
  svg.addEventListener("keydown", (event) => walk(event, svg, plan));
  replace(container, svg);
  return { glow: (id) => glow(container, svg, id) };
}

function walk(event, svg, plan) {
  const at = plan.boxes.find((box) => box.id === event.target.dataset?.step);
  if (!at) return;
  const goals = {
    ArrowDown: (box) => box.column === at.column && box.row > at.row,
    ArrowUp: (box) => box.column === at.column && box.row < at.row,
    ArrowRight: (box) => box.column > at.column,
    ArrowLeft: (box) => box.column < at.column,
  };
  const ends = { Home: plan.boxes[0], End: plan.boxes.at(-1) };
  const goal = ends[event.key] ? (box) => box === ends[event.key] : goals[event.key];
  if (!goal) return;
  const distance = (box) => Math.abs(box.row - at.row) + Math.abs(box.column - at.column) * (COLUMN / 100);
  const next = plan.boxes.filter(goal).sort((a, b) => distance(a) - distance(b))[0];
  if (!next) return;
  event.preventDefault();
  svg.querySelector(`[data-step="${CSS.escape(next.id)}"]`).focus();
}

function glow(container, svg, id) {
  for (const step of svg.querySelectorAll(".step.current")) {
    step.classList.remove("current");
    step.classList.add("done");
  }
  const now = id && svg.querySelector(`[data-step="${CSS.escape(id)}"]`);
  if (!now) return;
  now.classList.remove("done");
  now.classList.add("current");
  show(container, now);
}

// Scrolls the tree alone, never the page that somebody is reading.
function show(container, step) {
  const [box, one] = [container.getBoundingClientRect(), step.getBoundingClientRect()];
  const beyond = one.top < box.top ? one.top - box.top - MARGIN : one.bottom > box.bottom ? one.bottom - box.bottom + MARGIN : 0;
  const aside = one.left < box.left ? one.left - box.left - MARGIN : one.right > box.right ? one.right - box.right + MARGIN : 0;
  container.scrollBy({ top: beyond, left: aside, behavior: "smooth" });
}
