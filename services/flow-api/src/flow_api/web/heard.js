// What was on the line when, told from a call's events: stretches of sound and the keys pressed. Pure.

const BEGINS = { CallRinging: "ringing", HoldStarted: "hold", CallBridged: "bridged" };
const ENDS = { ringing: ["CallAnswered"], hold: ["HoldEnded"], bridged: [], speech: ["DigitsSent", "StepEnded", "StepStarted"] };

// A prompt that is known already is not told as words: its step lasts while it plays.
const begins = (event) => BEGINS[event.type] || (event.type === "StepStarted" && event.step_type === "LISTEN" && "speech");

// [{kind, from, to}] in milliseconds of call time, the later over the earlier. kind: ringing, hold, speech, human, bridged.
export function stretches(events, until_ms) {
  const lasting = [];
  const said = [];
  for (const event of events) {
    const kind = begins(event);
    if (event.type === "UtteranceHeard") said.push({ kind: event.speaker === "human" ? "human" : "speech", from: event.start_ms, to: event.end_ms });
    if (event.type === "CallEnded") lasting.forEach((one) => (one.to ??= event.at_ms));
    for (const one of lasting) if (one.to === null && ENDS[one.kind].includes(event.type)) one.to = event.at_ms;
    if (kind) lasting.push({ kind, from: event.at_ms, to: null });
  }
  return [...lasting.map((one) => ({ ...one, to: one.to ?? until_ms })), ...said];
}

// [{at_ms, digits}]
export const presses = (events) => events.filter((event) => event.type === "DigitsSent").map(({ at_ms, digits }) => ({ at_ms, digits }));

// The kind of the stretch that one hears at a time, or nothing.
export const soundAt = (all, at_ms) => all.findLast((one) => one.from <= at_ms && at_ms < one.to)?.kind;

// Shares of the three things one waits through, of a meter's label or of a stretch's kind. `posterior`: that it is a live human.
export function shares(sound, posterior) {
  const rest = 1 - posterior;
  if (sound === "music" || sound === "hold") return { music: rest, announcement: 0, human: posterior };
  if (sound?.startsWith("speech")) return { music: 0, announcement: rest, human: posterior };
  return { music: 0, announcement: 0, human: sound === "bridged" ? 1 : posterior };
}
