// Tables that are sorted by their headers, searched and paged; only the rows of one page are in the document.

const PAGE = 25;

// options: id, caption, columns, rows; search (row -> text), page (rows a page), none (said where there are no rows),
// arrange (rows in another order than a plain sort: the tree of regions), marked (row -> class of its line), titled
// (whether a title says the caption already).
// A column: key, label, cell (row -> text or element); number (stands to the right), sort (row -> number or text), help.
function table(options) {
  const kept = (state.tables[options.id] ??= { sort: null, down: false, search: "", page: 0 });
  const size = options.page ?? PAGE;
  const body = el("tbody");
  const status = el("span", { class: "status", role: "status" });
  const pager = el("span", { class: "pager" });
  const headers = options.columns.map((column) => header(column, kept, draw));

  function draw() {
    const shown = arranged(options, kept);
    const pages = Math.max(1, Math.ceil(shown.length / size));
    kept.page = Math.min(kept.page, pages - 1);
    const rows = shown.slice(kept.page * size, (kept.page + 1) * size);
    body.replaceChildren(...rows.map((row) => line(options, row)));
    if (rows.length === 0) {
      body.append(
        el("tr", {}, el("td", { colspan: options.columns.length, class: "none" }, options.none ?? t("nothing"))),
      );
    }
    const [from, to] = [kept.page * size + 1, kept.page * size + rows.length];
    status.textContent =
      rows.length === options.rows.length || rows.length === 0 ? "" : t("rows_of", from, to, shown.length);
    turn(pager, kept, pages, draw);
    headers.forEach(({ cell, mark, column }) => {
      const sorted = kept.sort === column.key;
      if (column.sort) cell.setAttribute("aria-sort", sorted ? (kept.down ? "descending" : "ascending") : "none");
      mark.textContent = sorted ? (kept.down ? "▼" : "▲") : "";
    });
  }

  draw();
  const box = options.search && options.rows.length > 5 ? searchBox(options, kept, draw) : null;
  return el(
    "div",
    { class: "table" },
    box || options.tools ? el("div", { class: "tools" }, options.tools, box) : null,
    el(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": options.caption },
      el(
        "table",
        { id: "table-" + options.id },
        el("caption", { class: options.titled ? "unseen" : null }, options.caption),
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            headers.map(({ cell }) => cell),
          ),
        ),
        body,
      ),
    ),
    el("div", { class: "under" }, status, pager),
  );
}

function header(column, kept, draw) {
  const mark = el("span", { class: "mark", "aria-hidden": "true" });
  const press = () => {
    // Numbers are first asked for from the largest, names from the first letter.
    if (kept.sort === column.key) kept.down = !kept.down;
    else [kept.sort, kept.down] = [column.key, column.number === true];
    kept.page = 0;
    draw();
  };
  const inside = column.sort
    ? el(
        "button",
        { type: "button", class: "sort", title: column.help, onclick: press },
        column.number ? [mark, column.label] : [column.label, mark],
      )
    : el("span", { title: column.help }, column.label);
  return { cell: el("th", { scope: "col", class: column.number ? "number" : null }, inside), mark, column };
}

function line(options, row) {
  const cells = options.columns.map((column, i) => {
    const inside = column.cell(row);
    const attributes = { class: column.number ? "number" : column.wide ? "wide" : null };
    return i === 0 ? el("th", { scope: "row" }, inside) : el("td", attributes, inside);
  });
  return el("tr", { class: options.marked?.(row) }, cells);
}

function arranged(options, kept) {
  const wanted = kept.search.trim().toLocaleLowerCase();
  const fits = (row) => wanted === "" || options.search(row).toLocaleLowerCase().includes(wanted);
  const column = options.columns.find((column) => column.key === kept.sort && column.sort);
  const order = column ? (a, b) => compared(column.sort(a), column.sort(b), kept.down) : null;
  if (options.arrange) return options.arrange(options.rows, fits, order);
  const rows = options.rows.filter(fits);
  return order ? rows.sort(order) : rows;
}

// What is not known stands last, whichever way one sorts.
function compared(a, b, down) {
  const missing = (x) => x === null || x === undefined;
  if (missing(a) || missing(b)) return Number(missing(a)) - Number(missing(b));
  const order = typeof a === "string" ? a.localeCompare(b, state.lang, { numeric: true }) : a - b;
  return down ? -order : order;
}

function searchBox(options, kept, draw) {
  const input = el("input", {
    type: "search",
    value: kept.search,
    placeholder: t("search"),
    "aria-label": t("search_in", options.caption),
    "aria-controls": "table-" + options.id,
    oninput: () => {
      kept.search = input.value;
      kept.page = 0;
      draw();
    },
  });
  return input;
}

function turn(pager, kept, pages, draw) {
  if (pages === 1) return pager.replaceChildren();
  // Who turns pages by keyboard stays on the button.
  const pressed = [...pager.children].indexOf(document.activeElement);
  const to = (page) => () => {
    kept.page = page;
    draw();
  };
  const button = (text, label, page) =>
    el("button", { type: "button", "aria-label": label, disabled: page < 0 || page >= pages, onclick: to(page) }, text);
  pager.replaceChildren(
    button("‹", t("page_before"), kept.page - 1),
    el("span", {}, t("page_of", kept.page + 1, pages)),
    button("›", t("page_after"), kept.page + 1),
  );
  pager.children[pressed]?.focus();
}

// A small table without tools.
function plainTable(caption, head, rows, numbers = (i) => i > 0) {
  const cell = (inside, i, tag = "td") =>
    el(tag, { class: numbers(i) ? "number" : null, scope: tag === "th" ? "col" : null }, inside);
  return el(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    el(
      "table",
      { class: "plain" },
      el("caption", {}, caption),
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          head.map((text, i) => cell(text, i, "th")),
        ),
      ),
      el(
        "tbody",
        {},
        rows.map((row) =>
          el(
            "tr",
            {},
            row.map((inside, i) => (i === 0 ? el("th", { scope: "row" }, inside) : cell(inside, i))),
          ),
        ),
      ),
    ),
  );
}
