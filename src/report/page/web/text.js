// Words, numbers, elements and blocks: what everything else on the page is made with.

const meta = JSON.parse(document.getElementById("meta").textContent);

// What the reader chose; tables keep their sorting, search and page here under their own names.
const state = {
  lang: meta.lang,
  node: 0,
  group: 0,
  month: Math.max(0, meta.lags.indexOf(1)),
  tables: {},
  closed: new Set(),
  kind: "",
};

// A word or sentence in the language chosen, with {0}, {1} ... filled in.
function t(key, ...values) {
  const text = meta.strings[state.lang][key];
  if (text === undefined) throw new Error("no text for " + key);
  return values.reduce((out, value, i) => out.split("{" + i + "}").join(value), text);
}

// A text that comes in both languages.
const both = (text) => text[state.lang];

const NONE = "–";

// A number with thousands parted by commas, as the program prints it.
function number(x, decimals = 0) {
  if (x === null || x === undefined || Number.isNaN(x)) return NONE;
  const text = Math.abs(x).toFixed(decimals);
  const [whole, fraction] = text.split(".");
  const sign = x < 0 && /[1-9]/.test(text) ? "-" : "";
  return sign + whole.replace(/\B(?=(\d{3})+$)/g, ",") + (fraction ? "." + fraction : "");
}

function signed(x, decimals = 0) {
  const text = number(x, decimals);
  return x > 0 && /[1-9]/.test(text) ? "+" + text : text;
}

const percent = (x, decimals = 1) => (x === null || x === undefined ? NONE : number(x * 100, decimals) + "%");

const growth = (x) => (x === null || x === undefined ? NONE : signed(x * 100, 1) + "%");

const range = (low, high, decimals) =>
  low === null || low === undefined ? NONE : number(low, decimals) + "–" + number(high, decimals);

// "2014-07" moved by some months.
function monthAfter(month, by) {
  const [year, number] = month.split("-").map(Number);
  const at = year * 12 + number - 1 + by;
  return Math.floor(at / 12) + "-" + String((at % 12) + 1).padStart(2, "0");
}

// An element: attributes, listeners (on...), children. Strings become text, never markup.
function el(name, attributes = {}, ...children) {
  const out = document.createElement(name);
  fill(out, attributes, children);
  return out;
}

function svg(name, attributes = {}, ...children) {
  const out = document.createElementNS("http://www.w3.org/2000/svg", name);
  fill(out, attributes, children);
  return out;
}

function fill(out, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) out.addEventListener(key.slice(2), value);
    else out.setAttribute(key, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) out.append(child);
  }
}

// A name of the folder. Names may be written from right to left or hold marks that turn the text around them: each is
// kept to itself, and shortened where it would push everything else off the page (its whole text is its title).
const LONGEST = 60;

function name(text) {
  const letters = Array.from(text);
  const short = letters.length > LONGEST ? letters.slice(0, LONGEST - 1).join("") + "…" : text;
  return el("bdi", { title: letters.length > LONGEST ? text.slice(0, 500) : null }, short);
}

// Blocks are inflated when they are first looked at, and kept.
const inflated = new Map();

function block(id) {
  if (!inflated.has(id)) inflated.set(id, inflate(id));
  return inflated.get(id);
}

const hasBlock = (id) => document.getElementById("block-" + id) !== null;

async function inflate(id) {
  const letters = atob(document.getElementById("block-" + id).textContent);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

// Rows of a table as objects.
const objects = (table) => table.rows.map((row) => Object.fromEntries(table.columns.map((column, i) => [column, row[i]])));

// What the base block holds, made ready; set by main.js before anything is drawn.
let base;

const nodeName = (node) => base.nodes[node][1] || t("company");
const nodeCode = (node) => base.nodes[node][0];
const groupName = (group) => base.groups[group][0] || t("all_products");
const decimalsOf = (group) => base.groups[group][1];
const productName = (product) => base.products[product][1];
const productCode = (product) => base.products[product][0];
const isLeaf = (node) => base.nodes[node][3];

// Whether a node lies in the part of the tree below another (nodes stand in the order of the tree, parents first).
function isBelow(node, above) {
  while (node > above) node = base.nodes[node][2];
  return node === above;
}

const depths = [];

function depth(node) {
  if (depths[node] === undefined) depths[node] = node === 0 ? 0 : depth(base.nodes[node][2]) + 1;
  return depths[node];
}
