/** The conversations on the left, and the head of the one that is open. */

import { avatar, el, hidden, icon, plural } from "./dom.js";
import { membersDialog } from "./people.js";

export const GROUPS = [
  ["circle", "Circles"],
  ["pair", "Pairs"],
  ["direct", "Direct with Circlet"],
];
const KIND = {
  circle: "Peer circle",
  pair: "Reverse-mentoring pair",
  direct: "Private: only you and Circlet see this",
};

function glyph(conversation) {
  return conversation.kind === "direct"
    ? avatar(null, "glyph")
    : el("span", { class: `glyph ${conversation.kind}` }, icon(conversation.kind));
}

/** `counts`: unread by conversation; `open(id, {focus})`. */
export function conversationList(nav, conversations, { me, here, counts, open }) {
  const held = nav.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  const row = (one) => {
    const count = counts.get(one.id);
    return el(
      "li",
      {},
      el(
        "button",
        {
          type: "button",
          class: count ? "conversation unread" : "conversation",
          "data-id": one.id,
          "aria-current": one.id === here ? "page" : null,
          onclick: () => open(one.id, { focus: matchMedia("(max-width: 40rem)").matches }),
        },
        glyph(one),
        el("span", { class: "conversation-name", text: one.name }),
        count ? el("span", { class: "count" }, String(count), hidden(" new")) : null,
      ),
    );
  };
  nav.replaceChildren(
    ...GROUPS.flatMap(([kind, title]) => {
      const some = conversations.filter((one) => one.kind === kind);
      return some.length
        ? [
            el(
              "section",
              { class: "group" },
              el("h2", { class: "group-name", text: title }),
              el("ul", {}, some.map(row)),
            ),
          ]
        : [];
    }),
  );
  if (!conversations.length)
    nav.append(el("p", { class: "quiet nobody", text: `${me.name} is in no conversation yet.` }));
  if (held) nav.querySelector(`[data-id="${CSS.escape(held)}"]`)?.focus();
}

/** `now()` is asked when the members are shown; `be(id)` changes who you are. */
export function conversationHead(root, conversation, people, { me, now, be }) {
  const back = el(
    "button",
    {
      type: "button",
      class: "icon-button back",
      "aria-label": "Back to the conversations",
      onclick: () => {
        document.body.dataset.view = "list";
        document.querySelector(".conversation[aria-current]")?.focus();
      },
    },
    icon("back"),
  );
  const title = (text) => el("h1", { id: "place-name", tabindex: "-1", text });
  if (!conversation) return root.replaceChildren(back, title("Circlet"));
  const direct = conversation.kind === "direct";
  const members = conversation.members.map((id) => people.get(id)).filter(Boolean);
  const others = members.filter((person) => person.id !== me.id).map((person) => person.name.split(" ")[0]);
  const line = direct
    ? KIND.direct
    : `${KIND[conversation.kind]} · you${others.length ? `, ${others.join(", ")}` : ""}`;
  root.replaceChildren(
    back,
    glyph(conversation),
    el("div", { class: "place-words" }, title(conversation.name), el("p", { text: line })),
  );
  if (direct) return undefined;
  const count = plural(members.length, "person", "people");
  root.append(
    el(
      "button",
      {
        type: "button",
        class: "members",
        "aria-label": `Members of ${conversation.name}: ${count}`,
        onclick: () => membersDialog(conversation, members, { now: now(), me }, be),
      },
      el(
        "span",
        { class: "stack" },
        members.slice(0, 6).map((person) => avatar(person, "small")),
      ),
      el("span", { class: "members-count", text: count }),
    ),
  );
  return undefined;
}
