// How one call looks at a moment: its phase, the tree with the step it is at, what is heard, hold time, captions.

import { PHASES, advance, caption, cues, inWords } from "./captions.js";
import { clock, h, replace } from "./dom.js";
import { find } from "./explored.js";
import { shares } from "./heard.js";
import { expectedWait, percent, waitInWords } from "./known.js";
import { drawTree } from "./tree.js";

const SOUNDS = { music: "Hold music", announcement: "Announcement", human: "Live human" };

function captionItem({ line, look, at_s }) {
  return h("li", {}, h("time", {}, `${at_s.toFixed(1)} s`), h("span", { class: look }, line));
}

function bar(sound) {
  const level = h("i", {});
  const figure = h("span", { class: "soft" });
  const row = h("div", { class: `sound ${sound}`, role: "meter", "aria-label": SOUNDS[sound], "aria-valuemin": 0, "aria-valuemax": 1 }, h("span", {}, SOUNDS[sound]), h("b", {}, level), figure);
  const show = (share) => {
    level.style.width = `${100 * share}%`;
    figure.textContent = percent(share);
    row.setAttribute("aria-valuenow", share.toFixed(2));
  };
  show(0);
  return { row, show };
}

export class CallView {
  constructor(call, flow) {
    this.call = call;
    this.flow = flow;
    this.wait = expectedWait(flow, new Date(call.started_at));
    this.phase = h("span", { class: "phase", role: "status" });
    this.captions = h("ol", { class: "captions", "aria-live": "polite", "aria-label": "What happens" });
    this.tree = h("div", { class: "card tree-box" });
    this.clock = h("p", { class: "big" });
    this.clockLabel = h("p", { class: "soft" });
    this.waited = h("progress", { max: 1, value: 0, "aria-label": "Of the expected wait", hidden: true });
    this.bars = Object.fromEntries(Object.keys(SOUNDS).map((sound) => [sound, bar(sound)]));
    this.hearing = h("p", { class: "soft hearing" });
    this.evidence = h("div", { class: "evidence" });
    this.reset();
  }

  reset() {
    this.state = { phase: "requested", steps: [] };
    this.at_ms = 0;
    replace(this.captions);
    this.step = null; // {at_ms, worded, press} of the step the call is at
    this.drawn = drawTree(this.tree, this.flow || { name: "what is being found", steps: [] });
    if (!this.flow) replace(this.tree, h("p", { class: "loading" }, "The way is drawn here as it is found."));
    this.hear({ at_ms: 0, label: "", human_posterior: 0 });
    replace(this.evidence);
    this.showPhase();
  }

  take(event) {
    const before = this.state;
    this.state = { ...advance(before, event), steps: this.flow ? [] : find(before.steps, event) };
    this.say(event);
    if (event.type === "StepStarted") this.drawn.glow(event.step_id);
    if (event.type === "CallEnded") this.drawn.glow(null);
    if (this.state.steps !== before.steps && !this.flow) this.drawFound();
    if (this.state.evidence !== before.evidence) this.weigh();
    if (this.state.phase !== before.phase) this.showPhase();
    this.time(event.at_ms);
  }

  say(event) {
    const line = caption(event);
    const item = line && captionItem(line);
    if (event.type === "StepStarted") this.step = { at_ms: event.at_ms, worded: false, press: null };
    if (this.step && event.type === "UtteranceHeard") this.step.worded = true;
    if (this.step && event.type === "DigitsSent") this.step.press = item;
    if (event.type === "StepEnded" && event.match === "matched") this.recognised(event.step_id);
    if (!item) return;
    this.captions.append(item);
    this.captions.scrollTop = this.captions.scrollHeight;
  }

  // A learned prompt that was known by its sound has no words on this call; the flow has them.
  recognised(step_id) {
    const words = this.flow?.steps.find((step) => step.id === step_id)?.metadata?.prompt?.transcript;
    if (!words || !this.step || this.step.worded) return;
    const item = captionItem({ line: `“${words}” — the learned prompt, known by its sound`, look: "said", at_s: this.step.at_ms / 1000 });
    if (this.step.press) this.step.press.before(item);
    else this.captions.append(item);
  }

  drawFound() {
    const { steps, ended } = this.state;
    const current = ended ? null : steps.at(-1)?.id;
    const marks = Object.fromEntries(steps.filter((step) => step.id !== current).map((step) => [step.id, "done"]));
    this.drawn = drawTree(this.tree, { name: "what is being found", steps }, { current, marks });
    this.drawn.glow(current);
  }

  showPhase() {
    const { phase, ended } = this.state;
    this.phase.className = `phase ${phase} ${ended ? (["bridged", "reached"].includes(ended.outcome) ? "good" : "bad") : ""}`;
    replace(this.phase, ended ? `Ended: ${inWords(ended.outcome)}` : PHASES[phase]);
  }

  // {at_ms, label, human_posterior, level_dbm0?, words?} of the ear, or as the record tells it.
  hear(meter) {
    const now = shares(meter.label, meter.human_posterior);
    for (const [sound, { show }] of Object.entries(this.bars)) show(now[sound]);
    const level = meter.level_dbm0 === undefined ? "" : ` · ${Math.round(meter.level_dbm0)} dBm0`;
    this.hearing.textContent = meter.label ? `${meter.words || inWords(meter.label)}${level}` : "";
    this.time(meter.at_ms);
  }

  // Why it is held for a human, or not: the posterior with every cue's weight.
  weigh() {
    const { posterior, evidence } = this.state;
    replace(
      this.evidence,
      h("details", {}, h("summary", {}, `Speech: ${percent(posterior)} a live human`),
        h("table", {}, h("tbody", {}, cues(evidence).map(([cue, weight]) => h("tr", {}, h("td", {}, cue), h("td", { class: weight > 0 ? "for" : "against" }, `${weight > 0 ? "+" : "−"}${Math.abs(weight).toFixed(1)}`)))))),
    );
  }

  // What began earlier may be told later: the clock never runs backwards.
  time(told_ms) {
    const at_ms = (this.at_ms = Math.max(this.at_ms, told_ms));
    const { holdingSince, bridgedSince, phase } = this.state;
    const holding = holdingSince !== null && holdingSince !== undefined;
    const since = holding ? holdingSince : phase === "bridged" ? bridgedSince : 0;
    this.clock.textContent = clock((at_ms - since) / 1000);
    this.clockLabel.textContent = holding ? ["on hold", waitInWords(this.wait)].filter(Boolean).join(", ") : phase === "bridged" ? "connected" : "call time";
    this.waited.hidden = !(holding && this.wait);
    if (holding && this.wait) this.waited.value = Math.min(1, (at_ms - holdingSince) / (this.wait.p90_ms || this.wait.p50_ms));
  }
}
