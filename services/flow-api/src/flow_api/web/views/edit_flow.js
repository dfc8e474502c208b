// A flow as a form. What the server finds wrong stands beside the field it is about ($.steps[2].next_step …).

import { Problem, getTagged, postJson, putJson } from "../api.js";
import { needs } from "../access.js";
import { busy, failure, h, replace, toast } from "../dom.js";
import { drawTree } from "../tree.js";

const TYPES = ["LISTEN", "DTMF", "WAIT", "HOLD", "SPEAK", "TRANSFER"];
const FLOW_FIELDS = [["name", "Name"], ["company", "Company"], ["phone_number", "Phone number"], ["description", "Description"]];
const BLANK = { name: "", company: null, phone_number: null, description: null, tags: [], steps: [{ id: "menu", type: "LISTEN", description: "Main menu", dtmf: "1", timeout: 15, next_step: "hold", conditions: {}, metadata: {} }, { id: "hold", type: "HOLD", description: "Wait on hold", timeout: 7200, next_step: "transfer", conditions: {}, metadata: {} }, { id: "transfer", type: "TRANSFER", description: "Ring my phone", timeout: 30, next_step: null, conditions: {}, metadata: {} }] };

function field(label, path, input) {
  input.dataset.path = path;
  return h("label", { class: input.localName === "textarea" && "wide-field" }, label, input, h("span", { class: "fault", "data-fault": path }));
}

const orNull = (text) => (text.trim() ? text.trim() : null);

const conditionsText = (conditions) => Object.entries(conditions).map(([predicate, target]) => `${predicate} => ${target}`).join("\n");
const conditionsOf = (text) => Object.fromEntries(text.split("\n").map((line) => line.split("=>")).filter((pair) => pair.length === 2).map(([a, b]) => [a.trim(), b.trim()]));

function stepCard(step, index, change) {
  const at = (name) => `$.steps[${index}].${name}`;
  const text = (name, label, more = {}) => field(label, at(name), h("input", { value: step[name] ?? "", onchange: (event) => change(() => (step[name] = orNull(event.target.value))), ...more }));
  return h(
    "fieldset",
    { class: "card" },
    h("legend", {}, `Step ${index + 1}`),
    h("div", { class: "grid" },
      text("id", "Id"),
      field("Type", at("type"), h("select", { onchange: (event) => change(() => (step.type = event.target.value)) }, TYPES.map((type) => h("option", { value: type, selected: type === step.type }, type)))),
      text("description", "Description"),
      text("dtmf", "Digits"),
      field("Timeout (s)", at("timeout"), h("input", { type: "number", step: "any", value: step.timeout, onchange: (event) => change(() => (step.timeout = Number(event.target.value))) })),
      text("next_step", "Next step"),
      field("Conditions", at("conditions"), h("textarea", { rows: 2, placeholder: "heard:currently closed => closed", onchange: (event) => change(() => (step.conditions = conditionsOf(event.target.value))) }, conditionsText(step.conditions)))),
    h("div", { class: "row" },
      h("button", { type: "button", onclick: () => change((steps) => index > 0 && steps.splice(index - 1, 2, steps[index], steps[index - 1]), true) }, "Up"),
      h("button", { type: "button", onclick: () => change((steps) => steps.splice(index + 1, 0, { id: `step_${steps.length + 1}`, type: "LISTEN", description: "New step", dtmf: null, timeout: 15, next_step: step.next_step, conditions: {}, metadata: {} }), true) }, "Add below"),
      h("button", { type: "button", class: "danger", onclick: () => change((steps) => steps.splice(index, 1), true) }, "Remove")),
  );
}

function showFaults(form, faults) {
  for (const slot of form.querySelectorAll("[data-fault]")) {
    const own = faults.filter((fault) => fault.path === slot.dataset.fault || fault.path.startsWith(`${slot.dataset.fault}.`) || fault.path.startsWith(`${slot.dataset.fault}[`));
    slot.textContent = own.map((fault) => fault.message).join("; ");
    form.querySelector(`[data-path="${CSS.escape(slot.dataset.fault)}"]`)?.setAttribute("aria-invalid", String(own.length > 0));
  }
  form.querySelector("[aria-invalid=true]")?.focus();
}

function editor({ main, go }, flow, save) {
  const tree = h("div", { class: "card tree-box" });
  const steps = h("div", { class: "stack" });
  const trouble = h("div", {});
  const redraw = () => drawTree(tree, { name: flow.name, steps: flow.steps });
  const change = (apply, structural) => {
    apply(flow.steps);
    if (structural) redrawSteps();
    redraw();
  };
  const redrawSteps = () => replace(steps, flow.steps.map((step, index) => stepCard(step, index, change)));
  const submit = (event) => {
    event.preventDefault();
    return busy(form.querySelector("[type=submit]"), keep);
  };
  const keep = async () => {
    replace(trouble);
    showFaults(form, []);
    try {
      const saved = await save(flow);
      toast(`Saved as version ${saved.version}.`);
      go(`/flows/${encodeURIComponent(saved.id)}`);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === 422) showFaults(form, error.faults);
      const lost = error.status === 412 && { title: "Somebody changed this flow meanwhile", detail: "Reload to see the newest version; your changes are still in this form." };
      replace(trouble, failure(lost || error));
    }
  };
  const form = h(
    "form",
    { class: "stack", onsubmit: submit, novalidate: true },
    h("div", { class: "card grid" },
      FLOW_FIELDS.map(([name, label]) => field(label, `$.${name}`, h("input", { name, value: flow[name] ?? "", onchange: (event) => (flow[name] = name === "name" ? event.target.value : orNull(event.target.value)) }))),
      field("Tags", "$.tags", h("input", { placeholder: "banking, disputes", value: flow.tags.join(", "), onchange: (event) => (flow.tags = event.target.value.split(",").map((tag) => tag.trim()).filter(Boolean)) }))),
    steps,
    trouble,
    h("div", { class: "row" }, needs("flows:write", h("button", { class: "primary", type: "submit" }, "Save")), h("a", { class: "button", href: flow.id ? `#/flows/${flow.id}` : "#/flows" }, "Cancel")),
  );
  replace(main, h("h1", {}, flow.id ? `Edit ${flow.name}` : "A new flow"), h("div", { class: "split" }, form, tree));
  redrawSteps();
  redraw();
}

export async function editFlow(page, id) {
  const path = `/api/call-flows/${encodeURIComponent(id)}`;
  const [flow, etag] = await getTagged(path);
  editor(page, flow, (changed) => putJson(path, changed, etag));
}

// The flow that a file describes, with everything the form needs; the blank one and a word of why where it describes none.
function fromFile(text) {
  try {
    const given = JSON.parse(text);
    if (!Array.isArray(given?.steps)) throw new TypeError("steps");
    const steps = given.steps.map((step) => ({ dtmf: null, timeout: 10, next_step: null, conditions: {}, metadata: {}, ...step }));
    return { ...structuredClone(BLANK), ...given, tags: given.tags || [], steps };
  } catch (error) {
    toast(error instanceof SyntaxError ? "That file is not JSON." : "That file holds no flow: it has no list of steps.", "bad");
    return structuredClone(BLANK);
  }
}

export async function newFlow(page) {
  const imported = sessionStorage.getItem("imported");
  sessionStorage.removeItem("imported");
  const flow = imported === null ? structuredClone(BLANK) : fromFile(imported);
  for (const own of ["id", "version", "created_at", "updated_at", "success_count", "fail_count"]) delete flow[own];
  editor(page, flow, (written) => postJson("/api/call-flows", written));
}
