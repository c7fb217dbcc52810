import { decoder, encoder } from "./contract.js";
import { Code, Lost } from "./error.js";
import { Raw } from "./raw.js";
import type { Context } from "./types.js";
import { wasi } from "./wasi.js";

export interface PluginOptions {
  /** Takes the guest's log lines, and what it writes to its standard output and standard error. Without it they go to the console. */
  onLog?: (level: Level, line: string) => void;
  /** Bytes of memory above which a guest is not used again: 64 MiB. */
  memory?: number;
}

export type Level = "error" | "warn" | "info" | "debug" | "trace";

const LEVELS: readonly Level[] = ["error", "warn", "info", "debug", "trace"];

/** Bytes of a log line that are kept. */
const LINE = 8 << 10;

/** The status "not granted". */
const NOT_GRANTED = -2;

interface Exports {
  readonly memory: WebAssembly.Memory;
  pintle_alloc(len: number): number;
  pintle_call(method: number, methodLen: number, params: number, paramsLen: number): bigint;
  pintle_free?(at: number, len: number): void;
  _initialize?(): void;
}

/**
 * The handler of the interfaces that a guest serves: a core module, the same that the native host runs. It is granted its log, its
 * context, clocks and random numbers. Its calls run one at a time in one instance; after a trap, or above its memory, the next call
 * gets a fresh one. Nothing can interrupt a guest's loop: run those that you do not trust in a Worker of their own.
 */
export class Plugin<C = object> extends Raw<C> {
  /**
   * Compiles a guest, unless that is done, and starts it.
   *
   * @throws If something that a guest must have is missing, or it asks for what no host has, by name; or if it fails to start.
   */
  static async load<C = object>(source: WebAssembly.Module | BufferSource, options: PluginOptions = {}): Promise<Plugin<C>> {
    const module = source instanceof WebAssembly.Module ? source : await WebAssembly.compile(source);
    return new Plugin<C>(module, await Guest.start(module, options), options);
  }

  private constructor(module: WebAssembly.Module, first: Guest, options: PluginOptions) {
    let guest: Guest | undefined = first;
    const run = (running: Guest, method: string, params: string, ctx: Context) => {
      guest = running;
      try {
        return running.call(method, params, ctx);
      } catch (trapped) {
        running.spent = true;
        return lost(trapped);
      } finally {
        if (running.spent) guest = undefined;
      }
    };
    const [section] = WebAssembly.Module.customSections(module, "pintle.interfaces");
    const interfaces = section && (JSON.parse(decoder.decode(section)) as string[]);
    super((method, params, ctx) => {
      if (guest) return run(guest, method, params, ctx);
      return Guest.start(module, options).then((fresh) => run(fresh, method, params, ctx), lost);
    }, interfaces);
  }
}

function lost(cause: unknown): never {
  throw new Lost(Code.PluginFailed, "the plugin failed", cause);
}

/** An instance of a guest's module. */
class Guest {
  /** It is not used again. */
  spent = false;
  readonly #options: PluginOptions;
  #exports!: Exports;
  #ctx: Context | undefined;
  #context: Uint8Array | undefined;

  private constructor(options: PluginOptions) {
    this.#options = options;
  }

  static async start(module: WebAssembly.Module, options: PluginOptions): Promise<Guest> {
    const guest = new Guest(options);
    const known: Record<string, Record<string, unknown>> = {
      pintle: guest.#imports(),
      wasi_snapshot_preview1: wasi(() => guest.#exports.memory, (line) => guest.#log(2, line)),
    };
    for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
      const functions = Object.hasOwn(known, from) ? known[from]! : {};
      if (kind !== "function" || !Object.hasOwn(functions, name)) throw new TypeError(`no host has the import ${from}.${name}`);
    }
    const exported = new Set(WebAssembly.Module.exports(module).map(({ name, kind }) => `${kind} ${name}`));
    for (const name of ["memory memory", "function pintle_alloc", "function pintle_call"]) {
      if (!exported.has(name)) throw new TypeError(`the module has no ${name} to export: it is no plugin`);
    }
    if (!exported.has("function pintle_abi_1") && !exported.has("global pintle_abi_1")) {
      throw new TypeError("the module does not export pintle_abi_1: it is no plugin of this version");
    }
    const instance = await WebAssembly.instantiate(module, known as WebAssembly.Imports);
    guest.#exports = instance.exports as unknown as Exports;
    guest.#exports._initialize?.();
    return guest;
  }

  /** Runs one call: the answer object. Throws what it trapped with. */
  call(method: string, params: string, ctx: Context): Uint8Array {
    this.#ctx = ctx;
    this.#context = undefined;
    try {
      const exports = this.#exports;
      const [name, given] = [this.#write(encoder.encode(method)), this.#write(encoder.encode(params))];
      const [at, len] = unpacked(exports.pintle_call(...name, ...given));
      const answer = this.#range(at, len).slice();
      exports.pintle_free?.(at, len);
      if (exports.memory.buffer.byteLength > (this.#options.memory ?? 64 << 20)) this.spent = true;
      return answer;
    } finally {
      this.#ctx = undefined;
    }
  }

  /** A buffer of the guest with these bytes: address and length. */
  #write(bytes: Uint8Array): [number, number] {
    const at = this.#exports.pintle_alloc(bytes.length) >>> 0;
    if (at === 0 && bytes.length > 0) throw new RangeError(`pintle_alloc had no memory for ${bytes.length} bytes`);
    this.#range(at, bytes.length).set(bytes);
    return [at, bytes.length];
  }

  /** Bytes that a guest means. Throws if they are outside of its memory. */
  #range(at: number, len: number): Uint8Array {
    return new Uint8Array(this.#exports.memory.buffer, at >>> 0, len >>> 0);
  }

  #text(at: number, len: number): string {
    return decoder.decode(this.#range(at, Math.min(len >>> 0, LINE)));
  }

  #log(level: number, line: string): void {
    const { onLog = toConsole } = this.#options;
    onLog(LEVELS[level >>> 0] ?? "trace", line);
  }

  #imports(): Record<string, (...numbers: number[]) => unknown> {
    // A name that is not served to this guest is one that does not exist.
    const refuse = () => {
      const [at, len] = this.#write(encoder.encode(`{"error":{"code":${Code.MethodNotFound},"message":"Method not found"}}`));
      return (BigInt(at) << 32n) | BigInt(len);
    };
    const nothing = () => BigInt(NOT_GRANTED);
    const denied = () => NOT_GRANTED;
    return {
      log: (level = 0, at = 0, len = 0) => this.#log(level, this.#text(at, len)),
      context: (at = 0, capacity = 0) => {
        const json = (this.#context ??= encoder.encode(told(this.#ctx)));
        if (json.length <= capacity >>> 0) this.#range(at, json.length).set(json);
        return json.length;
      },
      call: refuse,
      request: refuse,
      send: denied,
      kv_get: nothing,
      kv_set: denied,
      kv_delete: denied,
      kv_add: denied,
      kv_cas: denied,
      kv_list: nothing,
    };
  }
}

/** What a guest is told about its call. Credentials stay outside. */
function told(ctx: Context | undefined): string {
  if (ctx === undefined) return "{}";
  const { authorization, cookie, ...headers } = ctx.headers ?? {};
  return JSON.stringify({ transport: ctx.transport, request: ctx.request, headers });
}

/** Address and length of an answer. */
function unpacked(pair: bigint): [number, number] {
  return [Number((pair >> 32n) & 0xffffffffn), Number(pair & 0xffffffffn)];
}

function toConsole(level: Level, line: string): void {
  console[level](line);
}
