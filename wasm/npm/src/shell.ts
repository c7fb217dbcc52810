// How the handlers of a server are run, and what they are told.

import type { Contract as Core } from "./binding.js";
import { decoder, encoder, type IdlMethod, line, type Problem, type Reader } from "./contract.js";
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
export type Run = (call: Call, ctx: Context) => Later<Answer>;

/** A contract in the module, and what answers its methods, by their numbers there. */
export interface Methods {
  readonly core: Core;
  readonly all: readonly { readonly name: string; readonly run: Run }[];
}

/** What the calls of a server share. */
export interface Served {
  readonly options: ServerOptions<any>;
  readonly codec: Codec;
  /** By their ids. */
  readonly connections: ReadonlyMap<string, Connection>;
  /** For calls from inside: interfaces under their own names, and nobody is asked. */
  readonly inner: Methods;
}

/** How a body came. */
export interface Origin {
  readonly transport: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly connection?: Connection;
  /** Calls of guests that wait for it. */
  readonly depth?: number;
}

/** Finds the numbers of methods in `core`. `runs` are theirs by `Interface.method`. */
export function numbered(core: Core, runs: ReadonlyMap<string, Run>): Methods {
  // What the core answers itself comes to nobody.
  return { core, all: core.methods().split("\n").map((name) => ({ name, run: runs.get(name)! })) };
}

/** How a handler that was checked answers a method of an interface. `read` reads its parameters by their index. */
export function answers(
  handler: object,
  from: string,
  { name: method, parameters = [], returnType }: IdlMethod,
  codec: Codec,
  read: Reader | undefined,
): Run {
  if (handler instanceof Raw) return ({ params }, ctx) => handler.answer(`${from}.${method}`, params ?? "[]", ctx);
  const run = (handler as Record<string, Function>)[method]!;
  const given = parameters.map(({ type }) => type);
  // What has no text is `null`: only a method without result may answer that.
  const json = (value: unknown) => codec.write(value, returnType ?? undefined) ?? "null";
  return (call, ctx) => {
    const params = call.params ?? "[]";
    const args = (read ? read(params, call.index()) : codec.read(params, given)) as unknown[];
    args.push(ctx);
    const result = run.apply(handler, args);
    return isThenable(result) ? Promise.resolve(result).then(json) : json(result);
  };
}

/** Runs the handlers of one exchange. */
export class HandlerShell implements Shell {
  constructor(
    readonly served: Served,
    readonly methods: Methods,
    readonly origin: Origin,
    readonly given: object | undefined,
    /** When it is given up. */
    readonly ends: number,
  ) {}

  call(call: Call): Answer | Promise<Answer> {
    const ctx = new CallContext(call, this);
    const { run } = this.methods.all[call.method]!;
    if (this.served.options.after?.length) return this.watched(call, ctx, run);
    const answer = run(call, ctx);
    return isThenable(answer) ? Promise.resolve(answer) : (answer as Answer);
  }

  /** `Interface.method`. */
  name(call: Call): string {
    return this.methods.all[call.method]!.name;
  }

  private async watched(call: Call, ctx: Context, run: Run): Promise<Answer> {
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
    const answered: Answered = { method: this.name(call), params: codec.read(call.params ?? "[]", undefined) as unknown[], result, error };
    for (const filter of this.served.options.after!) await filter(answered, ctx);
    if (failed) throw error;
    return answer!;
  }

  async admit(call: Call): Promise<Parameters> {
    const { codec } = this.served;
    const request = { method: this.name(call), params: call.params && codec.read(call.params, undefined) };
    const ctx = new CallContext(call, this);
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
      const message = `the answer of ${this.name(call)} breaks the contract: ${line(list)}`;
      error = Object.assign(new Error(message, { cause: thrown }), { problems: list });
    }
    const { onError = console.error } = this.served.options;
    harmless(() => onError(error, { method: this.name(call), id: call.id }));
  }
}

/** What a handler is told. Only what is made here and now has a cost, for most handlers ask for nothing. */
class CallContext implements Context {
  readonly #call: Call;
  readonly #shell: HandlerShell;

  constructor(call: Call, shell: HandlerShell) {
    this.#call = call;
    this.#shell = shell;
    const { given } = shell;
    // Not assigned: what is told anyway has no setter.
    if (given === undefined) return;
    for (const [name, value] of Object.entries(given)) Object.defineProperty(this, name, { value, enumerable: true });
  }

  get method() {
    return this.#shell.name(this.#call);
  }

  get request() {
    return this.#call.id;
  }

  get notification() {
    return this.#call.id === undefined;
  }

  get transport() {
    return this.#shell.origin.transport;
  }

  get headers() {
    return this.#shell.origin.headers;
  }

  get connection() {
    return this.#shell.origin.connection?.id;
  }

  get peer() {
    return this.#shell.origin.connection?.peer;
  }

  get signal() {
    return this.#call.signal;
  }

  get [INSIDE](): Inside {
    return new CallInside(this.#call, this.#shell);
  }
}

class CallInside implements Inside {
  constructor(
    private readonly outer: Call,
    private readonly shell: HandlerShell,
  ) {}

  get depth(): number {
    return this.shell.origin.depth ?? 0;
  }

  get left(): number {
    return Math.max(0, this.shell.ends - Date.now());
  }

  call(method: string, params: string, later: boolean): Later<string> {
    const body = `{"jsonrpc":"2.0","id":0,"method":${JSON.stringify(method)},"params":${whole(params)}}`;
    const { served, origin, given, ends } = this.shell;
    const { inner } = served;
    const exchange = inner.core.open(encoder.encode(body));
    const shell = new HandlerShell(served, inner, { ...origin, depth: this.depth + 1 }, given, ends);
    const step = exchange.poll();
    if (later) {
      // It ends with the call that waits for it.
      const limit = { deadline: Infinity, signal: this.outer.signal };
      return Promise.resolve(drive(exchange, step, shell, limit)).then(answerObject).finally(() => exchange.free());
    }
    try {
      return answerObject(driveNow(exchange, step, shell, `${method} answers later, and a guest can wait only where WebAssembly.Suspending is.`));
    } finally {
      exchange.free();
    }
  }

  send(to: string, method: string, params: string): number {
    if (to !== "*") return this.find(to)?.notify(method, params) ?? -1;
    // Those that cannot be reached are not this one's affair, but a message that nobody could take is.
    const statuses = Array.from(this.shell.served.connections.values(), (connection) => connection.notify(method, params));
    return statuses.includes(-3) ? -3 : 0;
  }

  async request(to: string, method: string, params: string): Promise<string> {
    const connection = this.find(to);
    if (!connection) throw failure(Code.Cancelled, "There is no such connection.");
    return connection.request(method, params, { timeout: this.left, signal: this.outer.signal });
  }

  private find(to: string): Connection | undefined {
    const { origin, served } = this.shell;
    return to === "" ? origin.connection : served.connections.get(to);
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
