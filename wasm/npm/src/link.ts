import type { Contract as Core, Prepared } from "./binding.js";
import type { Idl, IdlMethod, Reader, Shaping, Type } from "./contract.js";
import { Code, failure, RpcError } from "./error.js";
import { BigInts, NUMBERS, type Codec } from "./ints.js";

/** What may differ from call to call. */
export interface CallOptions {
  /** Milliseconds until a call without an answer fails with Deadline exceeded: 30,000. From 2³¹ on there is no such time. */
  timeout?: number;
  /** Gives calls up, which then fail with its reason. */
  signal?: AbortSignal;
  /** Headers of HTTP requests; a function is asked before each. */
  headers?: Fields | (() => Fields | Promise<Fields>);
  /** Values for parameters of these names, in every method that has one and is not given it. */
  data?: Readonly<Record<string, unknown>>;
}

type Fields = Readonly<Record<string, string>>;

/** What a client is configured with. */
export interface LinkOptions extends CallOptions {
  /** What is held against the contract: parameters before they are sent and results when they come, or less. */
  validate?: "both" | "request" | "none";
  /** Sends calls of one tick in one body. */
  batch?: boolean;
  /** The error classes that `pintle gen ts` writes: what the server declares arrives as one of them. */
  errors?: readonly ErrorClass[];
  /** Where the server has mounted its interfaces, if it has. */
  mounts?: readonly { readonly at: string; readonly interface: string }[];
  /** Between the segments of a method's name: `.`. */
  separator?: string;
  /**
   * What an `int` of the contract is: a `number`, one that it may not hold exactly being an error; or a `bigint`, every one of them.
   */
  ints?: "number" | "bigint";
  /** Keep fields that the contract does not name, which `byShape` drops from results. Without it they are kept anyway. */
  unknown?: "keep";
  /** Refuse fields that the contract does not name. */
  strict?: boolean;
  /** What is taken from the server: bytes of a reply, levels of nesting, calls of a batch. */
  limits?: Readonly<Partial<Record<"depth" | "batch" | "reply" | "problems", number>>>;
}

/** A class that `pintle gen ts` writes for a declared error. */
export interface ErrorClass {
  readonly code: number;
  new (message?: string, data?: unknown): Error;
}

/** @internal A method as it is called. */
export interface Wired {
  /** Its name on the wire. */
  readonly wire: string;
  readonly parameters: NonNullable<IdlMethod["parameters"]>;
  readonly types: readonly Type[];
  readonly result: Type | undefined;
  /** Reads results by their index, which must be done as soon as they are there. */
  readonly read: Reader | undefined;
}

/** @internal What a call came to. */
export interface Answer {
  /** The result as JSON text; `undefined` for a notification. */
  readonly json: string | undefined;
  /** The result, of a method that has a reader. */
  readonly value: unknown;
  /** The transport's own response, if it has one. */
  readonly response: unknown;
}

/** @internal A checked call that waits to be sent, and then for its answer. */
export interface Pending {
  readonly call: Prepared;
  readonly notification: boolean;
  readonly options: CallOptions;
  /** Takes the result as JSON text; `undefined` for a notification. */
  resolve(json: string | undefined, response?: unknown): void;
  reject(error: unknown): void;
}

/** @internal How calls get to the server. */
export interface Carrier {
  /** Sends calls in one body, and settles those that it can. What it throws is the answer to the others. */
  carry(list: readonly Pending[], link: Link): Promise<void>;
  close(): void;
}

/** @internal How a view sends its calls. */
export type Send = (pending: Pending) => void;

const CHECKS = { both: 0, request: 1, none: 2 } as const;

/** @internal A contract as a client is configured for it. */
export class Link {
  readonly options: LinkOptions;
  readonly core: Core;
  readonly codec: Codec;
  readonly shaping: Shaping | undefined;
  readonly methods = new Map<string, Map<string, Wired>>();
  readonly #errors = new Map<number, { cls: string; Class: ErrorClass | undefined }>();
  readonly #batch: number;

  /** `shaping` makes the results. */
  constructor(core: Core, idl: Idl, options: LinkOptions, shaping?: Shaping) {
    // Only of those that are checked there is an index.
    this.shaping = (options.validate ?? "both") === "both" ? shaping : undefined;
    this.options = options;
    const { mounts, separator = ".", strict, limits } = options;
    const safe_ints = options.ints !== "bigint";
    this.codec = safe_ints ? NUMBERS : new BigInts(idl);
    this.core = core.configure(JSON.stringify({ mounts, separator, strict, limits, safe_ints }));
    this.#batch = limits?.batch ?? 100;
    const { interfaces = [], errors = [] } = idl;
    for (const { name, namespace = idl.rootNamespace, methods = [] } of interfaces) {
      const at = mounts?.length ? mounts.find((mount) => mount.interface === name)?.at : name;
      if (at === undefined) continue;
      const wire = (method: string) => (at === "" ? method : at + separator + method);
      const entry = ({ name, parameters = [], returnType }: IdlMethod) => {
        const read = returnType ? this.shaping?.reader(returnType, namespace, this.codec) : undefined;
        return [name, { wire: wire(name), parameters, types: parameters.map(({ type }) => type), result: returnType ?? undefined, read }] as const;
      };
      this.methods.set(name, new Map(methods.map(entry)));
    }
    for (const { name, code } of errors) {
      this.#errors.set(code, { cls: name, Class: options.errors?.find((known) => known.code === code) });
    }
  }

  /** Checks a call and gives it to `send`, before it returns. */
  start(method: string, params: () => string, notification: boolean, options: CallOptions, send: Send, read?: Reader): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const failed = (thrown: unknown) => reject(this.#read(thrown));
      try {
        options.signal?.throwIfAborted();
        const call = this.core.prepare(method, params(), CHECKS[this.options.validate ?? "both"]);
        const done = (json: string | undefined, response?: unknown) => {
          resolve({ json, value: read && json !== undefined ? read(json, call.place) : undefined, response });
        };
        try {
          send({ call, notification, options, resolve: done, reject: failed });
        } catch (thrown) {
          call.free();
          throw thrown;
        }
      } catch (thrown) {
        failed(thrown);
      }
    });
  }

  /** Whether the contract has a method, by `Interface.method`. */
  has(method: string): boolean {
    const dot = method.lastIndexOf(".");
    return this.methods.get(method.slice(0, dot))?.has(method.slice(dot + 1)) === true;
  }

  /** Sends each call by itself, or with the others of its tick that share its options. */
  sender(carrier: Carrier): Send {
    if (!this.options.batch) return (pending) => void this.flush(carrier, [pending]);
    const queues = new Map<CallOptions, Pending[]>();
    return (pending) => {
      const { options } = pending;
      const queue = queues.get(options);
      if (queue) return void queue.push(pending);
      const started = [pending];
      queues.set(options, started);
      queueMicrotask(() => {
        queues.delete(options);
        for (let at = 0; at < started.length; at += this.#batch) {
          void this.flush(carrier, started.slice(at, at + this.#batch));
        }
      });
    };
  }

  /** Sends calls in one body, and sees to it that each is settled. */
  async flush(carrier: Carrier, list: readonly Pending[]): Promise<void> {
    try {
      await carrier.carry(list, this);
    } catch (thrown) {
      for (const { reject } of list) reject(thrown);
    } finally {
      for (const { call } of list) call.free();
    }
  }

  /** The error that a caller gets for what was thrown. */
  #read(thrown: unknown): unknown {
    if (!(thrown instanceof Error) || !thrown.message.startsWith('{"code":')) return thrown;
    let error: { code: number; message: string; data?: unknown };
    try {
      error = JSON.parse(thrown.message);
    } catch {
      return thrown;
    }
    const { code, message, data } = error;
    if (!Number.isInteger(code)) return thrown;
    const { cls, Class } = this.#errors.get(code) ?? {};
    return Class ? new Class(message, data) : new RpcError(code, message, data, cls);
  }
}

/** @internal Runs until it is done, the time is over, or the caller gives up. */
export async function within<T>({ timeout = 30_000, signal }: CallOptions, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let cancel = () => {};
  const ended = new Promise<never>((_, reject) => {
    const end = (reason: unknown) => {
      reject(reason);
      controller.abort(reason);
    };
    cancel = () => end(signal!.reason);
    signal?.addEventListener("abort", cancel);
    if (timeout < 2 ** 31) timer = setTimeout(() => end(failure(Code.DeadlineExceeded, `No answer within ${timeout} ms.`)), timeout);
  });
  try {
    return await Promise.race([run(controller.signal), ended]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", cancel);
  }
}

/** @internal One body of several, as a batch if there are more than one. */
export function joined(bodies: readonly string[]): string {
  return bodies.length === 1 ? bodies[0]! : `[${bodies.join()}]`;
}
