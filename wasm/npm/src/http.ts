// Which HTTP requests carry calls, and how an answer looks: the rules of the native host.

import { Code, errorBody, failure, type RpcError } from "./error.js";
import { readAll } from "./stream.js";

export interface HttpOptions {
  /** Where calls are answered: `/`. */
  path?: string;
  /** Origins whose pages may call beside the server's own, each as `https://app.example`. */
  origins?: readonly string[];
  /**
   * What requests may name in `Host`, each as `api.example` or with a port; others are refused. Without it any is taken, and a page
   * passes as the server's own only under a name that nobody can bind to this server's address: over TLS, `localhost`, an address.
   */
  hosts?: readonly string[];
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

/** Answers one request by `answer`. `anyType` is for protocols whose clients send no content type. */
export async function serveHttp(
  request: Request,
  options: HttpOptions,
  answer: (body: Uint8Array, about: About) => Promise<Uint8Array | undefined>,
  anyType = false,
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
    if (options.hosts && !names(options.hosts, new URL(request.url))) throw refusal(403, "the Host is not one of this server's");
    if (!listed && origin !== null && !isOwn(origin, new URL(request.url), options.hosts)) throw refusal(403, "the Origin may not call this server");
    const body = await readBody(request, options, anyType);
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
function isOwn(origin: string, url: URL, hosts: HttpOptions["hosts"]): boolean {
  if (!/^https?:\/\//i.test(origin) || !URL.canParse(origin)) return false;
  const page = new URL(origin);
  if (page.host !== url.host) return false;
  // A stranger can bind a name of his own to our address, but has no certificate for what answers there.
  return hosts !== undefined || page.protocol === "https:" || url.protocol === "https:" || isBound(page.hostname);
}

/** A name that no name server is asked about. */
function isBound(name: string): boolean {
  return /^(localhost|.*\.localhost|[\d.]+|\[.*\])$/.test(name);
}

function names(hosts: readonly string[], url: URL): boolean {
  return hosts.some((host) => host.toLowerCase() === url.host || host.toLowerCase() === url.hostname);
}

async function readBody(request: Request, options: HttpOptions, anyType: boolean): Promise<Uint8Array> {
  if (new URL(request.url).pathname !== (options.path ?? "/")) throw refusal(404, "nothing is served under this path");
  if (request.method !== "POST") throw refusal(405, "calls are sent with POST");
  if (!anyType && !isJson(request.headers.get("content-type") ?? "")) {
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
