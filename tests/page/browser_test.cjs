// SPDX-License-Identifier: Apache-2.0
//
// browser_test.cjs BROWSER FOLDER: opens the pages of FOLDER from the disk, as a person would, and looks
// whether everything is there and works. Every fault is printed; pictures are written beside the pages.
"use strict";

const { readFileSync, statSync } = require("node:fs");
const { chromium } = require("playwright-core");

const [browserPath, folder] = process.argv.slice(2);
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const MOST_BYTES = 3_000_000;
const MOST_RENDER_MS = 2000;

const faults = [];
let checks = 0;
const expect = (what, good, details = "") => {
  ++checks;
  if (!good) faults.push(`${what}${details === "" ? "" : `: ${details}`}`);
};

// A page in a context of its own; what it asks for besides itself, and what it complains of, is a fault.
const open = async (browser, name, options = {}) => {
  const context = await browser.newContext({
    viewport: { width: 1400, height: 1000 }, offline: true, reducedMotion: "reduce",
    permissions: ["clipboard-read", "clipboard-write"], ...options,
  });
  const page = await context.newPage();
  const file = `file://${folder}/${name}.html`;
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") expect(`${name}: console`, false, message.text());
  });
  page.on("pageerror", (error) => expect(`${name}: error`, false, error.stack));
  page.on("request", (request) => {
    const url = request.url();
    expect(`${name}: asks for nothing but itself`, url === file || url.startsWith("data:"), url.slice(0, 80));
  });
  await page.goto(file);
  return page;
};
const picture = (page, name) => page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });

const usesUplot = (page) => page.evaluate(() => typeof uPlot !== "undefined");

// How many pixels of each chart are drawn: of a canvas those that are not transparent, of a drawing what its
// paths cover.
const inkOfCharts = (page) => page.evaluate(() =>
  [...document.querySelectorAll("figure.chart")].map((figure) => {
    const canvas = figure.querySelector("canvas");
    if (canvas && canvas.getBoundingClientRect().width > 0) {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      let ink = 0;
      for (let i = 3; i < data.length; i += 4) if (data[i] !== 0) ++ink;
      return { id: figure.id, ink };
    }
    let ink = 0;
    for (const path of figure.querySelectorAll("svg.plot path")) {
      const box = path.getBoundingClientRect();
      ink += Math.max(box.width, 1) * Math.max(box.height, 1) * (box.width + box.height > 0 ? 1 : 0);
    }
    return { id: figure.id, ink };
  }));

const expectInk = async (page, name, least) => {
  const charts = await inkOfCharts(page);
  expect(`${name}: has charts`, charts.length >= least, charts.length);
  for (const { id, ink } of charts) expect(`${name}: ${id} has pixels`, ink > 500, ink);
};

const legendOf = (page, id) => page.$$eval(`#${id} .legend output`, (all) => all.map((one) => one.textContent));

const expectHover = async (page, name) => {
  const hover = async (id) => {
    const place = page.locator(`#${id} .drawing`);
    await place.scrollIntoViewIfNeeded();
    const box = await place.boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.waitForTimeout(60);
    return legendOf(page, id);
  };
  for (const id of ["latency-chart", "rate-chart", "percentile-chart"]) {
    const values = await hover(id);
    expect(`${name}: hover over ${id} shows values`, values.every((value) => /\d/.test(value)), values.join(" | "));
  }
  await hover("latency-chart");
  const shared = await legendOf(page, "rate-chart");
  expect(`${name}: the cursor is shared over time`, shared.every((value) => /\d/.test(value)), shared.join(" | "));
  await page.mouse.move(1, 1);
  const heat = page.locator("#heat-chart svg.heat");
  await heat.scrollIntoViewIfNeeded();
  const box = await heat.boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const said = await legendOf(page, "heat-chart");
  expect(`${name}: hover over the heatmap says what is there`, /\d.*to.*\/s/.test(said[0]), said[0]);
  await page.mouse.move(1, 1);
};

const expectKeyboard = async (page, name) => {
  await page.focus("#latency-chart .drawing");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  const first = await legendOf(page, "latency-chart");
  await page.keyboard.press("ArrowRight");
  const second = await legendOf(page, "latency-chart");
  expect(`${name}: arrow keys read values`, /\d/.test(first[0]) && first.at(-1) !== second.at(-1), `${first} then ${second}`);
};

const hashOf = (page, id) => page.evaluate((chart) => document.querySelector(`#${chart} canvas`).toDataURL(), id);
const visible = (page, selector) => page.$$eval(selector, (all) =>
  all.filter((one) => one.getBoundingClientRect().width > 0).length);

const expectBaseline = async (page) => {
  expect("baseline is shown at first", (await visible(page, ".baseline")) > 10);
  const before = await hashOf(page, "latency-chart");
  await page.click("#baseline-toggle");
  expect("baseline can be hidden", (await visible(page, ".baseline")) === 0);
  expect("its line goes from the chart", (await hashOf(page, "latency-chart")) !== before);
  expect("the button says so", (await page.getAttribute("#baseline-toggle", "aria-pressed")) === "false");
  await picture(page, "comparison-without-baseline-1400");
  await page.click("#baseline-toggle");
  expect("baseline comes again", (await hashOf(page, "latency-chart")) === before);
};

const backgroundOf = (page) => page.evaluate(() => {
  const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number);
  return (r + g + b) / 3;
});

const expectAccessible = async (page, name) => {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  for (const { id, impact, help, nodes } of violations)
    expect(`${name}: axe: ${id}`, impact !== "serious" && impact !== "critical",
      `${help} (${impact}): ${nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join("  ")}`);
  ++checks;
};

// ---- tables ----

const columnOf = (page, table, column) => page.$$eval(`#${table} tbody tr:not(.sub)`, (rows, i) =>
  rows.map((row) => row.cells[i].firstChild.textContent), column);
const headOf = (page, table, text) => page.locator(`#${table} thead th`, { hasText: text }).first();

// By mouse and by keyboard, and said to who does not see it; the row of all ops stays at the foot.
const expectSorting = async (page, name) => {
  const before = await columnOf(page, "op-table", 0);
  const head = headOf(page, "op-table", "count");
  await head.locator("button").click();
  expect(`${name}: a head that is pressed sorts`, (await head.getAttribute("aria-sort")) === "descending");
  const counts = (await columnOf(page, "op-table", 1)).slice(0, -1).map((text) => Number(text.replaceAll(",", "")));
  expect(`${name}: the largest is first`, counts.every((count, i) => i === 0 || counts[i - 1] >= count), counts);
  expect(`${name}: all ops stay at the foot`, (await columnOf(page, "op-table", 0)).at(-1) === "all");
  expect(`${name}: it is said`, (await page.textContent("#said")) === "Rows by count, descending");
  await head.locator("button").focus();
  await page.keyboard.press("Enter");
  expect(`${name}: a key turns it round`, (await head.getAttribute("aria-sort")) === "ascending");
  const names = await columnOf(page, "op-table", 0);
  expect(`${name}: the smallest is first then`, names[0] === before[1] && names.at(-1) === "all", names);
  await page.keyboard.press("Enter");
  expect(`${name}: a third time it is as it was`, (await head.getAttribute("aria-sort")) === null &&
    String(await columnOf(page, "op-table", 0)) === String(before));
  const parts = await page.$$eval("#op-table tbody tr", (rows) => rows.map((row) => row.classList.contains("sub")));
  expect(`${name}: parts stay with their op`, !parts[0] && parts.some(Boolean) && !parts.at(-1), parts);
  const unlike = await page.locator("#trust-table thead button").count();
  expect(`${name}: what is no list cannot be sorted`, unlike === 0, unlike);
};

const expectCopy = async (page, name, table, pattern) => {
  await page.click(`#${table}-copy`);
  const text = await page.evaluate(() => navigator.clipboard.readText());
  const lines = text.trimEnd().split("\n");
  const cells = new Set(lines.map((line) => line.split("|").length));
  expect(`${name}: ${table} is copied as Markdown`, pattern.test(text) && /^\|( (---|--:) \|)+$/.test(lines[1]), text);
  expect(`${name}: every row of it has as many cells`, cells.size === 1, [...cells]);
  expect(`${name}: no markup of a name is in it`, !/[<>`*_]/.test(text), text);
};

// A link to each section and chart leads there.
const expectAnchors = async (page, name) => {
  const anchors = await page.$$eval("a.anchor", (all) => all.map((one) => [one.getAttribute("href"), one.getAttribute("aria-label")]));
  const titles = await page.locator("main h2, figure h3").count();
  expect(`${name}: every heading has a link`, anchors.length === titles && titles > 3, `${anchors.length} of ${titles}`);
  for (const [href, label] of anchors) {
    expect(`${name}: ${href} is there`, (await page.locator(href).count()) === 1);
    expect(`${name}: ${href} says where to`, /^Link to ./.test(label), label);
  }
  const last = anchors.at(-1)[0];
  await page.evaluate(() => scrollTo(0, 0));
  await page.goto(`${page.url().replace(/#.*/, "")}${last}`);
  const top = await page.locator(last).evaluate((one) => one.getBoundingClientRect().top);
  expect(`${name}: the link leads there`, top < 1000, top);
};

// A line of the legend comes and goes, in the chart and in the drawing that prints.
const expectChoice = async (page, name) => {
  const id = "op-latency-chart";
  const item = page.locator(`#${id} .legend li`, { hasText: "read p50" });
  const line = page.locator(`#${id} svg.plot [data-line="0"].line`);
  const pressed = () => item.locator("button").getAttribute("aria-pressed");
  const drawn = () => line.evaluate((path) => getComputedStyle(path).display !== "none");
  const before = await hashOf(page, id);
  expect(`${name}: p50 of an op is not drawn at first`, (await pressed()) === "false" && !(await drawn()));
  await item.locator("button").focus();
  await page.keyboard.press("Space");
  expect(`${name}: the legend brings it`, (await pressed()) === "true" && (await drawn()));
  expect(`${name}: it is in the chart`, (await hashOf(page, id)) !== before);
  await page.keyboard.press("Space");
  expect(`${name}: the legend takes it away`, (await pressed()) === "false" && (await hashOf(page, id)) === before);
};

const ramp = async (browser) => {
  const page = await open(browser, "ramp");
  await expectInk(page, "ramp", 7);
  await picture(page, "ramp-1400");
  if (await usesUplot(page)) {
    await expectHover(page, "ramp");
    await expectKeyboard(page, "ramp");
    await expectChoice(page, "ramp");
  }
  await expectSorting(page, "ramp");
  await expectAnchors(page, "ramp");
  await expectAccessible(page, "ramp");
  const bright = await backgroundOf(page);
  await page.click("#theme-toggle");
  await page.click("#theme-toggle");
  expect("the button makes the page dark", (await backgroundOf(page)) < 60 && bright > 200, bright);
  expect("the table of ops has its rows", (await page.locator("#op-table tbody tr").count()) >= 3);
  await page.context().close();
};

const dark = async (browser) => {
  const page = await open(browser, "ramp", { colorScheme: "dark" });
  expect("dark follows the system", (await backgroundOf(page)) < 60);
  await expectInk(page, "dark", 7);
  await expectAccessible(page, "dark");
  await picture(page, "ramp-dark-1400");
  await page.context().close();
};

const comparison = async (browser) => {
  const page = await open(browser, "comparison");
  await expectInk(page, "comparison", 9);
  await picture(page, "comparison-1400");
  if (await usesUplot(page)) await expectBaseline(page);
  await expectAccessible(page, "comparison");
  await page.context().close();
};

const phone = async (browser) => {
  for (const name of ["ramp", "comparison", "hostile", "errors", "invalid", "find"]) {
    const page = await open(browser, name, { viewport: { width: 400, height: 800 }, deviceScaleFactor: 2 });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(`${name}: fits a phone`, width <= 400, width);
    const rows = await page.$$eval("tbody tr", (all) => Math.max(...all.map((row) => row.getBoundingClientRect().height)));
    expect(`${name}: no row of a table is squeezed on a phone`, rows < 320, rows);
    const wide = await page.evaluate(() => [...document.querySelectorAll("main *")].filter((one) => {
      const box = one.getBoundingClientRect();
      return box.width > 0 && box.right > 401 && !one.closest(".scroll");
    }).map((one) => `${one.tagName}.${one.className}`));
    expect(`${name}: nothing leaves a phone`, wide.length === 0, wide.slice(0, 3));
    await expectInk(page, `${name} on a phone`, 3);
    await picture(page, `${name}-400`);
    await page.context().close();
  }
};

const print = async (browser) => {
  const page = await open(browser, "ramp", { colorScheme: "dark" });
  await page.emulateMedia({ media: "print" });
  expect("print is black on white", (await backgroundOf(page)) > 250);
  const charts = await page.locator("figure.chart").count();
  expect("print shows the drawings", (await visible(page, "svg.plot")) === charts);
  expect("print hides the canvases", (await visible(page, ".uplot")) === 0);
  expect("print hides what can be pressed", (await visible(page, "button")) === 0);
  const heads = await page.$$eval("#op-table thead th", (all) => all.every((head) => head.innerText.trim() !== ""));
  expect("print has the heads of tables", heads);
  expect("print has no line that was not chosen", (await visible(page, ".legend .off, svg.plot .off")) === 0);
  await picture(page, "ramp-print");
  const pdf = await page.pdf({ path: `${folder}/ramp.pdf`, format: "A4", printBackground: true });
  expect("it becomes a PDF of some pages", pdf.length > 20_000, pdf.length);
  await page.context().close();
};

const withoutJavaScript = async (browser) => {
  const context = await browser.newContext({ viewport: { width: 1400, height: 1000 }, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`file://${folder}/comparison.html`);
  const drawings = await page.locator("svg.plot:visible").count();
  expect("without JavaScript all charts are drawings", drawings === (await page.locator("figure.chart").count()), drawings);
  expect("without JavaScript the tables are there", await page.locator("#op-table").isVisible());
  expect("without JavaScript there is no dead button", (await page.locator("button:visible").count()) === 0);
  expect("without JavaScript no line is named that is not drawn", (await page.locator(".legend .off:visible").count()) === 0);
  await picture(page, "comparison-without-javascript-1400");
  await context.close();
};

const hostile = async (browser) => {
  const page = await open(browser, "hostile");
  const found = await page.evaluate(() => ({
    title: document.title,
    heading: document.querySelector("h1").textContent,
    scripts: document.scripts.length,
    bold: document.querySelectorAll("b").length,
    links: [...document.links].filter((link) => !/^(file|data):/.test(link.href)).length,
    handlers: document.querySelectorAll("[onload],[onerror],[onclick]").length,
  }));
  expect("a hostile name stays text", found.heading.startsWith("</script><script>document.title='owned'</script>"), found.heading);
  expect("nothing of it ran", found.title !== "owned", found.title);
  expect("no script came in", found.scripts === 3, found.scripts);
  expect("no element came in", found.bold + found.handlers === 0, JSON.stringify(found));
  expect("no link leads out", found.links === 0, found.links);
  await expectInk(page, "hostile", 5);
  await expectCopy(page, "hostile", "op-table", /&#60;script&#62;document\.title/);
  await expectAccessible(page, "hostile");
  await page.context().close();
};

const errors = async (browser) => {
  const page = await open(browser, "errors");
  const classes = await columnOf(page, "error-table", 0);
  expect("errors have a table", classes.includes("connection <b>lost</b>") && classes.includes("too busy"), classes);
  const row = page.locator("#error-table tr", { hasText: "too busy" });
  expect("with share, first and last", /^too busy\t21\t0\.\d+%\t3\.00s\t10\.0s\tget item, all$/.test(await row.innerText()), await row.innerText());
  const failed = await page.locator("#failed-table tr", { hasText: "rejected" }).innerText();
  expect("ops that failed have latencies of their own", /get item, all\trejected\t21\t2\.00ms/.test(failed), failed);
  await expectCopy(page, "errors", "error-table", /\| too busy \| 21 \| 0\.\d+% \| 3\.00s \| 10\.0s \| get item, all \|/);
  await expectAccessible(page, "errors");
  await picture(page, "errors-1400");
  await page.context().close();
};

// All figures are there, greyed, with the reason.
const invalid = async (browser) => {
  const page = await open(browser, "invalid");
  expect("an invalid comparison says why", /no run of B is valid/.test(await page.textContent(".verdict")));
  const text = await page.textContent("#comparison");
  expect("and of each run that was left out", /the load generator was full/.test(text), text);
  const metrics = await columnOf(page, "figure-table", 0);
  for (const metric of ["rate", "p50", "p99", "errors", "p99(read)"])
    expect(`it has ${metric}`, metrics.includes(metric), metrics);
  const colors = await page.evaluate(() => ["#figure-table td", ".tile dd", "#runs-table tr.greyed td", "#trust-table td"]
    .map((one) => getComputedStyle(document.querySelector(one)).color));
  expect("figures are greyed, and what is known for sure is not", colors[0] === colors[1] && colors[1] === colors[2] && colors[3] !== colors[0], colors);
  await expectInk(page, "invalid", 5);
  await expectAccessible(page, "invalid");
  await picture(page, "invalid-1400");
  await page.context().close();
};

const find = async (browser) => {
  const page = await open(browser, "find");
  expect("a search says what it found", /84\.2k\/s \(82\.9k\/s to 85\.5k\/s\) hold/.test(await page.textContent(".verdict")));
  await expectInk(page, "find", 3);
  await expectAnchors(page, "find");
  await expectAccessible(page, "find");
  await headOf(page, "probe-table", "load").locator("button").click();
  const loads = await columnOf(page, "probe-table", 1);
  expect("its probes can be sorted by load", loads[0] === "160k/s" && loads.at(-1) === "10.0k/s", loads);
  expect("those that do not count are greyed", (await page.locator("#probe-table tr.greyed").count()) === 2);
  await picture(page, "find-1400");
  const links = await page.$$eval("#probe-table a", (all) => all.map((one) => one.href));
  expect("every probe has a link", links.length === 9, links.length);
  await page.context().close();
  const context = await browser.newContext({ offline: true });
  const probe = await context.newPage();
  await probe.goto(links[0]);
  expect("the link leads to the page of the probe", (await probe.textContent("h1")) === "ramp");
  await context.close();
};

const looks = async (browser) => {
  for (const name of ["ramp", "comparison", "errors", "invalid", "find"]) {
    const page = await open(browser, name, { viewport: { width: 1000, height: 800 } });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(`${name}: fits 1000 pixels`, width <= 1000, width);
    await picture(page, `${name}-1000`);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(`${name}: can be dark`, (await backgroundOf(page)) < 60);
    await expectAccessible(page, `${name} in the dark`);
    await page.emulateMedia({ media: "print" });
    expect(`${name}: prints on white`, (await backgroundOf(page)) > 250);
    expect(`${name}: prints no buttons`, (await visible(page, "button, .anchor")) === 0);
    await page.context().close();
  }
};

const nothing = async (browser) => {
  const page = await open(browser, "nothing");
  expect("a run without ops has a page", /No op was answered/.test(await page.textContent("main")));
  await expectAccessible(page, "nothing");
  await picture(page, "nothing-1400");
  await page.context().close();
};

// In CPU time of the page's own thread, which is what a quiet machine needs in all: what else this one does is
// not the page's fault.
const day = async (browser) => {
  const bytes = statSync(`${folder}/day.html`).size;
  expect("the page of a day is small", bytes <= MOST_BYTES, bytes);
  const page = await open(browser, "day");
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const begin = performance.now();
  await page.reload();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const wall = performance.now() - begin;
  const { metrics } = await session.send("Performance.getMetrics");
  const busy = 1000 * metrics.find((metric) => metric.name === "TaskDuration").value;
  console.log(`a day: ${bytes} bytes, rendered in ${busy.toFixed(0)} ms of CPU time, ${wall.toFixed(0)} ms by the clock`);
  expect("the page of a day was measured", busy > 10, busy);
  expect("the page of a day renders in time", busy <= MOST_RENDER_MS, `${busy.toFixed(0)} ms`);
  await expectInk(page, "day", 5);
  await picture(page, "day-1400");
  await page.context().close();
};

(async () => {
  const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
  try {
    for (const part of [ramp, dark, comparison, phone, print, withoutJavaScript, hostile, nothing, errors, invalid, find,
      looks, day]) {
      try {
        await part(browser);
      } catch (error) {
        expect(part.name, false, error.stack);
      }
    }
  } finally {
    await browser.close();
  }
  for (const fault of faults) console.error(`FAILED: ${fault}`);
  console.log(`${checks} checks, ${faults.length} faults; pictures are in ${folder}`);
  process.exit(faults.length === 0 ? 0 : 1);
})();
