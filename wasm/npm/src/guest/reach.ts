// What a guest reaches while it serves a call: its log and its context, and what it was granted.

import { Code, RpcError } from "../error.js";
import { DEPTH, INSIDE, type Inside } from "../inside.js";
import { harmless } from "../log.js";
import type { Context, Later } from "../types.js";
import type { PluginOptions } from "../plugin.js";
import { Bucket } from "./bucket.js";
import { errorAnswer, Limits, Status, type Host, type Level, type Told } from "./host.js";

const METHOD_NOT_FOUND = errorAnswer(Code.MethodNotFound, "Method not found");
const TOO_LARGE = errorAnswer(Code.TooLarge, "Too large");

const decoder = new TextDecoder("utf-8", { fatal: true });

export class Reach implements Host {
  readonly #options: PluginOptions;
  readonly #bucket: Bucket | undefined;
  /** Only while a call runs. */
  #ctx: Context | undefined;
  #context: string | undefined;
  #lines = 0;
  #sends = 0;
  #sendBytes = 0;

  constructor(options: PluginOptions) {
    this.#options = options;
    this.#bucket = options.grants?.kv && new Bucket(options.grants.kv);
  }

  begin(ctx: Context): void {
    this.#ctx = ctx;
    this.#context = undefined;
    this.#lines = this.#sends = this.#sendBytes = 0;
  }

  end(): void {
    this.#ctx = undefined;
  }

  log(level: Level, line: string): void {
    this.#lines += 1;
    if (this.#lines > Limits.lines) return;
    const { onLog = (level: Level, line: string) => console[level](line) } = this.#options;
    harmless(() => onLog(level, line));
  }

  ask(name: string, given: readonly (Uint8Array | bigint | undefined)[], later: boolean): Later<Told> {
    const { call = [], send } = this.#options.grants ?? {};
    switch (name) {
      case "context":
        return (this.#context ??= told(this.#ctx));
      case "call": {
        const [method, params] = texts(given);
        if (method === undefined || params === undefined) return TOO_LARGE;
        const inside = this.#inside();
        // A name that is not served to this guest is one that does not exist.
        if (!inside || !call.includes(method.slice(0, method.lastIndexOf(".")))) return METHOD_NOT_FOUND;
        if (inside.depth >= DEPTH) return TOO_LARGE;
        return inside.call(method, params, later);
      }
      case "send": {
        if (!send) return Status.NOT_GRANTED;
        if (!this.#maySend(given)) return Status.FULL;
        const [to, method, params] = texts(given);
        if (to === undefined || method === undefined || params === undefined) return Status.INVALID;
        return this.#inside()?.send(to, method, params) ?? Status.NO_CONNECTION;
      }
      case "request": {
        const inside = send ? this.#inside() : undefined;
        if (!inside) return METHOD_NOT_FOUND;
        if (!this.#maySend(given)) return errorAnswer(Code.Overloaded, "Overloaded");
        const [to, method, params] = texts(given);
        if (to === undefined || method === undefined || params === undefined) return TOO_LARGE;
        if (!later) {
          const detail = "A guest can wait for its peer only where WebAssembly.Suspending is, or in a Worker.";
          return errorAnswer(Code.InternalError, "Internal error", { detail });
        }
        return inside.request(to, method, params).then((json) => `{"result":${json}}`, failed);
      }
      default:
        return this.#bucket?.run(name, given) ?? Status.NOT_GRANTED;
    }
  }

  #inside(): Inside | undefined {
    return (this.#ctx as { [INSIDE]?: Inside } | undefined)?.[INSIDE];
  }

  #maySend(given: readonly unknown[]): boolean {
    this.#sends += 1;
    this.#sendBytes += (given[2] as Uint8Array).length;
    return this.#sends <= Limits.sends && this.#sendBytes <= Limits.sendBytes;
  }
}

/** Texts of a guest; `undefined` for one that is too long. Throws, which ends its call, if one is not UTF-8. */
function texts(given: readonly unknown[]): (string | undefined)[] {
  return (given as Uint8Array[]).map((bytes) => (bytes.length > Limits.answer ? undefined : decoder.decode(bytes)));
}

function failed(thrown: unknown): string {
  if (thrown instanceof RpcError) return errorAnswer(thrown.code, thrown.message, thrown.data);
  return errorAnswer(Code.InternalError, "Internal error");
}

/** What a guest is told about its call. Credentials stay outside. */
function told(ctx: Context | undefined): string {
  if (ctx === undefined) return "{}";
  const { authorization, cookie, ...headers } = ctx.headers ?? {};
  const { transport, connection, request } = ctx;
  const inside = (ctx as { [INSIDE]?: Inside })[INSIDE];
  const trace = headers.traceparent;
  // W3C Trace Context, section 3.2.
  const traceparent = trace && /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(trace) ? trace : undefined;
  const auth = (ctx as { auth?: unknown }).auth;
  return JSON.stringify({ transport, connection, request, headers, deadlineMs: inside?.left, traceparent, auth });
}
