// Works at the SPARQL page in Chromium as a person would, and tells what it saw, as JSON.
//
// Reads from standard input {origin, chromium, language, typed: [{text, wanted}], counted, empty, wrong}: each text of
// `typed` is typed at the end of a new query, then the first offer whose words hold `wanted` is taken. The others are
// queries: one with a chart, one without rows, one that does not parse.
import { readFileSync } from "node:fs";
import puppeteer from "puppeteer-core";

const plan = JSON.parse(readFileSync(0, "utf-8"));
const browser = await puppeteer.launch({ executablePath: plan.chromium, args: ["--no-sandbox", "--disable-gpu"] });
const told = { asked: [], errors: [] };
const NOW = ".tabPanel.active";
const start = `${plan.origin}/sparql?lang=${plan.language}`;

async function arrive(page, address) {
  await page.goto(address, { waitUntil: "load" });
  await page.waitForSelector(`${NOW} .CodeMirror`, { timeout: 20_000 });
}

async function chord(page, key) {
  await page.keyboard.down("Control");
  await page.keyboard.press(key);
  await page.keyboard.up("Control");
}

/** Takes the offer whose words hold `wanted`, once the list has stayed as it is. */
async function take(page, wanted) {
  await page.waitForFunction((words) => {
    const offers = [...document.querySelectorAll(".CodeMirror-hints li")].map((offer) => offer.textContent);
    const now = offers.join("\n");
    if (window.offered !== now) { window.offered = now; window.since = performance.now(); }
    return offers.some((offer) => offer.includes(words)) && performance.now() - window.since > 300;
  }, { timeout: 20_000 }, wanted);
  const chosen = () => page.$eval(".CodeMirror-hint-active", (offer, words) => offer.textContent.includes(words), wanted);
  for (let step = 0; step < 60 && !(await chosen()); step += 1) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => !document.querySelector(".CodeMirror-hints"), { timeout: 10_000 });
}

/** Runs a query in a new tab and waits for what it leads to. */
async function run(page, query, leads) {
  await page.click(".newTab");
  await chord(page, "a");
  await page.evaluate((now, text) => document.querySelector(`${now} .CodeMirror`).CodeMirror.setValue(text), NOW, query);
  await chord(page, "Enter");
  await page.waitForSelector(`${NOW} .yasr_results ${leads}`, { timeout: 20_000 });
}

const query = (page) => page.$eval(`${NOW} .CodeMirror`, (editor) => editor.CodeMirror.getValue());
const texts = (page, what) => page.$$eval(what, (found) => found.map((each) => each.textContent.trim()));
/** What YASGUI itself says: not the query, not the answer, not the names of tabs. */
const said = (page) => page.evaluate(() => {
  const theirs = ".CodeMirror-lines, .CodeMirror-hints, .yasr_results, .tab span";
  const own = [...document.querySelectorAll("#workbench *")].filter((each) => !each.closest(theirs) && each.checkVisibility());
  return own.flatMap((each) => [
    each.title, each.ariaLabel, each.placeholder, ...[...each.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data),
  ]).map((text) => (text ?? "").trim()).filter(Boolean);
});

try {
  const page = await browser.newPage();
  page.on("request", (request) => told.asked.push(request.url()));
  page.on("console", (message) => { if (message.type() === "error") told.errors.push(message.text()); });
  page.on("pageerror", (error) => told.errors.push(String(error)));
  await arrive(page, start);
  told.form = await page.$eval("form.query", (form) => form.checkVisibility());
  told.said = await said(page);

  await page.click(".newTab");
  await chord(page, "a");
  await page.keyboard.press("Delete");
  for (const { text, wanted } of plan.typed) {
    await page.keyboard.type(text);
    if (wanted) await take(page, wanted);
  }
  told.written = await query(page);
  await chord(page, "Enter");
  await page.waitForSelector(`${NOW} .answer tbody tr`, { timeout: 20_000 });
  told.rows = (await texts(page, `${NOW} .answer tbody tr`)).length;
  told.status = await texts(page, `${NOW} [role=status]`);
  told.said = told.said.concat(await said(page));
  const first = `${NOW} .answer tbody td:first-child a`;
  await page.click(`${NOW} .answer th button`);
  told.rising = await texts(page, first);
  await page.click(`${NOW} .answer th button`);
  told.falling = await texts(page, first);

  await run(page, plan.counted, ".answer");
  await page.click(`${NOW} .select_chart`);
  await page.waitForSelector(`${NOW} .yasr_results .bars`, { timeout: 20_000 });
  told.bars = (await page.$$(`${NOW} .bars rect`)).length;
  await page.click(`${NOW} .select_response`);
  await page.waitForSelector(`${NOW} .yasr_results .CodeMirror`, { timeout: 20_000 });
  told.raw = await page.$eval(`${NOW} .yasr_results .CodeMirror`, (shown) => JSON.parse(shown.CodeMirror.getValue()).head.vars);
  told.said = told.said.concat(await said(page));
  await page.click(`${NOW} .yasqe_share`);
  told.shared = await page.$eval(`${NOW} .yasqe_sharePopup input`, (field) => field.value);
  told.said = told.said.concat(await said(page));

  await run(page, plan.empty, "a.why");
  await page.click(`${NOW} a.why`);
  await page.waitForSelector(`${NOW} .yasr_results .patterns`, { timeout: 20_000 });
  told.why = (await texts(page, `${NOW} .yasr_results .patterns li`)).join(" ");
  const before = told.errors.length;
  await run(page, plan.wrong, ".problem");
  told.wrong = (await texts(page, `${NOW} .problem`)).join(" ");
  told.errors.splice(before); // The browser tells of every 400.

  await page.focus(".tab.active [role=tab]");
  await page.keyboard.press("F2");
  await chord(page, "a");
  await page.keyboard.type("Oma");
  await page.keyboard.press("Enter");
  told.tabs = await texts(page, ".tab [role=tab] > span");
  await page.focus(".tab.active [role=tab]");
  await arrive(page, start);
  told.kept = [await texts(page, ".tab [role=tab] > span"), await query(page)];
  await page.focus(".tab.active [role=tab]");
  await page.keyboard.press("Delete");
  told.closed = await texts(page, ".tab [role=tab] > span");

  await arrive(page, `${start}&query=${encodeURIComponent(plan.counted)}`);
  await page.waitForSelector(`${NOW} .yasr_results .answer, ${NOW} .yasr_results .CodeMirror`, { timeout: 20_000 });
  told.opened = [await query(page), (await texts(page, ".tab")).length];

  await page.click("details.questions summary");
  const ready = await page.$eval("a.opens", (link) => new URL(link.href).searchParams.get("query"));
  await page.click("a.opens");
  await page.waitForFunction((now, text) => document.querySelector(`${now} .CodeMirror`).CodeMirror.getValue() === text, { timeout: 10_000 }, NOW, ready);
  await page.waitForSelector(`${NOW} .yasr_results .answer`, { timeout: 20_000 });
  told.ready = [ready, (await texts(page, ".tab")).length];

  // Without what the workbench is made of, the form stays what it was.
  const broken = await browser.newPage();
  await broken.setRequestInterception(true);
  broken.on("request", (request) => (request.url().includes("terms.json") ? request.respond({ status: 503 }) : request.continue()));
  const failed = new Promise((passed) => { broken.on("pageerror", passed); });
  await broken.goto(start, { waitUntil: "load" });
  await failed;
  told.without = await broken.$eval("form.query", (form) => form.checkVisibility());

  // A page that tells no outcome, as of a server in front that is not well.
  const ill = await browser.newPage();
  await ill.setRequestInterception(true);
  ill.on("request", (request) => (request.resourceType() === "fetch" && request.headers().accept === "text/html"
    ? request.respond({ status: 502, contentType: "text/html", body: "<p>?" }) : request.continue()));
  await ill.goto(`${start}&query=${encodeURIComponent("ASK { ?ill a ?server }")}`, { waitUntil: "load" });
  await ill.waitForFunction((now) => document.querySelector(`${now} .yasr_results`)?.textContent, { timeout: 20_000 }, NOW);
  told.ill = await ill.$eval(`${NOW} .yasr_results`, (shown) => shown.textContent);
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify(told));
