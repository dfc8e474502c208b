// The tree of an exploration while it is being found: the last step is where the call is now. Pure.

const LISTENING = { type: "LISTEN", description: "Listening …" };

const made = (steps, more) => ({ id: `found_${steps.length + 1}`, dtmf: null, timeout: 0, next_step: null, conditions: {}, metadata: {}, ...more });

function followedBy(steps, more) {
  const next = made(steps, more);
  return [...steps.slice(0, -1), ...steps.slice(-1).map((last) => ({ ...last, next_step: next.id })), next];
}

const instead = (steps, more) => [...steps.slice(0, -1), { ...steps.at(-1), ...more }];

// Something else is heard: where nothing was done at the last step yet, that step was it all along.
const become = (steps, more) => (steps.length && steps.at(-1).type === "LISTEN" && !steps.at(-1).dtmf ? instead(steps, more) : followedBy(steps, more));

export function find(steps, event) {
  const last = steps.at(-1);
  switch (event.type) {
    case "CallAnswered": return steps.length ? steps : followedBy(steps, LISTENING);
    case "ChoiceMade": return last?.type === "LISTEN" && event.digits && !last.dtmf ? instead(steps, { description: event.label }) : steps;
    case "DigitsSent": {
      if (last?.type !== "LISTEN" || last.dtmf) return steps;
      const unnamed = last.description === LISTENING.description;
      if (unnamed && steps.at(-2)?.dtmf === event.digits) return steps; // the same key once more
      const description = unnamed ? `Pressed ${event.digits}` : last.description;
      return followedBy(instead(steps, { dtmf: event.digits, description }), LISTENING);
    }
    case "HoldStarted":
      if (last?.type === "TRANSFER" && steps.at(-2)?.type === "HOLD") return [...steps.slice(0, -2), { ...steps.at(-2), next_step: null }]; // in vain
      return last?.type === "HOLD" ? steps : become(steps, { type: "HOLD", description: "On hold" });
    case "HoldEnded": return event.reason === "human" || last?.type !== "HOLD" ? steps : followedBy(steps, LISTENING);
    case "HumanDetected": return become(steps, { type: "TRANSFER", description: "A human answered" });
    case "TransferStarted": return last?.type === "TRANSFER" ? steps : become(steps, { type: "TRANSFER", description: `Ringing ${event.device || "your phone"}` });
    case "CallBridged": return last?.type === "TRANSFER" ? instead(steps, { description: "You are connected" }) : steps;
    default: return steps;
  }
}
