// One call: live while it goes on, steered by buttons; replayed at any speed afterwards.

import { getJson, postJson, remove, streamEvents } from "../api.js";
import { needs } from "../access.js";
import { CallView } from "../call_view.js";
import { busy, failure, h, loading, replace, seconds, toast } from "../dom.js";
import { replayControls } from "../replay.js";
import { drawStrip, legend } from "../strip.js";

const KEYS = [..."123456789*0#"];

function controls(call, connection) {
  const path = `/api/calls/${call.id}`;
  const act = (look, name, label, work, done) => {
    const button = h("button", { class: look, "aria-label": label }, name);
    button.addEventListener("click", () => busy(button, async () => {
      try {
        await work();
        toast(done);
      } catch (error) {
        toast(error.detail || error.title, "bad");
      }
    }));
    return needs("calls:write", button);
  };
  return h(
    "div",
    { class: "card stack", id: "controls" },
    h("div", { class: "row" },
      act("primary", "Connect me now", null, () => postJson(`${path}/transfer`, {}), "Ringing your phone"),
      act("danger", "Hang up", null, () => remove(path), "Hanging up"),
      connection),
    h("details", {}, h("summary", {}, "Press a key"),
      h("div", { class: "keypad" }, KEYS.map((digits) => act("", digits, `Press ${digits}`, () => postJson(`${path}/digits`, { digits }), `Pressed ${digits}`)))),
  );
}

// What came of it, in figures.
function summary(ended) {
  const after = (ms) => (ms === null || ms === undefined ? "—" : seconds(ms / 1000));
  const figures = [["hold reached after", after(ended.ms_to_hold)], ["waited on hold", after(ended.hold_ms)], ["human after", after(ended.ms_to_human)], ["keys", ended.digits || "none"], ["transcribed before hold", ended.transcriptions_before_hold ?? 0]];
  return h("div", { class: "card" }, h("p", {}, ended.reason), h("dl", { class: "figures wide-figures" }, figures.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))));
}

const LEARNING_MS = [0, 500, 1000, 2000, 4000]; // looks for what is learned by itself behind a call's end

// The flow that was followed or, of an exploration, the one it taught: learning is automatic unless it was switched off.
async function taught(call, flow, box, signal) {
  const link = (words, known) => replace(box, h("p", {}, words, h("a", { href: `#/flows/${encodeURIComponent(known.id)}` }, known.name), "."));
  if (flow) return link("It followed ", flow);
  const asked = new URLSearchParams({ phone_number: call.phone_number, ...(call.intent && { intent: call.intent }) });
  replace(box, loading("what it taught"));
  for (const ms of LEARNING_MS) {
    await new Promise((resolve) => setTimeout(resolve, ms));
    if (signal.aborted) return null;
    const known = await getJson(`/api/call-flows/lookup?${asked}`).catch(() => null);
    if (known) return link("The way as it is known now: ", known);
  }
  const learn = h("button", {}, "Learn the way from this call");
  learn.addEventListener("click", () => busy(learn, async () => {
    try {
      link("It taught ", await postJson("/api/call-flows/learn", { call_id: call.id }));
    } catch (error) {
      toast(error.detail || error.title, "bad");
    }
  }));
  return replace(box, needs("flows:write", learn));
}

async function flowOf(call) {
  if (!call.flow_id) return null;
  const path = `/api/call-flows/${encodeURIComponent(call.flow_id)}`;
  return getJson(call.flow_version ? `${path}?version=${call.flow_version}` : path).catch(() => null);
}

// As the service said when the call was started here; elsewhere, what the call itself tells.
function why(call, flow) {
  const told = sessionStorage.getItem(`why:${call.id}`);
  const done = call.mode === "follow" ? "Follows the known flow" : "Explores the phone menu";
  return [done, flow && ` “${flow.name}”`, told && `: ${told}`, "."];
}

export async function live({ main, signal }, id) {
  const call = await getJson(`/api/calls/${encodeURIComponent(id)}`, { signal });
  const flow = await flowOf(call);
  const view = new CallView(call, flow);
  const events = [];
  const strip = h("div", {});
  const transport = h("div", {});
  const steering = h("div", { class: "stack" });
  const outcome = h("div", { class: "stack" });
  const connection = h("span", { class: "chip" }, "connecting");
  replace(
    main,
    h("div", { class: "row spread" },
      h("div", {}, h("h1", {}, call.company || call.phone_number), h("p", { class: "soft" }, [call.intent && `“${call.intent}”`, call.phone_number].filter(Boolean).join(" · ")), h("p", { class: "why" }, why(call, flow))),
      view.phase),
    h("div", { class: "card sounds" }, strip, transport, legend()),
    h("div", { class: "live" },
      h("div", { class: "stack now" },
        h("div", { class: "card" }, view.clock, view.clockLabel, view.waited, Object.values(view.bars).map((one) => one.row), view.hearing, view.evidence),
        steering),
      h("div", { class: "way stack" }, view.tree, outcome),
      h("div", { class: "card said-box" }, h("h2", {}, "Captions"), view.captions)),
  );
  if (call.state !== "ended") replace(steering, controls(call, connection));

  const over = () => {
    const box = h("div", {});
    view.hear({ at_ms: events.at(-1).at_ms, label: "", human_posterior: 0 });
    replace(transport, replayControls(view, events, strip, signal));
    steering.remove();
    replace(outcome, summary(events.at(-1)), h("div", { class: "card" }, box));
    return taught(call, flow, box, signal);
  };
  try {
    const path = `/api/calls/${encodeURIComponent(id)}/events?meters=true`;
    for await (const event of streamEvents(path, { signal, until: (one) => one.type === "CallEnded", onstate: (state) => replace(connection, state) })) {
      if (event.ordinal === undefined) view.hear(event);
      else {
        events.push(event);
        view.take(event);
      }
      drawStrip(strip, events, view.at_ms);
    }
    if (!signal.aborted) await over();
  } catch (error) {
    if (!signal.aborted) replace(outcome, failure(error, () => live({ main, signal }, id)));
  }
}
