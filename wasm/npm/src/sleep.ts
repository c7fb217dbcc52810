// Connections of a Durable Object that sleeps: what must outlive its memory is in the attachments of the sockets.

import type { WebSocketLike } from "./session.js";

/** What is used of a Durable Object's state. */
export interface Acceptor {
  acceptWebSocket(socket: any, tags?: string[]): void;
}

/** A WebSocket of a Durable Object. */
export interface SleepingSocket {
  readonly readyState: number;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  serializeAttachment(value: any): void;
  deserializeAttachment(): any;
}

/** What is kept of a connection. */
export interface Kept {
  readonly id: string;
  /** The number of this side's last call. */
  readonly last: number;
  /** What handlers are given. */
  readonly given: object | undefined;
}

/** Such a socket as others are: its events come from the object's handlers. */
export class Awake implements WebSocketLike {
  readonly #socket: SleepingSocket;

  constructor(socket: SleepingSocket) {
    this.#socket = socket;
  }

  get readyState(): number {
    return this.#socket.readyState;
  }

  send(data: string | Uint8Array<ArrayBuffer>): void {
    this.#socket.send(data);
  }

  close(code?: number, reason?: string): void {
    this.#socket.close(code, reason);
  }

  addEventListener(): void {}
}

/** What was kept of a socket; `undefined` if it was accepted by somebody else. */
export function kept(socket: SleepingSocket): Kept | undefined {
  return (socket.deserializeAttachment() as { pintle?: Kept } | null)?.pintle;
}

export function keep(socket: SleepingSocket, pintle: Kept): void {
  socket.serializeAttachment({ pintle });
}

