// What a call's events say to a person: one short line each, or nothing; and the state they lead to. Pure.

const quoted = (words) => `“${words}”`;
const percent = (share) => `${Math.round(share * 100)} %`;
const phone = (event) => event.device || "your phone";

// Words of a live human are readable (`said`) as long as their key is kept.
function heard(event) {
  if (event.text || event.said) return quoted(event.text || event.said);
  return event.sealed ? "(words of a human, sealed)" : "";
}

function chosen(event) {
  if (!event.digits) return `Nothing fits: ${event.reason}`;
  const second = event.scores?.find((one) => one.digits && one.digits !== event.digits);
  return `Chose ${quoted(event.label)} (${event.digits}), ${percent(event.confidence)} sure: ${event.reason}${second ? `. Next best: ${quoted(second.label)} (${second.digits})` : ""}`;
}

const SENTENCES = {
  CallRequested: (e) => `${e.mode === "follow" ? "Follows the known flow" : "Explores"} ${e.phone_number}`,
  CallRefused: (e) => `Refused by the rule ${e.rule}: ${e.reason}`,
  CallRinging: () => "Ringing",
  CallAnswered: () => "Answered",
  UtteranceHeard: heard,
  ChoiceMade: chosen,
  DigitsSent: (e) => `Pressed ${e.digits}${e.reason ? ` — ${e.reason}` : ""}`,
  PressIneffective: (e) => `Pressing ${e.digits} changed nothing`,
  DriftFound: (e) => `The menu has changed here: expected ${quoted(e.expected)}, heard ${quoted(e.heard)}`,
  AudioPlayed: (e) => (e.what.startsWith("text:") ? `Said ${quoted(e.what.slice(5))}` : `Played ${e.what}`),
  HoldStarted: (e) => `On hold${e.reason ? ` (${e.reason})` : ""}`,
  HoldEnded: (e) => `Hold is over after ${Math.round(e.duration_ms / 1000)} s`,
  HumanSuspected: (e) => `Perhaps a human (${percent(e.posterior)})`,
  HumanDetected: (e) => `A live human (${percent(e.posterior)})`,
  TransferStarted: (e) => `Ringing ${phone(e)}`,
  DeviceAnswered: (e) => `${e.device || "Your phone"} picked up`,
  TransferFailed: (e) => `${e.device || "Your phone"} did not pick up: ${e.reason}`,
  CallBridged: () => "You are connected",
  ActionRefused: (e) => `Refused by rule ${inWords(e.rule)}: ${e.reason}`,
  RecordingStarted: () => "From here on the conversation is recorded; both sides were told",
  RecordingFailed: (e) => `Not recorded: ${e.reason}`,
  RecordingEnded: (e) => `Recorded for ${Math.round(e.duration_ms / 1000)} s as ${e.file}`,
  DigitsOrdered: (e) => `${e.by || "Somebody"} asked to press ${e.digits}`,
  TransferOrdered: (e) => `${e.by || "Somebody"} asked to be connected now`,
  EndOrdered: (e) => `${e.by || "Somebody"} asked to hang up`,
  CallEnded: (e) => `Ended: ${inWords(e.outcome)} — ${e.reason}`,
};

const LOOKS = {
  UtteranceHeard: "said", ChoiceMade: "choice", DigitsSent: "press", HumanDetected: "human", CallBridged: "human", DeviceAnswered: "human",
  DriftFound: "bad", PressIneffective: "bad", TransferFailed: "bad", CallRefused: "bad", ActionRefused: "bad", RecordingFailed: "bad",
};

export const inWords = (outcome) => (outcome || "").replaceAll("_", " ");

// {line, look, at_s}: when it began to be said, or happened.
export function caption(event) {
  const line = SENTENCES[event.type]?.(event);
  const look = event.type === "UtteranceHeard" && event.speaker === "human" ? "said human" : LOOKS[event.type] || "";
  return line ? { line, look, at_s: (event.start_ms ?? event.at_ms) / 1000 } : null;
}

export const PHASES = {
  requested: "About to dial", dialling: "Dialling", ringing: "Ringing", walking: "In the phone menu", holding: "On hold", human: "A human is there",
  transferring: "Ringing your phone", bridged: "You are connected", ended: "Ended",
};

// The state of a call after an event, for the page: its phase, where on the tree, whether on hold, what speaks for a human.
export function advance(state, event) {
  switch (event.type) {
    case "CallDialled": return { ...state, phase: "dialling" };
    case "CallRinging": return { ...state, phase: "ringing" };
    case "CallAnswered": return { ...state, phase: "walking" };
    case "StepStarted": return { ...state, step: event.step_id };
    case "HoldStarted": return { ...state, phase: "holding", holdingSince: state.holdingSince ?? event.at_ms }; // the same one may go on
    case "HoldEnded": return { ...state, phase: state.phase === "holding" ? "walking" : state.phase, holdingSince: null };
    case "HumanSuspected": return { ...state, posterior: event.posterior, evidence: event.evidence };
    case "HumanDetected": return { ...state, phase: state.phase === "transferring" ? state.phase : "human", posterior: event.posterior, evidence: event.evidence };
    case "TransferStarted": return event.reason === "early" ? state : { ...state, phase: "transferring" };
    case "TransferFailed": return state.phase === "transferring" && !event.by ? { ...state, phase: "human" } : state;
    case "CallBridged": return { ...state, phase: "bridged", bridgedSince: event.at_ms, holdingSince: null };
    case "CallEnded": return { ...state, phase: "ended", ended: event, holdingSince: null };
    default: return state;
  }
}

// [[cue in words, log-likelihood ratio]], the strongest first.
export function cues(evidence = {}) {
  const named = (cue) => (cue === "prior" ? "before a word was heard" : cue.startsWith("words:") ? `its words: ${inWords(cue.slice(6))}` : inWords(cue));
  return Object.entries(evidence).map(([cue, weight]) => [named(cue), weight]).sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
}
