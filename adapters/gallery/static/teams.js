/**
 * Draws Adaptive Cards near enough to Teams to judge order, line breaks and rows of buttons. What it does not know is
 * shown as such, never left out. `ctx`: people (names by id), press(token).
 */

import { chart } from "/static/chart.js";
import { el, uid } from "/static/dom.js";

const SAFE = /^(https?:|mailto:)/i;

/** One activity, as the app's message in a chat. */
export function teamsMessage(activity, ctx) {
  const face = el("img", { class: "tm-face", src: "/static/favicon.svg", alt: "", width: 32, height: 32 });
  const head = el("div", { class: "tm-head" }, el("strong", { text: "Circlet" }), el("time", { text: "12:00" }));
  const cards = activity.attachments.map((one) => card(one.content, ctx));
  return el("article", { class: "tm tm-message" }, face, el("div", { class: "tm-said" }, head, ...cards));
}

/** A dialog with its frame. */
export function teamsDialog(dialog, ctx) {
  const cross = el("span", { class: "tm-cross", "aria-hidden": "true", text: "✕" });
  const title = el("div", { class: "tm-title" }, el("p", { text: dialog.title }), cross);
  return el("div", { class: "tm tm-dialog" }, title, card(dialog.card.content, ctx));
}

function card(content, ctx) {
  const foot = content.actions ? [row(content.actions, ctx)] : [];
  return el("div", { class: "tm-card" }, ...all(content.body, ctx), ...foot);
}

const all = (elements, ctx) => elements.map((element) => spaced(one(element, ctx), element));

function spaced(node, element) {
  if (element.spacing === "None" || element.spacing === "Small") node.classList.add("tm-close");
  if (element.separator) node.classList.add("tm-below");
  return node;
}

function one(element, ctx) {
  switch (element.type) {
    case "TextBlock":
      return el("p", { class: look(element), text: element.text });
    case "RichTextBlock":
      return el("p", {}, element.inlines.map(run));
    case "Container":
      return el("div", { class: element.style === "emphasis" ? "tm-emphasis" : "tm-part" }, all(element.items, ctx));
    case "ColumnSet":
      return el("div", { class: "tm-columns" }, element.columns.map((column) => side(column, ctx)));
    case "Table":
      return table(element, ctx);
    case "ActionSet":
      return row(element.actions, ctx);
    default:
      if (element.type.startsWith("Chart.")) return picture(element);
      if (element.type.startsWith("Input.")) return input(element, ctx);
      return unknown(element.type);
  }
}

const unknown = (type) => el("p", { class: "tm-unknown", text: `The gallery cannot draw “${type}” yet.` });

// ── texts ──────────────────────────────────────────────────────────────────────────────────────────────────────────

function look(text) {
  const parts = { Medium: "tm-medium", Large: "tm-large", Small: "tm-small" };
  const names = [parts[text.size], text.weight === "Bolder" && "tm-bold", text.isSubtle && "tm-quiet"];
  return [...names, text.color === "Attention" && "tm-problem", text.italic && "tm-slanted"].filter(Boolean).join(" ");
}

function run(piece) {
  const url = piece.selectAction?.url;
  if (url && SAFE.test(url))
    return el("a", { class: look(piece), href: url, target: "_blank", rel: "noopener noreferrer", text: piece.text });
  const tag = piece.fontType === "Monospace" ? "code" : "span";
  return el(tag, { class: look(piece), text: piece.text });
}

function side(column, ctx) {
  const wide = column.width === "stretch";
  const inside = el("div", { class: wide ? "tm-wide" : "tm-sign" }, all(column.items, ctx));
  if (!wide) inside.style.width = column.width;
  return inside;
}

function table(element, ctx) {
  const cell = (tag, scope) => (content) => el(tag, { scope }, all(content.items, ctx));
  const [head, ...rows] = element.rows;
  const body = rows.map((line) => el("tr", {}, line.cells.map(cell("td"))));
  return el(
    "div",
    { class: "tm-table", tabindex: "0", role: "region", "aria-label": "Table" },
    el("table", {}, el("thead", {}, el("tr", {}, head.cells.map(cell("th", "col")))), el("tbody", {}, body)),
  );
}

/** The words stand below it in the card. */
function picture(element) {
  const series = element.data[0]?.values
    ? element.data.map((one) => ({ name: one.legend, points: one.values }))
    : [{ name: "", points: element.data }];
  const categories = [...new Set(series.flatMap((one) => one.points.map((point) => point.x)))];
  const values = (points) => categories.map((name) => points.find((point) => point.x === name)?.y ?? null);
  return chart({
    kind: element.type === "Chart.Line" ? "line" : "bar",
    title: element.title,
    categories,
    series: series.map((one) => ({ name: one.name, values: values(one.points) })),
    words: "",
    x_label: element.xAxisTitle ?? "",
    y_label: element.yAxisTitle ?? "",
  });
}

// ── what can be pressed and filled in ──────────────────────────────────────────────────────────────────────────────

function row(actions, ctx) {
  const unfolds = el("div", { class: "tm-unfolded" });
  const buttons = el("div", { class: "tm-actions" }, actions.map((action) => button(action, unfolds, ctx)));
  return el("div", { class: "tm-row" }, buttons, unfolds);
}

function button(action, unfolds, ctx) {
  const style = { positive: "tm-button tm-primary", destructive: "tm-button tm-danger" }[action.style] ?? "tm-button";
  switch (action.type) {
    case "Action.OpenUrl":
      return SAFE.test(action.url)
        ? el("a", { class: style, href: action.url, target: "_blank", rel: "noopener noreferrer", text: action.title })
        : unknown(action.url);
    case "Action.ShowCard": {
      const unfold = () => {
        const open = made.getAttribute("aria-expanded") === "true";
        for (const other of made.parentElement.querySelectorAll("[aria-expanded]")) other.setAttribute("aria-expanded", "false");
        made.setAttribute("aria-expanded", String(!open));
        unfolds.replaceChildren(...(open ? [] : [card(action.card, ctx)]));
      };
      const made = el("button", { type: "button", class: style, "aria-expanded": "false", text: action.title, onclick: unfold });
      return made;
    }
    case "Action.Execute":
    case "Action.Submit":
      return el("button", { type: "button", class: style, text: action.title, onclick: () => ctx.press(action.data.t) });
    default:
      return unknown(action.type);
  }
}

function input(element, ctx) {
  const id = uid("teams");
  const star = element.isRequired && el("span", { class: "tm-star", "aria-hidden": "true", text: " *" });
  if (element.type === "Input.Toggle") {
    const box = el("input", { type: "checkbox", id });
    box.checked = element.value === "yes";
    return el("label", { class: "tm-tick" }, box, el("span", { text: element.title }));
  }
  const label = [element.label, star];
  const chosen = (element.value ?? "").split(",");
  if (element.style === "expanded") {
    const kind = element.isMultiSelect ? "checkbox" : "radio";
    return el("fieldset", { class: "tm-field" }, el("legend", {}, label), element.choices.map(tick(kind, id, chosen)));
  }
  return el("div", { class: "tm-field" }, el("label", { for: id }, label), control(element, id, chosen, ctx));
}

const tick = (type, name, chosen) => (choice) => {
  const box = el("input", { type, name, value: choice.value });
  box.checked = chosen.includes(choice.value);
  return el("label", { class: "tm-tick" }, box, el("span", { text: choice.title }));
};

function control(element, id, chosen, ctx) {
  switch (element.type) {
    case "Input.Text": {
      const tag = element.isMultiline ? "textarea" : "input";
      const box = el(tag, { id, maxlength: element.maxLength, autocomplete: "off" });
      box.value = element.value ?? "";
      return box;
    }
    case "Input.ChoiceSet": {
      const named = (value) => element.choices.find((one) => one.value === value)?.title ?? ctx.people[value] ?? value;
      if (!element.isMultiSelect && !element["choices.data"]) return select(element, id);
      const chips = chosen.filter(Boolean).map((value) => el("span", { class: "tm-chip", text: named(value) }));
      return el("div", { class: "tm-chips" }, chips, el("input", { id, autocomplete: "off" }));
    }
    case "Input.Date":
      return el("input", { id, type: "date", value: element.value });
    case "Input.Time":
      return el("input", { id, type: "time", value: element.value });
    default:
      return unknown(element.type);
  }
}

function select(element, id) {
  const blank = element.value ? null : el("option", { value: "" });
  const choices = element.choices.map((one) => el("option", { value: one.value, text: one.title }));
  const box = el("select", { id }, blank, choices);
  box.value = element.value ?? "";
  return box;
}
