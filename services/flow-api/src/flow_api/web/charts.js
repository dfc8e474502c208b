// Hold times by weekday and by hour, as bars. Pure numbers first, then a drawing.

import { h, seconds } from "./dom.js";

export const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];

// [{label, n, median_s}] of calls that were on hold, grouped by what `key` says of their start.
export function grouped(calls, labels, key) {
  const groups = labels.map(() => []);
  for (const call of calls) if (call.hold_ms > 0) groups[key(new Date(call.started_at))].push(call.hold_ms / 1000);
  return labels.map((label, index) => ({ label, n: groups[index].length, median_s: groups[index].length ? median(groups[index]) : 0 }));
}

export function bars(title, groups) {
  const [height, top] = [120, Math.max(1, ...groups.map((group) => group.median_s))];
  const [width, each, named] = [336, 336 / groups.length, groups.length > 12 ? 6 : 1];
  return h(
    "figure",
    { class: "chart" },
    h("figcaption", {}, h("strong", {}, title)),
    !groups.some((group) => group.n) && h("p", { class: "soft" }, "No call was on hold yet."),
    h("svg", { class: "bars", viewBox: `0 0 ${width} ${height + 22}`, role: "img", "aria-label": `${title}: ${groups.filter((g) => g.n).map((g) => `${g.label} ${seconds(g.median_s)} in ${g.n} calls`).join(", ") || "no calls yet"}` },
      groups.map((group, index) => {
        const tall = (group.median_s / top) * (height - 16);
        return h("g", {}, h("title", {}, `${group.label}: ${seconds(group.median_s)}, ${group.n} calls`), h("rect", { class: "bar", x: index * each + each / 8, y: height - tall, width: (each * 3) / 4, height: tall, rx: 3 }),
          tall > 0 && named === 1 && h("text", { class: "axis", x: (index + 0.5) * each, y: height - tall - 5, "text-anchor": "middle" }, seconds(group.median_s)),
          index % named === 0 && h("text", { class: "axis", x: (index + 0.5) * each, y: height + 15, "text-anchor": "middle" }, group.label));
      })),
  );
}
