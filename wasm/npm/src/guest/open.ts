// How a guest is loaded: here, or in a Worker.

import type { PluginOptions } from "../plugin.js";
import { Apart } from "./apart.js";
import { Here } from "./here.js";
import { interfaces } from "./instance.js";
import { bounded } from "./memory.js";
import { Single } from "./single.js";

/** Bytes of memory: the native host's. */
const MEMORY = 64 << 20;

/** A guest that runs, and the interfaces that it says it serves. */
export async function open(
  source: WebAssembly.Module | BufferSource,
  options: PluginOptions,
): Promise<[Single, readonly string[] | undefined]> {
  const most = options.memory ?? MEMORY;
  const module = source instanceof WebAssembly.Module ? source : bounded(bytes(source), most);
  if (options.worker) {
    const [first, served] = await Apart.start(module, options);
    return [new Single(first, async () => (await Apart.start(module, options))[0]), served];
  }
  const compiled = module instanceof WebAssembly.Module ? module : await WebAssembly.compile(module);
  const start = () => Here.start(compiled, options, most);
  return [new Single(await start(), start), interfaces(compiled)];
}

function bytes(source: BufferSource): Uint8Array {
  return ArrayBuffer.isView(source) ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength) : new Uint8Array(source);
}
