// How a server and a client infer their types from what `pintle gen ts` writes: an interface of interfaces of methods,
// each `{ params: […]; named: {…}; result: … }`. `any` stands for a contract without types.

import type { Raw } from "./raw.js";

/** The parameters of a method by position. */
export type Params<M> = M extends { params: infer P extends unknown[] } ? P : never;

/** The result of a method. One without result may answer `undefined`. */
export type Result<M> = M extends { result: infer R } ? R : never;

/** A value that may come later. */
export type Later<T> = T | PromiseLike<T>;

/** What a handler is told about its call. */
export interface Context {
  /** `Interface.method`, wherever it is mounted. */
  readonly method: string;
  /** The request's id as JSON text; `undefined` for a notification. */
  readonly request: string | undefined;
  /** Nobody waits for the answer. */
  readonly notification: boolean;
  /** How the call came: `http`, `websocket`, `messageport`, or `call` in one process. */
  readonly transport: string;
  /** Over HTTP: lower-case names, repeats joined. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Over a connection: its id, which nobody can guess. */
  readonly connection?: string | undefined;
  /** Over a connection: a client of who calls; by `pintle gen ts`, `as Client<…>`. */
  readonly peer?: any;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** What handlers are given beside the body: it may be left out only where nothing was promised to them. */
export type Given<C> = object extends C ? [ctx?: C] : [ctx: C];

/** The handlers of one interface: own properties that are functions, called with the parameters and a context. */
export type Handler<I, C = object> = 0 extends 1 & I
  ? Record<string, any>
  : { [M in keyof I]: (...args: [...params: Params<I[M]>, ctx: Context & C]) => Later<Result<I[M]>> };

/** The handlers of a contract, by interface. */
export type Handlers<T, C = object> = 0 extends 1 & T
  ? Record<string, any>
  : { [I in keyof T]: Handler<T[I], C> | Raw<C> };

/** Methods of one interface on the client's side. */
export type Methods<I> = 0 extends 1 & I
  ? Record<string, (...params: any[]) => Promise<any>>
  : { [M in keyof I]: (...params: Params<I[M]>) => Promise<Result<I[M]>> };

/** The interfaces of a contract on the client's side. */
export type Interfaces<T> = 0 extends 1 & T ? any : { [I in keyof T]: Methods<T[I]> };
