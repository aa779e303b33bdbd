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
    viewport: { width: 1400, height: 1000 }, offline: true, reducedMotion: "reduce", ...options,
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

const ramp = async (browser) => {
  const page = await open(browser, "ramp");
  await expectInk(page, "ramp", 7);
  await picture(page, "ramp-1400");
  if (await usesUplot(page)) {
    await expectHover(page, "ramp");
    await expectKeyboard(page, "ramp");
  }
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
  for (const name of ["ramp", "comparison", "hostile"]) {
    const page = await open(browser, name, { viewport: { width: 400, height: 800 }, deviceScaleFactor: 2 });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(`${name}: fits a phone`, width <= 400, width);
    const rows = await page.$$eval("tbody tr", (all) => Math.max(...all.map((row) => row.getBoundingClientRect().height)));
    expect(`${name}: no row of a table is squeezed on a phone`, rows < 320, rows);
    await expectInk(page, `${name} on a phone`, 5);
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
  await expectAccessible(page, "hostile");
  await page.context().close();
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
    for (const part of [ramp, dark, comparison, phone, print, withoutJavaScript, hostile, nothing, day]) {
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
