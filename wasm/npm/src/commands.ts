// pulsar's server commands that tell of what only a server knows: `server_info` and `kill_actor`. Loaded when somebody asks, so only
// types are imported here.

import type { Call } from "./drive.js";
import type { Plugin } from "./plugin.js";

/** The version of this package: the build writes it. */
declare const VERSION: string;

/** What they are about. */
export interface About {
  /** Each under the name of the first interface that it serves, which calls it. */
  readonly plugins: ReadonlyMap<Plugin<any>, string>;
  readonly checksum: string;
  /** By the clock, in milliseconds. */
  readonly started: number;
  /** What is told too, under names of its own. */
  readonly more: (() => object) | undefined;
}

/** Answers the one that is called `method`; `undefined` if no plugin has the instance that it names. */
export function command(method: string, call: Call, { plugins, checksum, started, more }: About): string | undefined {
  if (method === "kill_actor") {
    const [wanted] = JSON.parse(call.params!) as [string];
    const found = Array.from(plugins).find(([plugin, name]) => plugin.memory > 0 && aid(plugin, name) === wanted);
    found?.[0].kill();
    return found && "true";
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
