// The tree of regions, and one region looked at: its groups, its products, its mix.

const figureOf = (node, group, k) => base.byKey.get(node + "." + group + "." + k);
const changeOf = (node, group, k) => base.changeByKey.get(node + "." + group + "." + k);
const historyOf = (node, group) => base.historyByKey.get(node + "." + group) ?? [];
const groupsOf = (node) => base.groups.map((_, group) => group).filter((group) => figureOf(node, group, 0));

// So many regions stand open in the tree at first.
const OPEN = 60;
// Products of a sum of more regions than this are added up when they are asked for, not at once.
const AT_ONCE = 12;

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
          base.groups.map((_, group) => el("option", { value: group, selected: group === state.group }, plain(groupName(group))))
        )
      );

const monthLabel = (k) => meta.months[k] + (meta.lags[k] === 0 ? t("landing") : t("lag", meta.lags[k]));

const monthButtons = (draw) =>
  el(
    "span",
    { class: "segments", role: "group", "aria-label": t("month") },
    meta.months.map((_, k) => el("button", { type: "button", id: "month-" + k, "aria-pressed": String(k === state.month), onclick: () => draw({ month: k }) }, monthLabel(k)))
  );

// The section of all regions, and below it the region chosen. Both are drawn again when group or month change.
function forecastSection() {
  const tree = el("div");
  const detail = el("div", { id: "region", tabindex: "-1" });
  function draw(change, look) {
    Object.assign(state, change);
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
    return el("button", { type: "button", id: "toggle-" + node, class: "toggle", "aria-expanded": String(!isClosed), "aria-label": t(isClosed ? "open_region" : "close_region", nodeName(node)), onclick: press }, isClosed ? "▸" : "▾");
  };
  const label = (node) => {
    const button = el("button", { type: "button", class: "link", "aria-current": node === state.node ? "true" : null, onclick: () => choose(node) }, name(nodeName(node)));
    const out = el("span", { class: "branch" }, isParent(node) ? toggle(node) : el("span", { class: "toggle" }), button);
    out.style.paddingInlineStart = depth(node) * 1.1 + "em";
    return out;
  };
  const column = (key, label, value, print, help) => ({ key, label, number: true, help, sort: value, cell: (node) => print(value(node), node) });
  const n = (x) => number(x, decimals);
  const columns = [
    { key: "region", label: t("region"), sort: nodeName, cell: label },
    column("forecast", t("forecast"), (node) => f(node).forecast, (x, node) => why(n(x), { node, group }, month)),
    has("last_year") ? column("last_year", t("last_year"), (node) => f(node).last_year, n) : null,
    column("growth", t("growth"), (node) => f(node).growth, (x) => growth(x), t("growth_help")),
    has("low80") ? { key: "bounds", label: t("within_80"), number: true, help: t("bounds_help"), cell: (node) => range(f(node).low80, f(node).high80, decimals) } : null,
    has("target") ? column("target", t("target"), (node) => f(node).target, (x) => number(x)) : null,
    has("attainment") ? column("attainment", t("attainment"), (node) => f(node).attainment, (x) => percent(x)) : null,
    nodes.some((node) => changeOf(node, group, month))
      ? column("last", t("last_version"), (node) => changeOf(node, group, month)?.last, n, sinceText(month))
      : null,
    nodes.some((node) => changeOf(node, group, month))
      ? column("change", t("change"), (node) => changeOf(node, group, month)?.change, (x) => signed(x, decimals))
      : null,
    column("year_outlook", t("year_outlook"), (node) => f(node).year_outlook, (x) => number(x), t("year_outlook_help")),
    has("gap") ? column("gap", t("gap"), (node) => f(node).gap, (x) => signed(x), t("gap_help")) : null,
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
  const { node } = state;
  const groups = groupsOf(node);
  if (!groups.includes(state.group) && groups.length > 0) state.group = groups[0];
  const { group } = state;
  const above = [];
  for (let at = node; at !== top(); at = base.nodes[at][2]) above.unshift(base.nodes[at][2]);
  const trail = above.map((at) => [el("button", { type: "button", class: "link", onclick: () => choose(at) }, name(nodeName(at))), " › "]);
  return el(
    "article",
    { "aria-labelledby": "region-title" },
    el("h3", { id: "region-title" }, trail.length ? el("span", { class: "trail" }, trail) : null, name(nodeName(node)), " · ", name(groupName(group))),
    groups.length > 1 ? cards(node, groups, draw) : null,
    chart(chartOf(node, group)),
    versions(node, group),
    productsPart(node, group)
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
      const months = ahead.map((f, k) => el("span", { class: "month" }, el("small", {}, meta.months[k]), el("b", {}, number(f.forecast, d)), el("small", {}, growth(f.growth))));
      return el(
        "button",
        { type: "button", id: "card-" + group, class: "card", "aria-pressed": String(group === state.group), onclick: () => draw({ group }) },
        el("span", { class: "title" }, name(groupName(group))),
        spark(history.slice(-36), ahead.map((f) => f.forecast), null, t("sparkline", groupName(group)), 200, 36),
        el("span", { class: "months" }, months)
      );
    })
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
      return { month, units: f.forecast, low80: f.low80, high80: f.high80, low95: f.low95, high95: f.high95, target: f.target, last: changeOf(node, group, k)?.last ?? null };
    }),
  };
}

// The last version issued before each past month came, where the ledger has one.
function issuedOf(node, group) {
  const out = {};
  for (const fall of accuracyPart?.falls ?? []) {
    const of = fall.of.find(([n, g]) => n === node && g === group);
    of?.[2].forEach((row) => row.forEach((units, i) => units !== null && fall.months[i] <= meta.cutoff && (out[fall.months[i]] = units)));
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
  for (let i = 1; i < STEPS.length; i++) if (changed(i)) rows.push([t("step_" + STEPS[i]), ...f.map((f) => signed(f.steps[i] - f.steps[i - 1], 1))]);
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

// Products of a region: a leaf's block, or the sums of the blocks of the leaves below.
const sums = new Map();

function productsOf(node) {
  if (meta.detail === null) return Promise.resolve(null);
  if (!sums.has(node)) sums.set(node, isLeaf(node) ? leafProducts(node) : sumOfLeaves(node));
  return sums.get(node);
}

async function leafProducts(node) {
  const leaf = await block("products-" + node);
  const months = meta.months.length;
  const rules = new Map(leaf.rules);
  const rows = leaf.products.map((product, i) => ({
    product,
    isForecast: leaf.forecast[i] === 1,
    history: leaf.history[i],
    out: new Map(),
    units: leaf.units[i],
    exact: leaf.exact[i],
    bounds: leaf.bounds.slice(i * months, (i + 1) * months),
    mix: leaf.mix[i],
    rule: rules.get(base.products[product][2]),
    steps: leaf.exact[i].map((x) => [x, x, x, x]),
    last: Array(months).fill(null),
    change: Array(months).fill(null),
  }));
  for (const [i, month, share, demand] of leaf.out) {
    rows[i].out.set(month, { share, demand, lost: Math.max(0, demand - rows[i].history[month]) });
  }
  for (const [i, k, after] of leaf.steps) rows[i].steps[k] = after;
  for (const [i, k, last, change] of leaf.changes) [rows[i].last[k], rows[i].change[k]] = [last, change];
  return rows;
}

async function sumOfLeaves(node) {
  const leaves = base.nodes.map((_, n) => n).filter((n) => isLeaf(n) && isBelow(n, node));
  const byProduct = new Map();
  for (const leaf of leaves) {
    for (const row of await leafProducts(leaf)) {
      const sum = byProduct.get(row.product);
      if (sum) addProduct(sum, row);
      else byProduct.set(row.product, { ...structuredClone(row), bounds: null, mix: null, rule: null });
    }
  }
  const all = [...byProduct.values()].sort((a, b) => a.product - b.product);
  // Somewhere something is always short: of a sum those months count in which a tenth of the demand found no goods.
  for (const row of all) {
    for (const [month, { lost }] of row.out) if (lost < SHORT * (row.history[month] + lost)) row.out.delete(month);
  }
  return all;
}

const SHORT = 0.1;

function addProduct(sum, row) {
  const add = (a, b) => b.forEach((x, i) => (a[i] += x));
  const maybe = (a, b) => b.forEach((x, i) => (a[i] = x === null ? a[i] : (a[i] ?? 0) + x));
  add(sum.history, row.history);
  add(sum.units, row.units);
  add(sum.exact, row.exact);
  sum.steps.forEach((after, k) => add(after, row.steps[k]));
  maybe(sum.last, row.last);
  maybe(sum.change, row.change);
  sum.isForecast ||= row.isForecast;
  for (const [month, { lost }] of row.out) sum.out.set(month, { lost: lost + (sum.out.get(month)?.lost ?? 0) });
}

function productsPart(node, group) {
  const part = el("div");
  const leaves = isLeaf(node) ? 1 : base.nodes.filter((_, n) => isLeaf(n) && isBelow(n, node)).length;
  if (meta.detail === null) return el("p", { class: "quiet" }, t("no_products"));
  const show = async () => {
    part.replaceChildren(el("p", { class: "quiet" }, t("loading")));
    const rows = (await productsOf(node)).filter((row) => base.products[row.product][2] === group);
    part.replaceChildren(productTable(node, group, rows), mixTable(node, group, rows));
  };
  if (leaves <= AT_ONCE || sums.has(node)) show();
  else part.append(el("button", { type: "button", onclick: show }, t("add_up", leaves)));
  return part;
}

// First month of the history that products have.
const detailStart = () => monthAfter(meta.cutoff, 1 - meta.detail);

function productTable(node, group, rows) {
  const d = decimalsOf(group);
  const { month } = state;
  const shown = rows.filter((row) => row.isForecast);
  const n = (x) => number(x, d);
  const lastYear = (row) => row.history[meta.detail + monthsBetween(meta.cutoff, meta.months[month]) - 13] ?? null;
  const columns = [
    { key: "product", label: t("product"), sort: (row) => productName(row.product), cell: (row) => productLabel(row.product) },
    ...meta.months.map((m, k) => ({ key: "units" + k, label: m, number: true, sort: (row) => row.units[k], cell: (row) => why(n(row.units[k]), { node, product: row.product }, k) })),
    { key: "last_month", label: t("sold_in", meta.cutoff), number: true, sort: (row) => row.history[meta.detail - 1], cell: (row) => n(row.history[meta.detail - 1]) },
    { key: "last_year", label: t("last_year"), number: true, sort: lastYear, cell: (row) => n(lastYear(row)) },
    rows.some((row) => row.bounds?.[month]) ? { key: "bounds", label: t("within_80"), number: true, help: monthLabel(month), sort: (row) => row.bounds?.[month]?.[1], cell: (row) => range(row.bounds?.[month]?.[0], row.bounds?.[month]?.[1], d) } : null,
    rows.some((row) => row.last[month] !== null) ? { key: "last", label: t("last_version"), number: true, help: sinceText(month), sort: (row) => row.last[month], cell: (row) => n(row.last[month]) } : null,
    rows.some((row) => row.change[month] !== null) ? { key: "change", label: t("change"), number: true, help: sinceText(month), sort: (row) => row.change[month], cell: (row) => signed(row.change[month], d) } : null,
  ];
  return table({
    id: "products",
    caption: t("products_caption", nodeName(node), groupName(group)),
    columns: columns.filter(Boolean),
    rows: shown,
    search: (row) => productName(row.product) + " " + productCode(row.product),
  });
}

const productLabel = (product) => [name(productName(product)), productName(product) === productCode(product) ? null : el("small", {}, " ", name(productCode(product)))];

// Shares over time, a line a product, with crosses where it had too little stock, and the shares that are used.
function mixTable(node, group, rows) {
  const months = Math.min(36, meta.detail);
  const totals = Array.from({ length: meta.detail }, (_, i) => rows.reduce((sum, row) => sum + row.history[i], 0));
  const from = meta.detail - months;
  const share = (row, i) => (totals[i] > 0 ? row.history[i] / totals[i] : 0);
  const lines = rows.filter((row) => row.isForecast || row.mix?.some((x) => x > 0)).map((row) => {
    const shares = Array.from({ length: months }, (_, i) => share(row, from + i));
    const out = [...row.out.keys()].filter((i) => i >= from).map((i) => i - from);
    return { ...row, shares, outShown: out, now: shares[months - 1] };
  });
  const total = meta.months.map((_, k) => rows.reduce((sum, row) => sum + row.exact[k], 0));
  const ahead = (row) => row.exact.map((x, k) => (total[k] > 0 ? x / total[k] : 0));
  const says = (row) => t("share_line", productName(row.product), monthAfter(meta.cutoff, 1 - months), meta.cutoff, row.outShown.map((i) => monthAfter(detailStart(), from + i)).join(", ") || t("never"));
  const mixColumn = (i, key) => ({ key, label: t(key), number: true, sort: (row) => row.mix[i], cell: (row) => percent(row.mix[i]) });
  const columns = [
    { key: "product", label: t("product"), sort: (row) => productName(row.product), cell: (row) => productLabel(row.product) },
    { key: "line", label: t("share_over", months), cell: (row) => spark(row.shares, ahead(row), row.outShown, says(row), 200, 32) },
    { key: "out", label: t("months_out"), number: true, sort: (row) => row.outShown.length, cell: (row) => outText(row, from) },
    { key: "now", label: meta.cutoff, number: true, sort: (row) => row.now, cell: (row) => percent(row.now) },
    ...meta.months.map((m, k) => ({ key: "share" + k, label: m, number: true, help: t("share_ahead"), sort: (row) => ahead(row)[k], cell: (row) => percent(ahead(row)[k]) })),
  ];
  if (rows.some((row) => row.mix)) columns.push(mixColumn(1, "mix_before"), mixColumn(2, "mix_repaired"), mixColumn(3, "mix_used"));
  const rule = rows.find((row) => row.rule)?.rule;
  return el(
    "div",
    {},
    table({ id: "mix", caption: t("mix_caption", nodeName(node), groupName(group)), columns, rows: lines, page: 15, search: (row) => productName(row.product) + " " + productCode(row.product) }),
    el("p", { class: "quiet" }, t("mix_help"), rule ? " " + t("mix_rule", both(rule)) : "")
  );
}

// How many of the months shown had too little stock, and under the pointer what was sold and what it would have been.
function outText(row, from) {
  const list = [...row.out].filter(([i]) => i >= from);
  if (list.length === 0) return NONE;
  const say = ([i, { share, lost }]) => {
    const stock = share === undefined ? null : share === null ? t("out_unknown") : t("in_stock", percent(share, 0));
    return monthAfter(detailStart(), i) + ": " + [stock, t("demand_was", number(row.history[i]), number(row.history[i] + lost, 1))].filter(Boolean).join(", ");
  };
  return el("span", { title: list.slice(-12).map(say).join("\n") }, "× " + list.length);
}
