// What calls have taught about a step, in words and figures. Pure.

import { seconds } from "./dom.js";

const SLOT_CALLS_MIN = 3; // fewer calls at this weekday and hour say less than all calls together
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const two = (number) => String(number).padStart(2, "0");

export const tried = (step) => (step.metadata?.outcomes?.successes || 0) + (step.metadata?.outcomes?.failures || 0);

// 0…1: how surely this step leads on (the lower bound of the share of calls that succeeded), or null where no call has tried.
export const confidence = (step) =>
  tried(step) ? step.metadata.outcomes.confidence ?? 0 : null;

export const percent = (share) => `${Math.round(100 * share)} %`;

// {p50_ms, p90_ms, n} of a hold that begins at `date`: of its weekday and hour, which are kept in UTC, where enough calls say so, else of all calls.
export function expectedWait(flow, date) {
  const { hold, timing } = flow?.steps.find((step) => step.type === "HOLD")?.metadata || {};
  const slot = date && hold?.slots?.[`${DAYS[date.getUTCDay()]}-${two(date.getUTCHours())}`];
  if (slot?.n >= SLOT_CALLS_MIN && slot.p50_ms) return slot;
  if (hold?.overall?.p50_ms) return hold.overall;
  return timing?.n ? { n: timing.n, p50_ms: timing.p50_ms ?? timing.mean_ms, p90_ms: timing.p95_ms } : null;
}

export function waitInWords(wait) {
  if (!wait) return "";
  const most = wait.p90_ms ? `, nine in ten under ${seconds(wait.p90_ms / 1000)}` : "";
  return `usually ${seconds(wait.p50_ms / 1000)}${most} (${calls(wait.n)})`;
}

export const calls = (n) => `${n} call${n === 1 ? "" : "s"}`;

// How long the step typically takes, for the edge that leaves it.
export function typical(step) {
  const { timing, hold } = step.metadata || {};
  const ms = hold?.overall?.p50_ms ?? (timing?.n ? timing.p50_ms ?? timing.mean_ms : null);
  return ms ? seconds(ms / 1000) : "";
}
