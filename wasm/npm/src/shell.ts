// How the handlers of a server are run, and what they are told.

import type { Contract as Core } from "./binding.js";
import { decoder, encoder, type IdlMethod, line, type Problem } from "./contract.js";
import { drive, driveNow, type Answer, type Call, type Parameters, type Shell } from "./drive.js";
import { Code, failure, RpcError } from "./error.js";
import { INSIDE, type Inside } from "./inside.js";
import type { Codec } from "./ints.js";
import { harmless } from "./log.js";
import { Raw } from "./raw.js";
import type { Answered, ServerOptions } from "./server.js";
import type { Connection } from "./session.js";
import type { Context, Later } from "./types.js";

/** What answers the calls of one method. */
export type Method = (call: Call, ctx: Context) => Later<Answer>;

/** What the calls of a server share. */
export interface Served {
  readonly methods: ReadonlyMap<string, Method>;
  readonly options: ServerOptions<any>;
  readonly codec: Codec;
  /** By their ids. */
  readonly connections: ReadonlyMap<string, Connection>;
  /** The contract for calls from inside: its interfaces under their own names, and nobody is asked. */
  readonly inner: Core;
}

/** How a body came. */
export interface Origin {
  readonly transport: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly connection?: Connection;
  /** Calls of guests that wait for it. */
  readonly depth?: number;
}

/** How a handler that was checked answers a method. */
export function answers(handler: object, { name: method, parameters = [], returnType }: IdlMethod, codec: Codec): Method {
  if (handler instanceof Raw) return ({ method, params }, ctx) => handler.answer(method, params ?? "[]", ctx);
  const run = (handler as Record<string, Function>)[method]!;
  const given = parameters.map(({ type }) => type);
  // What has no text is `null`: only a method without result may answer that.
  const json = (value: unknown) => codec.write(value, returnType ?? undefined) ?? "null";
  return (call, ctx) => {
    const args = codec.read(call.params ?? "[]", given) as unknown[];
    args.push(ctx);
    const result = run.apply(handler, args);
    return isThenable(result) ? Promise.resolve(result).then(json) : json(result);
  };
}

/** Runs the handlers of one exchange. */
export class HandlerShell implements Shell {
  constructor(
    private readonly served: Served,
    private readonly origin: Origin,
    private readonly given: object | undefined,
    private readonly ends: number,
  ) {}

  call(call: Call): Answer | Promise<Answer> {
    const { methods, options } = this.served;
    const ctx = this.context(call);
    const run = methods.get(call.method)!;
    if (options.after?.length) return this.watched(call, ctx, run);
    const answer = run(call, ctx);
    return isThenable(answer) ? Promise.resolve(answer) : (answer as Answer);
  }

  private async watched(call: Call, ctx: Context, run: Method): Promise<Answer> {
    let answer: Answer | undefined;
    let error: unknown;
    let failed = false;
    try {
      answer = await run(call, ctx);
    } catch (thrown) {
      [failed, error] = [true, thrown];
    }
    let result: unknown;
    const { codec } = this.served;
    if (!failed) ({ result, error } = outcome(answer!, codec));
    const answered: Answered = { method: call.method, params: codec.read(call.params ?? "[]", undefined) as unknown[], result, error };
    for (const filter of this.served.options.after!) await filter(answered, ctx);
    if (failed) throw error;
    return answer!;
  }

  async admit(call: Call): Promise<Parameters> {
    const { codec } = this.served;
    const request = { method: call.method, params: call.params && codec.read(call.params, undefined) };
    const ctx = this.context(call);
    const added: Record<string, string> = Object.create(null);
    for (const filter of this.served.options.before!) {
      const parameters = await filter(request, ctx);
      for (const [name, value] of Object.entries(parameters ?? {})) added[name] = codec.write(value, undefined) ?? "null";
    }
    return added;
  }

  note(call: Call, thrown: unknown, problems: string | undefined): void {
    let error = thrown;
    if (problems !== undefined) {
      const list = JSON.parse(problems) as Problem[];
      const message = `the answer of ${call.method} breaks the contract: ${line(list)}`;
      error = Object.assign(new Error(message, { cause: thrown }), { problems: list });
    }
    const { onError = console.error } = this.served.options;
    harmless(() => onError(error, { method: call.method, id: call.id }));
  }

  private context(call: Call): Context {
    return new CallContext(call, this.served, this.origin, this.given, this.ends);
  }
}

/** What a handler is told. Only what is made here and now has a cost, for most handlers ask for nothing. */
class CallContext implements Context {
  readonly method: string;
  readonly request: string | undefined;
  readonly notification: boolean;
  readonly #call: Call;
  readonly #served: Served;
  readonly #origin: Origin;
  readonly #given: object | undefined;
  readonly #ends: number;

  constructor(call: Call, served: Served, origin: Origin, given: object | undefined, ends: number) {
    this.method = call.method;
    this.request = call.id;
    this.notification = call.id === undefined;
    this.#call = call;
    this.#served = served;
    this.#origin = origin;
    this.#given = given;
    this.#ends = ends;
    // Not assigned: what is told anyway has no setter.
    if (given === undefined) return;
    for (const [name, value] of Object.entries(given)) Object.defineProperty(this, name, { value, enumerable: true });
  }

  get transport() {
    return this.#origin.transport;
  }

  get headers() {
    return this.#origin.headers;
  }

  get connection() {
    return this.#origin.connection?.id;
  }

  get peer() {
    return this.#origin.connection?.peer;
  }

  get signal() {
    return this.#call.signal;
  }

  get [INSIDE](): Inside {
    return new CallInside(this.#call, this.#served, this.#origin, this.#given, this.#ends);
  }
}

class CallInside implements Inside {
  constructor(
    private readonly outer: Call,
    private readonly served: Served,
    private readonly origin: Origin,
    private readonly given: object | undefined,
    private readonly ends: number,
  ) {}

  get depth(): number {
    return this.origin.depth ?? 0;
  }

  get left(): number {
    return Math.max(0, this.ends - Date.now());
  }

  call(method: string, params: string, later: boolean): Later<string> {
    const body = `{"jsonrpc":"2.0","id":0,"method":${JSON.stringify(method)},"params":${whole(params)}}`;
    const exchange = this.served.inner.open(encoder.encode(body));
    const shell = new HandlerShell(this.served, { ...this.origin, depth: this.depth + 1 }, this.given, this.ends);
    if (later) {
      // It ends with the call that waits for it.
      const limit = { deadline: Infinity, signal: this.outer.signal };
      return Promise.resolve(drive(exchange, shell, limit)).then(answerObject).finally(() => exchange.free());
    }
    try {
      return answerObject(driveNow(exchange, shell, `${method} answers later, and a guest can wait only where WebAssembly.Suspending is.`));
    } finally {
      exchange.free();
    }
  }

  send(to: string, method: string, params: string): number {
    if (to !== "*") return this.find(to)?.notify(method, params) ?? -1;
    // Those that cannot be reached are not this one's affair, but a message that nobody could take is.
    const statuses = Array.from(this.served.connections.values(), (connection) => connection.notify(method, params));
    return statuses.includes(-3) ? -3 : 0;
  }

  async request(to: string, method: string, params: string): Promise<string> {
    const connection = this.find(to);
    if (!connection) throw failure(Code.Cancelled, "There is no such connection.");
    return connection.request(method, params, { timeout: this.left, signal: this.outer.signal });
  }

  private find(to: string): Connection | undefined {
    return to === "" ? this.origin.connection : this.served.connections.get(to);
  }
}

/** One JSON value, or it could be more of the request than its parameters. */
function whole(params: string): string {
  try {
    JSON.parse(params);
    return params;
  } catch {
    return "0";
  }
}

/** Of a reply to the id 0, as it is written here. */
function answerObject(reply: Uint8Array | undefined): string {
  return `{${decoder.decode(reply).slice('{"jsonrpc":"2.0",'.length, -',"id":0}'.length)}}`;
}

/** What a handler's answer says. One that is no JSON says nothing: who checks it finds that out. */
function outcome(answer: Answer, codec: Codec): Pick<Answered, "result" | "error"> {
  try {
    if (typeof answer === "string") return { result: codec.read(answer, undefined), error: undefined };
    const { result, error } = codec.read(decoder.decode(answer), undefined) as { result: unknown; error?: any };
    return { result, error: error && new RpcError(error.code, error.message, error.data) };
  } catch {
    return { result: undefined, error: undefined };
  }
}

function isThenable(value: unknown): boolean {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === "function";
}
