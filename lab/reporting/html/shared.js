"use strict";

const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/** An element with attributes (those that begin with "on" are listeners) and children; text is never HTML. */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child != null));
  return made;
}

const spelled = (number) => number.toLocaleString("en-US");
const compareNames = new Intl.Collator("en", { numeric: true }).compare;

// Theme: the system's until the reader chooses.
{
  const root = document.documentElement;
  const button = document.getElementById("theme");
  button.hidden = false;
  button.addEventListener("click", () => {
    const systems = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    root.dataset.theme = (root.dataset.theme || systems) === "dark" ? "light" : "dark";
    try { localStorage.setItem("lab-theme", root.dataset.theme); } catch { /* no storage here */ }
  });
}

/** A table of which only the rows in sight exist. A column is {head, width, value(row), cell(row), numeric}; the row
 *  that `current` is has `aria-current`. */
class LazyTable {
  static rowHeight = 30;

  constructor(box, rows, columns, { narrowest = "0", empty = "Nothing fits." } = {}) {
    Object.assign(this, { box, rows, columns, empty, shown: rows, sorted: null, current: null, filter: () => true });
    this.heads = columns.map((column, place) => element("th", { scope: "col", class: column.numeric && "n" },
      element("button", { type: "button", onclick: () => this.sortBy(place) }, column.head)));
    this.body = element("tbody");
    this.table = element("table", { style: `--narrowest:${narrowest}` },
      element("colgroup", {}, ...columns.map((column) => element("col", { style: `width:${column.width}` }))),
      element("thead", {}, element("tr", {}, ...this.heads)), this.body);
    box.replaceChildren(this.table);
    box.addEventListener("scroll", () => this.draw(), { passive: true });
    new ResizeObserver(() => this.draw()).observe(box);
    this.update();
  }

  /** Keep the rows that `filter` is true for. */
  keep(filter) {
    this.filter = filter;
    this.update();
  }

  sortBy(place) {
    const again = this.sorted?.place === place;
    const descending = again ? !this.sorted.descending : Boolean(this.columns[place].numeric);
    this.sorted = { place, descending };
    for (const [index, head] of this.heads.entries()) {
      if (index === place) head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
    this.update();
  }

  update() {
    this.shown = this.rows.filter(this.filter);
    if (this.sorted) {
      const { value, numeric } = this.columns[this.sorted.place];
      const order = this.sorted.descending ? -1 : 1;
      this.shown.sort((a, b) => order * (numeric ? value(a) - value(b) : compareNames(value(a), value(b))));
    }
    this.table.setAttribute("aria-rowcount", this.shown.length + 1);
    this.box.scrollTop = 0;
    this.drawn = null;
    this.draw();
  }

  /** Make a row the current one, and bring it into sight. */
  reveal(row) {
    if (row === this.current) return;
    this.current = row;
    this.drawn = null;
    const at = this.shown.indexOf(row) * LazyTable.rowHeight;
    const room = this.box.clientHeight - 2 * LazyTable.rowHeight;
    if (at >= 0 && (at < this.box.scrollTop || at > this.box.scrollTop + room)) this.box.scrollTop = at - room / 3;
    this.draw();
  }

  draw() {
    const height = LazyTable.rowHeight;
    const first = Math.max(0, Math.floor(this.box.scrollTop / height) - 10);
    const last = Math.min(this.shown.length, first + Math.ceil((this.box.clientHeight || 440) / height) + 20);
    if (this.drawn === `${first}-${last}`) return;
    this.drawn = `${first}-${last}`;
    const space = (rows) => element("tr", { class: "space", "aria-hidden": "true" },
      element("td", { colspan: this.columns.length, style: `height:${rows * height}px` }));
    const rows = this.shown.slice(first, last).map((row, place) =>
      element("tr", { "aria-rowindex": first + place + 2, "aria-current": row === this.current }, ...this.columns.map((column, index) => {
        const shown = column.cell?.(row) ?? column.value(row);
        return element(index ? "td" : "th", { scope: index ? null : "row", class: column.numeric && "n", title: column.title?.(row) },
          typeof shown === "number" ? spelled(shown) : shown);
      })));
    if (!this.shown.length) rows.push(element("tr", {}, element("td", { colspan: this.columns.length, class: "none" }, this.empty)));
    this.body.replaceChildren(space(first), ...rows, space(this.shown.length - last));
  }
}

/** Call `refresh` when a field of `box` changes. */
function onFilters(box, refresh) {
  box.addEventListener("input", refresh);
  box.addEventListener("change", refresh);
}

const field = (box, name) => box.querySelector(`[name=${name}]`);
