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
  bounds: false,
};

// A word or sentence in the language chosen, with {0}, {1} ... filled in.
function t(key, ...values) {
  const text = meta.strings[state.lang][key];
  if (text === undefined) throw new Error("no text for " + key);
  return text.replace(/\{(\d)\}/g, (_, i) => isolated(String(values[i])));
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

// Names of the folder may be long, and hold marks that turn the text around them from right to left: they are shortened
// where they would push everything else off the page, and each is kept to itself.
const LONGEST = 60;
const TURNS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

function shortened(text, most = LONGEST) {
  const letters = Array.from(text);
  return letters.length > most ? letters.slice(0, most - 1).join("") + "…" : text;
}

// Within a sentence a name is isolated by characters (first strong isolate, pop).
const isolated = (text) => (TURNS.test(text) ? "\u2068" + text + "\u2069" : text);

// A name in an option.
const plain = (text) => isolated(shortened(text));

// A name by itself: its whole text is its title, where that is shorter than a page.
function name(text) {
  const short = shortened(text);
  return el("bdi", { title: short === text ? null : shortened(text, 500) }, short);
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
const objects = (table) =>
  table.rows.map((row) => Object.fromEntries(table.columns.map((column, i) => [column, row[i]])));

// What the base block holds, made ready; set by main.js before anything is drawn.
let base;

const nodeName = (node) => base.nodes[node][1] || t("company");
const nodeCode = (node) => base.nodes[node][0];
const groupName = (group) => base.groups[group][0] || t("all_products");
const decimalsOf = (group) => base.groups[group][1];
const productName = (product) => base.products[product][1];
const productCode = (product) => base.products[product][0];
const isLeaf = (node) => base.nodes[node][3];

// The top of the tree: a single region is the company.
const top = () => (base.nodes.length === 2 ? 1 : 0);

// Whether a node lies in the part of the tree below another (nodes stand in the order of the tree, parents first).
function isBelow(node, above) {
  while (node > above) node = base.nodes[node][2];
  return node === above;
}

const depths = [];

function depth(node) {
  if (depths[node] === undefined) depths[node] = node === top() ? 0 : depth(base.nodes[node][2]) + 1;
  return depths[node];
}
