/** Waits until the workbench of the SPARQL page, where there is one, stands in the place of its form and has answered. */
export async function started(page) {
  if (!(await page.$("form.query[data-workbench]"))) return;
  const asks = new URL(page.url()).searchParams;
  const drawn = asks.has("query") && !asks.has("explain") ? "#workbench .yasr_results > *" : "#workbench .CodeMirror";
  await page.waitForSelector(drawn, { timeout: 20_000 });
}
