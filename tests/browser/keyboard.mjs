// Walks through pages with the keyboard alone and tells what was seen, as JSON on standard output.
//
// Reads from standard input {chromium, walks: [{name, origin, address}], search: {origin, address, word}}. Of each walk it
// tells the stops and how many there should be; on the page of `search`, `word` is typed into the search field.
import { readFileSync } from "node:fs";
import puppeteer from "puppeteer-core";
import { started } from "./started.mjs";

const REACHABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0'], [contenteditable=true]";
const plan = JSON.parse(readFileSync(0, "utf-8"));
const browser = await puppeteer.launch({ executablePath: plan.chromium, args: ["--no-sandbox", "--disable-gpu"] });

function focused() {
  const here = document.activeElement;
  if (!here || here === document.body) return null;
  const place = [...document.querySelectorAll("*")].indexOf(here);
  // The outline of the editor's field stands around the whole of it.
  const { outlineStyle, outlineWidth } = getComputedStyle(here.localName === "textarea" ? here.closest(".CodeMirror") ?? here : here);
  const box = here.getBoundingClientRect();
  return {
    name: (here.getAttribute("aria-label") ?? here.textContent ?? "").trim().slice(0, 60) || here.id,
    tag: here.localName,
    place,
    outlined: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
    seen: box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0 && box.top < innerHeight && box.left < innerWidth,
  };
}

async function walked(page, { origin, address }) {
  await page.goto(origin + address, { waitUntil: "load" });
  await started(page);
  const reachable = await page.evaluate((what) => [...document.querySelectorAll(what)]
    .filter((each) => each.getAttribute("tabindex") !== "-1" && each.checkVisibility({ visibilityProperty: true })).length, REACHABLE);
  const stops = [];
  while (stops.length < reachable + 5) {
    await page.keyboard.press("Tab");
    let stop = await page.evaluate(focused);
    // The editor draws its outline a moment after it has the focus.
    for (let turn = 0; stop && !stop.outlined && turn < 40; turn += 1) {
      await new Promise((passed) => { setTimeout(passed, 50); });
      stop = await page.evaluate(focused);
    }
    // At its end the walk leaves the page, or begins anew; a trap is told by the stops that are missing.
    if (!stop || stops.some((each) => each.place === stop.place)) break;
    stops.push(stop);
  }
  return { reachable, stops };
}

const told = { walks: {} };
try {
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  // Where the page is while it still scrolls says nothing.
  await page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]);
  for (const walk of plan.walks) told.walks[walk.name] = await walked(page, walk);
  await page.goto(plan.search.origin + plan.search.address, { waitUntil: "load" });
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  told.skipped = await page.evaluate(() => document.activeElement.localName);
  await page.focus("input[type=search]");
  await page.keyboard.type(plan.search.word);
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
