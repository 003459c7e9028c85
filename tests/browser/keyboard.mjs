// Walks through a page with the keyboard alone and tells what was seen, as JSON on standard output.
//
// Reads from standard input {origin, chromium, address, word}: `word` is typed into the search field.
import { readFileSync } from "node:fs";
import puppeteer from "puppeteer-core";

const plan = JSON.parse(readFileSync(0, "utf-8"));
const browser = await puppeteer.launch({ executablePath: plan.chromium, args: ["--no-sandbox", "--disable-gpu"] });

function focused() {
  const here = document.activeElement;
  if (!here || here === document.body) return null;
  const { outlineStyle, outlineWidth } = getComputedStyle(here);
  const box = here.getBoundingClientRect();
  const all = [...document.querySelectorAll("*")];
  return {
    name: (here.getAttribute("aria-label") ?? here.textContent ?? "").trim().slice(0, 60) || here.id,
    tag: here.localName,
    place: all.indexOf(here),
    outlined: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
    seen: box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0 && box.top < innerHeight && box.left < innerWidth,
  };
}

const told = { stops: [] };
try {
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  // Where the page is while it still scrolls says nothing.
  await page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]);
  await page.goto(plan.origin + plan.address, { waitUntil: "load" });
  for (let step = 0; step < 400; step += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(focused);
    if (!stop) break;
    told.stops.push(stop);
  }
  told.reachable = await page.evaluate(() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), summary, [tabindex='0']")]
    .filter((each) => each.checkVisibility()).length);
  await page.goto(plan.origin + plan.address, { waitUntil: "load" });
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  told.skipped = await page.evaluate(() => document.activeElement.localName);
  await page.focus("input[type=search]");
  await page.keyboard.type(plan.word);
  await page.waitForSelector("[role=listbox]:not([hidden])", { timeout: 10_000 });
  await page.keyboard.press("ArrowDown");
  told.chosen = await page.evaluate(() => {
    const option = document.getElementById(document.activeElement.getAttribute("aria-activedescendant"));
    return { role: option?.getAttribute("role"), selected: option?.getAttribute("aria-selected"), address: option?.dataset.address };
  });
  await page.keyboard.press("Escape");
  told.closed = await page.evaluate(() => document.querySelector("[role=listbox]").hidden);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await Promise.all([page.waitForNavigation({ timeout: 10_000 }), page.keyboard.press("Enter")]);
  told.arrived = new URL(page.url()).pathname;
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify(told));
