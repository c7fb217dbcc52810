// Which HTTP requests carry calls, and how an answer looks: the rules of the native host.

import { Code, errorBody, failure, type RpcError } from "./error.js";

export interface HttpOptions {
  /** Where calls are answered: `/`. */
  path?: string;
  /** Origins whose pages may call beside the server's own, each as `https://app.example`. */
  origins?: readonly string[];
  limits?: { readonly body?: number };
}

/** What a handler is told about a request. */
interface About {
  readonly transport: "http";
  readonly headers: Readonly<Record<string, string>>;
}

/** The core's own default. */
const BODY = 1 << 20;

class Refusal {
  constructor(
    readonly status: number,
    readonly error: RpcError,
  ) {}
}

function refusal(status: number, detail: string, code: number = Code.InvalidRequest): Refusal {
  return new Refusal(status, failure(code, detail));
}

/** Answers one request by `answer`. */
export async function serveHttp(
  request: Request,
  options: HttpOptions,
  answer: (body: Uint8Array, about: About) => Promise<Uint8Array | undefined>,
): Promise<Response> {
  const origin = request.headers.get("origin");
  const listed = origin !== null && (options.origins ?? []).some((known) => known.toLowerCase() === origin.toLowerCase());
  const headers = new Headers();
  if (listed) {
    headers.set("access-control-allow-origin", origin);
    headers.set("vary", "origin");
  }
  if (listed && request.method === "OPTIONS" && request.headers.has("access-control-request-method")) {
    headers.set("access-control-allow-methods", "POST");
    headers.set("access-control-allow-headers", request.headers.get("access-control-request-headers") ?? "content-type");
    headers.set("access-control-max-age", "600");
    headers.set("vary", "origin, access-control-request-headers");
    return new Response(null, { status: 204, headers });
  }
  try {
    if (!listed && origin !== null && !isOwn(origin, request)) throw refusal(403, "the Origin may not call this server");
    const body = await readBody(request, options);
    const reply = await answer(body, about(request));
    if (reply === undefined) return new Response(null, { status: 204, headers });
    headers.set("content-type", "application/json");
    return new Response(reply as Uint8Array<ArrayBuffer>, { headers });
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    headers.set("content-type", "application/json");
    if (thrown.status === 405) headers.set("allow", options.origins?.length ? "POST, OPTIONS" : "POST");
    return new Response(errorBody(thrown.error), { status: thrown.status, headers });
  }
}

/** A page of the host that is asked. Its scheme may differ: what ends TLS often stands in front. */
function isOwn(origin: string, request: Request): boolean {
  return /^https?:\/\//i.test(origin) && URL.canParse(origin) && new URL(origin).host === new URL(request.url).host;
}

async function readBody(request: Request, options: HttpOptions): Promise<Uint8Array> {
  if (new URL(request.url).pathname !== (options.path ?? "/")) throw refusal(404, "nothing is served under this path");
  if (request.method !== "POST") throw refusal(405, "calls are sent with POST");
  if (!isJson(request.headers.get("content-type") ?? "")) {
    throw refusal(415, "the Content-Type must be application/json, in UTF-8");
  }
  const limit = options.limits?.body ?? BODY;
  const tooLarge = refusal(413, "the body is over the limit", Code.TooLarge);
  if (Number(request.headers.get("content-length")) > limit) throw tooLarge;
  const body = await readAll(request.body, limit).catch(() => {
    throw refusal(400, "the body broke off");
  });
  if (body === undefined) throw tooLarge;
  return body;
}

/** A stream to its end; `undefined` if that is more than `limit` bytes. */
export async function readAll(stream: ReadableStream<Uint8Array> | null, limit: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = stream?.getReader();
  for (let read = await reader?.read(); read && !read.done; read = await reader!.read()) {
    length += read.value.byteLength;
    if (length > limit) {
      reader!.cancel().catch(() => {});
      return undefined;
    }
    chunks.push(read.value);
  }
  if (chunks.length === 1) return chunks[0];
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.byteLength;
  }
  return body;
}

/** The media types that carry calls, in UTF-8. Two fields come joined by a comma, and are none of them. */
function isJson(field: string): boolean {
  const [essence = "", ...parameters] = field.toLowerCase().split(";");
  return (
    /^application\/(json|json-rpc|jsonrequest)$/.test(essence.trim()) &&
    parameters.every((parameter) => !/^\s*charset\s*=/.test(parameter) || /^\s*charset\s*=\s*("utf-?8"|utf-?8)\s*$/.test(parameter))
  );
}

/** Headers are copied only if a handler asks for them. */
function about(request: Request): About {
  let headers: Record<string, string> | undefined;
  return {
    transport: "http",
    get headers() {
      return (headers ??= Object.fromEntries(request.headers));
    },
  };
}
