/** The card of the first visit, built from who is there, and the help dialog. */

import { avatar, el, icon, openDialog } from "./dom.js";

const SEEN = "circlet.welcomed";

export const welcomed = () => localStorage.getItem(SEEN) === "yes";

/** `hooks`: be(id), week(), command(), closed(). */
export function welcome(state, me, hooks) {
  const close = () => {
    localStorage.setItem(SEEN, "yes");
    card.remove();
    hooks.closed();
  };
  const chips = cast(state).map(({ person, role }) =>
    el(
      "button",
      {
        type: "button",
        class: "chip",
        "aria-pressed": String(person.id === me.id),
        onclick: () => hooks.be(person.id),
      },
      avatar(person, "small"),
      el("span", { class: "chip-name", text: person.name.split(" ")[0] }),
      el("span", { class: "chip-role", text: role }),
    ),
  );
  const step = (title, ...more) => el("li", {}, el("div", {}, el("strong", { text: title }), more));
  const card = el(
    "section",
    { class: "welcome", "aria-labelledby": "welcome-title" },
    el(
      "div",
      { class: "welcome-head" },
      el(
        "div",
        {},
        el("h2", { id: "welcome-title", text: "Welcome. Five minutes, twelve weeks." }),
        el("p", {
          text: "A small made-up company, and a clock you can turn. Be anybody, and see what Circlet sends them.",
        }),
      ),
      el(
        "button",
        { type: "button", class: "icon-button", "aria-label": "Dismiss the welcome", onclick: close },
        icon("close"),
      ),
    ),
    el(
      "ol",
      { class: "tour" },
      step("Be somebody", el("p", { text: "Top left, or one of these:" }), el("div", { class: "chips" }, chips)),
      step(
        "Answer a check-in",
        el("p", { text: "“Circlet” on the left asks how the week was. One tap and a line; only you see it." }),
      ),
      step(
        "Let a week pass",
        el("p", { text: "The clock on top plays everything that is due, in order." }),
        el("button", { type: "button", class: "button plain", onclick: hooks.week }, "Move the clock a week"),
      ),
      step(
        "Take the helm",
        el("p", { text: "Commands do everything the buttons do." }),
        el("button", { type: "button", class: "button plain", onclick: hooks.command }, "Type /circle"),
      ),
    ),
  );
  return card;
}

const CAST = { participant: "participant", facilitator: "facilitator", mentor: "mentor", mentee: "executive" };

/** Up to four people worth being, one of each part; of several the one for whom most is new. */
function cast({ people, unread }) {
  const waiting = ({ id }) => Object.values(unread?.[id] ?? {}).reduce((sum, count) => sum + count, 0);
  const busiest = [...people].sort((a, b) => waiting(b) - waiting(a));
  const seen = new Set();
  return Object.entries(CAST).flatMap(([part, role]) => {
    const person = busiest.find((one) => !seen.has(one.id) && one.parts.some((held) => held.part === part));
    if (!person) return [];
    seen.add(person.id);
    return [{ person, role }];
  });
}

const HELP =
  "You see what one person sees in Slack or Teams. Choose who you are at the top left, press what Circlet offers, " +
  "type commands in the box below, and let time pass with the clock. Nothing here leaves this computer.";

const KEYS = [
  ["/", "to the command box"],
  ["p", "be somebody else"],
  ["j  k", "next and previous conversation"],
  ["h  d  n  w", "an hour, a day, to the next event, a week"],
  ["?", "this help"],
  ["Esc", "closes what is open"],
  ["↑", "in the empty command box: what you typed before"],
  ["Tab", "in the command box: takes the suggestion"],
];

export const singleKeys = () => localStorage.getItem("circlet.keys") !== "off";

export function helpDialog({ welcomeAgain }) {
  const tick = el("input", {
    type: "checkbox",
    onchange: () => localStorage.setItem("circlet.keys", tick.checked ? "on" : "off"),
  });
  tick.checked = singleKeys();
  const keys = el(
    "dl",
    { class: "keys" },
    KEYS.map(([key, what]) =>
      el(
        "div",
        {},
        el(
          "dt",
          {},
          key.split("  ").map((one) => el("kbd", { text: one })),
        ),
        el("dd", { text: what }),
      ),
    ),
  );
  const again = el(
    "button",
    {
      type: "button",
      class: "button plain",
      onclick: () => {
        localStorage.removeItem(SEEN);
        dialog.close();
        welcomeAgain();
      },
    },
    "Show the welcome again",
  );
  const dialog = openDialog("Help and shortcuts", [
    el("p", { text: HELP }),
    keys,
    el("label", { class: "tick lone" }, tick, el("span", { text: "Shortcuts of a single key" })),
    el("div", { class: "form-foot" }, again),
  ]);
}
