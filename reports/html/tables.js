// SPDX-License-Identifier: Apache-2.0
//
// What a table can do with JavaScript: rows in the order of a column, and a copy of it as Markdown.
//
//   press a head    the largest first (of texts: the first of the alphabet), then the other way,
//                   then as it was; only of tables with the class "sorts" (page.cc)
//   Copy            the table as it stands, in the Markdown of GitHub
//
// Rows of parts stay with their op, the row of all ops stays at the foot, and what has no value goes
// behind what has one.
"use strict";

const tables = (() => {
  const sorted = new Map();  // id of a table -> {column, way}; outlives the table of a live page

  // ---- values ----

  const SCALES = {
    ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600, d: 86400, k: 1e3, M: 1e6, G: 1e9, T: 1e12,
    B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12,
  };
  // What the cell itself says, without the small print below it.
  const textOf = (cell) => [...cell.childNodes]
    .filter((node) => node.nodeType === Node.TEXT_NODE || node.tagName === "A")
    .map((node) => node.textContent).join("").trim();
  // "1.05ms", "1m05s", "20.6k/s", "1,234", "x1.03 worse", "1.91 MiB", "<0.001"; NaN: none of these
  const numberOf = (text) => {
    let rest = text.replaceAll(",", "").replace(/^[x<>]/, "");
    const sign = rest.startsWith("-") ? -1 : 1;  // of all of "-1m05s"
    rest = rest.replace(/^[+-]/, "");
    let sum = NaN;
    for (let match; (match = /^(\d*\.?\d+(?:e[+-]?\d+)?) ?([a-z]*)/i.exec(rest)); rest = rest.slice(match[0].length)) {
      const value = Number(match[1]) * (SCALES[match[2]] ?? 1);
      sum = Number.isNaN(sum) ? value : sum + value;
      if (!["d", "h", "m"].includes(match[2])) break;
    }
    return sign * sum;
  };

  // ---- order ----

  const valueOf = (row, column, isNumber) => {
    const text = row.cells[column] ? textOf(row.cells[column]) : "";
    return isNumber ? numberOf(text) : text;
  };
  const compare = (column, isNumber, way) => (a, b) => {
    const [x, y] = [valueOf(a, column, isNumber), valueOf(b, column, isNumber)];
    const [noX, noY] = isNumber ? [Number.isNaN(x), Number.isNaN(y)] : [x === "", y === ""];
    if (noX || noY) return Number(noX) - Number(noY);
    return way * (isNumber ? x - y : x.localeCompare(y, "en", { numeric: true }));
  };

  const order = (table, rows, { column, way }) => {
    const by = compare(column, table.tHead.rows[0].cells[column].classList.contains("number"), way);
    const groups = [];
    for (const row of rows) {
      if (row.classList.contains("sub") && groups.length > 0) groups.at(-1).parts.push(row);
      else groups.push({ row, parts: [] });
    }
    const foot = groups.filter(({ row }) => row.classList.contains("total"));
    const body = way === 0 ? groups.filter((group) => !foot.includes(group))
      : groups.filter((group) => !foot.includes(group)).sort((a, b) => by(a.row, b.row));
    return [...body, ...foot].flatMap(({ row, parts }) => [row, ...(way === 0 ? parts : parts.sort(by))]);
  };

  const NAMES = { 1: "ascending", [-1]: "descending" };
  const show = (table, rows, by) => {
    [...table.tHead.rows[0].cells].forEach((head, i) => {
      if (i === by.column && by.way !== 0) head.setAttribute("aria-sort", NAMES[by.way]);
      else head.removeAttribute("aria-sort");
    });
    table.tBodies[0].append(...order(table, rows, by));
  };

  const addSorting = (table) => {
    const rows = [...table.tBodies[0].rows];  // as they were made
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      if (rows.some((row) => row.cells[column]?.querySelector("svg"))) return;
      const button = document.createElement("button");
      button.type = "button";
      button.id = `${table.id}-sort-${column}`;
      button.append(...head.childNodes);
      head.append(button);
      const first = head.classList.contains("number") ? -1 : 1;
      button.addEventListener("click", () => {
        const now = sorted.get(table.id);
        const way = now?.column !== column ? first : now.way === first ? -first : 0;
        const by = { column, way };
        if (way === 0) sorted.delete(table.id);
        else sorted.set(table.id, by);
        show(table, rows, by);
        say(way === 0 ? "Rows as they were" : `Rows by ${button.textContent}, ${NAMES[way]}`);
      });
    });
    const before = sorted.get(table.id);
    if (before && before.column < table.tHead.rows[0].cells.length) show(table, rows, before);
  };

  // ---- Markdown ----

  // As entities: a mention or the number of an issue is sought in the finished text.
  const safe = (text) => text.replace(/\s+/g, " ").trim()
    .replace(/[\\`*_{}[\]<>#|&@~$]|:(?=\/\/)|w(?=ww\.)/g, (c) => `&#${c.codePointAt(0)};`);

  const markdown = (table) => {
    const heads = [...table.tHead.rows[0].cells];
    const rows = [...table.tBodies[0].rows];
    const shown = heads.map((_, i) => i).filter((i) => !rows.some((row) => row.cells[i]?.querySelector("svg")));
    const line = (cells) => `| ${cells.join(" | ")} |`;
    const cellOf = (row, i) => {
      const cell = row.cells[i];
      if (!cell) return "";
      const small = cell.querySelector("small")?.textContent ?? "";
      const part = i === 0 && row.classList.contains("sub") ? "&nbsp;&nbsp;" : "";
      return part + safe(textOf(cell)) + (small === "" ? "" : ` (${safe(small)})`);
    };
    return [
      line(shown.map((i) => safe(heads[i].textContent))),
      line(shown.map((i) => (heads[i].classList.contains("number") ? "--:" : "---"))),
      ...rows.map((row) => line(shown.map((i) => cellOf(row, i)))),
    ].join("\n") + "\n";
  };

  // A page that came over plain HTTP has no clipboard but that of old.
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  };

  const addCopy = (table) => {
    const button = document.createElement("button");
    button.type = "button";
    button.id = `${table.id}-copy`;
    button.className = "copy";
    button.textContent = "Copy as Markdown";
    button.addEventListener("click", async () => {
      const done = await copy(markdown(table));
      button.focus({ preventScroll: true });
      say(button.textContent = done ? "Copied" : "Could not be copied");
      setTimeout(() => { button.textContent = "Copy as Markdown"; }, 2000);
    });
    table.closest(".scroll").after(button);
  };

  // For who does not see what has changed.
  const say = (text) => { document.getElementById("said").textContent = text; };

  const start = () => {
    for (const table of document.querySelectorAll("main table")) {
      if (document.getElementById(`${table.id}-copy`)) continue;
      if (table.classList.contains("sorts")) addSorting(table);
      addCopy(table);
    }
  };
  return { start };
})();
