/** The list of messages. Reconciles by id: what did not change is not touched, an open form stays. */

import { blocks } from "./blocks.js";
import { avatar, el, hidden, icon, when } from "./dom.js";
import { form } from "./forms.js";

const TOGETHER = 5 * 60 * 1000; // messages of one author closer than this share a head
const NEAR = 140;

export class Log {
  /** `hooks`: press(message, token, button), submit(message, token, values) → problems or null. */
  constructor(root, jump, hooks) {
    this.root = root;
    this.jump = jump;
    this.hooks = hooks;
    this.nodes = new Map();
    this.conversation = null;
    jump.addEventListener("click", () => this.toEnd());
    root.addEventListener(
      "scroll",
      () => {
        if (this.atEnd()) jump.hidden = true;
      },
      { passive: true },
    );
  }

  atEnd() {
    return this.root.scrollHeight - this.root.scrollTop - this.root.clientHeight < NEAR;
  }

  toEnd(smooth = true) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.root.scrollTo({ top: this.root.scrollHeight, behavior: smooth && !calm ? "smooth" : "auto" });
    this.jump.hidden = true;
  }

  /** `view`: key, messages, people (Map), me (person), now, unread, empty (an element). */
  show(view) {
    const fresh = view.key !== this.key;
    const stay = this.atEnd() && !this.root.querySelector(".form-host :focus");
    if (fresh) {
      this.root.setAttribute("aria-live", "off"); // a change of conversation is not news
      this.root.replaceChildren();
      this.nodes.clear();
      this.key = view.key;
      this.firstNew = view.unread ? view.messages.at(-view.unread)?.id : null;
    }
    const before = this.nodes.size;
    this.place(this.plan(view), view);
    const added = this.nodes.size > before;
    if (fresh) {
      const mark = this.root.querySelector(".new-line");
      if (mark) this.root.scrollTop = mark.offsetTop - 72;
      else this.toEnd(false);
      setTimeout(() => this.root.setAttribute("aria-live", "polite"), 400);
    } else if (added && stay) this.toEnd();
    else if (added) this.jump.hidden = false;
  }

  /** What stands in the log, in order: [key, make, message?, head?]. */
  plan(view) {
    const out = [];
    let day = null;
    let last = null;
    const zone = view.me.zone;
    for (const message of view.messages) {
      const today = when(message.at, zone, "key");
      if (today !== day) {
        day = today;
        last = null;
        const text = dayName(message.at, view.now, zone);
        out.push({ key: `day ${text}`, make: () => el("div", { class: "day" }, el("span", { text })) });
      }
      if (message.id === this.firstNew) {
        last = null;
        out.push({ key: "new", make: () => el("div", { class: "new-line" }, el("span", { text: "New" })) });
      }
      const head =
        !last ||
        last.author !== message.author ||
        last.private !== message.private ||
        new Date(message.at) - new Date(last.at) > TOGETHER;
      out.push({ key: `m ${message.id}`, message, head, make: () => this.article(message) });
      last = message;
    }
    if (!out.length) out.push({ key: "empty", make: () => view.empty });
    return out;
  }

  place(items, view) {
    const wanted = new Set(items.map((item) => item.key));
    for (const [key, node] of this.nodes) {
      if (wanted.has(key)) continue;
      node.remove();
      this.nodes.delete(key);
    }
    let at = this.root.firstChild;
    for (const item of items) {
      let node = this.nodes.get(item.key);
      if (!node) this.nodes.set(item.key, (node = item.make()));
      if (item.message) this.fill(node, item, view);
      if (node === at) at = at.nextSibling;
      else this.root.insertBefore(node, at);
    }
  }

  article(message) {
    const node = el("article", { class: "message", tabindex: "-1" });
    node.parts = {
      side: el("div", { class: "side" }),
      content: el("div", { class: "content" }),
      host: el("div", { class: "form-host" }),
    };
    node.dataset.id = message.id;
    node.append(node.parts.side, el("div", { class: "bubble" }, node.parts.content, node.parts.host));
    return node;
  }

  fill(node, { message, head }, view) {
    const signature = JSON.stringify([message, head, view.me.id, view.me.zone, view.people.get(message.author)?.name]);
    if (node.signature === signature) return;
    const edit = node.signature && node.message !== JSON.stringify(message);
    node.signature = signature;
    node.message = JSON.stringify(message);
    const { content } = node.parts;
    const held = content.contains(document.activeElement) ? (document.activeElement.dataset.token ?? "") : null;
    const top = this.head(node, message, head, view);
    const ctx = {
      me: view.me.id,
      press: (token, button) => this.hooks.press(message, token, button),
      ask: (block, button) => this.toggle(node, message, block, button, view.me.id),
    };
    content.replaceChildren(
      ...[
        top,
        el(
          "div",
          { class: "blocks" },
          message.blocks?.length ? blocks(message.blocks, ctx) : el("p", { text: message.text }),
        ),
      ].filter(Boolean),
    );
    if (node.open) this.mark(node);
    if (held !== null) (this.button(node, held) ?? node).focus({ preventScroll: true });
    if (edit) flash(node);
  }

  /** Who said it and when, on the article itself, beside it, and as the line above its blocks. */
  head(node, message, first, view) {
    const author = view.people.get(message.author);
    const name = author?.name ?? (message.author === "circlet" ? "Circlet" : message.author);
    const time = when(message.at, view.me.zone, "time");
    const kind = `${author ? "human" : "bot"} ${first ? "head" : "tail"} ${message.private ? "private" : ""}`;
    node.className = `message ${kind}`;
    const said = [name, time, message.private && "only you can see this", message.edited && "edited"];
    node.setAttribute("aria-label", said.filter(Boolean).join(", "));
    node.parts.side.replaceChildren(
      first ? avatar(author) : el("span", { class: "side-time", "aria-hidden": "true", text: time }),
    );
    const marks = [
      message.private && el("span", { class: "only-you" }, icon("lock"), "Only you can see this"),
      message.edited && el("span", { class: "edited", text: "edited" }),
    ].filter(Boolean);
    if (!first) return marks.length ? el("div", { class: "meta" }, marks) : null;
    const stamp = el("time", { datetime: message.at, title: `${when(message.at, "UTC", "full")} UTC`, text: time });
    return el("div", { class: "meta" }, el("strong", { text: name }), stamp, marks);
  }

  button(node, token) {
    return [...node.parts.content.querySelectorAll("[data-token]")].find((button) => button.dataset.token === token);
  }

  mark(node) {
    for (const button of node.parts.content.querySelectorAll("[aria-expanded]")) {
      button.setAttribute("aria-expanded", String(button.dataset.token === node.open));
    }
  }

  toggle(node, message, block, button, me) {
    const same = node.open === block.token;
    this.fold(node);
    if (same) return;
    const made = form(
      { ...block.form, token: block.token },
      {
        me,
        cancel: () => {
          this.fold(node);
          this.button(node, block.token)?.focus();
        },
        send: async (values) => {
          const errors = await this.hooks.submit(message, block.form.token ?? block.token, values);
          if (!errors) {
            this.fold(node);
            node.focus({ preventScroll: true });
          }
          return errors;
        },
      },
    );
    made.node.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.fold(node);
      (this.button(node, block.token) ?? node).focus();
    });
    node.parts.host.replaceChildren(made.node);
    node.open = block.token;
    this.mark(node);
    made.focus();
    made.node.scrollIntoView({ block: "nearest" });
  }

  fold(node) {
    node.open = null;
    node.parts.host.replaceChildren();
    this.mark(node);
  }
}

/** "Today, Monday 7 December"; another year than now's is named. */
function dayName(at, now, zone) {
  const [day, today] = [iso(at, zone), iso(now, zone)];
  const ago = Math.round((Date.parse(today) - Date.parse(day)) / 86400000);
  const near = { 0: "Today, ", 1: "Yesterday, " }[ago] ?? "";
  const year = day.slice(0, 4) === today.slice(0, 4) ? "" : ` ${day.slice(0, 4)}`;
  return near + when(at, zone, "day") + year;
}

/** The calendar day of an instant in a zone, as ISO 8601. */
function iso(at, zone) {
  return when(at, zone, "key").split("/").reverse().join("-");
}

function flash(node) {
  node.classList.remove("flash");
  void node.offsetWidth; // starts the animation anew
  node.classList.add("flash");
}

export const emptyLog = (title, hint) =>
  el(
    "div",
    { class: "empty" },
    el("img", { src: "/static/favicon.svg", alt: "", width: 44, height: 44 }),
    el("p", { class: "empty-title", text: title }),
    el("p", { class: "quiet", text: hint }),
    hidden(""),
  );
