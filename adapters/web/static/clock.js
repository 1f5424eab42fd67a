/** The simulated clock: what time it is for the person, and the buttons that let time pass. */

import { el, hidden, icon, place, plural, svg, whileBusy, when } from "./dom.js";

const STEPS = [
  { label: "+1 hour", body: { advance: "PT1H" } },
  { label: "+1 day", body: { advance: "P1D" } },
  { label: "Next event", body: { next: true }, sr: "To the next event", icon: "skip" },
  { label: "+1 week", body: { advance: "P7D" } },
];

/** `advance(body)` → {before, now, played}. Returns {draw(now, zone), play(step)}. */
export function clock(root, advance) {
  const hands = [
    svg("line", { class: "hand hour", x1: 12, y1: 12, x2: 12, y2: 7.6 }),
    svg("line", { class: "hand minute", x1: 12, y1: 12, x2: 12, y2: 5.2 }),
  ];
  const dial = svg(
    "svg",
    { class: "dial", viewBox: "0 0 24 24", "aria-hidden": "true" },
    svg("circle", { class: "rim", cx: 12, cy: 12, r: 10 }),
    hands,
    svg("circle", { class: "hub", cx: 12, cy: 12, r: 1.3 }),
  );
  const time = el("span", { class: "clock-time" });
  const date = el("span", { class: "clock-date" });
  const zoneName = el("span", { class: "clock-zone" });
  const utc = el("span", { class: "sr" });
  const face = el(
    "time",
    { class: "clock-face" },
    dial,
    el("span", { class: "clock-words" }, time, " ", date, " ", zoneName),
    utc,
  );
  const news = el("p", { class: "clock-news", role: "status", "aria-live": "polite" });
  const buttons = STEPS.map((step) =>
    el(
      "button",
      { type: "button", class: "step", onclick: (event) => play(step, event.currentTarget) },
      step.icon && icon(step.icon),
      el("span", { "aria-hidden": step.sr ? "true" : null, text: step.label }),
      step.sr ? hidden(step.sr) : null,
    ),
  );
  const group = el("div", { class: "steps-group", role: "group", "aria-label": "Let time pass" }, buttons);
  root.append(face, news, group);
  let fade = 0;

  async function play(step, button) {
    if (group.classList.contains("playing")) return;
    clearTimeout(fade);
    group.classList.add("playing");
    news.textContent = "Playing…";
    try {
      await whileBusy(button, async () => {
        const done = await advance(step.body);
        news.textContent = done ? told(done) : "";
        news.classList.toggle("fresh", Boolean(done?.played));
      });
    } finally {
      group.classList.remove("playing");
      fade = setTimeout(() => {
        news.textContent = "";
      }, 15000);
    }
  }

  function draw(now, zone) {
    face.setAttribute("datetime", now);
    face.title = `${when(now, "UTC", "full")} UTC, simulated time`;
    utc.textContent = ` (${when(now, "UTC", "full")} UTC)`;
    time.textContent = when(now, zone, "time");
    date.textContent = when(now, zone, "date");
    zoneName.textContent = `${place(zone)}, simulated time`;
    const [hours, minutes] = time.textContent.split(":").map(Number);
    hands[0].style.transform = `rotate(${((hours % 12) + minutes / 60) * 30}deg)`;
    hands[1].style.transform = `rotate(${minutes * 6}deg)`;
  }

  return { draw, play: (index) => play(STEPS[index], buttons[index]) };
}

/** "12 messages in 7 days" */
function told({ before, now, played }) {
  const minutes = Math.round((new Date(now) - new Date(before)) / 60000);
  if (minutes <= 0 && !played) return "Nothing more is planned.";
  const span =
    minutes >= 2880 || minutes === 1440
      ? plural(Math.round(minutes / 1440), "day")
      : minutes >= 60
        ? plural(Math.round(minutes / 60), "hour")
        : plural(minutes, "minute");
  return played ? `${plural(played, "message")} in ${span}` : `Nothing was due in ${span}`;
}
