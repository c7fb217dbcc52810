// An instance of a guest's module: the plugin ABI, version 1, from the host's side.

import { Limits, LEVELS, Status, type Host, type Told } from "./host.js";
import { wasi } from "./wasi.js";

interface Exports {
  readonly memory: WebAssembly.Memory;
  pintle_alloc(len: number): number;
  pintle_call(...pairs: number[]): bigint;
  pintle_free?(at: number, len: number): void;
  _initialize?(): void;
}

type Import = (...numbers: any[]) => unknown;

/** Lets a guest's call wait for promises, where the engine can. */
interface Waiting {
  new (wait: (...numbers: any[]) => Promise<unknown>): Import;
}

const { Suspending, promising } = WebAssembly as unknown as {
  Suspending?: Waiting;
  promising?(run: (...pairs: number[]) => bigint): (...pairs: number[]) => Promise<bigint>;
};

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** The interfaces that a module says it serves. */
export function interfaces(module: WebAssembly.Module): readonly string[] | undefined {
  const [section] = WebAssembly.Module.customSections(module, "pintle.interfaces");
  return section && (JSON.parse(decoder.decode(section)) as string[]);
}

export class Instance {
  readonly #host: Host;
  #exports!: Exports;
  #call!: (...pairs: number[]) => bigint | Promise<bigint>;

  private constructor(host: Host) {
    this.#host = host;
  }

  /**
   * Starts a module.
   *
   * @param waits Its calls may wait for promises, where the engine can do that.
   * @throws If something that a guest must have is missing, or it asks for what no host has, by name; or if it traps.
   */
  static async start(module: WebAssembly.Module, host: Host, waits: boolean): Promise<Instance> {
    const instance = new Instance(host);
    const imports = WebAssembly.Module.imports(module);
    const asks = imports.some(({ module, name }) => module === "pintle" && (name === "call" || name === "request"));
    const Waits = waits && asks ? Suspending : undefined;
    const known: Record<string, Record<string, unknown>> = {
      pintle: instance.#imports(Waits),
      wasi_snapshot_preview1: wasi(() => instance.#exports.memory, (line) => host.log("info", line)),
    };
    for (const { module: from, name, kind } of imports) {
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
    const { exports } = await WebAssembly.instantiate(module, known as WebAssembly.Imports);
    instance.#exports = exports as unknown as Exports;
    const { pintle_call } = instance.#exports;
    instance.#call = Waits ? promising!(pintle_call) : pintle_call;
    instance.#exports._initialize?.();
    return instance;
  }

  /** Bytes of its memory. */
  get memory(): number {
    return this.#exports.memory.buffer.byteLength;
  }

  /** Runs one call: the answer object. Throws what it trapped with. */
  call(method: string, params: string): Uint8Array | Promise<Uint8Array> {
    const pair = this.#call(...this.#write(encoder.encode(method)), ...this.#write(encoder.encode(params)));
    return typeof pair === "bigint" ? this.#answer(pair) : pair.then((pair) => this.#answer(pair));
  }

  #answer(pair: bigint): Uint8Array {
    const [at, len] = [Number((pair >> 32n) & 0xffffffffn), Number(pair & 0xffffffffn)];
    if (len > Limits.answer) throw new RangeError(`the answer has ${len} bytes, of at most ${Limits.answer}`);
    const answer = this.#range(at, len).slice();
    this.#exports.pintle_free?.(at, len);
    return answer;
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

  /** What the guest is told: a status as it is, anything else in a buffer. */
  #tell(told: Told): bigint {
    if (typeof told === "number") return BigInt(told);
    const [at, len] = this.#write(typeof told === "string" ? encoder.encode(told) : (told as Uint8Array));
    return (BigInt(at) << 32n) | BigInt(len);
  }

  #imports(Waits: Waiting | undefined): Record<string, Import> {
    // Copied: what a host keeps or sends on must not change with the guest's memory.
    const copies = (pairs: number[]) =>
      Array.from({ length: pairs.length / 2 }, (_, at) => this.#range(pairs[2 * at]!, pairs[2 * at + 1]!).slice());
    const answers = (name: string) => {
      if (Waits) return new Waits(async (...pairs) => this.#tell(await this.#host.ask(name, copies(pairs), true)));
      return (...pairs: number[]) => this.#tell(this.#host.ask(name, copies(pairs), false) as Told);
    };
    const asks = (name: string) => (...pairs: number[]) => this.#tell(this.#host.ask(name, copies(pairs), false) as Told);
    const does = (name: string) => (...pairs: number[]) => this.#host.ask(name, copies(pairs), false);
    return {
      log: (level: number, at: number, len: number) => {
        const bytes = this.#range(at, len).subarray(0, Limits.line);
        this.#host.log(LEVELS[level >>> 0] ?? "trace", new TextDecoder().decode(bytes));
      },
      context: (at: number, capacity: number) => {
        const json = encoder.encode(this.#host.ask("context", [], false) as string);
        if (json.length <= capacity >>> 0) this.#range(at, json.length).set(json);
        return json.length;
      },
      call: answers("call"),
      request: answers("request"),
      send: does("send"),
      kv_get: asks("kv_get"),
      kv_set: does("kv_set"),
      kv_delete: does("kv_delete"),
      kv_list: asks("kv_list"),
      kv_add: (key: number, len: number, delta: bigint, out: number) => {
        // Before anything is changed.
        const place = this.#range(out, 8);
        const sum = this.#host.ask("kv_add", [...copies([key, len]), delta], false);
        if (typeof sum !== "bigint") return sum;
        new DataView(place.buffer, place.byteOffset).setBigInt64(0, sum, true);
        return Status.DONE;
      },
      kv_cas: (key: number, len: number, old: number, oldLen: number, value: number, valueLen: number) => {
        const before = oldLen === -1 ? undefined : copies([old, oldLen])[0];
        const [name, after] = copies([key, len, value, valueLen]);
        return this.#host.ask("kv_cas", [name, before, after], false);
      },
    };
  }
}
