/** What everything is drawn with: elements, icons, avatars, times in somebody's zone, dialogs. Never parses HTML. */

const SVG = "http://www.w3.org/2000/svg";

/** An element. `on…` are listeners, `text` its words; true and false are attributes that are there or not. */
export function el(tag, props = {}, ...children) {
  return furnish(document.createElement(tag), props, children);
}

export function svg(tag, props = {}, ...children) {
  return furnish(document.createElementNS(SVG, tag), props, children);
}

function furnish(node, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const ICONS = {
  circle: ["M12 3.2v.01M18.2 5.8v.01M5.8 5.8v.01M3.2 12v.01M5.8 18.2v.01M12 20.8v.01M18.2 18.2v.01M20.8 12v.01"],
  pair: ["M9 17a5 5 0 1 0 0-10 5 5 0 0 0 0 10z", "M15 17a5 5 0 1 0 0-10 5 5 0 0 0 0 10z"],
  direct: ["M4 12a8 8 0 1 1 3.2 6.4L4 19.5l1-3.4A8 8 0 0 1 4 12z"],
  lock: ["M7 11V8a5 5 0 0 1 10 0v3", "M6 11h12v9H6z"],
  send: ["M5 12h13", "M12.5 6.5 18 12l-5.5 5.5"],
  back: ["M15 5l-7 7 7 7"],
  down: ["M12 5v13", "M6.5 12.5 12 18l5.5-5.5"],
  chevron: ["M7 10l5 5 5-5"],
  close: ["M6 6l12 12", "M18 6 6 18"],
  warn: ["M12 8v5", "M12 16.4v.1", "M12 3.5 21.5 20h-19z"],
  out: ["M9 6h9v9", "M18 6 7 17"],
  check: ["M5 12.5l4.5 4.5L19 7.5"],
  skip: ["M6 6l8 6-8 6z", "M18 6v12"],
  search: ["M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13z", "M15.5 15.5 20 20"],
};

/** A line icon that says nothing by itself: words stand beside it. */
export function icon(name) {
  const strokes = ICONS[name].map((d) => svg("path", { d }));
  return svg("svg", { class: `icon icon-${name}`, viewBox: "0 0 24 24", "aria-hidden": "true" }, strokes);
}

export function initials(name) {
  const parts = name
    .replace(/[^\p{L}\p{N}\s-]/gu, "")
    .trim()
    .split(/\s+/);
  const letters = [...(parts[0] ?? "?")][0] + (parts.length > 1 ? [...parts.at(-1)][0] : "");
  return (letters || "?").toUpperCase();
}

/** Decoration only, the name always stands beside it. */
export function avatar(person, size = "") {
  if (!person) return el("img", { class: `avatar ${size}`, src: "/static/favicon.svg", alt: "" });
  const text = initials(person.name);
  return el("span", { class: `avatar hue-${person.hue ?? 0} ${size}`, "aria-hidden": "true", text });
}

// ── times ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const STYLES = {
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  day: { weekday: "long", day: "numeric", month: "long" },
  date: { weekday: "short", day: "numeric", month: "short", year: "numeric" },
  key: { year: "numeric", month: "2-digit", day: "2-digit" },
  full: {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  },
};
const formatters = new Map();

/** An instant in a zone's words; a zone the browser does not know is shown in UTC. */
export function when(instant, zone, style) {
  const key = `${zone} ${style}`;
  if (!formatters.has(key)) {
    const make = (timeZone) => new Intl.DateTimeFormat("en-GB", { ...STYLES[style], timeZone });
    try {
      formatters.set(key, make(zone || "UTC"));
    } catch {
      formatters.set(key, make("UTC"));
    }
  }
  return formatters.get(key).format(new Date(instant));
}

export const place = (zone) => (zone || "UTC").split("/").at(-1).replaceAll("_", " ");

export const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

// ── small shared parts ───────────────────────────────────────────────────────────────────────────────────────────────

let serial = 0;
/** An id that no other element has. */
export const uid = (stem) => `${stem}-${++serial}`;

export const hidden = (text) => el("span", { class: "sr", text });

/** A short message at the foot of the page; a bad one stays longer and is announced at once. */
export function toast(text, { bad = false, action = null } = {}) {
  const shut = () => note.remove();
  const button =
    action &&
    el("button", {
      type: "button",
      class: "toast-action",
      text: action.label,
      onclick: () => {
        shut();
        action.run();
      },
    });
  const cross = el(
    "button",
    { type: "button", class: "icon-button", "aria-label": "Dismiss", onclick: shut },
    icon("close"),
  );
  const note = el(
    "div",
    { class: bad ? "toast bad" : "toast", role: bad ? "alert" : null },
    icon(bad ? "warn" : "check"),
    el("span", { text }),
    button,
    cross,
  );
  document.getElementById("toasts").append(note);
  setTimeout(shut, bad ? 12000 : action ? 8000 : 4000);
}

/** A modal dialog that removes itself when closed. Focus goes back to where it was. */
export function openDialog(title, body, className = "") {
  const id = uid("dialog");
  const before = document.activeElement;
  const cross = el(
    "button",
    { type: "button", class: "icon-button", "aria-label": "Close", onclick: () => dialog.close() },
    icon("close"),
  );
  const head = el("div", { class: "dialog-head" }, el("h2", { id, text: title }), cross);
  const dialog = el(
    "dialog",
    { class: `dialog ${className}`, "aria-labelledby": id },
    head,
    el("div", { class: "dialog-body" }, body),
  );
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (before?.isConnected) before.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Runs `work` with the button shown as busy; a second press meanwhile does nothing. */
export async function whileBusy(button, work) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  button.setAttribute("aria-busy", "true");
  button.classList.add("busy");
  try {
    return await work();
  } finally {
    button.removeAttribute("aria-disabled");
    button.removeAttribute("aria-busy");
    button.classList.remove("busy");
  }
}
