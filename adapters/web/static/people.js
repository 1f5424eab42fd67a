/** Who you are: the switcher at the top left, and the dialog of a conversation's members. */

import { avatar, el, icon, openDialog, place, plural, uid, when } from "./dom.js";

const described = (person) => [person.title, person.department].filter(Boolean).join(" · ");
const local = (person, now) => `${when(now, person.zone, "time")} ${place(person.zone)}`;

/** `hooks`: be(id), opened() (before the list is drawn), waiting(id) → unread count. Returns {draw(view), open()}. */
export function switcher(root, hooks) {
  const ids = { panel: uid("people"), list: uid("people") };
  const button = el("button", {
    type: "button",
    class: "me",
    "aria-haspopup": "dialog",
    "aria-expanded": "false",
    "aria-controls": ids.panel,
    onclick: () => (panel.hidden ? open() : shut()),
  });
  const list = el("div", { class: "people-list", id: ids.list, role: "listbox", "aria-label": "People" });
  const filter = el("input", {
    type: "text",
    class: "filter",
    role: "combobox",
    "aria-label": "Find a person",
    "aria-expanded": "true",
    "aria-controls": ids.list,
    "aria-autocomplete": "list",
    placeholder: "Find a person",
    autocomplete: "off",
    spellcheck: "false",
  });
  const panel = el(
    "div",
    { class: "people-panel", id: ids.panel, role: "dialog", "aria-label": "Choose who you are", hidden: true },
    el("div", { class: "filter-box" }, icon("search"), filter),
    list,
  );
  root.append(button, panel);
  let view = null;
  let rows = [];
  let active = 0;

  function draw(next) {
    view = next;
    const { me, now } = view;
    button.replaceChildren(
      avatar(me, "large"),
      el(
        "span",
        { class: "me-words" },
        el("span", { class: "me-are" }, el("span", { text: "You are" }), " ", el("span", { text: local(me, now) })),
        " ",
        el("span", { class: "me-name", text: me.name }),
        " ",
        el("span", { class: "me-title", text: described(me) }),
      ),
      icon("chevron"),
    );
    if (!panel.hidden) fill();
  }

  function fill() {
    const wanted = filter.value.trim().toLowerCase();
    const groups = new Map();
    for (const person of view.people) {
      if (!`${person.name} ${person.title} ${person.department} ${place(person.zone)}`.toLowerCase().includes(wanted))
        continue;
      groups.set(person.department || "People", [...(groups.get(person.department || "People") ?? []), person]);
    }
    rows = [];
    list.replaceChildren(
      ...[...groups].map(([name, members]) => {
        const head = uid("department");
        return el(
          "div",
          { role: "group", "aria-labelledby": head },
          el("div", { class: "group-name", id: head, text: name }),
          members.map(option),
        );
      }),
    );
    if (!rows.length)
      list.append(
        el("div", {
          class: "quiet nobody",
          role: "option",
          "aria-disabled": "true",
          "aria-selected": "false",
          text: "Nobody like that.",
        }),
      );
    active = Math.min(active, Math.max(0, rows.length - 1));
    point();
  }

  function option(person) {
    const waiting = hooks.waiting(person.id);
    const node = el(
      "div",
      {
        class: "person",
        role: "option",
        id: uid("person"),
        "aria-selected": String(person.id === view.me.id),
        onclick: () => choose(person.id),
      },
      avatar(person),
      el(
        "span",
        { class: "person-words" },
        el("span", { class: "person-name", text: person.name }),
        " ",
        el("span", { class: "person-title", text: person.title }),
      ),
      el(
        "span",
        { class: "person-side" },
        el("span", { class: "person-time", text: local(person, view.now) }),
        " ",
        waiting ? el("span", { class: "person-new", text: `${waiting} new` }) : null,
      ),
    );
    node.person = person.id;
    rows.push(node);
    return node;
  }

  function point() {
    rows.forEach((row, at) => row.classList.toggle("active", at === active));
    if (rows[active]) {
      filter.setAttribute("aria-activedescendant", rows[active].id);
      rows[active].scrollIntoView({ block: "nearest" });
    } else filter.removeAttribute("aria-activedescendant");
  }

  function open() {
    hooks.opened();
    panel.hidden = false;
    button.setAttribute("aria-expanded", "true");
    filter.value = "";
    fill();
    active = Math.max(
      0,
      rows.findIndex((row) => row.person === view.me.id),
    );
    point();
    filter.focus();
  }

  function shut(back = true) {
    if (panel.hidden) return;
    panel.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (back) button.focus();
  }

  function choose(id) {
    shut();
    if (id !== view.me.id) hooks.be(id);
  }

  filter.addEventListener("input", () => {
    active = 0;
    fill();
  });
  root.addEventListener("keydown", (event) => {
    if (panel.hidden) return;
    if (event.key === "Escape") shut();
    else if (event.key === "ArrowDown") active = (active + 1) % Math.max(1, rows.length);
    else if (event.key === "ArrowUp") active = (active - 1 + rows.length) % Math.max(1, rows.length);
    else if (event.key === "Enter" && rows[active]) choose(rows[active].person);
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (!panel.hidden) point();
  });
  root.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !root.contains(event.relatedTarget)) shut(false);
  });
  document.addEventListener("pointerdown", (event) => {
    if (!root.contains(event.target)) shut(false);
  });
  return { draw, open };
}

export function membersDialog(conversation, members, view, be) {
  const dialog = openDialog(
    `${conversation.name}: ${plural(members.length, "person", "people")}`,
    el(
      "ul",
      { class: "member-list" },
      members.map((person) =>
        el(
          "li",
          {},
          avatar(person),
          el(
            "span",
            { class: "person-words" },
            el("span", { class: "person-name", text: person.name }),
            " ",
            el("span", { class: "person-title", text: `${described(person)} · ${local(person, view.now)}` }),
          ),
          person.id === view.me.id
            ? el("span", { class: "quiet", text: "This is you" })
            : el(
                "button",
                {
                  type: "button",
                  class: "button plain",
                  "aria-label": `Be ${person.name}`,
                  onclick: () => {
                    dialog.close();
                    be(person.id);
                  },
                },
                `Be ${person.name.split(" ")[0]}`,
              ),
        ),
      ),
    ),
  );
}
