// Every number is a button that opens its explanation: the steps of `yugu explain` where the page holds them, else the
// steps of the revision with the command that prints the rest.

// key: { node, group } or { node, product }, and the month forecast (its index).
function why(text, key, k) {
  return el("button", { type: "button", class: "why", title: t("why"), onclick: () => explain(key, k) }, text);
}

const subject = (key) => (key.product === undefined ? groupName(key.group) : productName(key.product));

async function explain(key, k) {
  const body = el("div", { class: "explanation" }, el("p", {}, t("loading")));
  const title = el(
    "h2",
    { id: "explained" },
    name(subject(key)),
    " · ",
    name(nodeName(key.node)),
    " · " + meta.months[k],
  );
  const close = el("button", { type: "button", class: "close", onclick: () => dialog.close() }, t("close"));
  const dialog = el("dialog", { "aria-labelledby": "explained" }, el("header", {}, title, close), body);
  dialog.addEventListener("close", () => dialog.remove());
  // A press on what lies around the dialog closes it.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  const shown = await explanation(key, k);
  const text = shown ? steps(shown[state.lang === "zh" ? 1 : 0]) : await inShort(key, k);
  body.replaceChildren(await picture(key), ...text);
}

// The history and the forecast of what is explained; nothing where its products would have to be added up first.
async function picture(key) {
  if (key.product === undefined) return chart(chartOf(key.node, key.group));
  const row = isAtHand(key.node) ? await productOf(key) : null;
  return row ? chart(chartOfProduct(key, row)) : "";
}

const productOf = async (key) => (await productsOf(key.node))?.find((row) => row.product === key.product);

async function explanation(key, k) {
  const word = (key.product === undefined ? "g" + key.group : "p" + key.product) + "." + k;
  for (const id of ["why-" + key.node, "more-" + key.node]) {
    const found = hasBlock(id) ? (await block(id))[word] : undefined;
    if (found) return found;
  }
  return null;
}

function steps(shown) {
  const out = [el("p", { class: "lead" }, shown.head[0]), el("p", { class: "quiet" }, shown.head[1]), el("p", {}, shown.short)];
  out.push(el("ol", {}, shown.steps.map(step)));
  const [title, parts] = shown.parts ?? [];
  if (parts)
    out.push(
      el("h3", {}, title),
      explained(title, parts, (i) => i > 1),
    );
  if (shown.without_effect) out.push(el("p", { class: "quiet" }, shown.without_effect));
  out.push(el("p", { class: "lead" }, shown.foot));
  if (shown.beside) out.push(el("h3", {}, shown.beside[0]), el("ul", {}, shown.beside[1].map(step)));
  return out;
}

function step(one) {
  const inputs = (one.inputs ?? []).map(([what, value, unit, place]) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, what),
      el("td", { class: "number" }, value),
      el("td", {}, unit),
      el("td", { class: "place" }, place),
    ),
  );
  return el(
    "li",
    {},
    el(
      "p",
      {},
      one.name,
      one.result === undefined ? null : el("b", {}, " = " + one.result),
      " ",
      el("span", { class: "rule", title: t("rule") }, one.rule),
    ),
    inputs.length ? el("div", { class: "scroll" }, el("table", { class: "inputs" }, el("tbody", {}, inputs))) : null,
    one.table ? explained(one.name, one.table, (i) => i > 0 && i <= (one.numbers ?? 0)) : null,
    (one.notes ?? []).map((note) => el("p", { class: "quiet" }, note)),
    one.formula ? el("p", { class: "formula" }, one.formula) : null,
  );
}

const explained = (caption, [head, ...rows], numbers) => plainTable(caption, head, rows, numbers);

// The steps of the revision: what each added, to the number that is printed.
const STEPS = ["stat", "cut", "combined", "landed", "planned", "final"];

function stepRows(after, decimals) {
  const rows = after.map((units, i) => ({ i, units, added: i ? units - after[i - 1] : units }));
  const shown = rows.filter(({ i, added }) => i === 0 || signed(added, decimals) !== number(0, decimals));
  return shown.map(({ i, units, added }) => [
    t("step_" + STEPS[i]),
    i ? signed(added, decimals) : number(added, decimals),
    number(units, decimals),
  ]);
}

async function inShort(key, k) {
  const found = key.product === undefined ? ofGroup(key, k) : await ofProduct(key, k);
  const out = [];
  if (found) {
    out.push(el("p", { class: "lead" }, t("forecast_is", number(found.units, found.decimals))));
    out.push(
      plainTable(
        t("step_by_step"),
        [t("step"), t("added"), t("after_it")],
        stepRows(found.after, Math.max(2, found.decimals)),
      ),
    );
    if (found.share !== null)
      out.push(el("p", {}, t("share_is", number(found.of, 2), percent(found.share, 3), number(found.after[0], 2))));
    if (found.low80 !== null)
      out.push(
        el(
          "p",
          {},
          t(
            "bounds_are",
            range(found.low80, found.high80, found.decimals),
            range(found.low95, found.high95, found.decimals),
          ),
        ),
      );
  } else {
    out.push(el("p", {}, t("not_on_page")));
  }
  out.push(el("p", { class: "quiet" }, t("command")), el("pre", {}, el("code", {}, command(key, k))));
  return out;
}

function ofGroup(key, k) {
  const figure = figureOf(key.node, key.group, k);
  if (!figure) return null;
  return { ...figure, units: figure.forecast, after: figure.steps, share: null, decimals: decimalsOf(key.group) };
}

async function ofProduct(key, k) {
  const row = await productOf(key);
  if (!row) return null;
  const group = base.products[key.product][2];
  const of = figureOf(key.node, group, k)?.steps[0];
  const bounds = row.bounds?.[k];
  const after = [...row.steps[k], row.exact[k], row.units[k]];
  return {
    units: row.units[k],
    after,
    of,
    share: of > 0 ? after[0] / of : null,
    low80: bounds?.[0] ?? null,
    high80: bounds?.[1],
    low95: bounds?.[2],
    high95: bounds?.[3],
    decimals: decimalsOf(group),
  };
}

// Quoted for a shell: a name may hold anything.
const quoted = (text) => (/^[\w.\-]+$/.test(text) ? text : "'" + text.replaceAll("'", "'\\''") + "'");

function command(key, k) {
  const region = nodeCode(key.node) ? ["--region", quoted(nodeCode(key.node))] : [];
  const code = key.product === undefined ? base.groups[key.group][0] : productCode(key.product);
  const product = code ? ["--product", quoted(code)] : [];
  return [
    "yugu explain",
    quoted(meta.folder),
    ...region,
    ...product,
    "--month",
    meta.months[k],
    "--as-of",
    meta.as_of,
  ].join(" ");
}
