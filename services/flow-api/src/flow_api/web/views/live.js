// One call: live while it goes on, replayed at any speed afterwards.

import { getJson, postJson, remove, streamEvents } from "../api.js";
import { advance, caption } from "../captions.js";
import { needs } from "../access.js";
import { failure, h, replace, seconds, toast } from "../dom.js";
import { expectedWait, waitInWords } from "../known.js";
import { drawTree } from "../tree.js";
import { outcomeChip } from "./calls.js";

const KEYS = [..."123456789*0#"];

function captionItem({ line, look, at_s }) {
  return h("li", {}, h("time", {}, `${at_s.toFixed(1)} s`), h("span", { class: look }, line));
}

class CallView {
  constructor(call, flow) {
    this.call = call;
    this.flow = flow;
    this.state = {};
    this.at_ms = 0;
    this.captions = h("ol", { class: "captions", "aria-live": "polite", "aria-label": "What happens" });
    this.tree = h("div", { class: "card tree-box" });
    this.clock = h("p", { class: "big" }, "0 s");
    this.clockLabel = h("p", { class: "soft" }, "call time");
    this.meter = h("meter", { min: 0, max: 1, low: 0.3, high: 0.8, optimum: 1, value: 0, "aria-label": "How likely a live human is" });
    this.hearing = h("p", { class: "soft" }, "");
    this.wait = expectedWait(flow, new Date(call.started_at));
    this.waited = h("progress", { max: 1, value: 0, "aria-label": "Of the expected wait", hidden: true });
    this.connection = h("span", { class: "chip" }, "connecting");
    this.drawn = drawTree(this.tree, flow || { name: "what is being found", steps: [] });
  }

  take(event) {
    this.state = advance(this.state, event);
    const line = caption(event);
    if (line) {
      this.captions.append(captionItem(line));
      this.captions.scrollTop = this.captions.scrollHeight;
    }
    if (event.type === "StepStarted") this.drawn.glow(event.step_id);
    if (event.type === "DiscoveryMade" && !this.flow) {
      this.drawn = drawTree(this.tree, { name: "what is being found", steps: this.state.steps }, { current: this.state.steps.at(-1)?.id });
    }
    if (this.state.posterior !== undefined) this.meter.value = this.state.posterior;
    this.time(event.at_ms);
  }

  hear(meter) {
    this.hearing.textContent = `${meter.label || "silence"} · ${Math.round(meter.level_dbm0)} dBm0`;
    this.meter.value = meter.human_posterior;
    this.time(meter.at_ms);
  }

  // What began earlier may be told later: the clock never runs backwards.
  time(told_ms) {
    const at_ms = (this.at_ms = Math.max(this.at_ms, told_ms));
    const { holdingSince } = this.state;
    const holding = holdingSince !== null && holdingSince !== undefined;
    this.clock.textContent = seconds((holding ? at_ms - holdingSince : at_ms) / 1000);
    this.clockLabel.textContent = holding ? ["on hold", waitInWords(this.wait)].filter(Boolean).join(", ") : "call time";
    this.waited.hidden = !(holding && this.wait);
    if (holding && this.wait) this.waited.value = Math.min(1, (at_ms - holdingSince) / (this.wait.p90_ms || this.wait.p50_ms));
  }
}

function controls(call, view) {
  const act = (work, done) => async () => {
    try {
      await work();
      toast(done);
    } catch (error) {
      toast(error.detail || error.title, "bad");
    }
  };
  return h(
    "div",
    { class: "card stack", id: "controls" },
    h("div", { class: "row" },
      needs("calls:write", h("button", { class: "primary", onclick: act(() => postJson(`/api/calls/${call.id}/transfer`, {}), "Ringing your phone") }, "Connect me now")),
      needs("calls:write", h("button", { class: "danger", onclick: act(() => remove(`/api/calls/${call.id}`), "Hanging up") }, "Hang up"))),
    h("details", {}, h("summary", {}, "Press a key"),
      h("div", { class: "keypad" }, KEYS.map((digits) => needs("calls:write", h("button", { "aria-label": `Press ${digits}`, onclick: act(() => postJson(`/api/calls/${call.id}/digits`, { digits }), `Pressed ${digits}`) }, digits))))),
    h("div", {}, view.connection),
  );
}

function replayControls(start) {
  const speed = h("select", { "aria-label": "Speed" }, [["1", "as it was"], ["4", "4 × faster"], ["20", "20 × faster"], ["0", "at once"]].map(([value, text]) => h("option", { value, selected: value === "4" }, text)));
  return h("div", { class: "card row tight" }, h("button", { class: "primary", onclick: () => start(Number(speed.value)) }, "Replay"), speed);
}

async function flowOf(call) {
  if (!call.flow_id) return null;
  const path = `/api/call-flows/${encodeURIComponent(call.flow_id)}`;
  return getJson(call.flow_version ? `${path}?version=${call.flow_version}` : path).catch(() => null);
}

function wait(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}

async function replay(make, events, speed, signal) {
  const view = make();
  let before = 0;
  for (const event of events) {
    if (speed) await wait((event.at_ms - before) / speed, signal);
    if (signal.aborted) return;
    before = event.at_ms;
    view.take(event);
  }
}

export async function live({ main, signal }, id) {
  const call = await getJson(`/api/calls/${encodeURIComponent(id)}`, { signal });
  const flow = await flowOf(call);
  const why = sessionStorage.getItem(`why:${id}`);
  const chip = h("span", {}, outcomeChip(call));
  const steering = h("div", {});
  let view;
  const make = () => {
    view = new CallView(call, flow);
    replace(
      main,
      h("div", { class: "row spread" },
        h("div", {}, h("h1", {}, call.company || call.phone_number), h("p", { class: "soft" }, [call.intent && `“${call.intent}”`, call.mode, call.phone_number].filter(Boolean).join(" · ")), why && h("p", {}, why)),
        chip),
      h("div", { class: "split" },
        h("div", { class: "stack" }, view.tree),
        h("aside", { class: "stack" },
          h("div", { class: "card" }, view.clock, view.clockLabel, view.waited, h("label", {}, "A live human?", view.meter), view.hearing),
          steering,
          h("div", { class: "card" }, h("h2", {}, "Captions"), view.captions)))
    );
    return view;
  };
  make();
  if (call.state !== "ended") replace(steering, controls(call, view));
  const events = [];
  let replaying = new AbortController();
  signal.addEventListener("abort", () => replaying.abort());
  const over = () => {
    const last = events.at(-1);
    replace(chip, outcomeChip({ state: "ended", outcome: last?.outcome }));
    view.hearing.textContent = last?.reason || "";
    replace(steering, replayControls((speed) => {
      replaying.abort();
      replaying = new AbortController();
      replay(make, events, speed, replaying.signal);
    }));
  };
  try {
    const path = `/api/calls/${encodeURIComponent(id)}/events?meters=true`;
    const stream = streamEvents(path, { signal, until: (event) => event.type === "CallEnded", onstate: (state) => (view.connection.textContent = state) });
    for await (const event of stream) {
      if (event.ordinal === undefined) {
        view.hear(event);
        continue;
      }
      events.push(event);
      view.take(event);
    }
    if (!signal.aborted) over();
  } catch (error) {
    if (!signal.aborted) replace(steering, failure(error));
  }
}
