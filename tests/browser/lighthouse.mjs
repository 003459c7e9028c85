// Scores a page with Lighthouse: reads {origin, chromium, address} from standard input, tells {category: 0 to 100}.
import { readFileSync } from "node:fs";
import lighthouse from "lighthouse";
import puppeteer from "puppeteer-core";

const plan = JSON.parse(readFileSync(0, "utf-8"));
const browser = await puppeteer.launch({ executablePath: plan.chromium, args: ["--no-sandbox", "--disable-gpu"] });
try {
  const { port } = new URL(browser.wsEndpoint());
  const { lhr } = await lighthouse(plan.origin + plan.address, { port: Number(port), logLevel: "silent" });
  const scores = Object.values(lhr.categories).map(({ id, score }) => [id, Math.round(score * 100)]);
  const poor = Object.values(lhr.audits).filter(({ score }) => score !== null && score < 0.9).map(({ id }) => id);
  process.stdout.write(JSON.stringify({ scores: Object.fromEntries(scores), poor }));
} finally {
  await browser.close();
}
