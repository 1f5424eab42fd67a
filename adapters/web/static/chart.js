/** Bars and lines as inline SVG, the same in words beneath, and as a table to unfold. Follows the width it has. */

import { el, svg, uid } from "./dom.js";

const HEIGHT = 224;
const PAD = { top: 16, right: 14, bottom: 44, left: 44 };
const SHAPES = ["circle", "square", "diamond", "triangle"]; // series differ by shape as well as by colour

export function chart(block) {
  const holder = el("div", { class: "chart-picture" });
  const named = block.series.length > 1 || block.series[0]?.name;
  const legend =
    named &&
    el(
      "ul",
      { class: "legend" },
      block.series.map((series, index) => el("li", {}, swatch(index), series.name)),
    );
  const figure = el(
    "figure",
    { class: "chart" },
    el("p", { class: "chart-title", text: block.title }),
    legend,
    holder,
    el("figcaption", { text: block.words }),
    figures(block),
  );
  let drawn = 0;
  new ResizeObserver(([entry]) => {
    const width = Math.round(entry.contentRect.width);
    if (!width || width === drawn) return;
    drawn = width;
    holder.replaceChildren(picture(block, width));
  }).observe(holder);
  return figure;
}

function figures(block) {
  const head = el(
    "tr",
    {},
    el(
      "th",
      { scope: "col", text: block.x_label || "" },
      block.x_label ? null : el("span", { class: "sr", text: "Category" }),
    ),
    block.series.map((s) => el("th", { scope: "col", text: s.name || block.y_label || "Value" })),
  );
  const rows = block.categories.map((name, at) =>
    el(
      "tr",
      {},
      el("th", { scope: "row", text: name }),
      block.series.map((s) => el("td", { text: number(block, s.values[at]) })),
    ),
  );
  return el(
    "details",
    { class: "figures" },
    el("summary", { text: "Figures" }),
    el(
      "div",
      { class: "table-wrap", tabindex: "0", role: "region", "aria-label": `Figures: ${block.title}` },
      el("table", {}, el("caption", { class: "sr", text: block.title }), el("thead", {}, head), el("tbody", {}, rows)),
    ),
  );
}

function picture(block, width) {
  const values = block.series
    .flatMap((series) => series.values)
    .filter((value) => value !== null && value !== undefined);
  const ticks = scale(Math.min(0, ...values), Math.max(0, ...values), values.every(Number.isInteger));
  const [low, high] = [ticks[0], ticks.at(-1)];
  const inner = width - PAD.left - PAD.right;
  const floor = HEIGHT - PAD.bottom;
  const y = (value) => floor - ((value - low) / (high - low)) * (floor - PAD.top);
  const slot = inner / Math.max(1, block.categories.length);
  const x = (at) => PAD.left + slot * (at + 0.5);
  const id = uid("chart");
  const drawing = svg(
    "svg",
    {
      class: "chart-svg",
      width,
      height: HEIGHT,
      viewBox: `0 0 ${width} ${HEIGHT}`,
      role: "img",
      "aria-labelledby": id,
    },
    svg("title", { id, text: `${block.title}. ${block.words}` }),
  );

  for (const tick of ticks) {
    drawing.append(
      svg("line", {
        class: tick === 0 ? "axis" : "grid",
        x1: PAD.left,
        x2: width - PAD.right,
        y1: y(tick),
        y2: y(tick),
      }),
      svg("text", {
        class: "chart-tick",
        x: PAD.left - 8,
        y: y(tick) + 4,
        "text-anchor": "end",
        text: number(block, tick),
      }),
    );
  }
  const longest = Math.max(1, ...block.categories.map((name) => name.length));
  const every = Math.max(1, Math.ceil((Math.min(longest, 12) * 7 + 6) / slot));
  block.categories.forEach((name, at) => {
    if (at % every) return;
    const room = Math.max(3, Math.floor((slot * every) / 7));
    const text = name.length > room ? `${name.slice(0, room - 1)}…` : name;
    drawing.append(svg("text", { class: "chart-tick", x: x(at), y: floor + 18, "text-anchor": "middle", text }));
  });
  if (block.x_label)
    drawing.append(
      svg("text", {
        class: "axis-label",
        x: PAD.left + inner / 2,
        y: HEIGHT - 6,
        "text-anchor": "middle",
        text: block.x_label,
      }),
    );
  if (block.y_label)
    drawing.append(
      svg("text", {
        class: "axis-label",
        x: -(PAD.top + floor) / 2,
        y: 11,
        "text-anchor": "middle",
        transform: "rotate(-90)",
        text: block.y_label,
      }),
    );
  (block.kind === "line" ? lines : bars)(drawing, block, { x, y, slot });
  return drawing;
}

function bars(drawing, block, { x, y, slot }) {
  const many = block.series.length;
  const each = Math.min(44, (slot * 0.68) / many);
  block.series.forEach((series, index) => {
    series.values.forEach((value, at) => {
      if (value === null || value === undefined) return;
      const left = x(at) + (index - many / 2) * each;
      const [top, height] = [Math.min(y(0), y(value)), Math.max(1, Math.abs(y(0) - y(value)))];
      drawing.append(
        svg(
          "rect",
          {
            class: `fill-${index % 4}`,
            x: left + 1,
            y: top,
            width: Math.max(2, each - 2),
            height,
            rx: Math.min(3, height / 2),
          },
          svg("title", { text: point(block, series, at) }),
        ),
      );
      if (each >= 16)
        drawing.append(
          svg("text", {
            class: "value",
            x: left + each / 2,
            y: top - 5,
            "text-anchor": "middle",
            text: number(block, value),
          }),
        );
    });
  });
}

function lines(drawing, block, { x, y, slot }) {
  block.series.forEach((series, index) => {
    let path = "";
    let pen = "M";
    series.values.forEach((value, at) => {
      if (value === null || value === undefined)
        pen = "M"; // nothing was measured: a gap, not a guess
      else {
        path += `${pen}${x(at)} ${y(value)}`;
        pen = "L";
      }
    });
    drawing.append(svg("path", { class: `line stroke-${index % 4}`, d: path }));
    series.values.forEach((value, at) => {
      if (value === null || value === undefined) return;
      const mark = marker(index, x(at), y(value), 4.5);
      mark.append(
        svg("title", { text: point(block, series, at) }),
      );
      drawing.append(mark);
      const alone = block.series.length === 1 && slot >= 26;
      if (alone)
        drawing.append(
          svg("text", {
            class: "value",
            x: x(at),
            y: y(value) - 9,
            "text-anchor": "middle",
            text: number(block, value),
          }),
        );
    });
  });
}

function marker(index, x, y, r) {
  const props = { class: `dot fill-${index % 4}` };
  switch (SHAPES[index % SHAPES.length]) {
    case "square":
      return svg("rect", { ...props, x: x - r, y: y - r, width: 2 * r, height: 2 * r, rx: 1 });
    case "diamond":
      return svg("path", {
        ...props,
        d: `M${x} ${y - r * 1.3}L${x + r * 1.3} ${y}L${x} ${y + r * 1.3}L${x - r * 1.3} ${y}Z`,
      });
    case "triangle":
      return svg("path", { ...props, d: `M${x} ${y - r * 1.2}L${x + r * 1.2} ${y + r}L${x - r * 1.2} ${y + r}Z` });
    default:
      return svg("circle", { ...props, cx: x, cy: y, r });
  }
}

const swatch = (index) =>
  svg(
    "svg",
    { class: "swatch", viewBox: "0 0 12 12", width: 12, height: 12, "aria-hidden": "true" },
    marker(index, 6, 6, 4.5),
  );

const point = (block, series, at) =>
  `${block.categories[at]}${series.name ? `, ${series.name}` : ""}: ${number(block, series.values[at])}`;

/** A number as the reader of this chart writes it. */
const number = (block, value) =>
  value === null || value === undefined ? "–" : value.toLocaleString(block.language, { maximumFractionDigits: 2 });

/** Round steps from at most `low` to at least `high`, whole ones for counts; zero is always one of them. */
function scale(low, high, whole) {
  const raw = Math.max((high - low || 1) / 5, whole ? 1 : 0);
  const power = 10 ** Math.floor(Math.log10(raw));
  const fits = (step) => step >= raw && (!whole || Number.isInteger(step));
  const step = [1, 2, 2.5, 5, 10].map((nice) => nice * power).find(fits);
  const ticks = [];
  for (let at = Math.floor(low / step); at <= Math.ceil(high / step) || ticks.length < 2; at++)
    ticks.push(Math.round(at * step * 1e6) / 1e6);
  return ticks;
}
