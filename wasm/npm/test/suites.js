// `node suites.js CASES CONTRACTS`: prints the shared cases as a module, so that they can be bundled.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [cases, contracts] = process.argv.slice(2);

const suites = readdirSync(cases).sort().map((file) => {
  const [first, ...lines] = readFileSync(join(cases, file), "utf8").split("\n").filter((line) => line.trim());
  const { contract, options = {} } = JSON.parse(first);
  return { file, contract: readFileSync(join(contracts, contract), "utf8"), options, cases: lines.map(read) };
});
console.log(`export const suites = ${JSON.stringify(suites)};`);

function read(line) {
  const { case: name, parts, reply } = JSON.parse(line);
  // Texts are taken as they stand: JavaScript has no value for some of their numbers.
  const [mark, send] = [line.lastIndexOf(', "reply": '), line.indexOf('"send": ')];
  const request = parts ? Buffer.concat(parts.map(bytes)) : Buffer.from(line.slice(send + 8, mark));
  const expected = reply === null ? null : line.slice(mark + 11, line.lastIndexOf("}"));
  return { name, request: request.toString("base64"), reply: expected };
}

function bytes(part) {
  if (typeof part === "string") return Buffer.from(part);
  return part.hex === undefined ? Buffer.from(part.repeat.repeat(part.times)) : Buffer.from(part.hex.replaceAll(" ", ""), "hex");
}
