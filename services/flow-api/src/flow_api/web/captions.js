// What a call's events say to a person: one short line each, or nothing. Pure.

const text = (event) => event.text || (event.sealed ? "(words of a human, sealed)" : "");

const SENTENCES = {
  CallRequested: (e) => `${e.mode === "follow" ? "Follows the known flow" : "Explores"} ${e.phone_number}`,
  CallRefused: (e) => `Refused by the rule ${e.rule}: ${e.reason}`,
  CallRinging: () => "Ringing",
  CallAnswered: () => "Answered",
  UtteranceHeard: (e) => text(e) && `“${text(e)}”`,
  ChoiceMade: (e) => (e.digits ? `Chose “${e.label}” (${e.digits}): ${e.reason}` : `Nothing fits: ${e.reason}`),
  DigitsSent: (e) => `Pressed ${e.digits}${e.reason ? ` — ${e.reason}` : ""}`,
  PressIneffective: (e) => `Pressing ${e.digits} changed nothing`,
  DriftFound: (e) => `The menu has changed here: expected “${e.expected}”, heard “${e.heard}”`,
  HoldStarted: () => "On hold",
  HoldEnded: (e) => `Hold is over after ${Math.round(e.duration_ms / 1000)} s`,
  HumanSuspected: (e) => `Perhaps a human (${Math.round(e.posterior * 100)} %)`,
  HumanDetected: (e) => `A live human (${Math.round(e.posterior * 100)} %)`,
  TransferStarted: (e) => `Ringing ${e.device || "your phone"}`,
  DeviceAnswered: (e) => `${e.device || "Your phone"} picked up`,
  TransferFailed: (e) => `${e.device || "Your phone"} did not pick up: ${e.reason}`,
  CallBridged: () => "You are connected",
  DigitsOrdered: (e) => `${e.by || "Somebody"} asked to press ${e.digits}`,
  TransferOrdered: (e) => `${e.by || "Somebody"} asked to be connected now`,
  EndOrdered: (e) => `${e.by || "Somebody"} asked to hang up`,
  CallEnded: (e) => `Ended: ${e.outcome} — ${e.reason}`,
};

const LOOKS = { DigitsSent: "press", HumanDetected: "human", CallBridged: "human", DriftFound: "bad", PressIneffective: "bad", TransferFailed: "bad", CallRefused: "bad" };

export function caption(event) {
  const line = SENTENCES[event.type]?.(event);
  return line ? { line, look: LOOKS[event.type] || "", at_s: event.at_ms / 1000 } : null;
}

// The state of a call after an event, for the page: where on the tree, whether on hold, whether over.
export function advance(state, event) {
  switch (event.type) {
    case "StepStarted": return { ...state, step: event.step_id };
    case "HoldStarted": return { ...state, holdingSince: event.at_ms };
    case "HoldEnded": return { ...state, holdingSince: null, held: (state.held || 0) + event.duration_ms };
    case "HumanSuspected": return { ...state, posterior: event.posterior };
    case "HumanDetected": return { ...state, posterior: event.posterior, human: true };
    case "CallBridged": return { ...state, bridged: true };
    case "CallEnded": return { ...state, ended: event, holdingSince: null };
    case "DiscoveryMade": return { ...state, steps: discovered(state.steps || [], event.discovery) };
    default: return state;
  }
}

const KINDS = { wait: "WAIT", ivr_menu: "LISTEN", hold: "HOLD", human_detected: "TRANSFER", dtmf: "DTMF" };

// An exploration draws its tree while it goes: every discovery that will become a step stands below the one before.
function discovered(steps, discovery) {
  const type = KINDS[discovery.type];
  if (!type) return steps;
  const id = `found_${steps.length + 1}`;
  const step = { id, type, description: discovery.chosen_label || discovery.description || discovery.type, dtmf: discovery.dtmf_sent, timeout: discovery.duration || 0, next_step: null, conditions: {}, metadata: {} };
  const before = steps.map((one, index) => (index === steps.length - 1 ? { ...one, next_step: id } : one));
  return [...before, step];
}
