// The tree of regions, and one region looked at: its groups, its chart, how its numbers came about.

const figureOf = (node, group, k) => base.byKey.get(node + "." + group + "." + k);
const changeOf = (node, group, k) => base.changeByKey.get(node + "." + group + "." + k);
const historyOf = (node, group) => base.historyByKey.get(node + "." + group) ?? [];
const groupsOf = (node) => base.groups.map((_, group) => group).filter((group) => figureOf(node, group, 0));

// So many regions stand open in the tree at first.
const OPEN = 60;

const groupSelect = (draw) =>
  base.groups.length < 2
    ? null
    : el(
        "label",
        {},
        t("group") + " ",
        el(
          "select",
          { id: "group", onchange: (event) => draw({ group: Number(event.target.value) }) },
          base.groups.map((_, group) =>
            el("option", { value: group, selected: group === state.group }, plain(groupName(group))),
          ),
        ),
      );

const monthLabel = (k) => meta.months[k] + (meta.lags[k] === 0 ? t("landing") : t("lag", meta.lags[k]));

const monthButtons = (draw) =>
  el(
    "span",
    { class: "segments", role: "group", "aria-label": t("month") },
    meta.months.map((_, k) =>
      el(
        "button",
        {
          type: "button",
          id: "month-" + k,
          "aria-pressed": String(k === state.month),
          onclick: () => draw({ month: k }),
        },
        monthLabel(k),
      ),
    ),
  );

// The section of all regions, and below it the region chosen. Both are drawn again when group or month change.
function forecastSection() {
  const tree = el("div");
  const detail = el("div", { id: "region", tabindex: "-1" });
  function draw(change, look) {
    Object.assign(state, change);
    // Not every region sells every group: what was chosen now stays, and the other gives way.
    if (!figureOf(state.node, state.group, 0)) {
      if (change.node === undefined) state.node = top();
      else state.group = groupsOf(state.node)[0] ?? state.group;
    }
    const focused = document.activeElement?.id;
    tree.replaceChildren(regionTable(draw, choose));
    if (look !== "tree") detail.replaceChildren(regionDetail(draw, choose));
    // What was chosen from stays in focus, although it is drawn again.
    if (focused && focused !== "region") document.getElementById(focused)?.focus();
  }
  function choose(node, group) {
    draw({ node, group: group ?? state.group });
    detail.scrollIntoView({ block: "start" });
    detail.focus({ preventScroll: true });
  }
  forecastSection.choose = choose;
  draw({});
  return section("forecast", t("forecast_title"), [tree, detail]);
}

function regionTable(draw, choose) {
  const { group, month } = state;
  const decimals = decimalsOf(group);
  const nodes = base.nodes.map((_, node) => node).filter((node) => node >= top() && figureOf(node, group, month));
  const f = (node) => figureOf(node, group, month);
  const has = (key) => nodes.some((node) => f(node)[key] !== null);
  const children = new Set(nodes.map((node) => base.nodes[node][2]));
  const isParent = (node) => node !== top() && children.has(node);
  if (nodes.length > OPEN && !regionTable.begun) nodes.filter(isParent).forEach((node) => state.closed.add(node));
  regionTable.begun = true;
  const toggle = (node) => {
    const isClosed = state.closed.has(node);
    const press = () => {
      if (!state.closed.delete(node)) state.closed.add(node);
      draw({}, "tree");
    };
    return el(
      "button",
      {
        type: "button",
        id: "toggle-" + node,
        class: "toggle",
        "aria-expanded": String(!isClosed),
        "aria-label": t(isClosed ? "open_region" : "close_region", nodeName(node)),
        onclick: press,
      },
      isClosed ? "▸" : "▾",
    );
  };
  const label = (node) => {
    const button = el(
      "button",
      {
        type: "button",
        class: "link",
        "aria-current": node === state.node ? "true" : null,
        onclick: () => choose(node),
      },
      name(nodeName(node)),
    );
    const out = el(
      "span",
      { class: "branch" },
      isParent(node) ? toggle(node) : el("span", { class: "toggle" }),
      button,
    );
    out.style.paddingInlineStart = depth(node) * 1.1 + "em";
    return out;
  };
  const column = (key, label, value, print, help) => ({
    key,
    label,
    number: true,
    help,
    sort: value,
    cell: (node) => print(value(node), node),
  });
  const n = (x) => number(x, decimals);
  const columns = [
    { key: "region", label: t("region"), sort: nodeName, cell: label },
    column(
      "forecast",
      t("forecast"),
      (node) => f(node).forecast,
      (x, node) => why(n(x), { node, group }, month),
    ),
    has("last_year") ? column("last_year", t("last_year"), (node) => f(node).last_year, n) : null,
    column(
      "growth",
      t("growth"),
      (node) => f(node).growth,
      (x) => growth(x),
      t("growth_help"),
    ),
    has("low80")
      ? {
          key: "bounds",
          label: t("within_80"),
          number: true,
          help: t("bounds_help"),
          cell: (node) => range(f(node).low80, f(node).high80, decimals),
        }
      : null,
    has("target")
      ? column(
          "target",
          t("target"),
          (node) => f(node).target,
          (x) => number(x),
        )
      : null,
    has("attainment")
      ? column(
          "attainment",
          t("attainment"),
          (node) => f(node).attainment,
          (x) => percent(x),
        )
      : null,
    nodes.some((node) => changeOf(node, group, month))
      ? column("last", t("last_version"), (node) => changeOf(node, group, month)?.last, n, sinceText(month))
      : null,
    nodes.some((node) => changeOf(node, group, month))
      ? column(
          "change",
          t("change"),
          (node) => changeOf(node, group, month)?.change,
          (x) => signed(x, decimals),
        )
      : null,
    column(
      "year_outlook",
      t("year_outlook"),
      (node) => f(node).year_outlook,
      (x) => number(x),
      t("year_outlook_help"),
    ),
    has("gap")
      ? column(
          "gap",
          t("gap"),
          (node) => f(node).gap,
          (x) => signed(x),
          t("gap_help"),
        )
      : null,
  ];
  return table({
    id: "regions",
    caption: t("regions_caption", groupName(group), monthLabel(month)),
    tools: [groupSelect(draw), monthButtons(draw)],
    columns: columns.filter(Boolean),
    rows: nodes,
    page: 50,
    search: (node) => nodeName(node) + " " + nodeCode(node),
    marked: (node) => (node === state.node ? "chosen" : null),
    arrange: arrangedTree,
  });
}

// The rows of the tree: below their parent, sorted among their siblings; a search shows what it finds with what is above.
function arrangedTree(nodes, fits, order) {
  const below = new Map();
  for (const node of nodes) {
    const parent = node === top() ? -1 : base.nodes[node][2];
    if (!below.has(parent)) below.set(parent, []);
    below.get(parent).push(node);
  }
  const wanted = new Set();
  let isSearched = false;
  for (const node of nodes) {
    if (!fits(node)) {
      isSearched = true;
      continue;
    }
    for (let at = node; !wanted.has(at); at = base.nodes[at][2]) wanted.add(at); // ends at the top, its own parent
  }
  const out = [];
  const open = [...(below.get(-1) ?? [])];
  while (open.length > 0) {
    const node = open.pop();
    if (!wanted.has(node)) continue;
    out.push(node);
    if (state.closed.has(node) && !isSearched) continue;
    const children = [...(below.get(node) ?? [])];
    if (order) children.sort(order);
    open.push(...children.reverse());
  }
  return out;
}

function sinceText(k) {
  const since = base.since[k];
  return since ? t("since", since[0], since[2], since[3]) : null;
}

function regionDetail(draw, choose) {
  const { node, group } = state;
  const groups = groupsOf(node);
  if (!groups.includes(group)) return el("p", { class: "quiet" }, t("nothing"));
  const above = [];
  for (let at = node; at !== top(); at = base.nodes[at][2]) above.unshift(base.nodes[at][2]);
  const trail = above.map((at) => [
    el("button", { type: "button", class: "link", onclick: () => choose(at) }, name(nodeName(at))),
    " › ",
  ]);
  return el(
    "article",
    { "aria-labelledby": "region-title" },
    el(
      "h3",
      { id: "region-title" },
      trail.length ? el("span", { class: "trail" }, trail) : null,
      name(nodeName(node)),
      " · ",
      name(groupName(group)),
    ),
    groups.length > 1 ? cards(node, groups, draw) : null,
    chart(chartOf(node, group)),
    versions(node, group),
    productsPart(node, group),
  );
}

// A card for each group: its numbers, and its line.
function cards(node, groups, draw) {
  return el(
    "div",
    { class: "cards" },
    groups.map((group) => {
      const d = decimalsOf(group);
      const ahead = meta.months.map((_, k) => figureOf(node, group, k));
      const history = historyOf(node, group);
      const months = ahead.map((f, k) =>
        el(
          "span",
          { class: "month" },
          el("small", {}, meta.months[k]),
          el("b", {}, number(f.forecast, d)),
          el("small", {}, growth(f.growth)),
        ),
      );
      return el(
        "button",
        {
          type: "button",
          id: "card-" + group,
          class: "card",
          "aria-pressed": String(group === state.group),
          onclick: () => draw({ group }),
        },
        el("span", { class: "title" }, name(groupName(group))),
        spark(
          history.slice(-36),
          ahead.map((f) => f.forecast),
          null,
          t("sparkline", groupName(group)),
          200,
          36,
        ),
        el("span", { class: "months" }, months),
      );
    }),
  );
}

function chartOf(node, group) {
  const history = historyOf(node, group);
  return {
    title: t("chart_of", nodeName(node), groupName(group)),
    decimals: decimalsOf(group),
    first: meta.start,
    history,
    issued: issuedOf(node, group),
    ahead: meta.months.map((month, k) => {
      const f = figureOf(node, group, k);
      return {
        month,
        units: f.forecast,
        low80: f.low80,
        high80: f.high80,
        low95: f.low95,
        high95: f.high95,
        target: f.target,
        last: changeOf(node, group, k)?.last ?? null,
      };
    }),
  };
}

// The last version issued before each past month came, where the ledger has one.
function issuedOf(node, group) {
  const out = {};
  for (const fall of accuracyPart?.falls ?? []) {
    const of = fall.of.find((of) => of.node === node && of.group === group);
    for (const row of of?.issued ?? []) {
      row.forEach((units, i) => units !== null && fall.months[i] <= meta.cutoff && (out[fall.months[i]] = units));
    }
  }
  return out;
}

// The months ahead in full: how the revision came to each number, with its bounds and its last version.
function versions(node, group) {
  const d = decimalsOf(group);
  const ks = meta.months.map((_, k) => k);
  const f = ks.map((k) => figureOf(node, group, k));
  const any = (key) => f.some((f) => f[key] !== null);
  const changed = (i) => f.some((f) => Math.abs(f.steps[i] - f.steps[i - 1]) > 1e-6);
  const rows = [];
  if (any("last_year")) rows.push([t("last_year"), ...f.map((f) => number(f.last_year, d))]);
  rows.push([t("step_stat"), ...f.map((f) => number(f.steps[0], 1))]);
  for (let i = 1; i < STEPS.length; i++)
    if (changed(i)) rows.push([t("step_" + STEPS[i]), ...f.map((f) => signed(f.steps[i] - f.steps[i - 1], 1))]);
  rows.push([el("b", {}, t("forecast")), ...ks.map((k) => why(number(f[k].forecast, d), { node, group }, k))]);
  if (any("low80")) rows.push([t("within_80"), ...f.map((f) => range(f.low80, f.high80, d))]);
  if (any("low95")) rows.push([t("within_95"), ...f.map((f) => range(f.low95, f.high95, d))]);
  if (any("target")) rows.push([t("target"), ...f.map((f) => number(f.target))]);
  if (any("attainment")) rows.push([t("attainment"), ...f.map((f) => percent(f.attainment))]);
  if (ks.some((k) => changeOf(node, group, k))) {
    rows.push([t("last_version"), ...ks.map((k) => number(changeOf(node, group, k)?.last, d))]);
    rows.push([t("change"), ...ks.map((k) => signed(changeOf(node, group, k)?.change, d))]);
  }
  return plainTable(t("versions_caption", groupName(group)), ["", ...ks.map(monthLabel)], rows);
}
