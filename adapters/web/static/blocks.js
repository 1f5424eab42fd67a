/** Draws a message's blocks. Every word of it goes in as text; only http, https and mailto become links. */

import { chart } from "./chart.js";
import { el, icon } from "./dom.js";

const SAFE = /^(https?:|mailto:)/i;

export function spans(parts, ctx = {}) {
  return (parts ?? []).map((span) => {
    switch (span.kind) {
      case "bold":
        return el("strong", { text: span.text });
      case "italic":
        return el("em", { text: span.text });
      case "code":
        return el("code", { text: span.text });
      case "link":
        return SAFE.test(span.url ?? "")
          ? el("a", { href: span.url, target: "_blank", rel: "noopener noreferrer", text: span.text || span.url })
          : document.createTextNode(span.text || span.url || "");
      case "mention":
        return el("span", {
          class: span.person === ctx.me ? "mention mine" : "mention",
          text: `@${span.text.replace(/^@/, "")}`,
        });
      default:
        return document.createTextNode(span.text ?? "");
    }
  });
}

const ACTIONS = new Set(["button", "link", "ask"]);

/** All blocks, buttons that stand together in one row. `ctx`: me, press(token, button), ask(block, button). */
export function blocks(list, ctx) {
  const out = [];
  let row = null;
  for (const block of list) {
    if (ACTIONS.has(block.type)) {
      if (!row) out.push((row = el("div", { class: "actions" })));
      row.append(action(block, ctx));
    } else {
      row = null;
      out.push(one(block, ctx));
    }
  }
  return out;
}

function action(block, ctx) {
  if (block.type === "link") {
    const href = SAFE.test(block.url) ? block.url : null;
    return el("a", { class: "button", href, target: "_blank", rel: "noopener noreferrer" }, block.label, icon("out"));
  }
  const ask = block.type === "ask";
  return el(
    "button",
    {
      type: "button",
      class: `button ${block.style ?? "plain"}`,
      "data-token": block.token,
      "aria-expanded": ask ? "false" : null,
      onclick: (event) => (ask ? ctx.ask(block, event.currentTarget) : ctx.press(block.token, event.currentTarget)),
    },
    el("span", { text: block.label }),
    ask && icon("chevron"),
  );
}

function one(block, ctx) {
  switch (block.type) {
    case "heading":
      return el("h2", { class: "heading" }, spans(block.spans, ctx));
    case "text":
      return block.tone === "quote"
        ? el("blockquote", {}, el("p", {}, spans(block.spans, ctx)))
        : el("p", { class: block.tone === "quiet" ? "quiet" : null }, spans(block.spans, ctx));
    case "facts":
      return el(
        "dl",
        { class: "facts" },
        block.rows.map((row) => el("div", {}, el("dt", { text: row.label }), el("dd", {}, spans(row.spans, ctx)))),
      );
    case "list":
      return el(
        block.ordered ? "ol" : "ul",
        {},
        block.items.map((item) => el("li", {}, spans(item, ctx))),
      );
    case "table":
      return table(block, ctx);
    case "chart":
      return chart(block);
    case "progress":
      return progress(block);
    case "divider":
      return el("hr");
    default: // something newer than this page: better a line than a hole
      return el("p", { class: "quiet", text: block.label ?? `(${block.type})` });
  }
}

function table(block, ctx) {
  const head = el(
    "tr",
    {},
    block.columns.map((name) => el("th", { scope: "col", text: name })),
  );
  const rows = block.rows.map((row) =>
    el(
      "tr",
      {},
      row.map((cell) => el("td", {}, spans(cell, ctx))),
    ),
  );
  const inner = el("table", {}, el("caption", { text: block.caption }), el("thead", {}, head), el("tbody", {}, rows));
  return el(
    "div",
    { class: "table-wrap", tabindex: "0", role: "region", "aria-label": block.caption || "Table" },
    inner,
  );
}

/** A dot for every step while they can be counted at a glance, a bar beyond that. */
function progress(block) {
  const words = block.words ?? `${block.value}/${block.total}`; // kept by an older version: without words
  const bar = el("div", {
    class: "track",
    role: "progressbar",
    "aria-label": block.label,
    "aria-valuemin": 0,
    "aria-valuemax": block.total,
    "aria-valuenow": block.value,
    "aria-valuetext": words,
  });
  if (block.total <= 16) {
    bar.classList.add("steps");
    for (let step = 0; step < block.total; step++)
      bar.append(el("span", { class: step < block.value ? "done" : null }));
  } else {
    const done = el("span", { class: "done" });
    done.style.width = `${Math.min(100, (100 * block.value) / block.total)}%`;
    bar.append(done);
  }
  return el(
    "div",
    { class: "progress" },
    el(
      "div",
      { class: "progress-words" },
      el("span", { text: block.label }),
      el("span", { class: "quiet", text: words }),
    ),
    bar,
  );
}
