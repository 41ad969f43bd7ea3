// Prints what the official AsyncAPI parser finds; an error or a warning is a failure.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const { Parser } = createRequire(import.meta.url)("@asyncapi/parser");
const WARNING = 1;

const { document, diagnostics } = await new Parser().parse(await readFile(process.argv[2], "utf-8"));
const wrong = diagnostics.filter((found) => found.severity <= WARNING);
for (const found of wrong) {
  console.error(`${found.code} at ${found.path.join(".")}: ${found.message}`);
}
if (document === undefined || wrong.length > 0) {
  process.exit(1);
}
const messages = document.allMessages().all().length;
console.log(`AsyncAPI parser: 0 problems, ${messages} messages in ${document.allChannels().all().length} channels`);
