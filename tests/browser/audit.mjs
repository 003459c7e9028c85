// Walks through pages in Chromium and tells what is wrong with them, as JSON on standard output.
//
// Reads from standard input {chromium, widths, schemes, views: [{origin, address, status, language, javascript}]}. Each
// view is examined by axe-core for WCAG 2.2 A and AA with everything unfolded, at each width in each scheme; besides it
// must not be wider than the window (1.4.10), take its language from the request, keep to its own host, wait with its
// first paint for nothing but one style sheet, and log no error.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import puppeteer from "puppeteer-core";
import { started } from "./started.mjs";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf-8");
const plan = JSON.parse(readFileSync(0, "utf-8"));
const faults = [];
let runs = 0;

async function examine(browser, view) {
  const page = await browser.newPage();
  const tell = (what, where = "") => faults.push({ ...view, what, where });
  page.on("request", (request) => {
    if (!request.url().startsWith(view.origin) && !request.url().startsWith("data:")) tell("asks another host", request.url());
  });
  page.on("pageerror", (error) => tell("script fails", String(error)));
  page.on("console", (message) => { if (message.type() === "error" && view.status === 200) tell("console", message.text()); });
  await page.setCacheEnabled(false);
  await page.setJavaScriptEnabled(view.javascript);
  await page.setExtraHTTPHeaders({ "Accept-Language": view.language });
  const response = await page.goto(view.origin + view.address, { waitUntil: "load" });
  if (response.status() !== view.status) tell(`answers ${response.status()}`);
  if (await page.evaluate(() => document.documentElement.lang) !== view.language) tell("is in another language");
  if (view.javascript) await started(page).catch(() => tell("does not start"));
  const awaited = await page.evaluate(() => performance.getEntriesByType("resource")
    .filter((each) => each.renderBlockingStatus === "blocking").map((each) => new URL(each.name).pathname));
  if (awaited.join() !== "/static/site.css") tell("paints late", awaited.join());
  await page.evaluate(() => document.querySelectorAll("details").forEach((each) => { each.open = true; }));
  // Scripts that did not run when the page came do not run now; axe itself needs timers.
  await page.setJavaScriptEnabled(true);
  await page.evaluate(axe);
  for (const width of plan.widths) {
    await page.setViewport({ width, height: 900 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > width) tell(`is ${wide} px wide`, `${width} px`);
    for (const scheme of plan.schemes) {
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      const { violations } = await page.evaluate((tags) => axe.run(document, { runOnly: tags, resultTypes: ["violations"] }), TAGS);
      runs += 1;
      for (const { id, help, nodes } of violations) {
        for (const node of nodes) tell(`${id}: ${help}`, `${width} px, ${scheme}: ${node.target} ${node.html.slice(0, 200)}`);
      }
    }
  }
  await page.close();
}

const browser = await puppeteer.launch({ executablePath: plan.chromium, args: FLAGS, protocolTimeout: 60_000 });
try {
  for (const view of plan.views) await examine(browser, view);
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify({ runs, faults }));
