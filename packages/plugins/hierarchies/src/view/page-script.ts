/** What the page of a hierarchy does by itself: rows open and close, are found by name, and are walked through with the keyboard. */

/** Part of the page as it is. It holds nothing that comes from outside, so that its hash is known. */
export const pageScript = String.raw`
const rows = [...document.querySelectorAll("tbody tr")];
const depths = rows.map((row) => Number(row.getAttribute("aria-level")));
const isClosed = (row) => row.getAttribute("aria-expanded") === "false";
const field = document.querySelector("input");
const told = document.querySelector("output");
let current = 0;

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
let names;

function parentOf(at) {
  let above = at - 1;
  while (above >= 0 && depths[above] >= depths[at]) above--;
  return above;
}

function show() {
  const wanted = fold(field.value.trim());
  if (wanted !== "") return find(wanted);
  told.value = "";
  let closed = Infinity;
  rows.forEach((row, at) => {
    if (depths[at] <= closed) closed = Infinity;
    row.hidden = depths[at] > closed;
    row.classList.remove("found");
    if (!row.hidden && isClosed(row)) closed = depths[at];
  });
}

function find(wanted) {
  names ??= rows.map((row) => fold(row.querySelector("bdi").textContent));
  const shown = new Set();
  let count = 0;
  rows.forEach((row, at) => {
    const found = names[at].includes(wanted);
    row.classList.toggle("found", found);
    if (!found) return;
    count++;
    for (let each = at; each >= 0 && !shown.has(each); each = parentOf(each)) shown.add(each);
  });
  rows.forEach((row, at) => { row.hidden = !shown.has(at); });
  told.value = String(count);
}

function toggle(row, open) {
  if (row.hasAttribute("aria-expanded")) row.setAttribute("aria-expanded", String(open));
}

function focus(at) {
  if (at < 0 || at >= rows.length) return;
  rows[current].tabIndex = -1;
  current = at;
  rows[at].tabIndex = 0;
  rows[at].focus();
}

function reveal(at) {
  field.value = "";
  for (let each = parentOf(at); each >= 0; each = parentOf(each)) toggle(rows[each], true);
  show();
  focus(at);
}

function next(at, step) {
  let to = at + step;
  while (to >= 0 && to < rows.length && rows[to].hidden) to += step;
  return to;
}

const keys = {
  ArrowDown: (at) => focus(next(at, 1)),
  ArrowUp: (at) => focus(next(at, -1)),
  Home: () => focus(next(-1, 1)),
  End: () => focus(next(rows.length, -1)),
  ArrowRight(at) {
    if (!isClosed(rows[at])) return depths[at + 1] > depths[at] ? focus(next(at, 1)) : undefined;
    toggle(rows[at], true);
    show();
  },
  ArrowLeft(at) {
    if (rows[at].getAttribute("aria-expanded") !== "true") return focus(parentOf(at));
    toggle(rows[at], false);
    show();
  },
};

document.querySelector("tbody").addEventListener("click", (event) => {
  const row = event.target.closest("tr");
  const link = event.target.closest("a");
  if (link) {
    event.preventDefault();
    reveal(rows.findIndex((each) => "#" + each.id === link.getAttribute("href")));
  } else if (event.target.closest("button")) {
    toggle(row, isClosed(row));
    show();
    focus(rows.indexOf(row));
  }
});
document.querySelector("tbody").addEventListener("keydown", (event) => {
  const at = rows.indexOf(event.target.closest("tr"));
  if (!(event.key in keys) || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  keys[event.key](at);
});
for (const [name, open] of [["open", true], ["close", false]]) {
  document.querySelector("button[name=" + name + "]").addEventListener("click", () => {
    for (const row of rows) toggle(row, open);
    field.value = "";
    show();
  });
}
field.addEventListener("input", show);
if (rows.length > 0) rows[0].tabIndex = 0;
document.documentElement.classList.add("live");
`;

/** Of the script, for the page's Content-Security-Policy: no other one is run, whatever a name contains. */
export const pageScriptHash = "sha256-zSeJzaCfsBsA3eFRIMxBamp/XQx3aJUc7Yy4jybkTzo=";
