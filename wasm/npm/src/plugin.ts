import type { Level } from "./guest/host.js";
import { Raw } from "./raw.js";
import type { Store } from "./store.js";

export type { Level };

export interface PluginOptions {
  /** Takes the guest's log lines, and what it writes to its standard output and standard error. Without it they go to the console. */
  onLog?: (level: Level, line: string) => void;
  /**
   * Bytes of memory that a guest may have: 64 MiB. Beyond it cannot grow, if it comes as bytes; of one that comes compiled the size
   * is looked at after each call, and one that has more is not used again.
   */
  memory?: number;
  /** What the guest may reach beside its log, its context, clocks and random numbers. */
  grants?: Grants;
  /**
   * Runs the guest in a Worker of its own, so that one that runs for too long can be ended. Without it nothing can interrupt a guest's
   * loop. Where memory cannot be shared, which pages have to be isolated for, such a guest can ask its host for nothing but the log.
   *
   * A URL says where the script of the Worker is, a copy of `pintle/guest-worker`: where a bundler has moved it, or pages cannot start it
   * because the package comes from another origin.
   */
  worker?: boolean | URL;
  /** Milliseconds that a guest in a Worker may run in one call, waiting not counted: 1,000. */
  runTime?: number;
}

/** What a guest is granted: nothing of it by default. */
export interface Grants {
  /**
   * Interfaces of the same server that it may call. Handlers that answer later are reached from a Worker, and where the runtime has
   * `WebAssembly.Suspending`; elsewhere the guest gets an error that says so.
   */
  call?: readonly string[];
  /** It may send to connections and, as with `call`, ask their peers. */
  send?: boolean;
  /** What it may keep: a `MemoryStore` or `SqlStore` of `pintle/store`, or one of your own, that no other plugin has. */
  kv?: Store;
}

/** What a plugin has done. */
export interface Counts {
  calls: number;
  /** Calls that trapped, or were ended. */
  failed: number;
  /** Instances that were started in the place of one that was not used again. */
  replaced: number;
}

/** What stands behind a plugin. */
interface Guest {
  answer: Raw["answer"];
  readonly counts: Counts;
  readonly memory: number;
  readonly busy: boolean;
  kill(): void;
  end(): void;
}

/**
 * The handler of the interfaces that a guest serves: a core module, the same that the native host runs. Its calls run one at a time in
 * one instance; after a trap, or above its memory, the next call gets a fresh one.
 */
export class Plugin<C = object> extends Raw<C> {
  readonly #guest: Guest;

  /**
   * Compiles a guest, unless that is done, and starts it.
   *
   * @throws If something that a guest must have is missing, or it asks for what no host has, by name; or if it fails to start.
   */
  static async load<C = object>(source: WebAssembly.Module | BufferSource, options: PluginOptions = {}): Promise<Plugin<C>> {
    // Most of who loads this package has no guests.
    const { open } = await import("./guest/open.js");
    return new Plugin<C>(...(await open(source, options)));
  }

  private constructor(guest: Guest, interfaces: readonly string[] | undefined) {
    super((method, params, ctx) => guest.answer(method, params, ctx), interfaces);
    this.#guest = guest;
  }

  /** What it has done so far. */
  get counts(): Readonly<Counts> {
    return { ...this.#guest.counts };
  }

  /** Bytes of its instance's memory; 0 if it has none until the next call. */
  get memory(): number {
    return this.#guest.memory;
  }

  /** Whether it serves a call right now. */
  get busy(): boolean {
    return this.#guest.busy;
  }

  /** Stops its instance: the next call gets a fresh one. A call that runs in a Worker ends with Cancelled. */
  kill(): void {
    this.#guest.kill();
  }

  /** Stops its instance for good; a Worker ends. Calls that come later fail. */
  free(): void {
    this.#guest.end();
  }
}
