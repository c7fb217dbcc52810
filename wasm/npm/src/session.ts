import type { Session } from "./binding.js";
import { decoder, encoder } from "./contract.js";
import { Code, failure } from "./error.js";
import { joined, within, type Carrier, type Link, type Pending } from "./link.js";
import type { Origin, Server } from "./server.js";
import { view } from "./view.js";

/** A connection on which either side may call: a `WebSocket`, open or opening; a `MessagePort`, a `Worker`, or the inside of one. */
export type Socket = WebSocketLike | PortLike;

export interface WebSocketLike {
  readonly readyState: number;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: string, listener: (event: any) => void): void;
}

export interface PortLike {
  postMessage(message: unknown): void;
  start?(): void;
  close?(): void;
  terminate?(): void;
  addEventListener(type: string, listener: (event: any) => void): void;
}

/** Calls of this side that may be open on one connection. */
const OPEN = 10_000;

/** @internal One connection and the two sides of it: the calls of this one, and a server for those of the other. */
export class Connection implements Carrier {
  readonly #socket: Socket;
  readonly #session: Session;
  readonly #server: Server<any, any>;
  readonly #origin: Origin;
  readonly #given: object | undefined;
  /** A client of the other side. */
  readonly peer: object;
  readonly #open = new Map<number, Pending>();
  /** Ends what the peer has called. */
  readonly #ended = new AbortController();
  readonly #requests = new Map<string, () => void>();
  readonly #ready: Promise<void>;
  /** Settled when the connection is over. */
  readonly closed: Promise<void>;
  #over = () => {};

  /** `given` goes to the server's handlers, with `peer`, a client of `link`. */
  constructor(socket: Socket, link: Link, server: Server<any, any>, given?: object) {
    this.#socket = socket;
    this.#session = link.core.session(OPEN);
    this.#server = server;
    this.peer = view(link, this, link.options);
    this.#origin = { transport: isPort(socket) ? "messageport" : "websocket", peer: this.peer };
    this.#given = given;
    this.closed = new Promise((resolve) => (this.#over = resolve));
    socket.addEventListener("message", (event: { data: unknown }) => void this.#receive(event.data));
    for (const type of ["close", "error"]) socket.addEventListener(type, () => this.#end());
    this.#ready = opened(socket);
    // Nobody may wait for it.
    this.#ready.catch(() => {});
  }

  async carry(list: readonly Pending[]): Promise<void> {
    const { options } = list[0]!;
    const numbers: number[] = [];
    const settled: Promise<void>[] = [];
    const exchange = async () => {
      await this.#ready;
      if (this.#ended.signal.aborted) throw over();
      const bodies = list.map(({ call, notification, ...pending }) => {
        if (notification) return call.notification();
        const body = this.#session.call(call);
        const { number } = this.#session;
        numbers.push(number);
        const done = new Promise<void>((resolve) => {
          this.#open.set(number, {
            ...pending,
            call,
            notification,
            resolve: (json) => resolve(pending.resolve(json)),
            reject: (error) => resolve(pending.reject(error)),
          });
        });
        settled.push(done);
        return body;
      });
      this.#send(joined(bodies));
      for (const { notification, resolve } of list) if (notification) resolve(undefined);
      await Promise.all(settled);
    };
    try {
      await within(options, exchange);
    } finally {
      // Given up, or not sent: who asked is told by whoever reads what is thrown here.
      for (const number of numbers) {
        if (!this.#open.delete(number)) continue;
        const body = this.#session.cancel(number);
        if (body !== undefined && !this.#ended.signal.aborted) this.#send(body);
      }
    }
  }

  close(): void {
    if (isPort(this.#socket)) (this.#socket.close ?? this.#socket.terminate)?.call(this.#socket);
    else this.#socket.close(1000);
    // A port does not tell its own side.
    this.#end();
  }

  async #receive(data: unknown): Promise<void> {
    if (this.#ended.signal.aborted) return;
    const binary = typeof data !== "string";
    const session = this.#session;
    session.receive(bytes(data));
    const requests = session.requests();
    while (session.completed()) {
      const { number } = session;
      const pending = this.#open.get(number);
      this.#open.delete(number);
      try {
        pending?.resolve(session.result());
      } catch (thrown) {
        pending?.reject(thrown);
      }
    }
    const cancelled: string[] = [];
    for (let id = session.cancelled(); id !== undefined; id = session.cancelled()) cancelled.push(id);
    const limit = { signal: this.#ended.signal, cancellable: this.#requests };
    const reply = requests === undefined ? undefined : this.#server.serve(requests, this.#origin, this.#given, limit);
    for (const id of cancelled) this.#requests.get(id)?.();
    const body = await reply;
    if (body === undefined || this.#ended.signal.aborted) return;
    this.#send(binary ? body : decoder.decode(body));
  }

  #send(body: string | Uint8Array): void {
    if (isPort(this.#socket)) this.#socket.postMessage(body);
    else this.#socket.send(body as Uint8Array<ArrayBuffer>);
  }

  #end(): void {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort(over());
    for (const { reject } of this.#open.values()) reject(over());
    this.#open.clear();
    this.#session.free();
    this.#over();
  }
}

function over() {
  return failure(Code.Cancelled, "The connection is over.");
}

export function isSocket(target: object | string): target is Socket {
  return typeof target === "object" && "addEventListener" in target;
}

function isPort(socket: Socket): socket is PortLike {
  return "postMessage" in socket;
}

/** Readies a socket to receive; done when it can send. */
function opened(socket: Socket): Promise<void> {
  if (isPort(socket)) {
    socket.start?.();
    return Promise.resolve();
  }
  // The other kind cannot be read in the order of arrival.
  if ("binaryType" in socket) socket.binaryType = "arraybuffer";
  if (socket.readyState === 1) return Promise.resolve();
  return new Promise((resolve, reject) => {
    socket.addEventListener("open", () => resolve());
    for (const type of ["close", "error"]) socket.addEventListener(type, () => reject(over()));
  });
}

/** A message as a body. What is neither text nor bytes is no JSON, and answered so. */
function bytes(data: unknown): Uint8Array {
  if (typeof data === "string") return encoder.encode(data);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array();
}
