// Charts as inline SVG, drawn at the width there is, so that their letters stay readable on a phone.

const MARGIN = { top: 14, right: 12, bottom: 26, left: 52 };

// Round numbers from 0 to over the largest.
function ticks(most, count) {
  const rough = Math.max(most, 1e-9) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough);
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, i) => i * step);
}

// Draws whenever the width changes; `draw` gets the width and gives an svg.
function responsive(draw, className) {
  const box = el("div", { class: className });
  let width = 0;
  new ResizeObserver(() => {
    const now = Math.round(box.clientWidth);
    if (now === width || now === 0) return;
    width = now;
    box.replaceChildren(draw(width));
  }).observe(box);
  return box;
}

const path = (points) => points.map(([x, y], i) => (i ? "L" : "M") + x.toFixed(1) + " " + y.toFixed(1)).join("");

// The history and what is forecast of one sum or product. data: title, decimals, first (month), history (numbers),
// ahead: [{ month, units, low80, high80, low95, high95, target, last }], issued (month -> last version before it came),
// out (Set of indexes of the history with too little stock).
function chart(data) {
  const figure = el("figure", { class: "chart" });
  const readout = el("p", { class: "readout", "aria-hidden": "true" });
  figure.append(
    responsive((width) => drawn(data, width, readout), "canvas"),
    readout,
    el("figcaption", {}, legend(data)),
    el("details", {}, el("summary", {}, t("as_table")), chartTable(data)),
  );
  return figure;
}

function drawn(data, width, readout) {
  const height = Math.round(Math.min(300, Math.max(200, width * 0.36)));
  const months = data.history.length;
  // The history's last month stands beside the first one forecast, unless the landing's month lies between.
  const at = (month) => monthsBetween(data.first, month);
  const count = Math.max(months, ...data.ahead.map((a) => at(a.month) + 1));
  const all = [
    ...data.history,
    ...data.ahead.flatMap((a) => [a.units, a.high95, a.target, a.last]),
    ...Object.values(data.issued),
  ];
  const scale = ticks(Math.max(0, ...all.filter((x) => x !== null && x !== undefined)), 4);
  const top = scale[scale.length - 1] || 1;
  const x = (i) => MARGIN.left + ((i + 0.5) * (width - MARGIN.left - MARGIN.right)) / count;
  const y = (v) => height - MARGIN.bottom - (Math.max(0, v) * (height - MARGIN.top - MARGIN.bottom)) / top;
  const out = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img" });
  const last = data.ahead[data.ahead.length - 1];
  out.append(
    svg("title", {}, data.title),
    svg(
      "desc",
      {},
      last
        ? t("chart_says", data.first, monthAfter(data.first, months - 1), last.month, number(last.units, data.decimals))
        : data.title,
    ),
  );
  axes(out, data, { width, height, count, scale, x, y });

  const tick = Math.min(9, (width - MARGIN.left - MARGIN.right) / count / 2);
  const ahead = data.ahead.map((a) => ({ ...a, i: at(a.month) }));
  const begin = months > 0 ? { i: months - 1, units: data.history[months - 1] } : null;
  band(out, ahead, begin, "low95", "high95", "band95", x, y);
  band(out, ahead, begin, "low80", "high80", "band80", x, y);
  out.append(svg("path", { class: "sold", d: path(data.history.map((v, i) => [x(i), y(v)])) }));
  if (ahead.length > 0) {
    const points = [...(begin ? [[x(begin.i), y(begin.units)]] : []), ...ahead.map((a) => [x(a.i), y(a.units)])];
    out.append(svg("path", { class: "forecast", d: path(points) }));
  }
  for (const i of data.out ?? []) out.append(cross(x(i), y(data.history[i]), 4, "out"));
  for (const [month, units] of Object.entries(data.issued))
    out.append(svg("circle", { class: "issued", cx: x(at(month)), cy: y(units), r: 3.5 }));
  for (const a of ahead) {
    if (a.target !== null && a.target !== undefined)
      out.append(svg("path", { class: "target", d: `M${x(a.i) - tick} ${y(a.target)}h${2 * tick}` }));
    if (a.last !== null && a.last !== undefined)
      out.append(svg("circle", { class: "issued", cx: x(a.i), cy: y(a.last), r: 4.5 }));
    out.append(svg("circle", { class: "dot", cx: x(a.i), cy: y(a.units), r: 4 }));
  }
  pointer(out, data, { width, height, count, x, at }, readout);
  return out;
}

function axes(out, data, { width, height, count, scale, x, y }) {
  for (const v of scale) {
    out.append(svg("path", { class: "grid", d: `M${MARGIN.left} ${y(v)}H${width - MARGIN.right}` }));
    out.append(
      svg("text", { class: "tick", x: MARGIN.left - 8, y: y(v) + 4, "text-anchor": "end" }, number(v, v % 1 ? 1 : 0)),
    );
  }
  // A label for each year; where there are few months, for each month that has room.
  const room = (width - MARGIN.left - MARGIN.right) / count;
  const every = room * 12 < 54 ? 24 : count > 14 ? 12 : Math.ceil(54 / room);
  for (let i = 0; i < count; i++) {
    const month = monthAfter(data.first, i);
    const isLabelled =
      every >= 12
        ? Number(month.slice(5)) === 1 && (every === 12 || Number(month.slice(0, 4)) % 2 === 0)
        : i % every === 0;
    if (!isLabelled) continue;
    out.append(svg("path", { class: "stroke", d: `M${x(i)} ${height - MARGIN.bottom}v5` }));
    out.append(svg("text", { class: "tick", x: x(i), y: height - 7, "text-anchor": "middle" }, month));
  }
}

function band(out, ahead, begin, low, high, className, x, y) {
  const known = ahead.filter((a) => a[low] !== null && a[low] !== undefined);
  if (known.length === 0) return;
  const start = begin ? [[x(begin.i), y(begin.units)]] : [];
  const up = known.map((a) => [x(a.i), y(a[high])]);
  const down = known.map((a) => [x(a.i), y(a[low])]).reverse();
  out.append(svg("path", { class: className, d: path([...start, ...up, ...down]) + "Z" }));
}

const cross = (x, y, r, className) =>
  svg("path", { class: className, d: `M${x - r} ${y - r}l${2 * r} ${2 * r}m0 ${-2 * r}l${-2 * r} ${2 * r}` });

function monthsBetween(first, month) {
  const [a, b] = [first, month].map((m) => m.split("-").map(Number));
  return (b[0] - a[0]) * 12 + b[1] - a[1];
}

// The numbers of the month under the pointer, below the chart.
function pointer(out, data, { width, height, count, x, at }, readout) {
  const guide = svg("path", { class: "guide", d: "" });
  out.append(guide);
  const leave = () => {
    guide.setAttribute("d", "");
    readout.textContent = "";
  };
  out.addEventListener("pointerleave", leave);
  out.addEventListener("pointermove", (event) => {
    const box = out.getBoundingClientRect();
    const i = Math.floor(((event.clientX - box.left - MARGIN.left) * count) / (width - MARGIN.left - MARGIN.right));
    if (i < 0 || i >= count) return leave();
    guide.setAttribute("d", `M${x(i)} ${MARGIN.top}V${height - MARGIN.bottom}`);
    const month = monthAfter(data.first, i);
    const a = data.ahead.find((a) => a.month === month);
    const parts = [month];
    if (i < data.history.length) parts.push(t("sold") + " " + number(data.history[i], data.decimals));
    if (data.out?.has(i)) parts.push(t("out_of_stock"));
    if (a) {
      parts.push(t("forecast") + " " + number(a.units, data.decimals));
      if (a.low80 !== null && a.low80 !== undefined) parts.push("80% " + range(a.low80, a.high80, data.decimals));
      if (a.target !== null && a.target !== undefined) parts.push(t("target") + " " + number(a.target));
    }
    const issued = a?.last ?? data.issued[month];
    if (issued !== null && issued !== undefined) parts.push(t("last_version") + " " + number(issued, data.decimals));
    readout.textContent = parts.join(" · ");
  });
}

function legend(data) {
  const has = (key) => data.ahead.some((a) => a[key] !== null && a[key] !== undefined);
  const sample = (draw) => svg("svg", { width: 22, height: 12, viewBox: "0 0 22 12", "aria-hidden": "true" }, draw);
  const one = (draw, text) => el("span", { class: "key" }, sample(draw), text);
  const issued = has("last") || Object.keys(data.issued).length > 0;
  return [
    one(svg("path", { class: "sold", d: "M1 6H21" }), t("sold")),
    one(
      [svg("path", { class: "forecast", d: "M1 6H21" }), svg("circle", { class: "dot", cx: 11, cy: 6, r: 3.5 })],
      t("forecast"),
    ),
    has("low80") ? one(svg("path", { class: "band80", d: "M1 1H21V11H1Z" }), t("within_80")) : null,
    has("low95") ? one(svg("path", { class: "band95", d: "M1 1H21V11H1Z" }), t("within_95")) : null,
    has("target") ? one(svg("path", { class: "target", d: "M3 6H19" }), t("target")) : null,
    issued ? one(svg("circle", { class: "issued", cx: 11, cy: 6, r: 4 }), t("last_version")) : null,
    data.out?.size ? one(cross(11, 6, 4, "out"), t("out_of_stock")) : null,
  ];
}

function chartTable(data) {
  const months = new Map(data.history.map((units, i) => [monthAfter(data.first, i), { units, out: data.out?.has(i) }]));
  const ahead = new Map(data.ahead.map((a) => [a.month, a]));
  const all = [...new Set([...months.keys(), ...ahead.keys()])].sort().reverse();
  const n = (x) => number(x, data.decimals);
  const rows = all.map((month) => {
    const [was, a] = [months.get(month), ahead.get(month)];
    const sold = was ? n(was.units) + (was.out ? " ×" : "") : NONE;
    return [
      month,
      sold,
      n(a?.units),
      range(a?.low80, a?.high80, data.decimals),
      range(a?.low95, a?.high95, data.decimals),
      number(a?.target),
      n(a?.last ?? data.issued[month]),
    ];
  });
  const head = [t("month"), t("sold"), t("forecast"), t("within_80"), t("within_95"), t("target"), t("last_version")];
  return plainTable(data.title, head, rows);
}

// A line without axes: months of a history, what follows it, crosses where stock had run out.
function spark(values, ahead, out, label, width = 132, height = 30) {
  const most = Math.max(1e-12, ...values, ...ahead);
  const count = values.length + ahead.length;
  const x = (i) => 4 + (i * (width - 8)) / Math.max(1, count - 1);
  const y = (v) => height - 4 - (Math.max(0, v) * (height - 8)) / most;
  const points = values.map((v, i) => [x(i), y(v)]);
  const after = ahead.map((v, i) => [x(values.length + i), y(v)]);
  return svg(
    "svg",
    { class: "spark", width, height, viewBox: `0 0 ${width} ${height}`, role: "img" },
    svg("title", {}, label),
    svg("path", { class: "sold", d: path(points) }),
    after.length ? svg("path", { class: "forecast", d: path([...points.slice(-1), ...after]) }) : null,
    after.slice(-1).map(([cx, cy]) => svg("circle", { class: "dot", cx, cy, r: 2.5 })),
    [...(out ?? [])].map((i) => cross(x(i), y(values[i]), 2.5, "out")),
  );
}
