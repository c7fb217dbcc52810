// What a handler can reach from the call that it serves: asked by guests.

import type { Later } from "./types.js";

/** The property of a handler's context that holds an `Inside`. What runs guests is loaded apart, with a copy of this file. */
export const INSIDE: unique symbol = Symbol.for("pintle.inside") as never;

/** How deep calls of guests may nest: against guests that call each other in a circle. */
export const DEPTH = 8;

/** @internal The way back into the server that a handler serves in. */
export interface Inside {
  /** Calls of guests that wait for this one. */
  readonly depth: number;
  /** Milliseconds until the call is given up. */
  readonly left: number;
  /**
   * Calls another interface of the same server, held against the contract like any call: an answer object. Without `later` a handler
   * that answers later is Internal error.
   */
  call(method: string, params: string, later: boolean): Later<string>;
  /** Notifies a connection by its id, empty for the caller's own, `*` for all: a status of the plugin ABI. */
  send(to: string, method: string, params: string): number;
  /** Calls the peer of a connection: its result as JSON text. */
  request(to: string, method: string, params: string): Promise<string>;
}
