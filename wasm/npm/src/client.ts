import type { Contract } from "./contract.js";
import { check } from "./handlers.js";
import { Link, type CallOptions, type Carrier, type LinkOptions } from "./link.js";
import { Opening } from "./opening.js";
import type { Server } from "./server.js";
import type { Socket } from "./session.js";
import { Exchanging, fetching, type Transport } from "./transport.js";
import type { Handlers, Interfaces, Params, Result } from "./types.js";
import type { Verification, VerifyOptions } from "./verify.js";
import { view } from "./view.js";

export interface ClientOptions extends LinkOptions {
  /** The handlers of what the server may call here, over a connection. */
  callbacks?: Handlers<any>;
}

/** Calls by interface and method, and what all of them have in common, under names with `$`. */
export type Client<T = any> = Interfaces<T> & {
  /** Sends the calls that `build` makes in one body; their results in its order. One that fails, fails this. */
  $batch<R extends readonly unknown[] | []>(build: (batch: Interfaces<T>) => R): Promise<{ -readonly [K in keyof R]: Awaited<R[K]> }>;
  /** Calls that nobody answers: done when they are sent. */
  readonly $notify: Replaced<T, void>;
  /** Calls that give the transport's response too, over HTTP a `Response` whose body is read. */
  readonly $full: Full<T>;
  /** The same client with other options for its calls. */
  $with(options: CallOptions): Client<T>;
  /** Compares the contract with the server's. */
  $verify(options?: VerifyOptions): Promise<Verification>;
  /** Ends the connection, if there is one: calls without an answer fail with Cancelled. */
  $close(): void;
};

type Replaced<T, R> = 0 extends 1 & T
  ? any
  : { readonly [I in keyof T]: { [M in keyof T[I]]: (...params: Params<T[I][M]>) => Promise<R> } };

type Full<T> = 0 extends 1 & T
  ? any
  : {
      readonly [I in keyof T]: {
        [M in keyof T[I]]: (...params: Params<T[I][M]>) => Promise<{ result: Result<T[I][M]>; response: unknown }>;
      };
    };

/**
 * Where calls go: a URL of `http:`, `https:`, `ws:` or `wss:`, a server in this process, a socket, or anything that carries bodies.
 * Over a socket the server may call back.
 */
export type Target = string | URL | Server<any, any> | Socket | Transport;

/** A client of a contract at a target. `T` is the map that `pintle gen ts` writes. */
export function connect<T = any>(contract: Contract, target: Target, options: ClientOptions = {}): Client<T> {
  const idl = contract.toJSON();
  const link = new Link(contract.core, idl, options, contract.shaping(options.ints === "bigint", options.unknown));
  const socket = (given: () => Socket): Carrier => {
    // Before a socket is opened.
    check(options.callbacks ?? {}, idl);
    const socket = given();
    return new Opening(socket, async () => (await import("./opened.js")).opened(socket, link, idl, options));
  };
  return view(link, carrier(target, socket), options) as Client<T>;
}

function carrier(target: Target, connection: (socket: () => Socket) => Carrier): Carrier {
  if (isUrl(target)) return /^wss?:/i.test(String(target)) ? connection(() => new WebSocket(target)) : new Exchanging(fetching(target));
  if ("addEventListener" in target) return connection(() => target);
  // A server in this process has no `send`.
  return new Exchanging("handle" in target ? { send: (body, { signal }) => target.handle(body, { signal }) } : target);
}

function isUrl(target: Target): target is string | URL {
  return typeof target === "string" || target instanceof URL;
}
