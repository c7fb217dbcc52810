// The package's types with what `pintle gen ts` writes, under `tsc --strict` as users have it.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

import { tool } from "./tools.js";

const OPTIONS = `--noEmit --strict --noUncheckedIndexedAccess --exactOptionalPropertyTypes --noImplicitOverride --isolatedModules
  --verbatimModuleSyntax --target es2022 --lib es2022,dom`.split(/\s+/);

/** Runs the compiler; its complaints fail the test. The package's own declarations are checked too. */
function tsc(...options) {
  const program = join(tool.root, "node_modules/typescript/bin/tsc");
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program, ...OPTIONS, ...options], { maxBuffer: 1 << 24 }, (error, stdout) => {
      if (error) reject(new Error(stdout || String(error)));
      else resolve(stdout);
    });
  });
}

const RESOLUTIONS = {
  bundler: ["--module", "esnext", "--moduleResolution", "bundler"],
  nodenext: ["--module", "nodenext"],
};

for (const [name, options] of Object.entries(RESOLUTIONS)) {
  test(`servers and clients are typed by the contract, ${name}`, () => tsc(...options, join(import.meta.dirname, "types/usage.ts")));
}

/** The README's code, as its readers have it: a file each, beside what the native tool writes. */
async function fromReadme(t) {
  const readme = await readFile(join(import.meta.dirname, "../node_modules/pintle/README.md"), "utf8");
  const blocks = (language) => [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(([, code]) => code);
  const directory = await mkdtemp(join(import.meta.dirname, "types/readme-"));
  t.after(() => rm(directory, { recursive: true }));
  const [contract] = blocks("pulse");
  await writeFile(join(directory, "greetings.pulse"), contract);
  await promisify(execFile)(process.env.PINTLE, ["gen", "ts", join(directory, "greetings.pulse"), "--output", directory]);
  const codes = blocks("ts");
  assert.ok(codes.length >= 4);
  return Promise.all(
    codes.map(async (code, at) => {
      const file = join(directory, `block-${at}.ts`);
      await writeFile(file, code);
      return file;
    }),
  );
}

test("the code of the README compiles", async (t) => {
  await tsc(...RESOLUTIONS.bundler, "--allowImportingTsExtensions", ...(await fromReadme(t)));
});

test("the code of the README runs", async (t) => {
  const files = await fromReadme(t);
  const load = async (file) => {
    const outfile = file.replace(/ts$/, "mjs");
    await tool("esbuild").build({ entryPoints: [file], bundle: true, format: "esm", packages: "external", outfile });
    return import(pathToFileURL(outfile));
  };
  const said = [];
  t.mock.method(console, "log", (...words) => void said.push(words.join(" ")));
  // The conversation goes on: its ports would keep this process alive.
  const { MessageChannel } = globalThis;
  const ports = [];
  globalThis.MessageChannel = function () {
    const channel = new MessageChannel();
    ports.push(channel.port1, channel.port2);
    return channel;
  };
  t.after(() => {
    globalThis.MessageChannel = MessageChannel;
    for (const port of ports) port.close();
  });
  const { default: server } = await load(files[0]);
  t.mock.method(globalThis, "fetch", (url, options) => server.fetch(new Request(url, options)));
  await load(files[1]);
  await load(files[2]);
  assert.deepEqual(said, ["Hello, Ann! Hello, Ben! Hello, Cleo! Hello, Cleo!", "hello"]);
});

test("a contract of hundreds of methods stays quick", async (t) => {
  const directory = await mkdtemp(join(import.meta.dirname, "types/big-"));
  t.after(() => rm(directory, { recursive: true }));
  // The compiler's own count of its work, which is the same on every machine.
  const work = async (methods) => {
    const interfaces = Array.from({ length: methods / 10 }, (_, at) => at);
    const ten = Array.from({ length: 10 }, (_, at) => at);
    const generated = [
      `export interface Big { ${interfaces.map((i) => `I${i}: I${i};`).join(" ")} }`,
      ...interfaces.map(
        (i) => `export interface S${i} { f: string }
export interface I${i} { ${ten.map((m) => `m${m}: { params: [a: S${i}, b: number[]]; named: { a: S${i}; b: number[] }; result: S${i} };`).join("\n")} }`,
      ),
    ].join("\n");
    const use = `import { connect, Contract, Server } from "pintle";
import type { Big } from "./big.gen.js";
declare const contract: Contract;
const api = connect<Big>(contract, "http://x/");
export const server = new Server<Big>(contract, {
${interfaces.map((i) => `I${i}: { ${ten.map((m) => `m${m}: (a, b) => ({ f: a.f + b.length }),`).join(" ")} },`).join("\n")}
});
${interfaces.flatMap((i) => ten.map((m) => `api.I${i}.m${m}({ f: "" }, [1]).then((s) => s.f.length);`)).join("\n")}
`;
    const here = join(directory, `${methods}`);
    await mkdir(here);
    await writeFile(join(here, "big.gen.ts"), generated);
    await writeFile(join(here, "main.ts"), use);
    const report = await tsc(...RESOLUTIONS.bundler, "--extendedDiagnostics", join(here, "main.ts"));
    return Number(/Instantiations:\s+(\d+)/.exec(report)[1]);
  };
  const [few, many] = [await work(10), await work(300)];
  assert.ok(many - few < 300 * 100, `${few} instantiations for 10 methods, ${many} for 300`);
  t.diagnostic(`${(many - few) / 290} instantiations for each method`);
});
