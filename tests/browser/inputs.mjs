// Uses fields with the keyboard and tells whether that moved the reader (WCAG 3.2.2), as JSON on standard output.
//
// Reads from standard input {chromium, pages: [{name, origin, address}], matrix: {origin, address}}. In each field of a
// page a letter is typed, in each list to choose from the next line is chosen; of each it tells whether the page and the
// focus stayed. Of the matrix it tells what a choice and a text left of it in place.
import { readFileSync } from "node:fs";
import puppeteer from "puppeteer-core";

const FIELDS = "select, input:not([type=hidden]), textarea";
const plan = JSON.parse(readFileSync(0, "utf-8"));
const browser = await puppeteer.launch({ executablePath: plan.chromium, args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage();
const loading = new Set();
page.on("request", (request) => { loading.add(request); });
for (const end of ["requestfinished", "requestfailed"]) page.on(end, (request) => { loading.delete(request); });

// What a script begins upon a key, it begins soon; then the net is quiet for a while.
async function quiet() {
  for (let turn = 0, still = 0; still < 8; turn += 1) {
    if (turn > 400) throw new Error(`no end: ${[...loading].map((each) => each.url())}`);
    await new Promise((passed) => { setTimeout(passed, 75); });
    still = loading.size ? 0 : still + 1;
  }
}

async function opened({ origin, address }) {
  await page.goto(origin + address, { waitUntil: "load" });
  // What the page before was still waiting for came to no end.
  loading.clear();
  await page.evaluate(() => { window.same = true; });
}

async function used(place) {
  await page.evaluate((what, n) => document.querySelectorAll(what)[n].focus(), FIELDS, place);
  const field = await page.evaluate(() => ({ name: document.activeElement.name, tag: document.activeElement.localName }));
  await page.keyboard.press(field.tag === "select" ? "ArrowDown" : "k");
  await quiet();
  const [same, focus] = await page.evaluate(() => [window.same === true, document.activeElement.name]);
  return { ...field, stayed: same && focus === field.name };
}

const seen = () => ({
  same: window.same === true,
  focus: document.activeElement.id,
  query: window.location.search,
  said: document.querySelector(".count[role=status]").textContent,
  rows: [...document.querySelectorAll(".matrix tbody th[scope=row] a")].map((each) => each.textContent),
  columns: document.querySelectorAll(".matrix thead th").length - 1,
  sorted: document.querySelector(".matrix [aria-sort]")?.textContent.trim() ?? "",
  copied: document.querySelectorAll(".share button.copy").length,
});

async function matrix() {
  const told = {};
  await opened(plan.matrix);
  await page.focus("#m-rows");
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction(() => window.location.search.includes("rows=name"), { timeout: 20_000 });
  told.ordered = await page.evaluate(seen);
  await page.focus("#m-q");
  await page.keyboard.type("potilas");
  await page.waitForFunction(() => window.location.search.includes("q=potilas"), { timeout: 20_000 });
  told.typed = await page.evaluate(seen);
  await page.focus(".matrix thead th:nth-child(2) .order");
  await Promise.all([page.waitForNavigation({ timeout: 20_000 }), page.keyboard.press("Enter")]);
  told.sorted = await page.evaluate(seen);
  return told;
}

const told = { fields: {} };
try {
  for (const each of plan.pages) {
    await opened(each);
    const count = await page.evaluate((what) => document.querySelectorAll(what).length, FIELDS);
    told.fields[each.name] = [];
    for (let place = 0; place < count; place += 1) {
      await opened(each);
      told.fields[each.name].push(await used(place));
    }
  }
  told.matrix = await matrix();
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify(told));
