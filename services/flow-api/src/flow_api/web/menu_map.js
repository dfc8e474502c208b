// One tree out of several flows of one number. Pure.
//
// A prompt is one step however many flows know it. What has no words (a hold, a transfer) is the same step only behind the same key of
// the same step: two queues are two queues.

const ALIKE = 0.7; // share of words in common; two hearings of one prompt differ in a few

const wordsOf = (step) => new Set((step.metadata?.prompt?.transcript || "").toLowerCase().match(/[\p{L}\p{N}]+/gu) || []);

function alike(a, b) {
  const common = [...a].filter((word) => b.has(word)).length;
  return common / (a.size + b.size - common) >= ALIKE;
}

// Step id → who leads to it, in the order of the flow.
function leadsTo(flow) {
  const before = new Map();
  for (const step of flow.steps) for (const [way, then] of [[step.dtmf || "", step.next_step], ...Object.entries(step.conditions || {})]) if (then && !before.has(then)) before.set(then, [step.id, way]);
  return before;
}

export function merged(flows) {
  const known = []; // {step, words, behind}
  for (const flow of flows) {
    const own = new Map();
    const before = leadsTo(flow);
    for (const step of flow.steps) {
      const words = wordsOf(step);
      const [parent, way] = before.get(step.id) || ["", ""];
      const behind = `${own.get(parent)?.id || ""} ${way}`;
      const same = (one) => (words.size ? one.words.size && alike(words, one.words) : !one.words.size && one.behind === behind && one.step.type === step.type);
      let found = known.find(same);
      if (!found) known.push((found = { step: { ...step, id: `${flow.id}/${step.id}`, next_step: null, conditions: {} }, words, behind }));
      own.set(step.id, found.step);
    }
    for (const step of flow.steps) connect(own.get(step.id), step, own, flow.name);
  }
  return known.map((one) => one.step);
}

function connect(target, step, own, name) {
  for (const [predicate, then] of Object.entries(step.conditions || {})) if (own.has(then)) target.conditions[predicate] ??= own.get(then).id;
  const then = own.get(step.next_step)?.id;
  if (!then || then === target.next_step) return;
  if (!target.next_step) target.next_step = then;
  else target.conditions[step.dtmf ? `press ${step.dtmf}` : name] = then;
}
