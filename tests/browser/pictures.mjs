// Takes the pictures of README and docs, and the one that previews of shared links show.
//
// Reads from standard input {origin, chromium, pictures: [{file, address, height, word}], preview: {file, title, lines}};
// `word` is what the page waits for: the selector of something that a script adds. Pages are 1280 px wide, in English.
import { readFileSync } from "node:fs";
import puppeteer from "puppeteer-core";

const plan = JSON.parse(readFileSync(0, "utf-8"));
const browser = await puppeteer.launch({
  executablePath: plan.chromium, args: ["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb", "--font-render-hinting=none"],
});

// A table of dots, as the matrix is, beside the name of the site in three languages.
function preview({ title, lines }) {
  const marks = [];
  for (let row = 0; row < 9; row += 1) {
    for (let column = 0; column < 9; column += 1) {
      const on = column === 0 || (row * 7 + column * 5) % 11 < 3;
      marks.push(`<circle cx="${column * 48 + 24}" cy="${row * 48 + 24}" r="${on ? 13 : 3}" fill="${on ? "#a5d3ee" : "#41677e"}"/>`);
    }
  }
  return `<body style="margin:0;width:1200px;height:630px;background:#1d4e6b;color:#fff;font-family:'DejaVu Sans',sans-serif;display:flex;align-items:center">
    <div style="width:660px;padding-left:80px;box-sizing:border-box"><p style="font-size:64px;font-weight:700;margin:0 0 24px">${title}</p>
    ${lines.map((line) => `<p style="font-size:34px;margin:0 0 10px;color:#d8e8f2">${line}</p>`).join("")}</div>
    <svg width="432" height="432" style="margin-left:24px">${marks.join("")}</svg></body>`;
}

try {
  const page = await browser.newPage();
  await page.setExtraHTTPHeaders({ "Accept-Language": "en" });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }, { name: "prefers-reduced-motion", value: "reduce" }]);
  for (const { file, address, height, word } of plan.pictures) {
    await page.setViewport({ width: 1280, height });
    await page.goto(plan.origin + address, { waitUntil: "load" });
    if (word) await page.waitForSelector(word, { timeout: 10_000 });
    await page.screenshot({ path: file, type: "webp", quality: 80 });
  }
  // A page with a policy of its own would forbid the styles of the picture.
  await page.goto("about:blank");
  await page.setViewport({ width: 1200, height: 630 });
  await page.setContent(preview(plan.preview));
  await page.screenshot({ path: plan.preview.file, type: "png" });
} finally {
  await browser.close();
}
