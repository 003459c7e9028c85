// Looks at the texts of pictures as Chromium sets them and tells which lie on others or leave their boxes, as JSON.
//
// Reads from standard input {chromium, views: [{origin, address, language}]}.
import { readFileSync } from "node:fs";
import puppeteer from "puppeteer-core";

const plan = JSON.parse(readFileSync(0, "utf-8"));
const browser = await puppeteer.launch({ executablePath: plan.chromium, args: ["--no-sandbox", "--disable-gpu"] });

function looked() {
  const faults = [];
  let texts = 0;
  for (const svg of document.querySelectorAll(".drawing svg")) {
    const whole = { x: 0, y: 0, width: svg.viewBox.baseVal.width, height: svg.viewBox.baseVal.height };
    const inside = (a, b) => a.x >= b.x && a.x + a.width <= b.x + b.width && a.y >= b.y && a.y + a.height <= b.y + b.height;
    const apart = (a, b) => a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
    const all = [...svg.querySelectorAll("text")];
    texts += all.length;
    const boxes = all.map((each) => each.getBBox());
    all.forEach((each, n) => {
      const rect = each.parentElement.localName === "a" ? each.parentElement.querySelector("rect").getBBox() : whole;
      if (!inside(boxes[n], rect)) faults.push(`leaves its box: ${each.textContent}`);
      for (let m = n + 1; m < all.length; m += 1) {
        if (!apart(boxes[n], boxes[m])) faults.push(`lies on another: ${each.textContent} / ${all[m].textContent}`);
      }
    });
  }
  return { texts, faults };
}

const told = [];
try {
  const page = await browser.newPage();
  for (const { origin, address, language } of plan.views) {
    await page.setExtraHTTPHeaders({ "Accept-Language": language });
    await page.goto(origin + address, { waitUntil: "load" });
    told.push({ address, language, ...await page.evaluate(looked) });
  }
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify(told));
