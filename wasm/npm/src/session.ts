import type { Session } from "./binding.js";
import { decoder, encoder } from "./contract.js";
import { early } from "./early.js";
import { Code, failure } from "./error.js";
import { Status } from "./guest/host.js";
import { joined, within, type CallOptions, type Carrier, type Link, type Pending } from "./link.js";
import type { Server } from "./server.js";
import type { Origin } from "./shell.js";
import { view } from "./view.js";

/** A connection on which either side may call: a `WebSocket`, open or opening; a `MessagePort`, a `Worker`, or the inside of one. */
export type Socket = WebSocketLike | PortLike;

export interface WebSocketLike {
  readonly readyState: number;
  readonly bufferedAmount?: number;
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

/** A connection that goes on. */
interface Slept {
  readonly id: string;
  readonly last: number;
  onCall(number: number): void;
}

/** Calls of this side that may be open on one connection. */
const OPEN = 10_000;

/** Bodies of the peer that may run at the same time; more are Overloaded. */
const RUNNING = 100;

/** Bytes that may wait for the peer to read; beyond, the connection is closed. */
const UNREAD = 16 << 20;

/** @internal One connection and the two sides of it: the calls of this one, and a server for those of the other. */
export class Connection implements Carrier {
  /** Nobody can guess it. */
  readonly id: string;
  readonly #socket: Socket;
  readonly #link: Link;
  readonly #session: Session;
  readonly #server: Server<any, any>;
  readonly #origin: Origin;
  readonly #given: object | undefined;
  /** A client of the other side. */
  readonly peer: object;
  readonly #open = new Map<number, Pending>();
  readonly #ended = new AbortController();
  /** Ends what the peer has called: one for each body that runs. */
  readonly #running = new Set<AbortController>();
  /** Bytes of the largest message that can be of use. */
  readonly #most: number;
  readonly #requests = new Map<string, () => void>();
  readonly #onCall: ((number: number) => void) | undefined;
  readonly #ready: Promise<void>;
  /** Settled when the connection is over. */
  readonly closed: Promise<void>;
  #over = () => {};

  /**
   * `given` goes to the server's handlers, with `peer`, a client of `link`. One that slept goes on with its id, after the number of its
   * last call; `onCall` is told each number.
   */
  constructor(socket: Socket, link: Link, server: Server<any, any>, given?: object, slept?: Slept) {
    this.id = slept?.id ?? randomId();
    this.#onCall = slept?.onCall;
    this.#socket = socket;
    this.#link = link;
    this.#session = link.core.session(OPEN, slept?.last ?? 0);
    this.#server = server;
    this.peer = view(link, this, link.options);
    this.#origin = { transport: isPort(socket) ? "messageport" : "websocket", connection: this };
    this.#given = given;
    this.#most = Math.max(server.most, link.options.limits?.reply ?? 8 << 20);
    this.closed = new Promise((resolve) => (this.#over = resolve));
    socket.addEventListener("message", (event: { data: unknown }) => void this.receive(event.data));
    for (const { data } of early(socket)) queueMicrotask(() => void this.receive(data));
    // An error in a Worker is not the end of it.
    for (const type of isPort(socket) ? ["close"] : ["close", "error"]) socket.addEventListener(type, () => this.end());
    this.#ready = opened(socket);
    // Nobody may wait for it.
    this.#ready.catch(() => {});
    if (!isPort(socket) && socket.readyState > 1) this.end();
  }

  async carry(list: readonly Pending[]): Promise<void> {
    const { options } = list[0]!;
    const numbers: number[] = [];
    const settled: Promise<void>[] = [];
    const exchange = async (signal: AbortSignal) => {
      await this.#ready;
      signal.throwIfAborted();
      if (this.#ended.signal.aborted) throw over();
      const bodies = list.map(({ call, notification, ...pending }) => {
        if (notification) return call.notification();
        const body = this.#session.call(call);
        const { number } = this.#session;
        this.#onCall?.(number);
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

  /** Notifies the peer of what only it serves: a status of the plugin ABI. `params` is JSON text. */
  notify(method: string, params: string): number {
    if (this.#ended.signal.aborted) return Status.NO_CONNECTION;
    if (!this.#link.has(method)) return Status.INVALID;
    let body: string;
    try {
      const call = this.#link.core.prepare(method, params, 0);
      body = call.notification();
      call.free();
    } catch {
      return Status.INVALID;
    }
    try {
      this.#send(body);
    } catch {
      // Not open yet.
      return Status.NO_CONNECTION;
    }
    return this.#ended.signal.aborted ? Status.FULL : Status.DONE;
  }

  /** Calls the peer with JSON text: its result, too. */
  async request(method: string, params: string, options: CallOptions): Promise<string> {
    if (!this.#link.has(method)) throw failure(Code.MethodNotFound, "The peer has no such method.");
    const { json } = await this.#link.start(method, () => params, false, options, this.#link.sender(this));
    return json!;
  }

  close(code = 1000): void {
    const socket = this.#socket;
    try {
      if (isPort(socket)) (socket.close ?? socket.terminate)?.call(socket);
      else socket.close(code);
    } catch {
      // A page's own sockets take 1000 and private codes only.
      if (!isPort(socket)) socket.close(3000 + code);
    } finally {
      // A port does not tell its own side.
      this.end();
    }
  }

  /** Takes a message; settled when it is answered. */
  receive(data: unknown): Promise<void> {
    return this.#receive(data).catch((thrown: unknown) => {
      if (this.#ended.signal.aborted) return;
      console.error(thrown);
      this.close(1011);
    });
  }

  async #receive(data: unknown): Promise<void> {
    if (this.#ended.signal.aborted) return;
    // Before it is copied: the module's memory never shrinks. Text has at least as many bytes.
    if (size(data) > this.#most) return this.close(1009);
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
    const reply = requests === undefined ? undefined : this.#serve(requests);
    for (const id of cancelled) this.#requests.get(id)?.();
    const body = await reply;
    if (body === undefined || this.#ended.signal.aborted) return;
    this.#send(binary ? body : decoder.decode(body));
  }

  /** Calls of the peer. What it may run at the same time is bounded; replies are read all the same. */
  async #serve(requests: Uint8Array): Promise<Uint8Array | undefined> {
    if (this.#running.size >= RUNNING) return this.#server.refuse(requests);
    // One for each: a signal that many listen to is slow.
    const controller = new AbortController();
    this.#running.add(controller);
    try {
      const limit = { signal: controller.signal, cancellable: this.#requests };
      return await this.#server.serve(requests, this.#origin, this.#given, limit);
    } finally {
      this.#running.delete(controller);
    }
  }

  #send(body: string | Uint8Array): void {
    if (!isPort(this.#socket) && (this.#socket.bufferedAmount ?? 0) > UNREAD) return this.close(1013);
    if (isPort(this.#socket)) this.#socket.postMessage(body);
    else this.#socket.send(body as Uint8Array<ArrayBuffer>);
  }

  /** The socket is over. */
  end(): void {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort(over());
    for (const controller of this.#running) controller.abort();
    for (const { reject } of this.#open.values()) reject(over());
    this.#open.clear();
    this.#session.free();
    this.#over();
  }
}

/** 32 hexadecimal digits. */
export function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function over() {
  return failure(Code.Cancelled, "The connection is over.");
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
  if (socket.readyState > 1) return Promise.reject(over());
  return new Promise((resolve, reject) => {
    socket.addEventListener("open", () => resolve());
    for (const type of ["close", "error"]) socket.addEventListener(type, () => reject(over()));
  });
}

function size(data: unknown): number {
  return typeof data === "string" ? data.length : ((data as { byteLength?: number } | null)?.byteLength ?? 0);
}

/** A message as a body. What is neither text nor bytes is no JSON, and answered so. */
function bytes(data: unknown): Uint8Array {
  if (typeof data === "string") return encoder.encode(data);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array();
}
