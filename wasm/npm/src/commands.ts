// pulsar's server commands that tell of what only a server knows: `server_info` and `kill_actor`.

import type { Call } from "./drive.js";
import { Code, failure } from "./error.js";
import { Plugin } from "./plugin.js";

/** The version of this package: the build writes it. */
declare const VERSION: string;

/** What they are about. */
export interface About {
  readonly handlers: Readonly<Record<string, unknown>>;
  readonly checksum: string;
  /** By the clock, in milliseconds. */
  readonly started: number;
  /** What is told too, under names of its own. */
  readonly more: (() => object) | undefined;
}

/** Answers one of them. */
export function command(call: Call, { handlers, checksum, started, more }: About): string {
  // One plugin may serve several interfaces, and is called by the first.
  const plugins = new Map<Plugin<any>, string>();
  for (const [name, handler] of Object.entries(handlers)) {
    if (handler instanceof Plugin && !plugins.has(handler)) plugins.set(handler, name);
  }
  if (call.method === "kill_actor") {
    const [wanted] = JSON.parse(call.params!) as [string];
    const found = Array.from(plugins).find(([plugin, name]) => plugin.memory > 0 && aid(plugin, name) === wanted);
    if (!found) throw failure(Code.InvalidParams, "No plugin instance has this id.");
    found[0].kill();
    return "true";
  }
  return JSON.stringify({
    ...more?.(),
    version: VERSION,
    uptime: Math.floor((Date.now() - started) / 1000),
    contract: checksum,
    workers: 1,
    plugins: Array.from(plugins, ([plugin, name]) => ({
      name,
      isolation: "single",
      ...plugin.counts,
      memory: plugin.memory,
      instances: plugin.memory > 0 ? [{ aid: aid(plugin, name), state: plugin.busy ? "busy" : "idle", memory: plugin.memory }] : [],
    })),
  });
}

/** The id of a plugin's instance: another one after each replacement. */
function aid(plugin: Plugin<any>, name: string): string {
  return `${name}-${plugin.counts.replaced + 1}`;
}
