import type { Context, Later } from "./types.js";

/**
 * The handler of an interface that reads and writes JSON text itself: for what passes calls on, and for numbers that JavaScript has no
 * exact value for. What it answers is checked like any result.
 */
export class Raw<C = object> {
  /** What it was made of. */
  readonly answer: (method: string, params: string, ctx: Context & C) => Later<string | Uint8Array>;

  /** The interfaces that it may serve, if it matters. */
  readonly interfaces: readonly string[] | undefined;

  /**
   * @param answer Is given the method's name, `Interface.method`, and its parameters, a checked JSON array by position. Answers the
   *   result as text; or, as bytes, what a plugin answers: `{"result": …}` or `{"error": {"code", "message", "data"}}`.
   */
  constructor(
    answer: (method: string, params: string, ctx: Context & C) => Later<string | Uint8Array>,
    interfaces?: readonly string[],
  ) {
    this.answer = answer;
    this.interfaces = interfaces;
  }
}
