import type { Contract as Core, Exchange } from "./binding.js";
import type { Client } from "./client.js";
import { type Contract, encoder, type Idl, type Shaping } from "./contract.js";
import { drive, Step, type Call, type Limit } from "./drive.js";
import { Code, failure } from "./error.js";
import { BigInts, NUMBERS } from "./ints.js";
import { check } from "./handlers.js";
import type { HttpOptions } from "./http.js";
import { Link } from "./link.js";
import { Plugin } from "./plugin.js";
import { Raw } from "./raw.js";
import { Connection, randomId, type Socket } from "./session.js";
import { answers, HandlerShell, numbered, type Methods, type Origin, type Run, type Served } from "./shell.js";
import { copy, put, ROOM } from "./room.js";
import { Awake, keep, kept, type Acceptor, type Kept, type SleepingSocket } from "./sleep.js";
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
   * What an `int` is: a `number`, one that it may not hold exactly being out of range; a `bigint` of 64 bits, every `int` of the
   * contract; or `int64`, as text of 64 bits, where every handler is a `Raw` or a `Plugin`. Handlers may answer either.
   */
  ints?: "number" | "bigint" | "int64";
  /** Keep fields that the contract does not name, which `byShape` drops from what handlers get. Without it they are kept anyway. */
  unknown?: "keep";
  /** Answer `ping`, `echo`, `functions_list` and `documentation`. */
  commands?: boolean;
  /** Answer `server_info`, about the server and its plugins; a function says what is told too. */
  info?: boolean | (() => object);
  /** Answer `kill_actor`, which stops the instance of a plugin. */
  kill?: boolean;
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

/** The body of a reply, if there is one. */
type Reply = Uint8Array | undefined;

/** What serves HTTP, once it is asked for: pages have no use for it. */
let http: typeof import("./http.js") | undefined;

const IN_PROCESS: Origin = { transport: "call" };
const UNLIMITED: Partial<Limit> = {};

/**
 * Answers calls of a contract. Bytes come in, checked parameters reach the handlers, checked results leave.
 *
 * `T` is the map that `pintle gen ts` writes; `C` is what `handle` and `fetch` are given for handlers beside the body.
 */
export class Server<T = any, C extends object = object> {
  readonly #methods: Methods;
  readonly #options: ServerOptions<C>;
  readonly #served: Served;
  readonly #shaping: Shaping | undefined;
  readonly #connections = new Map<string, Connection>();
  readonly #sleeping = new WeakMap<SleepingSocket, Connection>();
  readonly #idl: Idl;
  /** An exchange that has ended. */
  #spare: Exchange | undefined;
  #freed = false;
  /** For the calls of this side. */
  #link: Link | undefined;

  /** @throws If a handler is missing, or no interface of the contract has its name, or an option is wrong. */
  constructor(contract: Contract, handlers: Handlers<NoInfer<T>, C>, options: ServerOptions<C> = {}) {
    this.#idl = contract.toJSON();
    check(handlers, this.#idl);
    const known = new Map(this.#idl.interfaces?.map((item) => [item.name, item]));
    const serves = Object.keys(handlers);
    const codec = options.ints === "bigint" ? new BigInts(this.#idl) : NUMBERS;
    const shaping = (this.#shaping = contract.shaping(options.ints === "bigint", options.unknown));
    const runs = new Map<string, Run>();
    for (const name of serves) {
      const handler = handlers[name as keyof typeof handlers] as object;
      const { namespace = this.#idl.rootNamespace, methods = [] } = known.get(name)!;
      for (const method of methods) {
        const types = (method.parameters ?? []).map(({ type }) => type);
        runs.set(`${name}.${method.name}`, answers(handler, name, method, codec, shaping?.list(types, namespace, codec)));
      }
    }
    this.#options = options;
    const { strict, errors, commands, mounts, separator, limits } = options;
    const admission = (options.before?.length ?? 0) > 0;
    const safe_ints = (options.ints ?? "number") === "number";
    if (options.ints === "int64" && Object.values<object>(handlers).some((handler) => !(handler instanceof Raw))) {
      throw new TypeError("with ints: \"int64\" every handler must be a Raw or a Plugin: others would get rounded numbers");
    }
    const configured = { strict, errors, limits, serves, safe_ints };
    const { info = false, kill = false } = options;
    const answered = { commands, info: info !== false, kill };
    const core = contract.core.configure(JSON.stringify({ ...configured, ...answered, mounts, separator, admission }));
    if (info || kill) {
      const more = typeof info === "function" ? info : undefined;
      const plugins = new Map<Plugin<any>, string>();
      for (const [name, handler] of Object.entries(handlers)) {
        if (handler instanceof Plugin && !plugins.has(handler)) plugins.set(handler, name);
      }
      const about = { plugins, checksum: contract.checksum, started: Date.now(), more };
      const answer = (name: string) => async (call: Call) => {
        const { command } = await import("./commands.js");
        const told = command(name, call, about);
        if (told === undefined) throw failure(Code.InvalidParams, "No plugin instance has this id.");
        return told;
      };
      for (const name of ["server_info", "kill_actor"]) runs.set(name, answer(name));
    }
    if (shaping) core.indexed();
    this.#methods = numbered(core, runs);
    let inner: Methods | undefined;
    this.#served = {
      codec,
      options,
      connections: this.#connections,
      // Most servers have no guest that calls.
      get inner() {
        return (inner ??= numbered(core.configure(JSON.stringify(configured)), runs));
      },
    };
  }

  /**
   * Answers one body: the reply, or `undefined` if there is none to send.
   *
   * @param ctx Given to handlers, beside what they are told anyway. `signal` cancels what runs.
   */
  async handle(body: Uint8Array | string, ...context: Given<C & { signal?: AbortSignal }>): Promise<Uint8Array | undefined> {
    const ctx = context[0];
    const bytes = typeof body === "string" ? encoder.encode(body) : body;
    if (ctx === undefined) return this.serve(bytes, IN_PROCESS, ctx, UNLIMITED);
    const { signal, ...given } = ctx;
    return this.serve(bytes, IN_PROCESS, given, { signal });
  }

  /** @internal The same for what brings bodies: now, if no handler has to be waited for. */
  serve(
    body: Uint8Array,
    origin: Origin,
    given: object | undefined,
    { signal, cancellable }: Partial<Limit>,
  ): Reply | Promise<Reply> {
    const { core } = this;
    const { deadline = 10_000 } = this.#options;
    const shell = new HandlerShell(this.#served, this.#methods, origin, given, Date.now() + deadline);
    const length = put(body);
    // One that is used again costs less than a new one.
    const spare = length === undefined ? undefined : this.#spare;
    if (spare) this.#spare = undefined;
    const exchange = spare ?? core.open(body);
    try {
      const reply = drive(exchange, spare ? spare.begin(core, length!) : exchange.poll(), shell, { deadline, signal, cancellable });
      return reply instanceof Promise ? this.#waited(exchange, length, reply) : this.#ended(exchange, length, reply);
    } catch (thrown) {
      exchange.free();
      throw thrown;
    }
  }

  async #waited(exchange: Exchange, length: number | undefined, reply: Promise<Reply>): Promise<Reply> {
    try {
      return this.#ended(exchange, length, await reply);
    } catch (thrown) {
      exchange.free();
      throw thrown;
    }
  }

  /** Keeps an exchange for the next body, if this one was small: it keeps what it was given alive. */
  #ended(exchange: Exchange, length: number | undefined, reply: Reply): Reply {
    const isSmall = length !== undefined && !(reply && reply.length > ROOM);
    if (isSmall && this.#spare === undefined && !this.#freed) this.#spare = exchange;
    else exchange.free();
    return reply;
  }

  /** @internal Answers all calls of a body with Overloaded; runs none. */
  refuse(body: Uint8Array): Uint8Array | undefined {
    const exchange = this.core.open(body);
    try {
      exchange.abandon(Code.Overloaded, "Overloaded", '{"retryAfterMs":1000}');
      return exchange.poll() === Step.REPLY ? copy(2) : undefined;
    } finally {
      exchange.free();
    }
  }

  /** @internal The contract in the module, as it is served. */
  get core(): Core {
    return this.#methods.core;
  }

  /** @internal Bytes of the largest body that is read. */
  get most(): number {
    return this.#options.limits?.body ?? 1 << 20;
  }

  /** Answers an HTTP request: what Workers, Deno and Bun serve. Never rejects for anything that the request is. */
  async fetch(request: Request, ...[ctx]: Given<C>): Promise<Response> {
    http ??= await import("./http.js");
    return http.serveHttp(request, this.#options, async (body, origin) => this.serve(body, origin, ctx, { signal: request.signal }));
  }

  /**
   * Answers on a connection, until it ends. Over it handlers can call back: `ctx.peer` is a client, and so is the answer's `peer`.
   *
   * @param ctx Given to handlers, beside what they are told anyway.
   */
  attach(socket: Socket, ...[ctx]: Given<C>): Attached {
    this.#link ??= this.linked();
    return this.#enter(new Connection(socket, this.#link, this, ctx)) as Attached;
  }

  /**
   * The same for a Durable Object that may sleep while nobody calls: it hands its events on to `webSocketMessage`, `webSocketClose` and
   * `webSocketError`. The connection's id and `ctx`, which must be plain values, are kept in the socket's attachment.
   *
   * @param state The Durable Object's.
   */
  accept(state: Acceptor, socket: SleepingSocket, ...[ctx]: Given<C>): Attached {
    state.acceptWebSocket(socket);
    return this.#wake(socket, { id: randomId(), last: 0, given: ctx }) as Attached;
  }

  /** A message on a socket that was accepted, before or after a sleep. Settled when it is answered, until when nobody sleeps. */
  async webSocketMessage(socket: SleepingSocket, message: string | ArrayBuffer): Promise<void> {
    await this.#awake(socket)?.receive(message);
  }

  /** The end of a socket that was accepted. */
  webSocketClose(socket: SleepingSocket, code?: number, reason?: string, wasClean?: boolean): void;
  webSocketClose(socket: SleepingSocket, code = 1000): void {
    // One that slept has nothing to end.
    this.#sleeping.get(socket)?.end();
    try {
      socket.close(code);
    } catch {
      // It is closed already, or by a code that cannot be sent.
    }
  }

  /** The same. */
  webSocketError(socket: SleepingSocket, error?: unknown): void;
  webSocketError(socket: SleepingSocket): void {
    this.#sleeping.get(socket)?.end();
  }

  /** Takes up connections again after a sleep, so that they can be sent to before they call: those of `state.getWebSockets()`. */
  wake(sockets: Iterable<SleepingSocket>): void {
    for (const socket of sockets) this.#awake(socket);
  }

  #awake(socket: SleepingSocket): Connection | undefined {
    const found = this.#sleeping.get(socket);
    if (found) return found;
    const slept = kept(socket);
    return slept && this.#wake(socket, slept);
  }

  #wake(socket: SleepingSocket, slept: Kept): Connection {
    const onCall = (last: number) => keep(socket, { ...slept, last });
    onCall(slept.last);
    this.#link ??= this.linked();
    const connection = this.#enter(new Connection(new Awake(socket), this.#link, this, slept.given, { ...slept, onCall }));
    this.#sleeping.set(socket, connection);
    return connection;
  }

  #enter(connection: Connection): Connection {
    this.#connections.set(connection.id, connection);
    void connection.closed.then(() => this.#connections.delete(connection.id));
    return connection;
  }

  /** @internal What its connections call with: of what it has itself, for the contract may be gone. */
  linked(): Link {
    return new Link(this.core, this.#idl, { ints: this.#options.ints === "bigint" ? "bigint" : "number" }, this.#shaping);
  }

  /** Gives its memory back now instead of when it is collected. */
  free(): void {
    this.#freed = true;
    this.#spare?.free();
    this.#spare = undefined;
    this.core.free();
  }
}
