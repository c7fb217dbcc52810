import { decoder, encoder } from "./contract.js";
import { Code, failure } from "./error.js";
import { joined, within, type Carrier, type Link, type Pending } from "./link.js";
import { readAll } from "./stream.js";

/** What a transport is told about a body. */
export interface Sending {
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal;
  /** For transports that have headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of a reply that are taken. */
  readonly limit: number;
  /** Takes the transport's own response, for who asked for it. */
  onResponse(response: unknown): void;
}

/** Carries bodies to a server. */
export interface Transport {
  /** The body of the reply; `undefined` if there is none. */
  send(body: string, about: Sending): Promise<Uint8Array | string | undefined>;
}

/** One `POST` for each body. */
export function fetching(url: string | URL): Transport {
  return {
    async send(body, { signal, headers, limit, onResponse }) {
      const method = "POST";
      const fields = new Headers(headers);
      if (!fields.has("content-type")) fields.set("content-type", "application/json");
      const response = await fetch(url, { method, body, signal, headers: fields });
      onResponse(response);
      const type = response.headers.get("content-type") ?? "";
      // A refusal has a reply too, if it comes from a server of this protocol.
      if (!response.ok && !type.includes("json")) {
        response.body?.cancel().catch(() => {});
        throw new Error(`${url} answered ${response.status} ${response.statusText}`.trimEnd());
      }
      const reply = await readAll(response.body, limit);
      if (reply === undefined) throw new Error(`${url} answered more than ${limit} bytes`);
      return reply.byteLength > 0 ? reply : undefined;
    },
  };
}

/** @internal Sends each body and waits for its reply. */
export class Exchanging implements Carrier {
  readonly #transport: Transport;
  #id = 0;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async carry(list: readonly Pending[], link: Link): Promise<void> {
    const { options } = list[0]!;
    const sent = list.map((pending) => ({ ...pending, id: (this.#id = (this.#id % 0xffffffff) + 1) }));
    const body = joined(sent.map(({ call, notification, id }) => (notification ? call.notification() : call.request(id))));
    const limit = link.options.limits?.reply ?? 8 << 20;
    let response: unknown;
    const onResponse = (given: unknown) => (response = given);
    const reply = await within(options, async (signal) => {
      const headers = (await (typeof options.headers === "function" ? options.headers() : options.headers)) ?? {};
      signal.throwIfAborted();
      return this.#transport.send(body, { signal, headers, limit, onResponse });
    });
    const replies = reply === undefined ? undefined : link.core.read(typeof reply === "string" ? encoder.encode(reply) : reply);
    const refused = reply !== undefined && isRefusal(reply);
    try {
      for (const { call, notification, id, resolve, reject } of sent) {
        try {
          if (notification && refused) replies!.answer(id, call);
          if (notification) resolve(undefined, response);
          else if (replies) resolve(link.shaping ? replies.answerIndexed(id, call) : replies.answer(id, call), response);
          else reject(failure(Code.InternalError, "The server sent no reply."));
        } catch (thrown) {
          reject(thrown);
        }
      }
    } finally {
      replies?.free();
    }
  }

  close(): void {}
}

/** Whether the server could not take a body at all: one error without an id, which is also the answer to what needs none. */
function isRefusal(reply: Uint8Array | string): boolean {
  const { id, error } = JSON.parse(typeof reply === "string" ? reply : decoder.decode(reply));
  return error !== undefined && (id === undefined || id === null);
}
