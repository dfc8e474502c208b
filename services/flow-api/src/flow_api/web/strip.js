// The sound of a call as one strip: what was on the line when, and the keys pressed.

import { h, replace } from "./dom.js";
import { presses, stretches } from "./heard.js";

export const KINDS = { ringing: "ringing", hold: "on hold", speech: "a recording speaks", human: "a human", bridged: "you are connected" };

// Draws what happened until now; `at_ms` is where one listens.
export function drawStrip(container, events, until_ms, at_ms = until_ms) {
  const whole = Math.max(until_ms, 1);
  const percent = (ms) => `${((100 * Math.min(Math.max(ms, 0), whole)) / whole).toFixed(2)}%`;
  const sounds = stretches(events, until_ms);
  const keys = presses(events);
  replace(
    container,
    h("svg", { class: "strip", role: "img", "aria-label": `What was heard: ${sounds.length} stretches of sound, keys pressed: ${keys.map((one) => one.digits).join(" ") || "none"}` },
      h("rect", { class: "rail", width: "100%", y: 8, height: 20, rx: 6 }),
      sounds.map(({ kind, from, to }) => h("rect", { class: `sound-${kind}`, x: percent(from), width: percent(to - from), y: 8, height: 20 }, h("title", {}, KINDS[kind]))),
      keys.map((one) => h("g", {}, h("circle", { class: "key", cx: percent(one.at_ms), cy: 18, r: 10 }), h("text", { class: "digit", x: percent(one.at_ms), y: 22 }, one.digits.slice(0, 2)))),
      h("line", { class: "playhead", x1: percent(at_ms), x2: percent(at_ms), y1: 0, y2: 36 })),
  );
}

export const legend = () => h("p", { class: "legend soft" }, Object.entries(KINDS).map(([kind, words]) => h("span", {}, h("i", { class: `swatch sound-${kind}` }), words)));
