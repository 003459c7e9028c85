// Walks through pages with the keyboard alone and tells what was seen, as JSON on standard output.
//
// Reads from standard input {chromium, width, walks: [{name, origin, address}], search: {origin, address, word}}. Of each
// walk it tells the stops, how many there should be, and which of them the way back finds hidden; on the page of `search`,
// `word` is typed into the search field.
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
  // The field of the editor lies under its lines; what is seen of it is the whole editor.
  const shown = here.localName === "textarea" ? here.closest(".CodeMirror") ?? here : here;
  const { outlineStyle, outlineWidth } = getComputedStyle(shown);
  const box = shown.getBoundingClientRect();
  // Whether any part of it lies under nothing else, in a window and in whatever scrolls around it (WCAG 2.2, 2.4.11).
  const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
  const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
  const parts = [...shown.getClientRects()].map((each) => [each.left + each.width / 2, each.top + each.height / 2]);
  for (const x of [0.02, 0.5, 0.98]) for (const y of [0.05, 0.5, 0.95]) parts.push([left + (right - left) * x, top + (bottom - top) * y]);
  const open = parts.some(([x, y]) => {
    const above = document.elementFromPoint(x, y);
    return above && (shown.contains(above) || above.contains(shown) && above.closest("label, svg") || here.labels && [...here.labels].some((each) => each.contains(above)));
  });
  return {
    name: (here.getAttribute("aria-label") ?? here.textContent ?? "").trim().slice(0, 60) || here.id,
    tag: here.localName,
    place,
    open,
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
  // Backwards a page scrolls the other way: what stays at its upper edge may then lie over a stop.
  const covered = [];
  for (let turn = 0; turn < stops.length; turn += 1) {
    await page.keyboard.down("Shift");
    await page.keyboard.press("Tab");
    await page.keyboard.up("Shift");
    const stop = await page.evaluate(focused);
    if (stop && !(stop.open && stop.seen)) covered.push(stop);
  }
  return { reachable, stops, covered };
}

const told = { walks: {} };
try {
  const page = await browser.newPage();
  await page.setViewport({ width: plan.width, height: plan.width < 500 ? 640 : 900 });
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
