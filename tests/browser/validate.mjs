// Holds pages to the HTML standard: reads {name: text} from standard input, tells {name: [fault]} on standard output.
import { readFileSync } from "node:fs";
import { HtmlValidate, StaticConfigLoader } from "html-validate";

const checker = new HtmlValidate(new StaticConfigLoader({
  root: true,
  extends: ["html-validate:standard", "html-validate:a11y"],
  // Rules of taste rather than of the standard: the words are those of the data.
  rules: { "long-title": "off", "no-trailing-whitespace": "off", "tel-non-breaking": "off", "prefer-native-element": "off", "no-inline-style": "error" },
}));
const found = {};
for (const [name, text] of Object.entries(JSON.parse(readFileSync(0, "utf-8")))) {
  const { results } = await checker.validateString(text, name);
  found[name] = results.flatMap(({ messages }) => messages).map(
    ({ ruleId, message, line, column }) => `${line}:${column} ${ruleId}: ${message}`,
  );
}
process.stdout.write(JSON.stringify(found));
