// The runtimes and bundlers that the tests run the package in. `PINTLE_RUNTIMES` says where their packages are installed.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const root = process.env.PINTLE_RUNTIMES;
if (!root) throw new Error("PINTLE_RUNTIMES is not set: these tests are run by `cargo xtask test --only runtimes`");

/** A package of the list. */
export const tool = createRequire(join(root, "package.json"));
tool.root = root;

// Of Deno the list has the package for Linux alone: on other platforms its test is skipped.

/** A runtime that is one executable in the package of its platform; `undefined` if that was not installed. */
export function program(name) {
  const { platform, arch } = process;
  const candidates = {
    deno: [`@deno/${platform}-${arch}-glibc/deno`, `@deno/${platform}-${arch}/deno`],
    bun: [`@oven/bun-${platform}-${arch}/bin/bun`],
    workerd: [`@cloudflare/workerd-${platform}-64/bin/workerd`, `@cloudflare/workerd-${platform}-${arch}/bin/workerd`],
    chromium: ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"],
  }[name].map((path) => resolve(root, "node_modules", path));
  return candidates.find((path) => existsSync(path));
}

/** The options of a test that needs a runtime: it is skipped where there is none, but never where `CI` is set. */
export function needs(name) {
  return { skip: !program(name) && !process.env.CI && `${name} is not installed here` };
}

/** The system's Chromium. */
export function chromium() {
  return tool("playwright-core").chromium.launch({ executablePath: program("chromium"), args: ["--no-sandbox"] });
}
