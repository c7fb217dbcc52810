// The loop around one exchange: the same that the native host runs. Only it polls; handlers answer tickets.

import type { Exchange } from "./binding.js";
import { encoder } from "./contract.js";
import { Code, Lost, RpcError } from "./error.js";
import * as room from "./room.js";

/** What an exchange wants next: what polling it answers. */
export const Step = { DONE: 0, CALL: 1, WAIT: 2, REPLY: 3, NO_REPLY: 4, ADMIT: 5, REPLACED: 6 } as const;

const INTERNAL = { code: Code.InternalError, told: "Internal error" };

/** A request as the contract knows it: the one that an exchange has just given out. */
export class Call {
  readonly ticket = room.told()[0]!;
  /** Its number. */
  readonly method = room.told()[1]!;
  /** Of a call a JSON array by position, checked; of a request to admit as they came, if they came. */
  readonly params = room.text(2);
  /** The request's id as JSON text; `undefined` if nobody waits for an answer. */
  readonly id = room.text(4);
  #controller: AbortController | undefined;
  #over = false;

  constructor(
    readonly isAdmission: boolean,
    /** The one before in the same exchange. */
    readonly before: Call | undefined,
    private readonly exchange: Exchange,
  ) {}

  /** Where the index of its parameters is: asked for when it begins, before anything else runs. */
  index(): number {
    return this.exchange.index();
  }

  /** Aborted when nobody waits for the answer any more; costs nothing where none asks. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#over) this.#controller.abort();
    }
    return this.#controller.signal;
  }

  end(): void {
    this.#over = true;
    this.#controller?.abort();
  }
}

/** What runs the calls of an exchange. What its functions throw is the answer if it is an `RpcError`, and Internal error if not. */
export interface Shell {
  /** Answers JSON text; or, as bytes, the answer object of a plugin. */
  call(call: Call): Answer | Promise<Answer>;
  /** Lets a request pass by not throwing. Answers parameters to add, by name, as JSON texts. Asked only with the option `admission`. */
  admit?(request: Call): Parameters | Promise<Parameters>;
  /** Takes what belongs in a log: what was thrown that is no answer, or the rules that an answer broke, a JSON list. */
  note(call: Call, thrown: unknown, problems: string | undefined): void;
}

export type Answer = string | Uint8Array;

export type Parameters = Readonly<Record<string, string>> | undefined;

/** When an exchange ends before its handlers have. */
export interface Limit {
  /** Milliseconds; from 2³¹ on there is none. */
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
  /** Gets, for as long as it runs, what cancels the call of each id. */
  readonly cancellable?: Map<string, () => void> | undefined;
}

/**
 * Runs an exchange to its end: the body of the reply, if there is one. The caller made the exchange and frees it. `step` is what it
 * wants first.
 */
export function drive(exchange: Exchange, step: number, shell: Shell, limit: Limit): Uint8Array | undefined | Promise<Uint8Array | undefined> {
  const run = new Run(exchange, shell, limit.cancellable);
  let isOver = true;
  try {
    isOver = run.advance(step);
    // Most calls are answered at once: those need neither timer nor listener, nor a promise.
    if (isOver) return run.reply;
  } finally {
    if (isOver) run.end();
  }
  return waiting(run, limit);
}

async function waiting(run: Run, { deadline, signal }: Limit): Promise<Uint8Array | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const cancel = () => run.abandon(Code.Cancelled, "Cancelled");
  try {
    if (signal?.aborted) cancel();
    else {
      signal?.addEventListener("abort", cancel);
      // A timer of more than 31 bits would end at once.
      if (deadline < 2 ** 31) timer = setTimeout(() => run.abandon(Code.DeadlineExceeded, "Deadline exceeded"), deadline);
      await run.changed();
    }
    while (!run.go()) await run.changed();
    return run.reply;
  } finally {
    run.end();
    clearTimeout(timer);
    signal?.removeEventListener("abort", cancel);
  }
}

/** The same now: handlers that answer later are given up, with Internal error and `detail`. */
export function driveNow(exchange: Exchange, step: number, shell: Shell, detail: string): Uint8Array | undefined {
  const run = new Run(exchange, shell, undefined);
  try {
    if (!run.advance(step)) {
      run.abandon(Code.InternalError, "Internal error", JSON.stringify({ detail }));
      run.go();
    }
    return run.reply;
  } finally {
    run.end();
  }
}

/** An exchange that runs. One is made for each body: it has no closures of its own. */
class Run {
  reply: Uint8Array | undefined;
  private over = false;
  /** The last call that was given out. */
  private last: Call | undefined;
  private forget: (() => unknown)[] | undefined;
  private wake: (() => void) | undefined;
  /** What was thrown while nobody was looking. */
  private broken: { thrown: unknown } | undefined;

  constructor(
    private readonly exchange: Exchange,
    private readonly shell: Shell,
    private readonly cancellable: Limit["cancellable"],
  ) {}

  /** Goes on after a while; whether it came to its end. */
  go(): boolean {
    if (this.broken) throw this.broken.thrown;
    return this.advance(this.exchange.poll());
  }

  /** Runs all that can be run, from `step` on; whether it came to its end. */
  advance(step: number): boolean {
    for (;;) {
      switch (step) {
        case Step.CALL:
          step = this.start(false);
          break;
        case Step.ADMIT:
          step = this.start(true);
          break;
        case Step.WAIT:
          return false;
        case Step.REPLY:
          this.reply = room.copy(2);
          return true;
        default:
          return true;
      }
    }
  }

  /** Settled when something has come back. */
  changed(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve));
  }

  abandon(code: number, message: string, data?: string): void {
    this.exchange.abandon(code, message, data);
    this.wake?.();
  }

  end(): void {
    this.over = true;
    for (const each of this.forget ?? []) each();
    for (let call = this.last; call; call = call.before) call.end();
  }

  /** Starts what was given out, and answers the step behind it. Not asynchronous: a handler that does not wait costs no promise. */
  private start(isAdmission: boolean): number {
    const { exchange, shell } = this;
    const call = (this.last = new Call(isAdmission, this.last, exchange));
    try {
      const answer = isAdmission ? shell.admit?.(call) : shell.call(call);
      if (answer instanceof Promise) this.later(call, answer);
      else {
        const length = typeof answer === "string" && room.put(answer);
        if (typeof length !== "number") this.take(call, answer);
        else {
          const step = exchange.finish(call.ticket, length);
          if (step !== Step.REPLACED) return step;
          shell.note(call, undefined, exchange.problems());
        }
      }
    } catch (thrown) {
      this.failed(call, thrown);
    }
    return exchange.poll();
  }

  private later(call: Call, answer: Promise<Answer | Parameters>): void {
    const { id } = call;
    const { cancellable } = this;
    if (id !== undefined && cancellable) {
      const stop = () => {
        if (!this.over) this.exchange.lose(call.ticket, Code.Cancelled, "Cancelled");
        call.end();
        this.wake?.();
      };
      cancellable.set(id, stop);
      (this.forget ??= []).push(() => cancellable.get(id) === stop && cancellable.delete(id));
    }
    answer
      .then(
        (value) => this.over || this.take(call, value),
        (thrown: unknown) => this.failed(call, thrown),
      )
      .catch((thrown: unknown) => (this.broken = { thrown }))
      .finally(() => this.wake?.());
  }

  private take(call: Call, answer: Answer | Parameters): void {
    const { exchange } = this;
    const { ticket } = call;
    if (call.isAdmission) {
      const parameters = answer as Parameters;
      for (const name in parameters) exchange.addParameter(ticket, name, parameters[name]!);
      return exchange.admit(ticket);
    }
    const isObject = answer instanceof Uint8Array;
    // Anything but text is no JSON, and is reported like other text that is none.
    const bytes = isObject ? answer : encoder.encode(typeof answer === "string" ? answer : "");
    const problems = exchange.complete(ticket, bytes, isObject);
    if (problems !== undefined) this.shell.note(call, undefined, problems);
  }

  private failed(call: Call, thrown: unknown): void {
    // Late: the exchange has answered without this one, and is gone.
    if (this.over) return;
    const { exchange } = this;
    let problems: string | undefined;
    try {
      if (!(thrown instanceof RpcError)) throw thrown;
      if (call.isAdmission) return exchange.lose(call.ticket, ...told(thrown));
      problems = exchange.fail(call.ticket, ...told(thrown));
      if (problems === undefined) return;
    } catch (untold) {
      const { code, told } = untold instanceof Lost ? untold : INTERNAL;
      exchange.lose(call.ticket, code, told);
      thrown = untold;
    }
    this.shell.note(call, thrown, problems);
  }
}

/** The parts of an error that go out. Throws if its data is no JSON. */
function told({ code, message, data }: RpcError): [number, string, string | undefined] {
  return [code, String(message), JSON.stringify(data)];
}
