// What stands around the forecast: exceptions first, then changes, accuracy, communities, stock and the data.

function section(id, title, inside, lead) {
  return el(
    "section",
    { id, "aria-labelledby": id + "-title" },
    el("h2", { id: id + "-title" }, title),
    lead ? el("p", { class: "quiet" }, lead) : null,
    inside,
  );
}

// Parts inflated by main.js before anything is drawn, where they are there.
let accuracyPart = null;

function exceptionsSection() {
  const rows = base.exceptions;
  const kinds = [...new Set(rows.map((row) => row.kind))];
  const box = el("div");
  const draw = () => {
    const shown = rows.filter((row) => state.kind === "" || row.kind === state.kind);
    box.replaceChildren(exceptionTable(shown, kindSelect(kinds, rows, draw)));
  };
  draw();
  const more = base.exceptions_in_all > rows.length ? t("exceptions_more", base.exceptions_in_all - rows.length) : null;
  return section(
    "exceptions",
    t("exceptions_title", base.exceptions_in_all),
    box,
    [t("exceptions_lead"), more].filter(Boolean).join(" "),
  );
}

const kindSelect = (kinds, rows, draw) =>
  kinds.length < 2
    ? null
    : el(
        "label",
        {},
        t("kind") + " ",
        el(
          "select",
          {
            id: "kind",
            onchange: (event) => {
              state.kind = event.target.value;
              draw();
              document.getElementById("kind").focus();
            },
          },
          el("option", { value: "" }, t("all_kinds", rows.length)),
          kinds.map((kind) =>
            el(
              "option",
              { value: kind, selected: kind === state.kind },
              t("kind_" + kind) + " (" + rows.filter((row) => row.kind === kind).length + ")",
            ),
          ),
        ),
      );

// A sentence that holds a name of thousands of letters is cut.
const MESSAGE = 400;

function exceptionTable(rows, tools) {
  const k = (row) => meta.months.indexOf(row.month);
  const key = (row) =>
    row.product === null ? { node: row.node, group: row.group } : { node: row.node, product: row.product };
  const region = (row) =>
    el(
      "button",
      { type: "button", class: "link", onclick: () => forecastSection.choose(row.node, row.group ?? undefined) },
      name(nodeName(row.node)),
    );
  const place = (row) => [
    region(row),
    row.product !== null
      ? [" · ", productLabel(row.product)]
      : row.group !== null
        ? [" · ", name(groupName(row.group))]
        : null,
  ];
  const isExplained = (row) =>
    k(row) >= 0 && (row.product !== null || row.group !== null) && row.kind !== "no_forecast";
  return table({
    id: "exceptions",
    caption: t("exceptions_caption"),
    titled: true,
    tools,
    page: 10,
    columns: [
      {
        key: "kind",
        label: t("kind"),
        sort: (row) => t("kind_" + row.kind),
        cell: (row) => el("span", { class: "chip " + row.kind }, t("kind_" + row.kind)),
      },
      { key: "where", label: t("where"), wide: true, sort: (row) => nodeName(row.node), cell: place },
      { key: "month", label: t("month"), sort: (row) => row.month, cell: (row) => row.month },
      { key: "units", label: t("at_stake"), number: true, sort: (row) => row.units, cell: (row) => number(row.units) },
      {
        key: "message",
        label: t("what"),
        wide: true,
        cell: (row) => [
          shortened(both(row.message), MESSAGE),
          isExplained(row) ? [" ", why(t("why"), key(row), k(row))] : null,
        ],
      },
    ],
    rows,
    search: (row) =>
      both(row.message) + " " + nodeCode(row.node) + " " + (row.product === null ? "" : productCode(row.product)),
    none: t("no_exceptions"),
  });
}

function changesSection() {
  const rows = base.changeRows;
  const since = meta.months.map((month, k) => (base.since[k] ? month + ": " + sinceText(k) : t("first_time", month)));
  if (rows.length === 0) return section("changes", t("changes_title"), el("p", {}, t("nothing_issued")));
  // The columns after the change are its causes.
  const causes = base.changes.columns.slice(6).filter((cause) => rows.some((row) => Math.abs(row[cause]) > 1e-9));
  const d = (row) => decimalsOf(row.group);
  const units = (key, print) => ({
    key,
    label: t(key === "last" ? "last_version" : key === "now" ? "this_version" : key),
    number: true,
    sort: (row) => row[key],
    cell: (row) => print(row[key], row),
  });
  const columns = [
    {
      key: "region",
      label: t("region"),
      sort: (row) => nodeName(row.node),
      cell: (row) =>
        el(
          "button",
          { type: "button", class: "link", onclick: () => forecastSection.choose(row.node, row.group) },
          name(nodeName(row.node)),
        ),
    },
    { key: "group", label: t("group"), sort: (row) => groupName(row.group), cell: (row) => name(groupName(row.group)) },
    { key: "month", label: t("month"), sort: (row) => row.k, cell: (row) => meta.months[row.k] },
    units("last", (x, row) => number(x, d(row))),
    units("now", (x, row) => why(number(x, d(row)), { node: row.node, group: row.group }, row.k)),
    units("change", (x, row) => el("b", {}, signed(x, d(row)))),
    ...causes.map((cause) => ({
      key: cause,
      label: t("cause_" + cause),
      number: true,
      sort: (row) => row[cause],
      cell: (row) => (Math.abs(row[cause]) < 0.05 ? "" : signed(row[cause], 1)),
    })),
  ];
  const largest = [...rows].sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
  const made = table({
    id: "changes",
    caption: t("changes_caption"),
    columns,
    rows: largest,
    page: 15,
    search: (row) => nodeName(row.node) + " " + nodeCode(row.node) + " " + groupName(row.group),
  });
  return section("changes", t("changes_title"), [el("p", { class: "quiet" }, since.join(" · ")), made]);
}

function accuracySection() {
  if (!accuracyPart) return null;
  const parts = accuracyPart.falls.map((fall) => [
    waterfall(fall),
    levels(fall.mode),
    added(fall.mode),
    answers(fall.mode),
  ]);
  return section("accuracy", t("accuracy_title"), parts, t("accuracy_lead"));
}

const modeText = (mode) => t(mode === "during" ? "made_during" : "made_at_close");

// Months made down, months forecast across: of the region and group chosen, where the page has them.
function waterfall(fall) {
  const keys = fall.of.map(({ node, group }) => node + "." + group);
  const draw = (i) => {
    const { node, group, issued, sold } = fall.of[i];
    const d = decimalsOf(group);
    const from = Math.max(0, fall.months.length - WATERFALL);
    const cell = (x) => (x === null ? "" : number(x, d));
    const rows = fall.made
      .map((made, i) => [made, ...issued[i].slice(from).map(cell)])
      .filter(([, ...cells]) => cells.some((x) => x !== ""));
    rows.push([el("b", {}, t("sold")), ...sold.slice(from).map((x) => el("b", {}, cell(x)))]);
    const caption = t("waterfall_caption", modeText(fall.mode), nodeName(node), groupName(group));
    return plainTable(caption, [t("made"), ...fall.months.slice(from)], rows);
  };
  const names = fall.of.map(({ node, group }) => plain(nodeName(node)) + " · " + plain(groupName(group)));
  return chosenPart(t("waterfall_of"), names, Math.max(0, keys.indexOf(state.node + "." + state.group)), draw);
}

// The newest months are what one looks for: as many as a screen holds.
const WATERFALL = 14;

// A choice with what else can be set, and below it what belongs to what is chosen.
function chosenPart(label, names, first, draw, more) {
  if (names.length === 0) return null;
  const box = el("div", {}, draw(first));
  const again = () => box.replaceChildren(draw(Number(select.value)));
  const options = names.map((text, i) => el("option", { value: i, selected: i === first }, text));
  const select = el("select", { "aria-label": label, onchange: again }, options);
  return el("div", {}, el("div", { class: "tools" }, select, more?.(again)), box);
}

const accuracyRows = (mode, section) =>
  accuracyPart.figures.filter((row) => row.mode === mode && row.section === section);

// Rows that differ in nothing but the measure, as one.
function gathered(rows, keys) {
  const out = new Map();
  for (const row of rows) {
    const key = JSON.stringify(keys.map((key) => row[key] ?? null));
    if (!out.has(key)) out.set(key, Object.fromEntries(keys.map((key) => [key, row[key]])));
    out.get(key)[row.measure] = row.value;
  }
  return [...out.values()];
}

function levels(mode) {
  const rows = gathered(accuracyRows(mode, "accuracy"), ["lag", "level", "name"]);
  const issued = rows.filter((row) => row.name === "issued");
  if (issued.length === 0) return el("p", { class: "quiet" }, t("nothing_came"));
  const naive = (row) =>
    rows.find((other) => other.name === "naive" && other.lag === row.lag && other.level === row.level);
  return plainTable(
    t("levels_caption", modeText(mode)),
    [
      t("level"),
      t("lag_head"),
      t("months_head"),
      t("wape"),
      t("wape_naive"),
      t("bias"),
      t("inside_80"),
      t("inside_95"),
    ],
    issued.map((row) => [
      t("level_" + row.level),
      String(row.lag),
      number(row.months),
      percent(row.wape),
      percent(naive(row)?.wape),
      growth(row.bias),
      percent(row.inside80, 0),
      percent(row.inside95, 0),
    ]),
  );
}

function added(mode) {
  const rows = gathered(accuracyRows(mode, "step"), ["lag", "level", "name"]).filter(
    (row) => row.level === "region x product",
  );
  if (rows.length === 0) return null;
  return plainTable(
    t("added_caption", modeText(mode)),
    [t("step"), t("lag_head"), t("wape"), t("gained")],
    rows.map((row) => [t("step_" + row.name), String(row.lag), percent(row.wape), signed(row.gained, 0)]),
  );
}

function answers(mode) {
  const rows = ["front", "override"].flatMap((section) =>
    gathered(accuracyRows(mode, section), ["section", "level", "name"]),
  );
  if (rows.length === 0) return null;
  return plainTable(
    t("answers_caption", modeText(mode)),
    [t("who"), t("answers"), t("avoided"), t("nearer"), t("bias")],
    rows.map((row) => [
      [t("source_" + row.section), row.name ? [" · ", name(row.name)] : null],
      number(row.answers),
      signed(row.avoided, 0),
      percent(row.nearer, 0),
      growth(row.bias),
    ]),
  );
}

function communitiesSection(part) {
  const measures = part.measures.map(([word, text, isMoney], i) => ({ word, text, isMoney, i }));
  const values = new Map(part.centres.map(([node, h, m, value]) => [node + "." + h + "." + m, value]));
  const nodes = [...new Set(part.centres.map(([node]) => node))];
  const money = meta.money === "yuan" ? 0 : 1;
  const cell = (value, measure) => {
    if (!value) return NONE;
    const d = measure.isMoney ? money : measure.word === "counters" ? 1 : 0;
    const isSure = value[1] === value[2];
    const bounds = state.bounds && !isSure ? el("small", {}, el("br"), range(value[1], value[2], d)) : null;
    return [number(value[0], d), bounds];
  };
  const boundsBox = (again) => {
    const change = (event) => {
      state.bounds = event.target.checked;
      again();
    };
    return el(
      "label",
      {},
      el("input", { type: "checkbox", checked: state.bounds, onchange: change }),
      " ",
      t("show_bounds"),
    );
  };
  const draw = (i) => {
    const node = nodes[i];
    const value = (h, m) => values.get(node + "." + h + "." + m.i);
    const known = measures.filter((m) => part.months.some((_, h) => value(h, m)));
    const rows = part.months.map((month, h) => [month, ...known.map((m) => cell(value(h, m), m))]);
    return plainTable(t("communities_caption", nodeName(node)), [t("month"), ...known.map((m) => both(m.text))], rows);
  };
  const indented = nodes.map((node) => "\u2003".repeat(depth(node)) + plain(nodeName(node)));
  const box = chosenPart(t("region"), indented, 0, draw, boundsBox);
  const rows = part.communities;
  const n = (key, label) => ({ key, label, number: true, sort: (row) => row[key], cell: (row) => number(row[key]) });
  const list = table({
    id: "communities",
    caption: t("community_list", rows.length, part.in_all),
    columns: [
      { key: "code", label: t("community"), sort: (row) => row.code, cell: (row) => name(row.code) },
      { key: "node", label: t("region"), sort: (row) => nodeName(row.node), cell: (row) => name(nodeName(row.node)) },
      n("households", t("households")),
      n("signed", t("signed")),
      n("left", t("left")),
      {
        key: "signings",
        label: t("signings_year"),
        number: true,
        sort: (row) => row.signings[0],
        cell: (row) => number(row.signings[0]),
      },
      { key: "bounds", label: t("within_80"), number: true, cell: (row) => range(row.signings[1], row.signings[2]) },
      n("buyers", t("buyers_year")),
    ],
    rows,
    page: 15,
    search: (row) => row.code + " " + nodeName(row.node),
  });
  return section("communities", t("communities_title"), [box, list], t("communities_lead"));
}

function stockSection(part) {
  const money = meta.money === "yuan" ? 0 : 2;
  const units = (key, label) => ({
    key,
    label,
    number: true,
    sort: (row) => row[key],
    cell: (row) => number(row[key]),
  });
  const day = (key) => ({ key, label: t(key), sort: (row) => row[key], cell: (row) => row[key] ?? NONE });
  const action = (row) => el("span", { class: "chip action-" + row.action }, t("action_" + row.action));
  const hurry = { late: 0, now: 1, soon: 2 };
  const urgency = (row) =>
    row.urgency ? el("span", { class: "chip urgency-" + row.urgency }, t("urgency_" + row.urgency)) : NONE;
  const product = productColumn((row) => [productCode(row.product), productName(row.product)]);
  const location = { key: "location", label: t("location"), sort: (row) => row.location, cell: (row) => name(row.location) };
  const supplier = { key: "supplier", label: t("supplier"), sort: (row) => row.supplier, cell: (row) => name(row.supplier) };
  const value = {
    ...units("value", t("value") + " (" + moneyName() + ")"),
    cell: (row) => number(row.value, money),
  };
  const search = (row) => [productCode(row.product), productName(row.product), row.location, row.supplier].join(" ");
  const list = table({
    id: "stock",
    caption: t("stock_caption", part.day),
    columns: [
      { key: "urgency", label: t("urgency"), sort: (row) => hurry[row.urgency], cell: urgency },
      product,
      location,
      units("on_hand", t("on_hand")),
      day("need_by"),
      units("order", t("order")),
      supplier,
      value,
      { key: "reason", label: t("reason"), wide: true, cell: (row) => both(row.reason) },
    ],
    rows: part.lines.filter((row) => row.order > 0),
    page: 20,
    search,
  });
  const behind = table({
    id: "stock-lines",
    caption: t("stock_behind", part.day),
    columns: [
      product,
      location,
      { key: "action", label: t("action"), sort: (row) => t("action_" + row.action), cell: action },
      units("order", t("order")),
      day("order_by"),
      day("arrives"),
      day("runs_out"),
      units("on_hand", t("on_hand")),
      units("on_order", t("on_order")),
      units("owed", t("owed")),
      units("echelon_on_hand", t("echelon_on_hand")),
      units("echelon_on_order", t("echelon_on_order")),
      units("echelon_owed", t("echelon_owed")),
      units("position", t("position")),
      units("demand", t("demand_interval")),
      units("bought_for", t("bought_for")),
      units("safety_stock", t("safety_stock")),
      units("raw_need", t("raw_need")),
      units("transfer_in", t("transfer_in")),
      { key: "why", label: t("reason"), wide: true, cell: (row) => both(row.reason) },
    ],
    rows: part.lines,
    page: 20,
    search,
  });
  const transfers = table({
    id: "transfers",
    caption: t("transfers_caption"),
    columns: [
      productColumn((row) => [row.product, row.name]),
      { key: "from", label: t("from"), sort: (row) => row.from, cell: (row) => name(row.from) },
      { key: "to", label: t("to"), sort: (row) => row.to, cell: (row) => name(row.to) },
      units("units", t("units")),
    ],
    rows: part.transfers,
    page: 10,
    search: (row) => [row.product, row.name, row.from, row.to].join(" "),
  });
  const left = part.lines_in_all - part.lines.length;
  const more = left > 0 ? el("p", { class: "quiet" }, t("stock_more", left)) : null;
  const rest = el("details", {}, el("summary", {}, t("stock_behind", part.day)), behind);
  return section("stock", t("stock_title"), [list, more, part.transfers.length ? transfers : null, rest], t("stock_lead"));
}

// Purchasers know products by their codes.
const productColumn = (of) => ({
  key: "product",
  label: t("product"),
  sort: (row) => of(row)[0],
  cell: (row) => [name(of(row)[0]), of(row)[1] === of(row)[0] ? null : el("small", {}, " ", name(of(row)[1]))],
});

const moneyName = () => (meta.money === "yuan" ? t("yuan") : t("wan"));

function dataSection() {
  const rows = base.warnings;
  const place = (row) => [row.file, row.line, row.column].filter((x) => x !== null && x !== "").join(":");
  const problems = table({
    id: "warnings",
    caption: t("warnings_caption"),
    columns: [
      {
        key: "place",
        label: t("place"),
        sort: place,
        cell: (row) => (place(row) ? name(place(row)) : t("whole_folder")),
      },
      {
        key: "message",
        label: t("problem"),
        wide: true,
        sort: (row) => both(row.message),
        cell: (row) => both(row.message),
      },
      { key: "treatment", label: t("treatment"), wide: true, cell: (row) => both(row.treatment) },
    ],
    rows,
    page: 15,
    search: (row) => place(row) + " " + both(row.message),
    none: t("no_warnings"),
  });
  const notes = el(
    "ul",
    { class: "notes" },
    base.notes.map((note) => el("li", { class: both(note).startsWith(" ") ? "below" : null }, both(note))),
  );
  const steps = plainTable(
    t("steps_caption"),
    [t("switch"), t("state"), t("what_it_does")],
    base.steps_of_method.map(([state, by, what]) => [el("code", {}, by), t("state_" + state), both(what)]),
    () => false,
  );
  return section("data", t("data_title", base.warnings_in_all), [
    problems,
    el("h3", {}, t("rules_title")),
    notes,
    el("h3", {}, t("steps_title")),
    steps,
  ]);
}
