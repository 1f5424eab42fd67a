/** The box in which commands are typed: completion of commands and of @people, and a history. */

import { avatar, el, icon, uid, whileBusy } from "./dom.js";

const PLACEHOLDER = "/circle – type a command, for example /circle agenda";
const HISTORY = "circlet.history";

/** `hooks`: people(), commands(), send(text) → true when it was taken. Returns {focus, set}. */
export function composer(root, hooks) {
  const ids = { list: uid("completion"), hint: uid("hint") };
  const list = el("ul", {
    class: "completion",
    id: ids.list,
    role: "listbox",
    "aria-label": "Suggestions",
    hidden: true,
  });
  const box = el("input", {
    id: "command",
    type: "text",
    class: "command",
    placeholder: PLACEHOLDER,
    role: "combobox",
    "aria-label": "Command to Circlet",
    "aria-expanded": "false",
    "aria-controls": ids.list,
    "aria-autocomplete": "list",
    "aria-describedby": ids.hint,
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    enterkeyhint: "send",
  });
  const idle = "Only Circlet reads what you type here; the others do not see it.";
  const hint = el("p", { class: "command-hint", id: ids.hint, text: idle });
  const go = el("button", { type: "submit", class: "send", "aria-label": "Send command" }, icon("send"));
  const past = remembered();
  let options = [];
  let active = -1;
  let turn = past.length;
  let before = Promise.resolve();
  let newest = null;

  const frame = el(
    "form",
    {
      class: "command-form",
      "aria-label": "Command",
      onsubmit: (event) => {
        event.preventDefault();
        send();
      },
    },
    el("div", { class: "command-frame" }, list, box, go),
    hint,
  );
  root.append(frame);

  /** What is sent while another command is under way follows it; the same text again is a key pressed twice. */
  function send() {
    const text = box.value.trim();
    if (!text) return box.focus();
    shut();
    if (text === newest) return;
    newest = text;
    const run = () => whileBusy(go, () => take(text));
    before = before.then(run, run).finally(() => {
      if (newest === text) newest = null;
    });
  }

  async function take(text) {
    if (!(await hooks.send(text))) return;
    if (past.at(-1) !== text) past.push(text);
    sessionStorage.setItem(HISTORY, JSON.stringify(past.slice(-50)));
    turn = past.length;
    if (box.value.trim() === text) set("");
  }

  function set(text) {
    box.value = text;
    box.setSelectionRange(text.length, text.length);
    suggest();
  }

  function shut() {
    options = [];
    show();
  }

  function show() {
    list.hidden = !options.length;
    box.setAttribute("aria-expanded", String(Boolean(options.length)));
    list.replaceChildren(
      ...options.map((option, at) =>
        el(
          "li",
          {
            id: `${ids.list}-${at}`,
            role: "option",
            "aria-selected": String(at === active),
            class: at === active ? "active" : null,
            onmousedown: (event) => event.preventDefault(),
            onclick: () => accept(option),
          },
          option.draw(),
        ),
      ),
    );
    const current = list.children[active];
    if (current) {
      box.setAttribute("aria-activedescendant", current.id);
      current.scrollIntoView({ block: "nearest" });
    } else box.removeAttribute("aria-activedescendant");
  }

  function accept(option) {
    const rest = box.value.slice(box.selectionStart);
    box.value = option.text + rest.replace(/^ /, "");
    box.setSelectionRange(option.text.length, option.text.length);
    box.focus();
    suggest();
  }

  function suggest() {
    const found = completions(box.value.slice(0, box.selectionStart ?? box.value.length), hooks);
    options = found.options;
    active = found.choose ? 0 : -1;
    const command = known(box.value, hooks.commands());
    const bareCircle = box.value.trim() === "/circle";
    hint.replaceChildren(
      ...(bareCircle
        ? ["Enter shows your home: your groups, this week's step, and what waits for you."]
        : command
          ? [el("code", { text: `/circle ${command.usage || command.name}` }), ` ${command.summary}`]
          : [idle]),
    );
    show();
  }

  box.addEventListener("input", suggest);
  box.addEventListener("blur", shut);
  box.addEventListener("keydown", (event) => {
    const open = options.length > 0;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && open) {
      const step = event.key === "ArrowDown" ? 1 : -1;
      active = active < 0 && step < 0 ? options.length - 1 : (active + step + options.length) % options.length;
      show();
    } else if (event.key === "ArrowUp" && (!box.value || box.value === past[turn])) {
      if (turn > 0) set(past[--turn]);
      shut();
    } else if (event.key === "ArrowDown" && box.value && box.value === past[turn]) {
      set(past[++turn] ?? "");
      shut();
    } else if (event.key === "Tab" && open && !event.shiftKey) accept(options[Math.max(0, active)]);
    else if (event.key === "Enter" && open && active >= 0) accept(options[active]);
    else if (event.key === "Escape" && open) shut();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return {
    focus: () => box.focus(),
    set: (text) => {
      set(text);
      box.focus();
    },
  };
}

const bare = (name) => name.replace(/^\/?circle\s+/, "");

function known(text, commands) {
  const word = /^(?:\/circle\s+)?(\S+)\s/.exec(`${text} `)?.[1];
  return commands.find((command) => bare(command.name) === word);
}

/** What may stand at the end of `before`, and whether Enter should take the first of them. */
function completions(before, { people, commands }) {
  const at = /(?:^|\s)@([\p{L}\p{N}._-]*)$/u.exec(before);
  if (at) {
    const start = before.length - at[1].length - 1;
    const wanted = at[1].toLowerCase();
    const options = people()
      .filter((person) =>
        `${person.id} ${person.name}`
          .toLowerCase()
          .split(/[\s-]/)
          .some((word) => word.startsWith(wanted)),
      )
      .map((person) => ({
        text: `${before.slice(0, start)}@${person.id} `,
        draw: () => [
          avatar(person, "small"),
          el("span", { class: "completion-name", text: person.name }),
          el("span", { class: "completion-more", text: `@${person.id} · ${person.title}` }),
        ],
      }));
    return { options, choose: true };
  }
  const slash = before.startsWith("/");
  const said = slash && "/circle ".startsWith(before) ? "" : /^(?:\/circle\s+)?(\S*)$/.exec(before)?.[1];
  if (said === undefined || !before) return { options: [], choose: false };
  if (slash && said.startsWith("/")) return { options: [], choose: false };
  const fits = commands().filter((command) => bare(command.name).startsWith(said.toLowerCase()));
  if (fits.some((command) => bare(command.name) === said)) return { options: [], choose: false };
  const options = fits.map((command) => ({
    text: `${slash ? "/circle " : ""}${bare(command.name)} `,
    draw: () => [
      el(
        "span",
        { class: "completion-command" },
        el("span", { class: "slash", text: "/circle " }),
        bare(command.usage || command.name),
      ),
      el("span", { class: "completion-more", text: command.summary }),
    ],
  }));
  return { options, choose: said !== "" };
}

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(HISTORY) ?? "[]");
  } catch {
    return [];
  }
}
