/** The gallery: what there is on the left, the chosen example (or a whole feature) on the right, a column a platform. */

import { blocks } from "/static/blocks.js";
import { avatar, el, hidden, icon, plural } from "/static/dom.js";
import { form } from "/static/forms.js";
import { slackMessage, slackView } from "/gallery/static/slack.js";
import { teamsDialog, teamsMessage } from "/gallery/static/teams.js";

/** A platform is a column; another one is a line here and a `draw` of its own. */
const PLATFORMS = [
  { id: "web", name: "Local chat", draw: inLocalChat },
  { id: "slack", name: "Slack", draw: inSlack },
  { id: "teams", name: "Teams", draw: inTeams },
];
const FEATURES = { checkins: "Check-ins" };

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const featureName = (feature) => FEATURES[feature] ?? sentence(feature);

/** "checkins.nudge: the last" in its parts, as people read them. */
function named(example) {
  const [source, variant = ""] = example.name.split(": ");
  const [feature, kind] = source.split(".");
  return { ...example, source, feature, title: sentence(kind.replaceAll("_", " ").trim()), variant };
}

// ── the columns ────────────────────────────────────────────────────────────────────────────────────────────────────

function inLocalChat(example, sends) {
  if (example.kind === "form") return el("div", { class: "asked" }, formOf(example.web, sends).node);
  const host = el("div", { class: "form-host" });
  const fold = (button) => {
    host.replaceChildren();
    button.setAttribute("aria-expanded", "false");
  };
  const ask = (block, button) => {
    const open = button.getAttribute("aria-expanded") === "true";
    for (const other of drawn.querySelectorAll("[aria-expanded]")) fold(other);
    if (open) return;
    const made = formOf(block.form, sends, () => fold(button));
    host.replaceChildren(made.node);
    button.setAttribute("aria-expanded", "true");
    made.focus();
  };
  const meta = el("div", { class: "meta" }, el("strong", { text: "Circlet" }), el("time", { text: "12:00" }));
  const drawn = el("div", { class: "blocks" }, blocks(example.web.blocks, { me: "ana", press: sends, ask }));
  return el(
    "article",
    { class: "message bot head", "aria-label": "Circlet, 12:00" },
    el("div", { class: "side" }, avatar(null)),
    el("div", { class: "bubble" }, meta, drawn, host),
  );
}

function formOf(spec, sends, cancel = () => {}) {
  const send = async (values) => {
    sends(`${spec.token} ${JSON.stringify(values)}`);
    return null;
  };
  return form(spec, { send, cancel, me: "ana" });
}

function inSlack(example, sends) {
  const ctx = { people, press: sends };
  if (example.kind === "form") return slackView(example.slack, ctx);
  return example.slack.map((payload) => (payload.type ? slackView(payload, ctx) : slackMessage(payload, ctx)));
}

function inTeams(example, sends) {
  const ctx = { people, press: sends };
  if (example.kind === "form") return teamsDialog(example.teams, ctx);
  return example.teams.map((activity) => teamsMessage(activity, ctx));
}

function column(example, platform) {
  const told = el("p", { class: "sends", role: "status" });
  const sends = (what) => told.replaceChildren("Sends ", el("code", { text: what }));
  return el(
    "section",
    { class: `column on-${platform.id}`, "aria-label": `${example.title} in ${platform.name}` },
    el("h3", { class: "platform", text: platform.name }),
    el("div", { class: "drawing" }, platform.draw(example, sends)),
    told,
    raw(example, platform),
  );
}

/** The JSON as it goes over the wire, drawn when it is asked for. */
function raw(example, platform) {
  const whole = example[platform.id];
  const payload = Array.isArray(whole) && whole.length === 1 ? whole[0] : whole;
  const text = JSON.stringify(payload, null, 2);
  const bytes = new TextEncoder().encode(JSON.stringify(payload)).length;
  const size = bytes < 1000 ? `${bytes} bytes` : `${(bytes / 1000).toFixed(1)} kB`;
  const body = el("div", { class: "raw" });
  const copy = el("button", {
    type: "button",
    class: "button",
    text: "Copy",
    onclick: () => navigator.clipboard.writeText(text).then(() => (copy.textContent = "Copied")),
  });
  const label = `${example.name}, JSON for ${platform.name}`;
  const open = () => {
    if (body.firstChild) return;
    body.append(el("pre", { tabindex: "0", role: "region", "aria-label": label }, el("code", { text })), copy);
  };
  return el(
    "details",
    { ontoggle: open },
    el("summary", {}, "JSON", hidden(` for ${platform.name}`), el("span", { class: "size", text: ` ${size}` })),
    body,
  );
}

// ── the page ───────────────────────────────────────────────────────────────────────────────────────────────────────

const [frame, kinds, shown, filter, found] = ["gallery", "kinds", "shown", "filter", "found"].map((id) =>
  document.getElementById(id),
);
const [examples, people] = await Promise.all([
  fetch("/gallery/examples").then((answer) => answer.json()),
  fetch("/gallery/people").then((answer) => answer.json()),
]);
const all = examples.map((example) => ({ ...named(example), words: JSON.stringify([example.name, example.web]).toLowerCase() }));
const features = [...new Set(all.map((example) => example.feature))];

const address = (show) => `/gallery?show=${encodeURIComponent(show)}`;
const asked = () => new URLSearchParams(location.search).get("show");

/** A link that changes the page without loading it anew. */
function link(show, props, ...inner) {
  const go = (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (show !== asked()) history.pushState(null, "", address(show));
    render();
    shown.focus({ preventScroll: true });
  };
  return el("a", { href: address(show), "data-show": show, onclick: go, ...props }, ...inner);
}

function list() {
  kinds.replaceChildren(
    ...features.map((feature) => {
      const rows = all.filter((example) => example.feature === feature).map((example) => el("li", {}, row(example)));
      const head = el("h2", {}, link(feature, { class: "feature" }, featureName(feature), count(rows.length)));
      return el("section", { "data-feature": feature }, head, el("ul", {}, rows));
    }),
  );
}

const count = (many) => el("span", { class: "many" }, hidden(": all "), many);

function row(example) {
  const variant = example.variant && el("span", { class: "variant", text: example.variant });
  const kind = example.kind === "form" && el("span", { class: "kind", text: "form" });
  return link(example.name, { class: "row" }, el("span", {}, el("span", { text: example.title }), " ", variant), kind);
}

function narrow() {
  const wanted = filter.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const fits = new Set(all.filter((one) => wanted.every((word) => one.words.includes(word))).map((one) => one.name));
  for (const item of kinds.querySelectorAll("li")) item.hidden = !fits.has(item.firstChild.dataset.show);
  for (const group of kinds.children) group.hidden = !group.querySelector("li:not([hidden])");
  found.textContent = wanted.length ? `${fits.size} of ${all.length}` : plural(all.length, "message or form", "messages and forms");
}

/** What the address asks for; without a wish the first example, or, on a phone, the list. */
function render() {
  const wish = asked();
  const chosen = all.filter((example) => example.name === wish || example.feature === wish);
  const picked = chosen.length ? chosen : all.slice(0, 1);
  const one = picked.length === 1 ? picked[0] : null;
  frame.dataset.view = chosen.length ? "example" : "list";
  document.title = `${one ? one.name : featureName(picked[0].feature)} · Gallery · Circlet`;
  for (const entry of kinds.querySelectorAll("[data-show]")) {
    const here = entry.dataset.show === (one && wish !== one.feature ? one.name : picked[0].feature);
    if (here) entry.setAttribute("aria-current", "page");
    else entry.removeAttribute("aria-current");
    if (here) entry.scrollIntoView({ block: "nearest" });
  }
  shown.replaceChildren(head(one, picked[0].feature), ...picked.map(section));
  shown.scrollTo(0, 0);
  document.body.classList.add("ready");
}

function head(one, feature) {
  const order = one ? all.map((example) => example.name) : features;
  const at = order.indexOf(one ? one.name : feature);
  const step = (by, name) => {
    const to = order[(at + by + order.length) % order.length];
    return link(to, { class: `icon-button step-${name.toLowerCase()}`, "aria-label": `${name}: ${to}`, title: to }, icon("back"));
  };
  const back = el(
    "a",
    {
      class: "to-list",
      href: "/gallery",
      onclick: (event) => {
        event.preventDefault();
        history.pushState(null, "", "/gallery");
        render();
        filter.focus();
      },
    },
    icon("back"),
    "All",
  );
  const title = el("h1", {}, one ? link(feature, {}, featureName(feature)) : featureName(feature));
  return el("header", { class: "shown-head" }, back, title, el("div", { class: "steps" }, step(-1, "Previous"), step(1, "Next")));
}

function section(example) {
  const variant = example.variant && el("span", { class: "variant", text: example.variant });
  const source = el("code", { class: "source", text: example.source });
  const title = el("h2", {}, example.title, " ", variant);
  const columns = PLATFORMS.map((platform) => column(example, platform));
  return el("section", { class: "example", "data-name": example.name }, el("div", { class: "example-head" }, title, source), el("div", { class: "columns" }, columns)); // prettier-ignore
}

/** Up and down go through the list as it stands. */
function walk(event) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by) return;
  const rows = [filter, ...kinds.querySelectorAll("section:not([hidden]) a.feature, li:not([hidden]) a")];
  rows.filter((one) => one === filter || one.offsetParent)[rows.indexOf(document.activeElement) + by]?.focus();
  event.preventDefault();
}

document.getElementById("filter-box").prepend(icon("search"));
filter.addEventListener("input", narrow);
document.querySelector(".index").addEventListener("keydown", walk);
addEventListener("popstate", () => render());
list();
narrow();
render();
