import type { Codec } from "./ints.js";
import type { Answer, CallOptions, Carrier, Link, Pending, Send, Wired } from "./link.js";
import type { Methods } from "./types.js";
import { verify, type VerifyOptions } from "./verify.js";

/** @internal The interfaces as objects whose methods call. They are made when they are asked for. */
export function view(link: Link, carrier: Carrier, options: CallOptions): object {
  const send = link.sender(carrier);
  const result = ({ json, value }: Answer, { result, read }: Wired) => (json === undefined || read ? value : link.codec.read(json, result));
  const full = (answer: Answer, method: Wired) => ({ result: result(answer, method), response: answer.response });
  const api = interfaces(link, options, send, false, result);
  const $batch = async (build: (batch: object) => readonly unknown[]) => {
    const list: Pending[] = [];
    let built = false;
    const collect = (pending: Pending) => {
      if (built) throw new TypeError("the batch is sent already");
      list.push(pending);
    };
    let results: readonly unknown[];
    try {
      results = build(interfaces(link, options, collect, false, result));
    } catch (thrown) {
      for (const { call } of list) call.free();
      throw thrown;
    } finally {
      built = true;
    }
    if (list.length > 0) void link.flush(carrier, list);
    return Promise.all(results);
  };
  return Object.defineProperties(api, {
    $batch: { value: $batch },
    $notify: { get: () => interfaces(link, options, send, true, () => undefined) },
    $full: { get: () => interfaces(link, options, send, false, full) },
    $with: { value: (more: CallOptions) => view(link, carrier, { ...options, ...more }) },
    $verify: { value: (how?: VerifyOptions) => verify(link, options, send, how) },
    $close: { value: () => carrier.close() },
  });
}

function interfaces(
  link: Link,
  options: CallOptions,
  send: Send,
  notify: boolean,
  read: (answer: Answer, method: Wired) => unknown,
): object {
  // Without a prototype: every name belongs to the contract.
  const api = Object.create(null) as object;
  for (const [name, methods] of link.methods) {
    let made: Methods<any> | undefined;
    const get = () => {
      if (made) return made;
      made = Object.create(null) as Methods<any>;
      for (const [name, method] of methods) {
        made[name] = (...params) => {
          const text = () => written(params, method, options.data, link.codec);
          return link.start(method.wire, text, notify, options, send, method.read).then((answer) => read(answer, method));
        };
      }
      return made;
    };
    Object.defineProperty(api, name, { get, enumerable: true });
  }
  return api;
}

/** Parameters as JSON: by position, or by name if some are added, of which what is missing has no text. */
function written(params: unknown[], { parameters, types }: Wired, data: CallOptions["data"], codec: Codec): string {
  const added = parameters.filter(({ name }, at) => params[at] === undefined && data !== undefined && Object.hasOwn(data, name));
  if (added.length === 0 || params.length > parameters.length) return codec.write(params, types)!;
  const all = parameters.map(({ name }, at) => (params[at] === undefined && Object.hasOwn(data!, name) ? data![name] : params[at]));
  const texts = all.map((value, at) => [parameters[at]!.name, codec.write(value, types[at])] as const);
  return `{${texts.filter(([, text]) => text !== undefined).map(([name, text]) => `${JSON.stringify(name)}:${text}`).join()}}`;
}
