import type { Answer, CallOptions, Carrier, Link, Pending, Send } from "./link.js";
import type { Methods } from "./types.js";
import { verify, type VerifyOptions } from "./verify.js";

/** @internal The interfaces as objects whose methods call. They are made when they are asked for. */
export function view(link: Link, carrier: Carrier, options: CallOptions): object {
  const send = link.sender(carrier);
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
    $full: { get: () => interfaces(link, options, send, false, (answer) => ({ result: result(answer), response: answer.response })) },
    $with: { value: (more: CallOptions) => view(link, carrier, { ...options, ...more }) },
    $verify: { value: (how?: VerifyOptions) => verify(link, options, send, how) },
    $close: { value: () => carrier.close() },
  });
}

function result({ json }: Answer): unknown {
  return json === undefined ? undefined : JSON.parse(json);
}

function interfaces(
  link: Link,
  options: CallOptions,
  send: Send,
  notify: boolean,
  answer: (answer: Answer) => unknown,
): object {
  // Without a prototype: every name belongs to the contract.
  const api = Object.create(null) as object;
  for (const [name, methods] of link.methods) {
    let made: Methods<any> | undefined;
    const get = () => {
      if (made) return made;
      made = Object.create(null) as Methods<any>;
      for (const [method, { wire, parameters }] of methods) {
        made[method] = (...params) => link.start(wire, () => written(params, parameters, options.data), notify, options, send).then(answer);
      }
      return made;
    };
    Object.defineProperty(api, name, { get, enumerable: true });
  }
  return api;
}

/** Parameters as JSON: by position, or by name if some are added. */
function written(params: unknown[], names: readonly string[], data: CallOptions["data"]): string {
  const added = names.filter((name, at) => params[at] === undefined && data !== undefined && Object.hasOwn(data, name));
  if (added.length === 0 || params.length > names.length) return JSON.stringify(params);
  const named = Object.create(null) as Record<string, unknown>;
  names.forEach((name, at) => (named[name] = params[at]));
  for (const name of added) named[name] = data![name];
  return JSON.stringify(named);
}
