// simplerpc and remotipy: other ways to write the same calls, each for one interface. The core reads and writes them; here are the
// connections that carry them.

import { Prepared, type RemotipyClient } from "./binding.js";
import { type Client, type ClientOptions } from "./client.js";
import { encoder, type Contract } from "./contract.js";
import { Code, errorBody, failure } from "./error.js";
import { serveHttp, type HttpOptions } from "./http.js";
import { Link, within, type CallOptions, type Carrier, type Pending } from "./link.js";
import { Server } from "./server.js";
import { readAll } from "./stream.js";
import { view } from "./view.js";

/** A connection of bytes: what Deno's and Workers' sockets are, and `Duplex.toWeb` of those of Node.js. */
export interface ByteStream {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}

/** A connection that is served. */
export interface Served {
  /** Notifies the client: methods of the interface `messages`, of which each is done when it is written. */
  readonly peer: any;
  /** Settled when the connection is over. */
  readonly closed: Promise<void>;
  close(): void;
}

/** Answers calls of remotipy by HTTP: the handler of requests to the path. */
export function serveRemotipy(
  server: Server<any, any>,
  contractInterface: string,
  options: HttpOptions = {},
): (request: Request, ctx?: object) => Promise<Response> {
  const dialect = server.core.remotipy(contractInterface);
  return (request, ctx) =>
    serveHttp(
      request,
      options,
      async (body, origin) => {
        const spoken = dialect.request(body);
        try {
          const call = spoken.body();
          if (call === undefined) return spoken.answer();
          return dialect.reply(spoken, await server.serve(call, origin, ctx, { signal: request.signal }));
        } finally {
          spoken.free();
        }
      },
      // Its clients send no content type.
      true,
    );
}

/** Calls a server of remotipy: one `POST` for each call. Notifications are calls whose result nobody waits for. */
export function connectRemotipy<T = any>(contract: Contract, url: string | URL, options: ClientOptions = {}): Client<T> {
  const link = new Link(contract.core, contract.toJSON(), options);
  return view(link, new Posting(url, link.core.remotipyClient()), options) as Client<T>;
}

class Posting implements Carrier {
  constructor(
    private readonly url: string | URL,
    private readonly dialect: RemotipyClient,
  ) {}

  async carry(list: readonly Pending[], link: Link): Promise<void> {
    await Promise.all(list.map((pending) => this.#post(pending, link).catch(pending.reject)));
  }

  async #post({ call, notification, options, resolve }: Pending, link: Link): Promise<void> {
    const limit = link.options.limits?.reply ?? 8 << 20;
    const body = this.dialect.call(call) as Uint8Array<ArrayBuffer>;
    const answer = await within(options, async (signal) => {
      const headers = (await (typeof options.headers === "function" ? options.headers() : options.headers)) ?? {};
      const response = await fetch(this.url, { method: "POST", body, signal, headers });
      const reply = await readAll(response.body, limit);
      if (reply === undefined) throw new Error(`${this.url} answered more than ${limit} bytes`);
      return [reply, response] as const;
    });
    const [reply, response] = answer;
    if (notification) resolve(undefined, response);
    else resolve(this.dialect.answer(reply, call), response);
  }

  close(): void {}
}

/**
 * Answers calls of simplerpc on a connection, in their order, until it ends. `messages` is the interface of what it may be sent.
 */
export function serveSimplerpc(
  server: Server<any, any>,
  contractInterface: string,
  stream: ByteStream,
  { messages, ctx }: { messages?: string; ctx?: object } = {},
): Served {
  const dialect = server.core.simplerpc(contractInterface);
  const link = server.linked();
  const told = messages === undefined ? undefined : link.core.simpleMessages(messages);
  const lines = new Lines(stream, server.most);
  const carrier: Carrier = {
    async carry(list) {
      for (const { call, notification, resolve } of list) {
        if (!told || !notification) throw failure(Code.MethodNotFound, "Nobody answers what is sent to clients of simplerpc: use $notify.");
        await lines.write(told.write(call));
        resolve(undefined);
      }
    },
    close: () => lines.close(),
  };
  const peer = view(link, carrier, {});
  const over = new AbortController();
  const answer = async (line: Uint8Array | undefined) => {
    if (line === undefined) return lines.write(dialect.reply(tooLarge()));
    const spoken = dialect.request(line);
    try {
      const call = spoken.body();
      if (call === undefined) return await lines.write(spoken.answer());
      const reply = await server.serve(call, { transport: "tcp" }, { peer, ...ctx }, { signal: over.signal });
      await lines.write(dialect.reply(reply));
    } finally {
      spoken.free();
    }
  };
  const closed = lines.read(answer, () => over.abort());
  return { peer, closed, close: () => lines.close() };
}

function tooLarge(): Uint8Array {
  return encoder.encode(errorBody(failure(Code.TooLarge, "the message is over the limit")));
}

/** Calls a server of simplerpc. `messages` is the interface of what it may send by itself, which `callbacks` handle. */
export function connectSimplerpc<T = any>(
  contract: Contract,
  stream: ByteStream,
  { messages, ...options }: ClientOptions & { messages?: string } = {},
): Client<T> {
  const link = new Link(contract.core, contract.toJSON(), options);
  const server = new Server(contract, options.callbacks ?? {}, { ints: options.ints ?? "number" });
  const told = messages === undefined ? undefined : server.core.simpleMessages(messages);
  const calls = new Calls(stream, link.options.limits?.reply ?? 8 << 20, async (line) => {
    if (!told) return;
    await server.serve(told.read(line), { transport: "tcp" }, undefined, {});
  });
  return view(link, calls, options) as Client<T>;
}

/** This side's calls, whose answers come in their order. */
class Calls implements Carrier {
  readonly #lines: Lines;
  /** `undefined` where nobody waits any more: its answer still comes. */
  readonly #open: (((line: Uint8Array | undefined) => void) | undefined)[] = [];

  constructor(stream: ByteStream, most: number, onMessage: (line: Uint8Array) => Promise<void>) {
    this.#lines = new Lines(stream, most);
    const take = async (line: Uint8Array | undefined) => {
      if (line === undefined) this.#lines.close();
      else if (Prepared.isSimpleAnswer(line)) this.#open.shift()?.(line);
      else await onMessage(line).catch(console.error);
    };
    const end = () => {
      for (const settle of this.#open.splice(0)) settle?.(undefined);
    };
    void this.#lines.read(take, end);
  }

  async carry(list: readonly Pending[]): Promise<void> {
    await Promise.all(list.map((pending) => this.#send(pending).catch(pending.reject)));
  }

  async #send({ call, notification, options, resolve }: Pending): Promise<void> {
    // Every line is answered: of a notification nobody waits for that.
    const answered = this.#ask(call, options);
    if (notification) {
      answered.catch(() => {});
      return resolve(undefined);
    }
    const line = await answered;
    if (line === undefined) throw failure(Code.Cancelled, "The connection is over.");
    resolve(call.simpleAnswer(line));
  }

  #ask(call: Prepared, options: CallOptions): Promise<Uint8Array | undefined> {
    const body = call.simpleCall();
    const at = { settle: undefined as ((line: Uint8Array | undefined) => void) | undefined };
    return within(options, () => {
      const answer = new Promise<Uint8Array | undefined>((resolve) => (at.settle = resolve));
      this.#open.push((line) => at.settle?.(line));
      return this.#lines.write(body).then(
        () => answer,
        () => undefined,
      );
    }).finally(() => (at.settle = undefined));
  }

  close(): void {
    this.#lines.close();
  }
}

/** Lines that are read before the first of them is done. */
const AHEAD = 100;

/** A connection as lines. */
class Lines {
  readonly #stream: ByteStream;
  readonly #most: number;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;

  constructor(stream: ByteStream, most: number) {
    this.#stream = stream;
    this.#most = most;
    this.#reader = this.#stream.readable.getReader();
    this.#writer = this.#stream.writable.getWriter();
  }

  async write(line: Uint8Array): Promise<void> {
    const whole = new Uint8Array(line.length + 1);
    whole.set(line);
    whole[line.length] = 10;
    await this.#writer.write(whole);
  }

  /**
   * Hands on each line, one after the other; `undefined` for one that is too long, which is the last. `onEnd` is told at once, what is
   * answered here when all lines are done.
   */
  async read(take: (line: Uint8Array | undefined) => Promise<void>, onEnd: () => void): Promise<void> {
    let turn = Promise.resolve();
    let waiting = 0;
    const give = async (line: Uint8Array | undefined) => {
      waiting += 1;
      const done = () => void (waiting -= 1);
      // One that cannot be answered, because the other end is gone, is given up.
      turn = turn.then(() => take(line)).then(done, done);
      if (waiting >= AHEAD) await turn;
    };
    try {
      await this.#lines(give);
    } catch {
      // The connection broke.
    }
    onEnd();
    await turn;
    this.close();
  }

  async #lines(give: (line: Uint8Array | undefined) => Promise<void>): Promise<void> {
    let rest = new Uint8Array(0);
    let length = 0;
    for (;;) {
      const { done, value } = await this.#reader.read();
      if (done) return;
      let from = 0;
      for (let end = value.indexOf(10); end >= 0; end = value.indexOf(10, from)) {
        const piece = value.subarray(from, end);
        from = end + 1;
        if (length + piece.length > this.#most) return give(undefined);
        await give(length === 0 ? piece : joined(rest.subarray(0, length), piece));
        length = 0;
      }
      const left = value.subarray(from);
      if (length + left.length > this.#most) return give(undefined);
      if (length + left.length > rest.length) {
        const larger = new Uint8Array(2 * (length + left.length));
        larger.set(rest.subarray(0, length));
        rest = larger;
      }
      rest.set(left, length);
      length += left.length;
    }
  }

  close(): void {
    this.#reader.cancel().catch(() => {});
    this.#writer.close().catch(() => {});
  }
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const out = new Uint8Array(one.length + other.length);
  out.set(one);
  out.set(other, one.length);
  return out;
}

