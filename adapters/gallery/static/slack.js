/**
 * Draws Block Kit near enough to Slack to judge order, line breaks and rows of buttons. What it does not know is shown
 * as such, never left out. `ctx`: people (names by id), press(action_id).
 */

import { el, hidden, svg, uid } from "/static/dom.js";

const SAFE = /^(https?:|mailto:)/i;

/** One payload of chat.postMessage, as the app's message in a channel. */
export function slackMessage(payload, ctx) {
  const head = el(
    "div",
    { class: "sl-head" },
    el("strong", { text: "Circlet" }),
    el("span", { class: "sl-app", text: "App" }),
    el("time", { text: "12:00" }),
  );
  const face = el("img", { class: "sl-face", src: "/static/favicon.svg", alt: "", width: 36, height: 36 });
  return el("article", { class: "sl sl-message" }, face, el("div", { class: "sl-said" }, head, ...draw(payload, ctx)));
}

/** A view: a modal with its foot, or the Home tab. */
export function slackView(view, ctx) {
  if (view.type === "home") {
    const tabs = ["Home", "Messages", "About"].map((name, at) => el("span", { class: at ? null : "sl-here", text: name }));
    return el("div", { class: "sl sl-home" }, el("div", { class: "sl-tabs", "aria-hidden": "true" }, tabs), ...draw(view, ctx));
  }
  const foot = el(
    "div",
    { class: "sl-foot" },
    el("button", { type: "button", class: "sl-button", text: view.submit ? "Cancel" : "Close" }),
    view.submit && el("button", { type: "button", class: "sl-button sl-primary", text: view.submit.text }),
  );
  const title = el(
    "div",
    { class: "sl-title" },
    el("p", { text: view.title.text }),
    el("span", { class: "sl-cross", "aria-hidden": "true", text: "✕" }),
  );
  return el("div", { class: "sl sl-modal" }, title, el("div", { class: "sl-asked" }, ...draw(view, ctx)), foot);
}

const draw = (holder, ctx) => holder.blocks.map((block) => one(block, ctx));

function one(block, ctx) {
  switch (block.type) {
    case "header":
      return el("p", { class: "sl-header", text: block.text.text });
    case "section":
      return el("div", { class: "sl-section" }, [block.text, ...(block.fields ?? [])].filter(Boolean).map(words));
    case "rich_text":
      return el("div", { class: "sl-rich" }, block.elements.map((element) => rich(element, ctx)));
    case "context":
      return el("div", { class: "sl-context" }, block.elements.map(words));
    case "divider":
      return el("hr");
    case "actions":
      return el("div", { class: "sl-actions" }, block.elements.map((element) => button(element, ctx)));
    case "input":
      return input(block, ctx);
    case "table":
      return table(block, ctx);
    case "data_visualization":
      return chart(block);
    default:
      return unknown(block.type);
  }
}

const words = (text) => el("p", { text: text.text ?? `(${text.type})` });

const unknown = (type) => el("p", { class: "sl-unknown", text: `The gallery cannot draw “${type}” yet.` });

// ── rich text ──────────────────────────────────────────────────────────────────────────────────────────────────────

function rich(element, ctx) {
  const inner = () => element.elements.map((piece) => span(piece, ctx));
  switch (element.type) {
    case "rich_text_section":
      return el("p", {}, inner());
    case "rich_text_quote":
      return el("blockquote", {}, el("p", {}, inner()));
    case "rich_text_preformatted":
      return el("pre", {}, inner());
    case "rich_text_list": {
      const start = element.style === "ordered" ? (element.offset ?? 0) + 1 : null;
      const items = element.elements.map((item) => el("li", {}, item.elements.map((piece) => span(piece, ctx))));
      return el(start ? "ol" : "ul", { start }, items);
    }
    default:
      return unknown(element.type);
  }
}

function span(piece, ctx) {
  switch (piece.type) {
    case "user":
      return el("span", { class: "sl-mention", text: `@${ctx.people[piece.user_id] ?? piece.user_id}` });
    case "link":
      return SAFE.test(piece.url)
        ? el("a", { href: piece.url, target: "_blank", rel: "noopener noreferrer", text: piece.text || piece.url })
        : document.createTextNode(piece.text || piece.url);
    case "text": {
      const { bold, italic, strike, code } = piece.style ?? {};
      let node = document.createTextNode(piece.text);
      for (const [tag, on] of Object.entries({ code, s: strike, em: italic, strong: bold }))
        if (on) node = el(tag, {}, node);
      return node;
    }
    default:
      return unknown(piece.type);
  }
}

// ── what can be pressed and filled in ──────────────────────────────────────────────────────────────────────────────

function button(element, ctx) {
  if (element.type !== "button") return unknown(element.type);
  const look = element.style ? `sl-button sl-${element.style}` : "sl-button";
  if (element.url && SAFE.test(element.url))
    return el("a", { class: look, href: element.url, target: "_blank", rel: "noopener noreferrer", text: element.text.text });
  const press = () => ctx.press(element.action_id);
  return el("button", { type: "button", class: look, text: element.text.text, onclick: press });
}

function input(block, ctx) {
  const id = uid("slack");
  const label = [block.label.text, block.optional && el("span", { class: "sl-optional", text: " (optional)" })];
  const hint = block.hint && el("p", { class: "sl-hint", text: block.hint.text });
  const ticks = { radio_buttons: "radio", checkboxes: "checkbox" }[block.element.type];
  if (ticks)
    return el("fieldset", { class: "sl-field" }, el("legend", {}, label), options(block.element, ticks, id), hint);
  const name = el("label", { for: id }, label);
  return el("div", { class: "sl-field" }, name, control(block.element, id, ctx) ?? unknown(block.element.type), hint);
}

function control(element, id, ctx) {
  const names = (ids) => ids.map((user) => ctx.people[user] ?? user);
  switch (element.type) {
    case "plain_text_input": {
      const box = el(element.multiline ? "textarea" : "input", { id, maxlength: element.max_length, autocomplete: "off" });
      box.value = element.initial_value ?? "";
      return box;
    }
    case "static_select": {
      const groups = element.option_groups?.map((group) =>
        el("optgroup", { label: group.label.text }, group.options.map(option)),
      );
      return select(id, "Select an item", groups ?? element.options.map(option), element.initial_option?.value);
    }
    case "users_select":
      return select(id, "Select a person", Object.entries(ctx.people).map(person), element.initial_user);
    case "multi_users_select": {
      const chosen = names(element.initial_users ?? []).map((name) => el("span", { class: "sl-chip", text: name }));
      const search = el("input", { id, placeholder: chosen.length ? null : "Select people", autocomplete: "off" });
      return el("div", { class: "sl-chips" }, chosen, search);
    }
    case "multi_static_select": {
      const ticked = (element.initial_options ?? []).map((one) => el("span", { class: "sl-chip", text: one.text.text }));
      const search = el("input", { id, placeholder: ticked.length ? null : "Select options", autocomplete: "off" });
      return el("div", { class: "sl-chips" }, ticked, search);
    }
    case "datepicker":
      return el("input", { id, type: "date", value: element.initial_date });
    case "timepicker":
      return el("input", { id, type: "time", value: element.initial_time });
    default:
      return null;
  }
}

const option = (one) => el("option", { value: one.value, text: one.text.text });
const person = ([id, name]) => el("option", { value: id, text: name });

function select(id, blank, choices, chosen) {
  const box = el("select", { id }, chosen ? null : el("option", { value: "", text: blank }), choices);
  box.value = chosen ?? "";
  return el("div", { class: "sl-select" }, box);
}

function options(element, type, name) {
  const chosen = new Set([element.initial_option, ...(element.initial_options ?? [])].map((one) => one?.value));
  return element.options.map((one) => {
    const box = el("input", { type, name, value: one.value });
    box.checked = chosen.has(one.value);
    const more = one.description && el("span", { class: "sl-hint", text: one.description.text });
    return el("label", { class: "sl-tick" }, box, el("span", {}, one.text.text, more));
  });
}

// ── tables and charts ──────────────────────────────────────────────────────────────────────────────────────────────

function table(block, ctx) {
  const cell = (tag, scope) => (content) =>
    el(tag, { scope }, content.type === "rich_text" ? one(content, ctx) : words(content));
  const [head, ...rows] = block.rows;
  const body = rows.map((row) => el("tr", {}, row.map(cell("td"))));
  return el(
    "div",
    { class: "sl-table", tabindex: "0", role: "region", "aria-label": "Table" },
    el("table", {}, el("thead", {}, el("tr", {}, head.map(cell("th", "col")))), el("tbody", {}, body)),
  );
}

const [WIDTH, HEIGHT, LEFT, FLOOR, TOP] = [480, 210, 44, 164, 14];

/** Bars or lines; the values themselves stand in the payload, and in words below it. */
function chart({ title, chart: { type, series, axis_config: axes } }) {
  const names = axes.categories;
  const most = Math.max(1, ...series.flatMap((one) => one.data.map((point) => point.value)));
  const slot = (WIDTH - LEFT - 10) / names.length;
  const y = (value) => FLOOR - (value / most) * (FLOOR - TOP);
  const x = (at) => LEFT + slot * (at + 0.5);
  const text = (props, said) => svg("text", { "text-anchor": "middle", ...props, text: said });
  const drawing = svg(
    "svg",
    { class: "sl-picture", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": title },
    [0, most].map((value) => [
      svg("line", { x1: LEFT, x2: WIDTH - 10, y1: y(value), y2: y(value) }),
      text({ x: LEFT - 8, y: y(value) + 4, "text-anchor": "end" }, value),
    ]),
    names.map((name, at) => text({ x: x(at), y: FLOOR + 18 }, name)),
    axes.x_label && text({ x: (LEFT + WIDTH) / 2, y: HEIGHT - 8 }, axes.x_label),
    axes.y_label && text({ x: -(FLOOR + TOP) / 2, y: 14, transform: "rotate(-90)" }, axes.y_label),
  );
  const each = Math.min(40, (slot * 0.7) / series.length);
  series.forEach(({ data }, index) => {
    const look = `sl-series-${index % 4}`;
    if (type === "line") {
      const path = data.map((point, at) => `${at ? "L" : "M"}${x(at)} ${y(point.value)}`).join("");
      drawing.append(svg("path", { class: `sl-line ${look}`, d: path }));
    }
    data.forEach(({ value }, at) => {
      const left = x(at) + (index - series.length / 2) * each;
      drawing.append(
        type === "line"
          ? svg("circle", { class: look, cx: x(at), cy: y(value), r: 4 })
          : svg("rect", { class: look, x: left + 1, y: y(value), width: each - 2, height: FLOOR - y(value) }),
      );
    });
  });
  const keys = series.map((one, at) =>
    el("span", {}, svg("svg", { viewBox: "0 0 10 10", width: 10, height: 10, "aria-hidden": "true" },
      svg("rect", { class: `sl-series-${at % 4}`, width: 10, height: 10, rx: 2 })), one.name),
  ); // prettier-ignore
  const name = el("figcaption", {}, title, hidden(`, a ${type} chart`));
  return el("figure", { class: "sl-chart" }, name, drawing, el("div", { class: "sl-keys" }, keys));
}
