// One instance whose calls run one at a time, and a fresh one after it failed.

import { Code, Lost } from "../error.js";
import { INSIDE, type Inside } from "../inside.js";
import type { Counts } from "../plugin.js";
import type { Context, Later } from "../types.js";

/** Calls that may wait for the instance; one more is Overloaded. */
const QUEUE = 1024;

/** A guest that runs, here or elsewhere. */
export interface Runner {
  /** It is not used again. */
  readonly spent: boolean;
  /** Bytes of its memory, as far as that is known. */
  readonly memory: number;
  /** Runs one call: the answer object. Throws what ended it. */
  call(method: string, params: string, ctx: Context): Later<Uint8Array>;
  end(): void;
}

export class Single {
  readonly #start: () => Promise<Runner>;
  readonly counts: Counts = { calls: 0, failed: 0, replaced: 0 };
  #runner: Runner | undefined;
  #busy = false;
  #ended = false;
  readonly #waiting: (() => void)[] = [];

  constructor(first: Runner, start: () => Promise<Runner>) {
    this.#runner = first;
    this.#start = start;
  }

  get busy(): boolean {
    return this.#busy;
  }

  get memory(): number {
    return this.#runner?.memory ?? 0;
  }

  answer(method: string, params: string, ctx: Context): Later<Uint8Array> {
    if (!this.#busy && this.#runner) {
      this.#busy = true;
      return this.#run(this.#runner, method, params, ctx);
    }
    // Who waits for it may be what it waits for.
    const nested = ((ctx as { [INSIDE]?: Inside })[INSIDE]?.depth ?? 0) > 0;
    if (this.#busy && (nested || this.#waiting.length >= QUEUE)) {
      throw new Lost(Code.Overloaded, "the plugin is busy", undefined);
    }
    return this.#later(method, params, ctx);
  }

  /** Ends the instance; calls that come later fail. */
  end(): void {
    this.#ended = true;
    this.#runner?.end();
    this.#runner = undefined;
  }

  /** Throws the instance away: the next call gets a fresh one. */
  kill(): void {
    this.#runner?.end();
    this.#runner = undefined;
  }

  /** Waits for its turn, and for an instance. */
  async #later(method: string, params: string, ctx: Context): Promise<Uint8Array> {
    if (this.#busy) await new Promise<void>((turn) => this.#waiting.push(turn));
    this.#busy = true;
    let runner;
    try {
      // The caller has been answered without it.
      if (ctx.signal.aborted) throw new Lost(Code.Cancelled, "the caller gave up", undefined);
      if (this.#ended) throw new Lost(Code.PluginFailed, "the plugin was freed", undefined);
      if (!this.#runner) {
        this.counts.replaced += 1;
        this.#runner = await this.#start();
      }
      runner = this.#runner;
    } catch (thrown) {
      this.#release();
      throw lost(thrown);
    }
    return this.#run(runner, method, params, ctx);
  }

  #run(runner: Runner, method: string, params: string, ctx: Context): Later<Uint8Array> {
    this.counts.calls += 1;
    let answer;
    try {
      answer = runner.call(method, params, ctx);
    } catch (thrown) {
      throw this.#failed(thrown);
    }
    if (answer instanceof Promise) {
      const failed = (thrown: unknown) => {
        throw this.#failed(thrown);
      };
      return answer.then((answer) => (this.#release(), answer), failed);
    }
    this.#release();
    return answer as Uint8Array;
  }

  #failed(thrown: unknown): Lost {
    this.counts.failed += 1;
    this.#release();
    return lost(thrown);
  }

  #release(): void {
    if (this.#runner?.spent) this.kill();
    const next = this.#waiting.shift();
    this.#busy = next !== undefined;
    next?.();
  }
}

function lost(thrown: unknown): Lost {
  return thrown instanceof Lost ? thrown : new Lost(Code.PluginFailed, "the plugin failed", thrown);
}
