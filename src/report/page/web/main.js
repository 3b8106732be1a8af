// The page: what it is of, its parts, and the language and the light in which it is read.

const IDS = {
  forecast: "forecast_title",
  changes: "changes_title",
  accuracy: "accuracy_title",
  communities: "communities_title",
  stock: "stock_title",
};

async function main() {
  base = await block("base");
  const figures = objects(base.figures).map((row, i) => ({ ...row, steps: base.steps[i] }));
  base.byKey = new Map(figures.map((row) => [row.node + "." + row.group + "." + row.k, row]));
  base.historyByKey = new Map(base.history.map(([node, group, units]) => [node + "." + group, units]));
  base.changeRows = objects(base.changes);
  base.changeByKey = new Map(base.changeRows.map((row) => [row.node + "." + row.group + "." + row.k, row]));
  if (hasBlock("accuracy")) accuracyPart = await block("accuracy");
  state.node = top();
  state.group = groupsOf(state.node)[0] ?? 0;
  await draw();
  performance.mark("ready");
  document.body.dataset.ready = "true";
}

async function draw() {
  document.documentElement.lang = state.lang === "zh" ? "zh-CN" : "en";
  document.title = t("title", meta.folder, meta.made);
  const parts = [exceptionsSection(), forecastSection(), changesSection(), accuracySection()];
  if (hasBlock("communities")) parts.push(communitiesSection(await block("communities")));
  if (hasBlock("stock")) parts.push(stockSection(await block("stock")));
  parts.push(dataSection());
  const sections = parts.filter(Boolean);
  const main = el("main", { id: "main" }, sections);
  document
    .getElementById("page")
    .replaceChildren(
      el("a", { class: "skip", href: "#main" }, t("skip")),
      heading(),
      navigation(sections),
      main,
      foot(),
    );
}

function heading() {
  const redraw = async (change, id) => {
    Object.assign(state, change);
    await draw();
    document.getElementById(id).focus();
  };
  const other = state.lang === "zh" ? "en" : "zh";
  const during = meta.mode === "during";
  return el(
    "header",
    { class: "top" },
    el(
      "div",
      {},
      el("h1", {}, name(meta.folder), " · " + meta.made),
      el(
        "p",
        { class: "quiet" },
        t(during ? "made_line_during" : "made_line_close", meta.made, meta.cutoff, meta.as_of),
        " ",
        t("units_line", moneyName()),
      ),
    ),
    moneyLine(),
    el(
      "div",
      { class: "switches" },
      // Named in the language that it leads to.
      el(
        "button",
        {
          type: "button",
          id: "language",
          lang: other === "zh" ? "zh-CN" : "en",
          onclick: () => redraw({ lang: other }, "language"),
        },
        other === "zh" ? "中文" : "English",
      ),
      el("button", { type: "button", id: "theme", "aria-pressed": String(isDark()), onclick: turnLight }, t("dark")),
      el("button", { type: "button", id: "print", onclick: () => window.print() }, t("print")),
    ),
  );
}

function moneyLine() {
  if (base.money.length === 0) return null;
  return el(
    "div",
    { class: "money" },
    plainTable(
      t("money_caption", moneyName()),
      ["", ...meta.months.map((_, k) => monthLabel(k))],
      base.money.map(([kind, sums]) => [both(kind), ...sums]),
    ),
  );
}

const isDark = () =>
  (document.documentElement.dataset.theme ??
    (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";

function turnLight(event) {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
  event.currentTarget.setAttribute("aria-pressed", String(isDark()));
}

function navigation(sections) {
  const text = (id) => (id === "exceptions" ? t("exceptions_nav") : id === "data" ? t("data_nav") : t(IDS[id]));
  return el(
    "nav",
    { "aria-label": t("sections") },
    sections.map(({ id }) => el("a", { href: "#" + id }, text(id))),
  );
}

const foot = () => el("footer", {}, el("p", { class: "quiet" }, t("foot", meta.program, meta.version)));

main();
