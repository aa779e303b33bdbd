// SPDX-License-Identifier: Apache-2.0
//
// What a page can do with JavaScript: the theme, the baseline on and off, and charts that follow the
// mouse and the keyboard. Everything else is in the page without it.
//
//   arrow keys   move the cursor of the chart that has the focus
//   drag         zooms in, a double click or Escape zooms out
//   legend       a line that is pressed goes or comes
//
// mbench.show(data) draws the charts anew from what RenderPageData wrote.
"use strict";

const mbench = (() => {
  const root = document.documentElement;
  const DASHES = [[], [6, 3], [2, 2.5], [9, 3, 2, 3], [1.5, 4]];
  const FONT = "11.5px system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif";
  let charts = [];  // {spec, figure, plot, outputs, atOutput, data}
  const chosen = new Map();  // "id of a chart/name of a line" -> shown; outlives the charts of a live page

  // ---- numbers ----

  const short = (value, digits = 3) => {
    if (value === 0) return "0";
    const text = Math.abs(value) >= 1000 ? value.toFixed(0) : value.toPrecision(digits);
    return text.includes("e") ? String(Number(text)) : text;
  };
  const scaled = (value, units, digits) => {
    let i = 0;
    for (; i + 1 < units.length && Math.abs(value) >= 999.5; ++i) value /= 1000;
    return short(value, digits) + units[i];
  };
  const binary = (value, digits) => {
    const units = [" B", " KiB", " MiB", " GiB", " TiB"];
    let i = 0;
    for (; i + 1 < units.length && Math.abs(value) >= 1023.5; ++i) value /= 1024;
    return short(value, digits) + units[i];
  };
  const trim = (text) => text.replace(/(\.\d*?)0+(?=\D|$)/, "$1").replace(/\.(?=\D|$)/, "");
  const clock = (s) => {
    const whole = Math.floor(s + 1e-6);
    const rest = s - whole > 1e-3 ? (s - whole).toFixed(1).slice(1) : "";
    const two = (n) => String(n).padStart(2, "0");
    const head = whole < 3600 ? `${Math.floor(whole / 60)}` : `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}`;
    return `${head}:${two(whole % 60)}${rest}`;
  };
  const percent = (x) => `${Number((100 * (1 - 1 / x)).toPrecision(12))} %`;
  const format = (axis, value, digits = 3) => {
    if (value === null || value === undefined || Number.isNaN(value)) return "–";
    if (axis.scale === "tail") return percent(value);
    switch (axis.unit) {
      case "ns": return value >= 60e9 ? clock(value / 1e9) : scaled(value, ["ns", "us", "ms", "s"], digits);
      case "s": return clock(value);
      case "/s": return scaled(value, ["/s", "k/s", "M/s", "G/s"], digits);
      case "B/s": return scaled(value, [" B/s", " KB/s", " MB/s", " GB/s"], digits);
      case "B": return binary(value, digits);
      case "fraction": return `${short(value * 100, digits)} %`;
      case "ratio": return short(value, 4);
      default: return Number.isInteger(value) && value < 1e4 ? String(value) : scaled(value, ["", "k", "M", "G"], digits);
    }
  };
  const tick = (axis, value) => trim(format(axis, value, 4));

  // ---- data ----

  const floats = (base64) => {
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; ++i) bytes[i] = text.charCodeAt(i);
    return new Float32Array(bytes.buffer);
  };
  // A gap is null for uPlot; on a logarithmic axis so is what is not positive.
  const values = (base64, scale) =>
    Array.from(floats(base64), (v) => (Number.isNaN(v) || (scale !== "linear" && v <= 0) ? null : v));

  // Lines over several grids become columns over one; what a grid has no value for stays undefined,
  // which is no gap.
  const columns = (spec) => {
    const grids = spec.grids.map((grid) => Array.from(floats(grid)));
    const tables = grids.map((grid) => [grid]);
    const place = (grid, column) => { tables[grid].push(column); return [grid, tables[grid].length - 1]; };
    const places = [];
    for (const line of spec.lines) places.push(place(line.grid, values(line.y, spec.y.scale)));
    for (const area of spec.areas) {
      places.push(place(area.grid, values(area.low, spec.y.scale)));
      places.push(place(area.grid, values(area.high, spec.y.scale)));
    }
    const joined = tables.length === 1 ? tables[0] : uPlot.join(tables);
    const first = [];  // column of a table's first line in `joined`
    let at = 1;
    for (const table of tables) { first.push(at); at += table.length - 1; }
    return [joined[0], ...places.map(([grid, column]) => joined[first[grid] + column - 1])];
  };

  // ---- drawing ----

  const color = (name) => getComputedStyle(root).getPropertyValue(name).trim();

  const drawBands = (spec) => (u) => {
    const { ctx, bbox } = u;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.font = `${11.5 * ratio}px system-ui, sans-serif`;
    ctx.textBaseline = "alphabetic";
    let free = 0, down = 0;  // where the last name ends: of stages, of outages
    spec.bands.forEach((band, i) => {
      const from = Math.max(u.valToPos(band.from, "x", true), bbox.left);
      const to = Math.min(u.valToPos(band.to, "x", true), bbox.left + bbox.width);
      if (to <= from) return;
      ctx.fillStyle = color(band.outage ? "--outage" : `--band${i % 2}`);
      ctx.fillRect(from, bbox.top, band.outage ? Math.max(to - from, ratio) : to - from, bbox.height);
      if (band.outage) {  // at the foot, where stages and marks have no labels
        if (from < down) return;
        down = from + ctx.measureText(band.label).width + 6 * ratio;
        ctx.fillStyle = color("--soft");
        ctx.fillText(band.label, from + 3 * ratio, bbox.top + bbox.height - 5 * ratio);
        return;
      }
      const width = ctx.measureText(band.label).width;
      if (from < free || from + width > bbox.left + bbox.width) return;
      if (width > to - from && i + 1 < spec.bands.length) return;
      ctx.fillStyle = color("--soft");
      ctx.fillText(band.label, from + 3 * ratio, bbox.top - 6 * ratio);
      free = from + width + 12 * ratio;
    });
    ctx.restore();
  };

  const drawMarks = (spec) => (u) => {
    const { ctx, bbox } = u;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.font = `${11.5 * ratio}px system-ui, sans-serif`;
    ctx.strokeStyle = ctx.fillStyle = color("--ink");
    const rows = [-Infinity, -Infinity];  // where the names in each of two rows end
    for (const mark of spec.marks) {
      const x = u.valToPos(mark.x, "x", true);
      if (x < bbox.left || x > bbox.left + bbox.width + 1) continue;
      ctx.beginPath();
      if ("y" in mark) {
        const y = u.valToPos(mark.y, "y", true);
        ctx.lineWidth = 1.6 * ratio;
        ctx.arc(x, y, 7 * ratio, 0, 2 * Math.PI);
        ctx.stroke();
        const left = x - bbox.left > ctx.measureText(mark.label).width + 20 * ratio;
        ctx.textAlign = left ? "right" : "left";
        ctx.fillText(mark.label, x + (left ? -12 : 12) * ratio, y - 10 * ratio);
        continue;
      }
      ctx.lineWidth = ratio;
      ctx.setLineDash([3 * ratio, 3 * ratio]);
      const width = ctx.measureText(mark.label).width + 8 * ratio;
      const left = x + width > bbox.left + bbox.width;
      const from = left ? x - width : x;
      const row = rows.findIndex((end) => end <= from);  // without room only the line is there
      const y = bbox.top - (row === 1 ? 22 : 35) * ratio;
      ctx.moveTo(x, row < 0 ? bbox.top : y - 9 * ratio);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      if (row < 0) continue;
      rows[row] = from + width;
      ctx.textAlign = left ? "right" : "left";
      ctx.fillText(mark.label, x + (left ? -4 : 4) * ratio, y);
    }
    ctx.restore();
  };

  const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];

  const axisOf = (axis, side) => {
    const options = {
      stroke: () => color("--soft"),
      font: FONT,
      grid: { show: side === 3, stroke: () => color("--rule"), width: 0.8 },
      ticks: { show: side === 2, stroke: () => color("--rule"), size: 5, width: 0.8 },
      border: { show: side === 2, stroke: () => color("--soft"), width: 1 },
      values: (u, splits) => splits.map((v) => (v === null ? "" : tick(axis, v))),
      size: side === 3 ? 58 : 30,
      gap: 5,
    };
    if (side === 2) options.space = 90;
    if (axis.unit === "s") options.incrs = [0.1, 0.2, 0.5, ...TIME_STEPS, 172800, 432000, 864000];
    if (axis.unit === "B")
      options.incrs = [0, 1, 2, 3, 4].flatMap((power) => [1, 2, 5, 10, 20, 50, 100, 200, 500].map((v) => v * 1024 ** power));
    if (axis.scale === "tail") {
      options.filter = (u, splits) => splits;
      options.splits = (u, index, low, high) => {
        const all = [1, 2, 4];
        for (let v = 10; v <= high * 1.001; v *= 10) all.push(v);
        return all.filter((v) => v >= low * 0.999 && v <= high * 1.001);
      };
      options.space = 44;
    }
    if (axis.scale === "log") {
      options.filter = (u, splits) => splits;
      options.splits = (u, index, low, high) => {
        const decades = Math.log10(high / low);
        const room = (side === 3 ? u.bbox.height / 34 : u.bbox.width / 60) / devicePixelRatio;
        const digits = decades < 0.4 ? [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9] : decades * 3 <= room ? [1, 2, 5] : [1];
        const all = [];
        for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); ++power)
          for (const digit of digits) all.push(digit * 10 ** power);
        return all.filter((v) => v >= low * 0.999 && v <= high * 1.001);
      };
    }
    return options;
  };

  const scaleOf = (axis) => {
    if (axis.scale !== "linear") return { time: false, distr: 3, log: 10 };
    if (axis.from_zero) return { time: false, range: (u, low, high) => [0, (high || 1) * 1.05] };
    return { time: false };
  };
  const rangeY = (spec) => {
    const scale = scaleOf(spec.y);
    if (spec.y.scale === "log") {
      const third = (v, round) => 10 ** (round(Math.log10(v) * 3) / 3);
      scale.range = (u, low, high) =>
        low > 0 ? [third(low, (v) => Math.floor(v + 1e-9)), third(Math.max(high, low * 1.01), (v) => Math.ceil(v - 1e-9))] : [1, 10];
    }
    return scale;
  };
  const rangeX = (spec) => {
    const scale = scaleOf(spec.x);
    scale.range = (u, low, high) => (high > low ? [low, high] : [low - 0.5, low + 0.5]);
    if (spec.bands.length > 0) {
      const from = Math.min(...spec.bands.map((band) => band.from));
      const to = Math.max(...spec.bands.map((band) => band.to));
      scale.range = (u, low, high) => {
        const all = u.data[0];
        const whole = low <= all[0] && high >= all[all.length - 1];
        return whole ? [Math.min(from, low), Math.max(to, high)] : [low, high];
      };
    }
    return scale;
  };

  // A value with gaps on both sides would not be seen without a mark.
  const alone = (u, series, shown) => {
    if (shown) return null;
    const column = u.data[series];
    const gap = (i) => column[i] === null || i < 0 || i >= column.length;
    const indexes = [];
    for (let i = 0; i < column.length; ++i)
      if (column[i] !== null && column[i] !== undefined && gap(i - 1) && gap(i + 1)) indexes.push(i);
    return indexes.length > 0 ? indexes : null;
  };

  const isChosen = (spec, line) => chosen.get(`${spec.id}/${line.name}`) ?? !line.hidden;

  const seriesOf = (spec) => (line) => ({
    label: line.name,
    stroke: () => color(`--c${line.color}`),
    width: line.bold ? 2.2 : 1.5,
    dash: DASHES[line.dash],
    ...(line.apart ? { paths: () => null } : {}),
    points: { show: line.points === true, size: line.points ? 6 : 5, fill: () => color(`--c${line.color}`), filter: alone },
    show: isChosen(spec, line) && !(line.baseline && root.classList.contains("hide-baseline")),
  });

  const tell = (chart, u) => {
    const { spec, outputs, atOutput } = chart;
    const index = u.cursor.idx;
    const none = index === null || index === undefined || u.cursor.left < 0;
    atOutput.textContent = none ? "" : `at ${format(spec.x, u.data[0][index])}`;
    // In a grid with holes the nearest value of a line is what is meant.
    const nearest = (column) => {
      for (let away = 0; away < 4; ++away)
        for (const i of [index - away, index + away])
          if (column[i] !== null && column[i] !== undefined) return column[i];
      return null;
    };
    spec.lines.forEach((line, i) => {
      const at = none || !isChosen(spec, line) ? undefined : line.apart ? u.data[i + 1][index] : nearest(u.data[i + 1]);
      outputs[i].textContent = at === undefined || (line.apart && at === null) ? "" : format(spec.y, at);
    });
    spec.areas.forEach((area, i) => {
      const low = spec.lines.length + 1 + 2 * i;
      outputs[spec.lines.length + i].textContent = none
        ? "" : `${format(spec.y, nearest(u.data[low]))} to ${format(spec.y, nearest(u.data[low + 1]))}`;
    });
  };

  // Two rows for the names of events, above those of stages.
  const eventsOf = (spec) => (spec.marks.some((mark) => !("y" in mark)) ? 28 : 0);

  const optionsOf = (chart, width) => {
    const { spec } = chart;
    const above = eventsOf(spec);
    const series = [{}, ...spec.lines.map(seriesOf(spec))];
    const bands = [];
    for (const area of spec.areas) {
      const at = series.length;
      const hidden = area.baseline && root.classList.contains("hide-baseline");
      for (let i = 0; i < 2; ++i) series.push({ label: area.name, width: 0, points: { show: false }, show: !hidden });
      bands.push({ series: [at + 1, at], fill: () => `color-mix(in srgb, ${color(`--c${area.color}`)} 22%, transparent)` });
    }
    return {
      width,
      height: spec.height + above,
      padding: [(spec.bands.length > 0 ? 22 : 12) + above, 28, 0, 0],
      legend: { show: false },
      scales: { x: rangeX(spec), y: rangeY(spec) },
      axes: [axisOf(spec.x, 2), axisOf(spec.y, 3)],
      series,
      bands,
      cursor: {
        y: false,
        points: { size: 7 },
        drag: { x: true, y: false },
        ...(spec.shares_time ? { sync: { key: "time" } } : {}),
      },
      hooks: {
        drawClear: [drawBands(spec)],
        draw: [drawMarks(spec)],
        setCursor: [(u) => tell(chart, u)],
      },
    };
  };

  const title = (axis) => {
    const line = document.createElement("div");
    line.className = "axis-title";
    line.textContent = axis.title;
    return line;
  };

  const build = (chart) => {
    if (chart.plot) chart.plot.destroy();
    chart.plot = new uPlot(optionsOf(chart, chart.holder.clientWidth), chart.data, chart.holder);
  };

  const keys = (chart) => (event) => {
    const u = chart.plot;
    if (event.key === "Escape") {
      const all = u.data[0];
      u.setScale("x", { min: all[0], max: all[all.length - 1] });
      return;
    }
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const from = u.cursor.left >= 0 && u.cursor.idx !== null ? u.cursor.idx : step > 0 ? -1 : u.data[0].length;
    const index = Math.min(Math.max(from + step, 0), u.data[0].length - 1);
    u.setCursor({ left: u.valToPos(u.data[0][index], "x"), top: 10 });
  };

  // A line of the legend becomes a button for its line of the chart, also of the drawing, which prints.
  const addChoices = (chart) => {
    const { spec, figure } = chart;
    const items = figure.querySelectorAll(".legend li");
    spec.lines.forEach((line, i) => {
      const button = document.createElement("button");
      button.type = "button";
      button.id = `${spec.id}-line-${i}`;
      const mark = () => {
        const shown = isChosen(spec, line);
        items[i].classList.toggle("off", !shown);
        button.setAttribute("aria-pressed", String(shown));
        figure.querySelectorAll(`svg.plot [data-line="${i}"]`).forEach((path) => path.classList.toggle("off", !shown));
      };
      button.append(...items[i].querySelectorAll(".swatch, span"));
      items[i].querySelector("button")?.remove();
      items[i].prepend(button);
      button.addEventListener("click", () => {
        chosen.set(`${spec.id}/${line.name}`, !isChosen(spec, line));
        mark();
        build(chart);
      });
      mark();
    });
  };

  const makeChart = (spec) => {
    const figure = document.getElementById(spec.id);
    if (!figure) return null;
    const outputs = [...figure.querySelectorAll(".legend output")];
    const place = figure.querySelector(".drawing");
    place.querySelectorAll(".plot-holder").forEach((old) => old.remove());
    const holder = document.createElement("div");
    holder.className = "plot-holder";
    const canvas = document.createElement("div");
    holder.append(title(spec.y), canvas, title(spec.x));
    place.append(holder);
    const chart = { spec, figure, holder: canvas, outputs, atOutput: outputs.pop(), data: columns(spec) };
    figure.classList.add("live");
    addChoices(chart);
    build(chart);
    place.addEventListener("keydown", keys(chart));
    place.setAttribute("aria-label", `${place.getAttribute("aria-label")}; arrow keys read values`);
    return chart;
  };

  // ---- heatmap: stays SVG, and says what is below the pointer ----

  const makeHeat = (spec) => {
    const figure = document.getElementById(spec.id);
    if (!figure) return;
    const [begin, end, edges, perS] = [spec.begin, spec.end, spec.edges, spec.per_s].map(floats);
    const svg = figure.querySelector("svg.heat");
    const output = figure.querySelector(".legend .at output");
    const rows = edges.length - 1;
    const [left, right, top, bottom, width, height] = [62, 30, 24, 40, 960, 300];
    let at = [0, 0];
    const say = (column, row) => {
      if (column < 0 || row < 0 || column >= begin.length || row >= rows) { output.textContent = ""; return; }
      at = [column, row];
      output.textContent = `${clock(begin[column])} to ${clock(end[column])}, ` +
        `${format({ unit: "ns" }, edges[row])} to ${format({ unit: "ns" }, edges[row + 1])}: ` +
        `${format({ unit: "/s" }, perS[column * rows + row])}`;
    };
    svg.addEventListener("pointermove", (event) => {
      const box = svg.getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width * width - left) / (width - left - right);
      const y = 1 - ((event.clientY - box.top) / box.height * height - top) / (height - top - bottom);
      const second = begin[0] + x * (end[end.length - 1] - begin[0]);
      const ns = edges[0] * (edges[rows] / edges[0]) ** y;
      say(begin.findIndex((from, i) => from <= second && second < end[i]),
        edges.findIndex((from, i) => i < rows && from <= ns && ns < edges[i + 1]));
    });
    svg.addEventListener("pointerleave", () => { output.textContent = ""; });
    figure.querySelector(".drawing").addEventListener("keydown", (event) => {
      const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (!move) return;
      event.preventDefault();
      say(Math.min(Math.max(at[0] + move[0], 0), begin.length - 1), Math.min(Math.max(at[1] + move[1], 0), rows - 1));
    });
  };

  // ---- the page ----

  const rebuild = () => charts.forEach(build);

  const show = (data) => {
    charts.forEach((chart) => chart.plot.destroy());
    charts = typeof uPlot === "undefined" ? [] : data.charts.map(makeChart).filter(Boolean);
    data.heats.forEach(makeHeat);
    tables.start();
  };

  const themes = ["system", "light", "dark"];
  const useTheme = (theme) => {
    if (theme === "system") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", theme);
    document.getElementById("theme-toggle").textContent = theme === "system" ? "Theme: as the system" : `Theme: ${theme}`;
  };

  const start = () => {
    document.querySelector(".controls").hidden = false;
    let theme = "system";
    document.getElementById("theme-toggle").addEventListener("click", () => {
      theme = themes[(themes.indexOf(theme) + 1) % themes.length];
      useTheme(theme);
      rebuild();
    });
    const toggle = document.getElementById("baseline-toggle");
    if (toggle) {
      toggle.addEventListener("click", () => {
        const hidden = root.classList.toggle("hide-baseline");
        toggle.setAttribute("aria-pressed", String(!hidden));
        toggle.textContent = hidden ? "Baseline hidden" : "Baseline shown";
        rebuild();
      });
    }
    // What is folded is on paper, and where a link leads to.
    const unfold = (part) => {
      part?.querySelectorAll("details").forEach((one) => { one.open = true; });
      for (let up = part?.parentElement; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    };
    const unfoldTarget = () => unfold(document.getElementById(location.hash.slice(1)));
    addEventListener("beforeprint", () => unfold(document));
    addEventListener("hashchange", unfoldTarget);
    unfoldTarget();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", rebuild);
    show(JSON.parse(document.getElementById("data").textContent));
    let width = innerWidth;
    addEventListener("resize", () => {
      if (innerWidth === width) return;
      width = innerWidth;
      for (const chart of charts)
        chart.plot.setSize({ width: chart.holder.clientWidth, height: chart.spec.height + eventsOf(chart.spec) });
    });
  };
  start();
  return { show, charts: () => charts };
})();
