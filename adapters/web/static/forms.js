/** A form, in place or in a dialog: draws the fields, collects the values, shows each problem at its field. */

import { spans } from "./blocks.js";
import { el, hidden, icon, uid, whileBusy } from "./dom.js";

/**
 * `send(values)` answers the problems by field id, or null when the form is done with. `cancel()` closes it.
 * Returns {node, focus}.
 */
export function form(spec, { send, cancel, titled = true, me = null }) {
  const fields = (spec.fields ?? []).map((field) => draw(field));
  const problem = el("p", { class: "form-problem", role: "alert", tabindex: "-1", hidden: true });
  const submit = el("button", { type: "submit", class: "button primary" }, el("span", { text: spec.submit || "Send" }));
  const back = el("button", { type: "button", class: "button plain", text: "Cancel", onclick: cancel });
  const title = uid("form");

  const fix = (errors) => {
    for (const field of fields) field.problem(errors[field.id] ?? "");
    const known = new Set(fields.map((field) => field.id));
    const whole = Object.entries(errors)
      .filter(([id, reason]) => !known.has(id) && reason)
      .map(([, reason]) => reason);
    problem.hidden = !whole.length;
    problem.replaceChildren(icon("warn"), whole.join(" "));
    const first = fields.find((field) => errors[field.id]);
    if (first) first.focus();
    else if (whole.length) problem.focus();
  };

  const node = el(
    "form",
    {
      class: "form",
      novalidate: true,
      "aria-labelledby": titled ? title : null,
      "aria-label": titled ? null : spec.title,
      onsubmit: (event) => {
        event.preventDefault();
        whileBusy(submit, async () => {
          const errors = await send(Object.fromEntries(fields.map((field) => [field.id, field.value()])));
          if (errors) fix(errors);
        });
      },
      onkeydown: (event) => {
        if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) node.requestSubmit();
      },
    },
    titled && el("h2", { id: title, class: "form-title", text: spec.title }),
    spec.intro?.length ? el("p", { class: "form-intro" }, spans(spec.intro, { me })) : null,
    problem,
    fields.map((field) => field.node),
    el("div", { class: "form-foot" }, submit, back),
  );
  return { node, focus: () => (fields[0] ? fields[0].focus() : submit.focus()) };
}

/** Frame, label, hint and problem are the same for every kind; `make` gives the control. */
function draw(field) {
  const ids = { control: uid("field"), hint: uid("hint"), error: uid("error") };
  const error = el("p", { class: "field-error", id: ids.error, hidden: true });
  const hint = field.hint ? el("p", { class: "field-hint", id: ids.hint, text: field.hint }) : null;
  const control = (KINDS[field.kind] ?? KINDS.text)(field, ids);
  const optional =
    !field.required && field.kind !== "yesno" ? el("span", { class: "optional", text: "optional" }) : null;
  const group = control.group;
  const label = control.selfLabelled
    ? null
    : el(
        group ? "legend" : "label",
        { class: "field-label", for: group ? null : ids.control },
        field.label,
        " ",
        optional,
      );
  const described = control.described ?? control.main;
  const describe = (bad) => {
    const by = [hint && ids.hint, control.extra, bad && ids.error].filter(Boolean).join(" ");
    if (by) described.setAttribute("aria-describedby", by);
    else described.removeAttribute("aria-describedby");
  };
  const node = el(
    group ? "fieldset" : "div",
    { class: `field field-${field.kind}` },
    label,
    control.selfLabelled ? [control.node, hint] : [hint, control.node],
    error,
  );
  if (group) control.described ??= node;
  describe(false);
  return {
    id: field.id,
    node,
    value: control.value,
    focus: () => control.main.focus(),
    problem(reason) {
      error.hidden = !reason;
      error.replaceChildren(...(reason ? [icon("warn"), reason] : []));
      node.classList.toggle("wrong", Boolean(reason));
      if (reason && !group) control.main.setAttribute("aria-invalid", "true");
      else control.main.removeAttribute("aria-invalid");
      describe(Boolean(reason));
    },
  };
}

const input = (type) => (field, ids) => {
  const main = el("input", {
    id: ids.control,
    type,
    required: field.required,
    maxlength: type === "text" ? field.limit : null,
    autocomplete: "off",
  });
  main.value = field.value ?? "";
  return { node: main, main, value: () => main.value };
};

function longtext(field, ids) {
  const main = el("textarea", { id: ids.control, rows: 3, required: field.required, maxlength: field.limit });
  main.value = field.value ?? "";
  if (!field.limit) return { node: main, main, value: () => main.value };
  const count = el("span", { class: "left", id: `${ids.control}-count` });
  const tell = () => {
    const left = field.limit - main.value.length;
    count.textContent = left < field.limit * 0.3 ? `${left} characters left` : "";
  };
  main.addEventListener("input", tell);
  tell();
  return { node: el("div", { class: "counted" }, main, count), main, extra: count.id, value: () => main.value };
}

function choice(field, ids) {
  const options = field.options.map((option) => el("option", { value: option.value, text: option.label }));
  const blank =
    field.required && field.value ? null : el("option", { value: "", text: field.required ? "Choose…" : "–" });
  const main = el("select", { id: ids.control, required: field.required }, blank, options);
  main.value = field.value ?? "";
  return { node: el("div", { class: "select" }, main, icon("chevron")), main, value: () => main.value };
}

function scale(field, ids) {
  const radios = [];
  const marks = [];
  for (let number = field.low; number <= field.high; number++) {
    const end = number === field.low ? field.low_label : number === field.high ? field.high_label : "";
    const radio = el("input", { type: "radio", name: ids.control, value: number, required: field.required });
    radio.checked = String(field.value ?? "") === String(number);
    radios.push(radio);
    marks.push(el("label", { class: "mark" }, radio, el("span", { text: number }), end ? hidden(` ${end}`) : null));
  }
  const ends =
    field.low_label || field.high_label
      ? el(
          "div",
          { class: "ends", "aria-hidden": "true" },
          el("span", { text: field.low_label }),
          el("span", { text: field.high_label }),
        )
      : null;
  const chosen = () => radios.find((radio) => radio.checked);
  const node = el("div", { class: "scale" }, el("div", { class: "marks" }, marks), ends);
  return {
    node,
    group: true,
    described: radios[0],
    get main() {
      return chosen() ?? radios[0];
    },
    value: () => chosen()?.value ?? "",
  };
}

/** A list to tick, with a box that narrows it. One person: radio buttons; several: no more than `most`. */
function people(field, ids) {
  const most = field.most ?? 1;
  const single = most === 1;
  const had = new Set([field.value ?? []].flat());
  const rows = field.options.map((option) => {
    const box = el("input", {
      type: single ? "radio" : "checkbox",
      name: ids.control,
      value: option.value,
      onchange: () => count(),
    });
    box.checked = had.has(option.value);
    return {
      box,
      words: option.label.toLowerCase(),
      node: el("label", { class: "tick" }, box, el("span", { text: option.label })),
    };
  });
  const nobody =
    single && !field.required
      ? el("input", { type: "radio", name: ids.control, value: "", onchange: () => count() })
      : null;
  if (nobody) nobody.checked = !had.size;
  const tally = el("p", { class: "tally", id: `${ids.control}-tally`, role: "status" });
  const none = el("p", { class: "quiet nobody", text: "Nobody of that name.", hidden: true });
  const chosen = () => rows.filter((row) => row.box.checked);
  function count() {
    const now = chosen();
    for (const row of rows) row.box.disabled = !single && now.length >= most && !row.box.checked;
    const names = now.map((row) => row.node.textContent.split(/[,·(]/)[0].trim()).join(", ");
    tally.textContent = single
      ? names
        ? `Chosen: ${names}`
        : ""
      : `${now.length} of at most ${most} chosen${names ? `: ${names}` : ""}`;
  }
  const filter = el("input", {
    id: ids.control,
    type: "text",
    class: "filter",
    placeholder: "Type a name to narrow the list",
    "aria-label": `${field.label}: filter by name`,
    autocomplete: "off",
    oninput: () => {
      const wanted = filter.value.trim().toLowerCase();
      for (const row of rows) row.node.hidden = !row.words.includes(wanted) && !row.box.checked;
      none.hidden = rows.some((row) => !row.node.hidden);
    },
    onkeydown: (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // sends nothing by accident: takes the only one that is left
      const left = rows.filter((row) => !row.node.hidden && row.words.includes(filter.value.trim().toLowerCase()));
      if (filter.value && left.length === 1 && !left[0].box.disabled) {
        left[0].box.checked = single || !left[0].box.checked;
        filter.value = "";
        filter.dispatchEvent(new Event("input"));
        count();
      }
    },
  });
  count();
  const list = el(
    "div",
    { class: "ticks" },
    nobody && el("label", { class: "tick" }, nobody, el("span", { text: "Nobody" })),
    rows.map((row) => row.node),
    none,
  );
  const node = el("div", { class: "people" }, el("div", { class: "filter-box" }, icon("search"), filter), list, tally);
  return { node, group: true, main: filter, extra: tally.id, value: () => chosen().map((row) => row.box.value) };
}

/** Options to tick, as many as fit. Sent as {chosen: […]}, because a bare list means people. */
function multichoice(field, ids) {
  const had = new Set(field.value ?? []);
  const boxes = field.options.map((option) => {
    const box = el("input", { type: "checkbox", name: ids.control, value: option.value });
    box.checked = had.has(option.value);
    return { box, node: el("label", { class: "tick" }, box, el("span", { text: option.label })) };
  });
  const node = el(
    "div",
    { class: "options" },
    boxes.map(({ node }) => node),
  );
  return {
    node,
    group: true,
    main: boxes[0]?.box ?? node,
    value: () => ({ chosen: boxes.filter(({ box }) => box.checked).map(({ box }) => box.value) }),
  };
}

function yesno(field, ids) {
  const main = el("input", { id: ids.control, type: "checkbox" });
  main.checked = field.value === true || field.value === "yes";
  return {
    node: el("label", { class: "tick lone" }, main, el("span", { text: field.label })),
    main,
    selfLabelled: true,
    value: () => main.checked,
  };
}

const KINDS = {
  text: input("text"),
  date: input("date"),
  time: input("time"),
  longtext,
  choice,
  multichoice,
  scale,
  people,
  yesno,
};
