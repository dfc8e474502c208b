// Where the steps of a flow stand: the main path (next_step from the first step) is column 0, branches stand to its right.
// Pure: flow in, boxes and edges out, so that it can be tested without a page.

import { typical } from "./known.js";

export const ROW = 108;
export const COLUMN = 372;
export const WIDTH = 304;
export const HEIGHT = 72;

export function edgesOf(step) {
  const conditions = Object.entries(step.conditions || {}).map(([predicate, target]) => ({ from: step.id, to: target, label: predicate, kind: "condition" }));
  return step.next_step ? [...conditions, { from: step.id, to: step.next_step, label: typical(step), kind: "next" }] : conditions;
}

// A chain is a run of next_step pointers over steps that no earlier chain has taken.
function chain(start, byId, taken) {
  const ids = [];
  for (let id = start; id && byId.has(id) && !taken.has(id); id = byId.get(id).next_step) {
    taken.add(id);
    ids.push(id);
  }
  return ids;
}

export function layout(steps) {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const taken = new Set();
  const place = new Map();
  const used = []; // per column, the rows taken so far: the first free row
  const put = (ids, firstRow, minColumn) => {
    let column = minColumn;
    while ((used[column] ?? 0) > firstRow) column += 1;
    ids.forEach((id, index) => place.set(id, { column, row: firstRow + index }));
    used[column] = firstRow + ids.length;
  };
  const branchOut = (ids) => {
    for (const id of ids) {
      for (const target of Object.values(byId.get(id).conditions || {})) {
        const branch = chain(target, byId, taken);
        if (!branch.length) continue;
        put(branch, place.get(id).row + 1, place.get(id).column + 1);
        branchOut(branch);
      }
    }
  };
  for (const step of steps) {
    if (taken.has(step.id)) continue;
    const ids = chain(step.id, byId, taken);
    put(ids, place.size ? (used[0] ?? 0) + 1 : 0, 0); // later ones cannot be reached from the first: below the tree
    branchOut(ids);
  }
  const boxes = steps.map((step) => {
    const { column, row } = place.get(step.id);
    return { id: step.id, step, column, row, x: column * COLUMN, y: row * ROW };
  });
  const edges = steps.flatMap(edgesOf).filter((edge) => byId.has(edge.to));
  const columns = Math.max(0, ...boxes.map((box) => box.column)) + 1;
  const rows = Math.max(0, ...boxes.map((box) => box.row)) + 1;
  return { boxes, edges, width: columns * COLUMN - (COLUMN - WIDTH), height: rows * ROW - (ROW - HEIGHT) };
}

// Past other steps of its column, or back.
export const goesAround = (from, to) => to.row !== from.row + 1 && (to.row <= from.row || to.column === from.column);

const BEND = 28;

// The line of an edge and where its label stands: to the side and down into a branch; straight down to the next row; past other steps, or back, around the outside.
export function edgeLine(from, to) {
  const [x1, y1] = [from.x + WIDTH / 2, from.y + HEIGHT];
  const [x2, y2] = [to.x + WIDTH / 2, to.y];
  if (to.column > from.column && to.row > from.row) {
    const [side, middle] = [from.x + WIDTH, from.y + HEIGHT / 2];
    return { path: `M${side},${middle} H${x2 - BEND} Q${x2},${middle} ${x2},${middle + BEND} V${y2}`, x: (side + x2 - BEND) / 2, y: middle };
  }
  if (!goesAround(from, to)) {
    const bend = Math.min(48, (y2 - y1) / 2);
    return { path: `M${x1},${y1} C${x1},${y1 + bend} ${x2},${y2 - bend} ${x2},${y2}`, x: (x1 + x2) / 2, y: (y1 + y2) / 2 };
  }
  const forwards = to.row > from.row;
  const edge = forwards ? Math.max(from.x, to.x) + WIDTH : Math.min(from.x, to.x);
  const [ya, yb] = [from.y + HEIGHT / 2, to.y + HEIGHT / 2];
  const out = edge + (forwards ? 1 : -1) * Math.min(72, 24 + 4 * Math.abs(to.row - from.row));
  const [xa, xb] = forwards ? [from.x + WIDTH, to.x + WIDTH] : [from.x, to.x];
  return { path: `M${xa},${ya} C${out},${ya} ${out},${yb} ${xb},${yb}`, x: out, y: (ya + yb) / 2 };
}
