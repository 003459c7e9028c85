// Writes a query into the editor of the SPARQL page as a person would, and tells what it offered and wrote, as JSON.
//
// Reads from standard input {origin, chromium, address, typed: [{text, wanted}]}: each text is typed at the end, then
// the first offer whose words hold `wanted` is taken.
import { readFileSync } from "node:fs";
import puppeteer from "puppeteer-core";

const plan = JSON.parse(readFileSync(0, "utf-8"));
const browser = await puppeteer.launch({ executablePath: plan.chromium, args: ["--no-sandbox", "--disable-gpu"] });
const told = { offers: [], asked: [] };
try {
  const page = await browser.newPage();
  page.on("request", (request) => told.asked.push(request.url()));
  await page.goto(plan.origin + plan.address, { waitUntil: "load" });
  await page.waitForFunction(() => document.querySelector("form.query div")?.shadowRoot?.querySelector(".cm-content"), { timeout: 20_000 });
  await page.evaluate(() => document.querySelector("form.query div").shadowRoot.querySelector(".cm-content").focus());
  await page.keyboard.down("Control");
  await page.keyboard.press("a");
  await page.keyboard.up("Control");
  await page.keyboard.press("Delete");
  for (const { text, wanted } of plan.typed) {
    await page.keyboard.type(text);
    if (!wanted) continue;
    // The editor takes no offer that has been there for less than its delay: the list must have stayed as it is.
    const texts = await page.waitForFunction((words) => {
      const offers = [...document.querySelector("form.query div").shadowRoot.querySelectorAll(".cm-tooltip-autocomplete li")].map((offer) => offer.textContent);
      const now = offers.join("\n");
      if (window.offered !== now) { window.offered = now; window.since = performance.now(); }
      return offers.some((offer) => offer.includes(words)) && performance.now() - window.since > 300 ? offers : null;
    }, { timeout: 20_000 }, wanted).then((handle) => handle.jsonValue());
    told.offers.push(texts);
    const chosen = () => page.evaluate((words) => document.querySelector("form.query div").shadowRoot
      .querySelector(".cm-tooltip-autocomplete li[aria-selected]").textContent.includes(words), wanted);
    for (let step = 0; step < texts.length && !(await chosen()); step += 1) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => !document.querySelector("form.query div").shadowRoot.querySelector(".cm-tooltip-autocomplete"), { timeout: 10_000 });
  }
  told.written = await page.evaluate(() => document.querySelector("textarea[name=query]").value);
  await Promise.all([page.waitForNavigation({ timeout: 20_000 }), page.click("form.query button")]);
  told.rows = await page.evaluate(() => document.querySelectorAll(".answer tbody tr").length);
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify(told));
