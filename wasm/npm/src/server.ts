import type { Contract as Core } from "./binding.js";
import type { Client } from "./client.js";
import { type Contract, decoder, encoder, type Idl, line, type Problem } from "./contract.js";
import { drive, type Answer, type Call, type Limit, type Parameters, type Shell } from "./drive.js";
import { Code, RpcError } from "./error.js";
import { harmless } from "./log.js";
import { serveHttp, type HttpOptions } from "./http.js";
import { Link } from "./link.js";
import { Raw } from "./raw.js";
import { Connection, type Socket } from "./session.js";
import type { Context, Given, Handlers, Later } from "./types.js";

/** A request before its parameters are checked. */
export interface Incoming {
  /** `Interface.method`, wherever it is mounted. */
  readonly method: string;
  /** As they came, by position or by name; not checked. */
  readonly params: unknown;
}

/** An answered call. */
export interface Answered {
  /** `Interface.method`, wherever it is mounted. */
  readonly method: string;
  /** By position, checked. */
  readonly params: readonly unknown[];
  /** What the handler answered, not checked yet; `undefined` if it threw. */
  readonly result: unknown;
  /** What it threw; of a plugin that answered an error, that as an `RpcError`. */
  readonly error: unknown;
}

export interface ServerOptions<C extends object = object> extends HttpOptions {
  /** Refuse fields that the contract does not name. */
  strict?: boolean;
  /** Which errors handlers may answer: any outside of the reserved codes, or only those that the contract declares. */
  errors?: "any" | "declared";
  /**
   * What an `int` may be: one that a `number` holds exactly, others being out of range; or all of 64 bits, where every handler is a
   * `Raw` or a `Plugin`, which read the text themselves.
   */
  ints?: "number" | "int64";
  /** Answer `ping`, `echo`, `functions_list` and `documentation`. */
  commands?: boolean;
  /** Put interfaces under paths, which replace their names. Without any, each stands under its own name. */
  mounts?: readonly { readonly at: string; readonly interface: string }[];
  /** Between the segments of a method's name: `.`. */
  separator?: string;
  /** What callers may ask for: bytes of a body, of a reply and of an id, levels of nesting, calls of a batch, problems told. */
  limits?: Readonly<Partial<Record<"body" | "depth" | "batch" | "reply" | "id" | "problems", number>>>;
  /** Milliseconds from a body to its reply: 10,000. From 2³¹ on there is no deadline. */
  deadline?: number;
  /**
   * Takes what callers are not told: what a handler threw that is no `RpcError`, or an `Error` that says how an answer broke the
   * contract, with `problems`. Without it they go to `console.error`.
   */
  onError?: (error: unknown, call: { readonly method: string; readonly id: string | undefined }) => void;
  /**
   * Asked before each call, in order, when its parameters are not checked yet. May throw an `RpcError`, which is the answer; may
   * return parameters to add by name, which are checked like the others.
   */
  before?: readonly ((request: Incoming, ctx: Context & C) => Later<Readonly<Record<string, unknown>> | void>)[];
  /** Told after each handler, in order. May throw an `RpcError`, which replaces the answer. */
  after?: readonly ((answered: Answered, ctx: Context & C) => Later<void>)[];
}

/** A connection that a server answers on. */
export interface Attached {
  /** A client of the other side; by `pintle gen ts`, `as Client<…>`. */
  readonly peer: Client;
  /** Settled when the connection is over. */
  readonly closed: Promise<void>;
  close(): void;
}

/** @internal How a body came. */
export interface Origin {
  readonly transport: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly peer?: object;
}

const IN_PROCESS: Origin = { transport: "call" };

/** What answers the calls of one method. */
type Method = (call: Call, ctx: Context) => Later<Answer>;

/**
 * Answers calls of a contract. Bytes come in, checked parameters reach the handlers, checked results leave.
 *
 * `T` is the map that `pintle gen ts` writes; `C` is what `handle` and `fetch` are given for handlers beside the body.
 */
export class Server<T = any, C extends object = object> {
  readonly #core: Core;
  readonly #methods = new Map<string, Method>();
  readonly #options: ServerOptions<C>;
  readonly #idl: Idl;
  /** For the calls of this side. */
  #link: Link | undefined;

  /** @throws If a handler is missing, or no interface of the contract has its name, or an option is wrong. */
  constructor(contract: Contract, handlers: Handlers<NoInfer<T>, C>, options: ServerOptions<C> = {}) {
    this.#idl = contract.toJSON();
    const known = new Map(this.#idl.interfaces?.map(({ name, methods }) => [name, methods ?? []]));
    const serves = Object.keys(handlers);
    for (const name of serves) {
      const methods = known.get(name);
      if (methods === undefined) throw new TypeError(`the contract has no interface ${name}`);
      const handler = handlers[name as keyof typeof handlers] as object;
      for (const method of methods) this.#methods.set(`${name}.${method.name}`, answers(handler, name, method.name));
    }
    this.#options = options;
    const { strict, errors, commands, mounts, separator, limits } = options;
    const admission = (options.before?.length ?? 0) > 0;
    const safe_ints = options.ints !== "int64";
    if (!safe_ints && Object.values<object>(handlers).some((handler) => !(handler instanceof Raw))) {
      throw new TypeError("with ints: \"int64\" every handler must be a Raw or a Plugin: others would get rounded numbers");
    }
    this.#core = contract.core.configure(
      JSON.stringify({ strict, errors, commands, mounts, separator, limits, admission, serves, safe_ints }),
    );
  }

  /**
   * Answers one body: the reply, or `undefined` if there is none to send.
   *
   * @param ctx Given to handlers, beside what they are told anyway. `signal` cancels what runs.
   */
  handle(body: Uint8Array | string, ...[ctx]: Given<C & { signal?: AbortSignal }>): Promise<Uint8Array | undefined> {
    const bytes = typeof body === "string" ? encoder.encode(body) : body;
    if (ctx === undefined) return this.serve(bytes, IN_PROCESS, ctx, {});
    const { signal, ...given } = ctx;
    return this.serve(bytes, IN_PROCESS, given, { signal });
  }

  /** @internal The same for what brings bodies. */
  async serve(
    body: Uint8Array,
    origin: Origin,
    given: object | undefined,
    { signal, cancellable }: Partial<Limit>,
  ): Promise<Uint8Array | undefined> {
    const exchange = this.#core.open(body);
    try {
      const limit = { deadline: this.#options.deadline ?? 10_000, signal, cancellable };
      return await drive(exchange, new HandlerShell(this.#methods, this.#options, origin, given), limit);
    } finally {
      exchange.free();
    }
  }

  /** @internal Answers all calls of a body with Overloaded; runs none. */
  refuse(body: Uint8Array): Uint8Array | undefined {
    const exchange = this.#core.open(body);
    try {
      exchange.abandon(Code.Overloaded, "Overloaded", '{"retryAfterMs":1000}');
      exchange.poll();
      return exchange.takeReply();
    } finally {
      exchange.free();
    }
  }

  /** @internal Bytes of the largest body that is read. */
  get most(): number {
    return this.#options.limits?.body ?? 1 << 20;
  }

  /** Answers an HTTP request: what Workers, Deno and Bun serve. Never rejects for anything that the request is. */
  fetch(request: Request, ...[ctx]: Given<C>): Promise<Response> {
    return serveHttp(request, this.#options, (body, origin) => this.serve(body, origin, ctx, { signal: request.signal }));
  }

  /**
   * Answers on a connection, until it ends. Over it handlers can call back: `ctx.peer` is a client, and so is the answer's `peer`.
   *
   * @param ctx Given to handlers, beside what they are told anyway.
   */
  attach(socket: Socket, ...[ctx]: Given<C>): Attached {
    // Of what it has itself: the contract may be gone.
    this.#link ??= new Link(this.#core, this.#idl, {});
    return new Connection(socket, this.#link, this, ctx) as Attached;
  }

  /** Gives its memory back now instead of when it is collected. */
  free(): void {
    this.#core.free();
  }
}

/** How a handler answers a method. */
function answers(handler: object, name: string, method: string): Method {
  if (handler instanceof Raw && handler.interfaces?.includes(name) === false) {
    throw new TypeError(`the plugin serves ${handler.interfaces.join(", ") || "no interface"}, not ${name}`);
  }
  if (handler instanceof Raw) return ({ method, params }, ctx) => handler.answer(method, params ?? "[]", ctx);
  // Own properties only: a contract may name a method `constructor`.
  const run = Object.hasOwn(handler, method) ? (handler as Record<string, unknown>)[method] : undefined;
  if (typeof run !== "function") throw new TypeError(`the handler of ${name} has no function ${method} of its own`);
  return (call, ctx) => {
    const result = run.apply(handler, [...(JSON.parse(call.params ?? "[]") as unknown[]), ctx]);
    return isThenable(result) ? Promise.resolve(result).then(json) : json(result);
  };
}

/** Runs the handlers of one exchange. */
class HandlerShell<C extends object> implements Shell {
  constructor(
    private readonly methods: ReadonlyMap<string, Method>,
    private readonly options: ServerOptions<C>,
    private readonly origin: Origin,
    private readonly given: object | undefined,
  ) {}

  call(call: Call): Answer | Promise<Answer> {
    const ctx = this.context(call);
    const run = this.methods.get(call.method)!;
    if (this.options.after?.length) return this.watched(call, ctx, run);
    const answer = run(call, ctx);
    return isThenable(answer) ? Promise.resolve(answer) : (answer as Answer);
  }

  private async watched(call: Call, ctx: Context & C, run: Method): Promise<Answer> {
    let answer: Answer | undefined;
    let error: unknown;
    let failed = false;
    try {
      answer = await run(call, ctx);
    } catch (thrown) {
      [failed, error] = [true, thrown];
    }
    let result: unknown;
    if (!failed) ({ result, error } = outcome(answer!));
    const answered: Answered = { method: call.method, params: JSON.parse(call.params ?? "[]"), result, error };
    for (const filter of this.options.after!) await filter(answered, ctx);
    if (failed) throw error;
    return answer!;
  }

  async admit(call: Call): Promise<Parameters> {
    const request = { method: call.method, params: call.params === undefined ? undefined : JSON.parse(call.params) };
    const ctx = this.context(call);
    const added: Record<string, string> = Object.create(null);
    for (const filter of this.options.before!) {
      const parameters = await filter(request, ctx);
      for (const [name, value] of Object.entries(parameters ?? {})) added[name] = json(value);
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
    const { onError = console.error } = this.options;
    harmless(() => onError(error, { method: call.method, id: call.id }));
  }

  private context(call: Call): Context & C {
    return new CallContext(call, this.origin, this.given) as CallContext & C;
  }
}

/** What a handler is told. Only what is made here and now has a cost, for most handlers ask for nothing. */
class CallContext implements Context {
  readonly method: string;
  readonly request: string | undefined;
  readonly notification: boolean;
  readonly #origin: Origin;
  readonly #call: Call;

  constructor(call: Call, origin: Origin, given: object | undefined) {
    this.method = call.method;
    this.request = call.id;
    this.notification = call.id === undefined;
    this.#origin = origin;
    this.#call = call;
    // Not assigned: what is told anyway has no setter.
    for (const [name, value] of Object.entries(given ?? {})) Object.defineProperty(this, name, { value, enumerable: true });
  }

  get transport() {
    return this.#origin.transport;
  }

  get headers() {
    return this.#origin.headers;
  }

  get peer() {
    return this.#origin.peer;
  }

  get signal() {
    return this.#call.signal;
  }
}

/** What a handler's answer says. One that is no JSON says nothing: who checks it finds that out. */
function outcome(answer: Answer): Pick<Answered, "result" | "error"> {
  try {
    if (typeof answer === "string") return { result: JSON.parse(answer), error: undefined };
    const { result, error } = JSON.parse(decoder.decode(answer));
    return { result, error: error && new RpcError(error.code, error.message, error.data) };
  } catch {
    return { result: undefined, error: undefined };
  }
}

/** A result as JSON text. What has none is `null`: only a method without result may answer that. */
function json(value: unknown): string {
  return JSON.stringify(value) ?? "null";
}

function isThenable(value: unknown): boolean {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === "function";
}
