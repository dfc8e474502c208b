// A past call again: played at any speed, held, or moved to any moment.

import { h } from "./dom.js";
import { soundAt, stretches } from "./heard.js";
import { KINDS, drawStrip } from "./strip.js";

const SPEEDS = [["0.5", "half as fast"], ["1", "as it was"], ["4", "4 × faster"], ["20", "20 × faster"], ["100", "100 × faster"], ["0", "at once"]];

// Controls that drive `view` over the events. `strip` shows where one is. Stops for good with `signal`.
export function replayControls(view, events, strip, signal) {
  const end_ms = events.at(-1)?.at_ms || 0;
  const sounds = stretches(events, end_ms);
  let at_ms = end_ms;
  let taken = events.length;
  let frame = null;

  const speed = h("select", { "aria-label": "Speed" }, SPEEDS.map(([value, text]) => h("option", { value, selected: value === "4" }, text)));
  const play = h("button", { class: "primary", type: "button" }, "Replay");
  const place = h("input", { type: "range", min: 0, max: Math.ceil(end_ms), step: 100, value: end_ms, "aria-label": "Moment of the call" });

  function show(to_ms) {
    if (to_ms < at_ms) {
      view.reset();
      taken = 0;
    }
    at_ms = to_ms;
    while (taken < events.length && events[taken].at_ms <= at_ms) view.take(events[taken++]);
    const sound = view.state.ended ? "" : soundAt(sounds, at_ms) || "";
    view.hear({ at_ms, label: sound, words: KINDS[sound], human_posterior: sound === "human" ? view.state.posterior ?? 0.5 : 0 });
    place.value = at_ms;
    drawStrip(strip, events, end_ms, at_ms);
  }

  function hold() {
    cancelAnimationFrame(frame);
    frame = null;
    play.textContent = at_ms < end_ms ? "Go on" : "Replay";
  }

  function run() {
    if (at_ms >= end_ms) show(0);
    if (speed.value === "0") {
      show(end_ms);
      return hold();
    }
    let last = null;
    const tick = (now_ms) => {
      if (signal.aborted) return;
      if (last !== null) show(Math.min(end_ms, at_ms + (now_ms - last) * Number(speed.value)));
      last = now_ms;
      if (at_ms >= end_ms) hold();
      else frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
    play.textContent = "Hold it";
    return undefined;
  }

  play.addEventListener("click", () => (frame === null ? run() : hold()));
  place.addEventListener("input", () => {
    hold();
    show(Number(place.value));
    hold();
  });
  signal.addEventListener("abort", () => cancelAnimationFrame(frame));
  drawStrip(strip, events, end_ms, at_ms);
  return h("div", { class: "transport" }, place, h("div", { class: "row tight" }, play, speed));
}
