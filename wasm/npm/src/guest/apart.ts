// A guest in a Worker of its own, which a deadline ends.

import { Code, Lost } from "../error.js";
import type { PluginOptions } from "../plugin.js";
import type { Context } from "../types.js";
import type { Told } from "./host.js";
import { Answered, shared, type Order, type Report } from "./messages.js";
import { Reach } from "./reach.js";
import type { Runner } from "./single.js";

/** Milliseconds that a guest may need to start, and that it may run in one call: the native host's. */
const START = 5_000;
const RUN = 1_000;

/** What runtimes call a Worker, as far as it is used here. */
interface Thread {
  postMessage(order: Order): void;
  terminate(): unknown;
  ref?(): void;
  unref?(): void;
}

export class Apart implements Runner {
  spent = false;
  memory: number;
  readonly #thread: Thread;
  readonly #reach: Reach;
  readonly #runTime: number;
  readonly #answers = shared();
  #told: Answered | undefined;
  #settle: { resolve(report: Report): void; reject(thrown: unknown): void } | undefined;
  /** Of the guest's own time: what is left of it, and since when it runs. */
  #left = 0;
  #since = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  private constructor(options: PluginOptions) {
    this.#reach = new Reach(options);
    // Told with its first answer: until then a page, the least that it can have.
    this.memory = 1 << 16;
    this.#runTime = options.runTime ?? RUN;
    this.#thread = open(
      options.worker instanceof URL ? options.worker : undefined,
      (report) => this.#take(report),
      (why) => this.#fail(new Error(`the Worker of the plugin failed: ${why}`)),
    );
  }

  /** Answers it and the interfaces that the module says it serves. */
  static async start(source: WebAssembly.Module | Uint8Array, options: PluginOptions): Promise<[Apart, readonly string[] | undefined]> {
    const apart = new Apart(options);
    const report = await apart.#ask({ start: source, answers: apart.#answers }, START);
    return [apart, (report as { started: readonly string[] | undefined }).started];
  }

  async call(method: string, params: string, ctx: Context): Promise<Uint8Array> {
    this.#reach.begin(ctx);
    const { signal } = ctx;
    const cancel = () => this.#fail(new Lost(Code.Cancelled, "the caller gave up", undefined));
    signal.addEventListener("abort", cancel);
    try {
      const report = (await this.#ask({ call: method, params }, this.#runTime)) as { answer: Uint8Array; memory: number };
      this.memory = report.memory;
      return report.answer;
    } finally {
      signal.removeEventListener("abort", cancel);
      this.#reach.end();
    }
  }

  end(): void {
    this.spent = true;
    this.#stop();
    this.#thread.terminate();
    this.#settle?.reject(new Lost(Code.Cancelled, "the plugin was stopped", undefined));
  }

  #ask(order: Order, time: number): Promise<Report> {
    return new Promise<Report>((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#thread.ref?.();
      this.#thread.postMessage(order);
      this.#left = time;
      this.#run();
    }).finally(() => {
      this.#settle = undefined;
      this.#stop();
      // One that nobody asks keeps no process alive.
      if (!this.spent) this.#thread.unref?.();
    });
  }

  #take(report: Report): void {
    if ("log" in report) return this.#reach.log(report.level, report.log);
    if ("ask" in report) return void this.#answer(report);
    if ("more" in report) return this.#told?.write(this.#answers!, report.more);
    if ("failed" in report) return this.#fail(report.isType ? new TypeError(report.failed) : new Error(report.failed));
    this.#settle?.resolve(report);
  }

  async #answer({ ask, given }: { ask: string; given: readonly (Uint8Array | bigint | undefined)[] }): Promise<void> {
    // Waiting is not running.
    this.#stop();
    let told: Told;
    try {
      told = await this.#reach.ask(ask, given, true);
    } catch (thrown) {
      return this.#fail(thrown);
    }
    if (this.spent) return;
    this.#told = new Answered(told);
    this.#told.write(this.#answers!, 0);
    this.#run();
  }

  #run(): void {
    this.#since = Date.now();
    const over = () => this.#fail(new Lost(Code.DeadlineExceeded, "the guest ran for too long", undefined));
    this.#timer = setTimeout(over, this.#left);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#left = Math.max(0, this.#left - (Date.now() - this.#since));
  }

  #fail(thrown: unknown): void {
    this.spent = true;
    this.#thread.terminate();
    this.#settle?.reject(thrown);
  }
}

/** Starts a Worker of the web's kind, or of Node.js's. */
function open(script: URL | undefined, onReport: (report: Report) => void, onError: (why: string) => void): Thread {
  if (typeof Worker === "function") {
    // Written so, bundlers know what it needs.
    const beside = () => new Worker(new URL("./guest-worker.js", import.meta.url), { type: "module" });
    const worker = script ? new Worker(script, { type: "module" }) : beside();
    worker.onmessage = ({ data }) => onReport(data as Report);
    worker.onerror = (event) => {
      event.preventDefault();
      onError(event.message);
    };
    return worker;
  }
  const threads = (globalThis as { process?: { getBuiltinModule?(name: string): any } }).process?.getBuiltinModule?.("node:worker_threads");
  if (threads === undefined) throw new TypeError("this runtime has no Workers: load the plugin without the option `worker`");
  const thread = new threads.Worker(script ?? new URL("./guest-worker.js", import.meta.url));
  thread.on("message", onReport);
  thread.on("error", (error: unknown) => onError(String(error)));
  thread.on("exit", () => onError("it ended"));
  return thread as Thread;
}
