// Hold times by weekday and hour: bars and a map of the week. Pure numbers first, then a drawing.

import { h, seconds } from "./dom.js";

export const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const HOURS = [...Array(24).keys()];

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
const measured = (label, waits) => ({ label, n: waits.length, median_s: waits.length ? median(waits) : 0 });
const waits = (calls) => calls.filter((call) => call.hold_ms > 0).map((call) => ({ start: new Date(call.started_at), s: call.hold_ms / 1000 }));
const weekday = (date) => (date.getDay() + 6) % 7;

// [{label, n, median_s}], Monday first.
export const byWeekday = (calls) => WEEKDAYS.map((label, day) => measured(label, waits(calls).filter((one) => weekday(one.start) === day).map((one) => one.s)));

// 7 rows of 24 {label, n, median_s}.
export function byWeek(calls) {
  const slots = WEEKDAYS.map((day) => HOURS.map((hour) => ({ label: `${day} ${String(hour).padStart(2, "0")}:00`, s: [] })));
  for (const one of waits(calls)) slots[weekday(one.start)][one.start.getHours()].s.push(one.s);
  return slots.map((day) => day.map((slot) => measured(slot.label, slot.s)));
}

const told = (groups) => groups.filter((one) => one.n).map((one) => `${one.label} ${seconds(one.median_s)} in ${one.n} call${one.n === 1 ? "" : "s"}`).join(", ") || "no calls yet";

const chart = (title, groups, drawing) => h("figure", { class: "chart" }, h("figcaption", {}, title), groups.some((one) => one.n) ? drawing : h("p", { class: "soft" }, "No call was on hold yet."));

export function bars(title, groups) {
  const [height, width, top] = [96, 336, Math.max(1, ...groups.map((group) => group.median_s))];
  const each = width / groups.length;
  return chart(title, groups,
    h("svg", { class: "bars", viewBox: `0 0 ${width} ${height + 40}`, role: "img", "aria-label": `${title}: ${told(groups)}` },
      groups.map((group, index) => {
        const tall = (group.median_s / top) * height;
        const middle = (index + 0.5) * each;
        return h("g", {}, h("title", {}, told([group])),
          h("rect", { class: "bar", x: index * each + each / 5, y: 18 + height - tall, width: (each * 3) / 5, height: tall, rx: 4 }),
          tall > 0 && h("text", { class: "axis", x: middle, y: 12 + height - tall, "text-anchor": "middle" }, group.median_s < 60 ? seconds(group.median_s) : `${Math.round(group.median_s / 60)} min`),
          h("text", { class: "axis", x: middle, y: height + 34, "text-anchor": "middle" }, group.label));
      })));
}

// The week at a glance: the darker an hour, the longer one waits.
export function weekMap(title, week) {
  const [each, left, row] = [12.4, 34, 18];
  const slots = week.flat();
  const top = Math.max(1, ...slots.map((slot) => slot.median_s));
  return chart(title, slots,
    h("svg", { class: "bars", viewBox: `0 0 336 ${7 * row + 18}`, role: "img", "aria-label": `${title}: ${told(slots)}` },
      week.map((day, y) => [
        h("text", { class: "axis", x: 0, y: y * row + 12 }, WEEKDAYS[y]),
        day.map((slot, x) => h("rect", { class: slot.n ? "slot" : "slot none", x: left + x * each, y: y * row, width: each - 2, height: row - 2, rx: 3, "fill-opacity": slot.n ? (0.25 + 0.75 * (slot.median_s / top)).toFixed(2) : 1 }, h("title", {}, slot.n ? told([slot]) : `${slot.label}: no call`))),
      ]),
      [0, 6, 12, 18].map((hour) => h("text", { class: "axis", x: left + hour * each, y: 7 * row + 12 }, `${hour}:00`))));
}
