// A region's products and their mix over time.

// Products of a sum of more regions than this are added up when they are asked for, not at once.
const AT_ONCE = 12;

const leavesOf = (node) => base.nodes.map((_, n) => n).filter((n) => isLeaf(n) && isBelow(n, node));

// Whether a region's products need not be added up first, or quickly are.
const isAtHand = (node) => meta.detail !== null && (sums.has(node) || leavesOf(node).length <= AT_ONCE);

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
  const byProduct = new Map();
  for (const leaf of leavesOf(node)) {
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
  if (meta.detail === null) return el("p", { class: "quiet" }, t("no_products"));
  const show = async () => {
    part.replaceChildren(el("p", { class: "quiet" }, t("loading")));
    const rows = (await productsOf(node)).filter((row) => base.products[row.product][2] === group);
    part.replaceChildren(productTable(node, group, rows), mixTable(node, group, rows));
  };
  if (isAtHand(node)) show();
  else part.append(el("button", { type: "button", onclick: show }, t("add_up", leavesOf(node).length)));
  return part;
}

function chartOfProduct(key, row) {
  const ahead = meta.months.map((month, k) => {
    const [low80, high80, low95, high95] = row.bounds?.[k] ?? [];
    return { month, units: row.units[k], low80, high80, low95, high95, target: null, last: row.last[k] };
  });
  return {
    title: t("chart_of", nodeName(key.node), productName(key.product)),
    decimals: decimalsOf(base.products[key.product][2]),
    first: detailStart(),
    history: row.history,
    out: new Set(row.out.keys()),
    issued: {},
    ahead,
  };
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
    {
      key: "product",
      label: t("product"),
      sort: (row) => productName(row.product),
      cell: (row) => productLabel(row.product),
    },
    ...meta.months.map((m, k) => ({
      key: "units" + k,
      label: m,
      number: true,
      sort: (row) => row.units[k],
      cell: (row) => why(n(row.units[k]), { node, product: row.product }, k),
    })),
    {
      key: "last_month",
      label: t("sold_in", meta.cutoff),
      number: true,
      sort: (row) => row.history[meta.detail - 1],
      cell: (row) => n(row.history[meta.detail - 1]),
    },
    { key: "last_year", label: t("last_year"), number: true, sort: lastYear, cell: (row) => n(lastYear(row)) },
    rows.some((row) => row.bounds?.[month])
      ? {
          key: "bounds",
          label: t("within_80"),
          number: true,
          help: monthLabel(month),
          sort: (row) => row.bounds?.[month]?.[1],
          cell: (row) => range(row.bounds?.[month]?.[0], row.bounds?.[month]?.[1], d),
        }
      : null,
    rows.some((row) => row.last[month] !== null)
      ? {
          key: "last",
          label: t("last_version"),
          number: true,
          help: sinceText(month),
          sort: (row) => row.last[month],
          cell: (row) => n(row.last[month]),
        }
      : null,
    rows.some((row) => row.change[month] !== null)
      ? {
          key: "change",
          label: t("change"),
          number: true,
          help: sinceText(month),
          sort: (row) => row.change[month],
          cell: (row) => signed(row.change[month], d),
        }
      : null,
  ];
  return table({
    id: "products",
    caption: t("products_caption", nodeName(node), groupName(group)),
    columns: columns.filter(Boolean),
    rows: shown,
    search: (row) => productName(row.product) + " " + productCode(row.product),
  });
}

const productLabel = (product) => [
  name(productName(product)),
  productName(product) === productCode(product) ? null : el("small", {}, " ", name(productCode(product))),
];

// Shares over time, a line a product, with crosses where it had too little stock, and the shares that are used.
function mixTable(node, group, rows) {
  const months = Math.min(36, meta.detail);
  const totals = Array.from({ length: meta.detail }, (_, i) => rows.reduce((sum, row) => sum + row.history[i], 0));
  const from = meta.detail - months;
  const share = (row, i) => (totals[i] > 0 ? row.history[i] / totals[i] : 0);
  const lines = rows
    .filter((row) => row.isForecast || row.mix?.some((x) => x > 0))
    .map((row) => {
      const shares = Array.from({ length: months }, (_, i) => share(row, from + i));
      const out = [...row.out.keys()].filter((i) => i >= from).map((i) => i - from);
      return { ...row, shares, outShown: out, now: shares[months - 1] };
    });
  const total = meta.months.map((_, k) => rows.reduce((sum, row) => sum + row.exact[k], 0));
  const ahead = (row) => row.exact.map((x, k) => (total[k] > 0 ? x / total[k] : 0));
  const says = (row) =>
    t(
      "share_line",
      productName(row.product),
      monthAfter(meta.cutoff, 1 - months),
      meta.cutoff,
      row.outShown.map((i) => monthAfter(detailStart(), from + i)).join(", ") || t("never"),
    );
  const mixColumn = (i, key) => ({
    key,
    label: t(key),
    number: true,
    sort: (row) => row.mix[i],
    cell: (row) => percent(row.mix[i]),
  });
  const columns = [
    {
      key: "product",
      label: t("product"),
      sort: (row) => productName(row.product),
      cell: (row) => productLabel(row.product),
    },
    {
      key: "line",
      label: t("share_over", months),
      cell: (row) => spark(row.shares, ahead(row), row.outShown, says(row), 200, 32),
    },
    {
      key: "out",
      label: t("months_out"),
      number: true,
      sort: (row) => row.outShown.length,
      cell: (row) => outText(row, from),
    },
    { key: "now", label: meta.cutoff, number: true, sort: (row) => row.now, cell: (row) => percent(row.now) },
    ...meta.months.map((m, k) => ({
      key: "share" + k,
      label: m,
      number: true,
      help: t("share_ahead"),
      sort: (row) => ahead(row)[k],
      cell: (row) => percent(ahead(row)[k]),
    })),
  ];
  if (rows.some((row) => row.mix))
    columns.push(mixColumn(1, "mix_before"), mixColumn(2, "mix_repaired"), mixColumn(3, "mix_used"));
  const rule = rows.find((row) => row.rule)?.rule;
  return el(
    "div",
    {},
    table({
      id: "mix",
      caption: t("mix_caption", nodeName(node), groupName(group)),
      columns,
      rows: lines,
      page: 15,
      search: (row) => productName(row.product) + " " + productCode(row.product),
    }),
    el("p", { class: "quiet" }, t("mix_help"), rule ? " " + t("mix_rule", both(rule)) : ""),
  );
}

// How many of the months shown had too little stock, and under the pointer what was sold and what it would have been.
function outText(row, from) {
  const list = [...row.out].filter(([i]) => i >= from);
  if (list.length === 0) return NONE;
  const say = ([i, { share, lost }]) => {
    const stock = share === undefined ? null : share === null ? t("out_unknown") : t("in_stock", percent(share, 0));
    return (
      monthAfter(detailStart(), i) +
      ": " +
      [stock, t("demand_was", number(row.history[i]), number(row.history[i] + lost, 1))].filter(Boolean).join(", ")
    );
  };
  return el("span", { title: list.slice(-12).map(say).join("\n") }, "× " + list.length);
}
