// A guest in this thread, which nothing can interrupt.

import type { PluginOptions } from "../plugin.js";
import type { Context, Later } from "../types.js";
import { Instance } from "./instance.js";
import { Reach } from "./reach.js";
import type { Runner } from "./single.js";

export class Here implements Runner {
  spent = false;
  readonly #reach: Reach;
  readonly #most: number;
  #instance!: Instance;

  private constructor(reach: Reach, most: number) {
    this.#reach = reach;
    this.#most = most;
  }

  static async start(module: WebAssembly.Module, options: PluginOptions, most: number): Promise<Here> {
    const { call, send } = options.grants ?? {};
    const reach = new Reach(options);
    const here = new Here(reach, most);
    here.#instance = await Instance.start(module, reach, call !== undefined || send === true);
    return here;
  }

  get memory(): number {
    return this.#instance.memory;
  }

  call(method: string, params: string, ctx: Context): Later<Uint8Array> {
    this.#reach.begin(ctx);
    try {
      const answer = this.#instance.call(method, params);
      if (!(answer instanceof Promise)) return this.#done(answer);
      return answer.then(
        (answer) => this.#done(answer),
        (thrown: unknown) => {
          this.spent = true;
          throw thrown;
        },
      );
    } catch (trapped) {
      this.spent = true;
      throw trapped;
    }
  }

  end(): void {
    this.spent = true;
  }

  #done(answer: Uint8Array): Uint8Array {
    this.#reach.end();
    // A module that came compiled has its own idea of the most.
    if (this.memory > this.#most) this.spent = true;
    return answer;
  }
}
