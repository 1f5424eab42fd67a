/** The page: who you are, where you are, and what is fetched when something happens. Each module draws its part. */

import { api, follow } from "./api.js";
import { clock } from "./clock.js";
import { composer } from "./commands.js";
import { el } from "./dom.js";
import { Log, emptyLog } from "./log.js";
import { GROUPS, conversationHead, conversationList } from "./list.js";
import { switcher } from "./people.js";
import { doing } from "./replies.js";
import { helpDialog, singleKeys, welcome, welcomed } from "./welcome.js";

const $ = (id) => document.getElementById(id);

let state = null;
let people = new Map();
let me = null; // a person
let here = null; // a conversation's id
let messages = [];
let stream = null;
let lastRead = "";

// ── where we are ─────────────────────────────────────────────────────────────────────────────────────────────────────

const mine = () =>
  state.conversations.filter((one) => one.members.includes(me.id)).sort((a, b) => a.name.localeCompare(b.name));
const unread = (conversation, person = me.id) => state.unread?.[person]?.[conversation] ?? 0;
const waiting = (person) => Object.values(state.unread?.[person] ?? {}).reduce((sum, count) => sum + count, 0);
const ordered = () => GROUPS.flatMap(([kind]) => mine().filter((one) => one.kind === kind));
const current = () => mine().find((one) => one.id === here);

function asked() {
  const query = new URLSearchParams(location.search || location.hash.slice(1));
  return { as: query.get("as"), conversation: query.get("in") };
}

function remember(push) {
  const url = `?${new URLSearchParams({ as: me.id, ...(here ? { in: here } : {}) })}`;
  if (url !== location.search) history[push ? "pushState" : "replaceState"](null, "", url);
}

/** The conversation to be in: the wanted one, else one with news, else the private one. */
function choose(wanted) {
  const all = ordered();
  return (
    (
      all.find((one) => one.id === wanted) ??
      all.find((one) => unread(one.id)) ??
      all.find((one) => one.kind === "direct") ??
      all[0]
    )?.id ?? null
  );
}

async function be(id, { push = true, conversation = here } = {}) {
  me = people.get(id) ?? [...people.values()][0];
  here = choose(conversation);
  stream?.close();
  stream = follow(me.id, {
    change: (data) => sync({ messages: data.conversation === here }),
    clock: (data) => setNow(data.now),
    state: () => sync({ messages: false }),
    connection: (up, again) => {
      $("offline").hidden = up;
      $("offline").textContent = up ? "" : "The connection to Circlet is gone. Trying again…";
      if (up && again) sync({ messages: true });
    },
  });
  remember(push);
  draw();
  await load();
}

async function open(id, { push = true, focus = false } = {}) {
  here = id;
  document.body.dataset.view = "talk";
  remember(push);
  draw();
  await load();
  if (focus) $("place-name")?.focus();
}

// ── what comes in ────────────────────────────────────────────────────────────────────────────────────────────────────

async function refresh() {
  const next = await api.state();
  next.people.forEach((person, at) => {
    person.hue = at % 8;
  });
  state = next;
  people = new Map(state.people.map((person) => [person.id, person]));
  if (me) me = people.get(me.id) ?? me;
}

async function load() {
  const [as, conversation] = [me.id, here];
  $("messages").setAttribute("aria-busy", "true");
  try {
    const found = conversation ? await api.messages(conversation, as) : [];
    if (as !== me.id || conversation !== here) return; // somewhere else by now
    messages = found;
    drawLog();
    await markRead();
  } catch (error) {
    replies.complain(error);
  } finally {
    $("messages").removeAttribute("aria-busy");
  }
}

async function markRead() {
  const count = unread(here);
  const key = `${me.id} ${here} ${messages.at(-1)?.id} ${count}`;
  if (!count || document.hidden || key === lastRead) return;
  lastRead = key;
  state.unread[me.id][here] = 0;
  draw();
  await api.read(me.id, here);
}

let round = null;
let again = null;
/** Fetches what changed; calls that come meanwhile are one more round, not many. Done when all of it is drawn. */
function sync(what) {
  if (round) again = { messages: Boolean(again?.messages || what.messages) };
  else
    round = rounds(what).finally(() => {
      round = null;
    });
  return round;
}

async function rounds(first) {
  for (let what = first; what; what = again) {
    again = null;
    try {
      await refresh();
      const gone = !current();
      if (gone) {
        here = choose(here);
        remember(false);
      }
      draw();
      if (what.messages || gone) await load();
    } catch (error) {
      if (error.status !== 0) replies.complain(error); // no answer at all: the banner says so
    }
  }
}

function setNow(now) {
  state.now = now;
  drawClock();
  drawLog(); // "Today" may be yesterday now
  people_.draw({ me, now, people: state.people });
}

function advance(body) {
  const before = state.now;
  return replies.trying(async () => {
    const { now, played } = await api.clock(body);
    setNow(now);
    await sync({ messages: true });
    return { before, now, played };
  });
}

// ── drawing ──────────────────────────────────────────────────────────────────────────────────────────────────────────

function draw() {
  people_.draw({ me, now: state.now, people: state.people });
  drawClock();
  drawList();
  drawPlace();
  const news = waiting(me.id);
  document.title = `${news ? `(${news}) ` : ""}${current()?.name ?? "Circlet"} · ${me.name}`;
}

const drawClock = () => clock_.draw(state.now, me.zone);

function drawList() {
  const counts = new Map(mine().map((one) => [one.id, one.id === here ? 0 : unread(one.id)]));
  conversationList($("conversations"), ordered(), { me, here, counts, open });
}

let placed = "";
function drawPlace() {
  const conversation = current();
  const signature = JSON.stringify([conversation, me.id, state.people.length]);
  if (signature === placed) return;
  placed = signature;
  conversationHead($("place"), conversation, people, { me, now: () => state.now, be });
  $("messages").setAttribute("aria-label", conversation ? `Messages in ${conversation.name}` : "Messages");
}

function drawLog() {
  const empty = here
    ? emptyLog("Nothing here yet", "Let time pass with the clock above, or type /circle below to see what you can do.")
    : emptyLog("No conversation yet", "Type /circle below to see what you can do.");
  log.show({ key: `${me.id} ${here}`, messages, people, me, now: state.now, unread: unread(here), empty });
}

function drawWelcome() {
  document.querySelector(".welcome")?.remove();
  if (welcomed()) return;
  $("place").after(
    welcome(state, me, {
      be: async (id) => {
        await be(id);
        drawWelcome();
        document.querySelector(".chip[aria-pressed=true]")?.focus();
      },
      week: () => clock_.play(3),
      command: () => box.set("/circle"),
      closed: () => $("messages").focus(),
    }),
  );
}

// ── keys, and the beginning ──────────────────────────────────────────────────────────────────────────────────────────

const neighbour = (step) => () => {
  const all = ordered();
  const next = all[(all.findIndex((one) => one.id === here) + step + all.length) % Math.max(1, all.length)];
  if (next) open(next.id);
};
const help = () => helpDialog({ welcomeAgain: drawWelcome });
const KEYS = {
  "/": () => box.set("/"),
  "?": help,
  p: () => people_.open(),
  j: neighbour(1),
  k: neighbour(-1),
  h: () => clock_.play(0),
  d: () => clock_.play(1),
  n: () => clock_.play(2),
  w: () => clock_.play(3),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable], dialog");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !singleKeys() || !KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key]();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && state) markRead().catch(replies.complain);
});
window.addEventListener("popstate", () => {
  const { as, conversation } = asked();
  if (as && as !== me.id) be(as, { push: false, conversation });
  else if (conversation) open(conversation, { push: false });
});
$("help-button").addEventListener("click", help);

const replies = doing({
  at: () => ({ me: me.id, here }),
  knows: (conversation) => mine().some((one) => one.id === conversation),
  sync: () => sync({ messages: true }),
  open: (conversation) => open(conversation),
  said: () => log.toEnd(),
});
const people_ = switcher($("switcher"), { be, waiting, opened: () => sync({ messages: false }) });
const clock_ = clock($("clock"), advance);
const log = new Log($("messages"), $("jump"), {
  press: replies.press,
  submit: (message, token, values) => replies.submit(message.id, token, values),
});
const box = composer($("composer"), {
  people: () => state.people,
  commands: () => state.commands ?? [],
  send: replies.command,
});

async function begin() {
  try {
    await refresh();
  } catch (error) {
    const retry = el("button", {
      type: "button",
      class: "button primary",
      text: "Try again",
      onclick: () => location.reload(),
    });
    $("messages").replaceChildren(
      el(
        "div",
        { class: "empty" },
        el("p", { class: "empty-title", text: "Circlet does not answer" }),
        el("p", { class: "quiet", text: error.message }),
        retry,
      ),
    );
    return;
  }
  const { as, conversation } = asked();
  document.body.dataset.view = "talk";
  if (!state.people.length) {
    $("messages").replaceChildren(emptyLog("Nobody is here yet", "The company of this local chat is empty."));
    return;
  }
  await be(people.has(as) ? as : state.people[0].id, { push: false, conversation });
  drawWelcome();
  document.body.classList.add("ready");
}

begin();
