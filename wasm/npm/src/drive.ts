// The loop around one exchange: the same that the native host runs. Only it polls; handlers answer tickets.

import type { Exchange } from "./binding.js";
import { Code, Lost, RpcError } from "./error.js";

/** What `exchange.poll()` answers. */
const Step = { DONE: 0, CALL: 1, WAIT: 2, REPLY: 3, NO_REPLY: 4, ADMIT: 5 } as const;

const INTERNAL = { code: Code.InternalError, told: "Internal error" };

/** A request as the contract knows it. */
export class Call {
  /** `Interface.method`, wherever it is mounted. */
  readonly method: string;
  /** Of a call a JSON array by position, checked; of a request to admit as they came, if they came. */
  readonly params: string | undefined;
  /** The request's id as JSON text; `undefined` if nobody waits for an answer. */
  readonly id: string | undefined;
  #controller: AbortController | undefined;
  #over = false;

  /** Of what `exchange.call()` says, on three lines. */
  constructor(text: string) {
    const first = text.indexOf("\n");
    const second = text.indexOf("\n", first + 1);
    this.method = text.slice(0, first);
    this.id = text.slice(first + 1, second) || undefined;
    this.params = text.slice(second + 1) || undefined;
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
 * Runs an exchange to its end: the body of the reply, if there is one. The caller made the exchange and frees it.
 */
export async function drive(exchange: Exchange, shell: Shell, limit: Limit): Promise<Uint8Array | undefined> {
  const { deadline, signal } = limit;
  const run = new Run(exchange, shell, limit.cancellable);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let limited = false;
  const cancel = () => run.abandon(Code.Cancelled, "Cancelled");
  try {
    while (!run.advance()) {
      // Most calls are answered at once: those need neither timer nor listener.
      if (!limited) {
        limited = true;
        if (signal?.aborted) {
          cancel();
          continue;
        }
        signal?.addEventListener("abort", cancel);
        // A timer of more than 31 bits would end at once.
        if (deadline < 2 ** 31) timer = setTimeout(() => run.abandon(Code.DeadlineExceeded, "Deadline exceeded"), deadline);
      }
      await run.changed();
    }
    return run.reply;
  } finally {
    run.end();
    clearTimeout(timer);
    signal?.removeEventListener("abort", cancel);
  }
}

/** The same now: handlers that answer later are given up, with Internal error and `detail`. */
export function driveNow(exchange: Exchange, shell: Shell, detail: string): Uint8Array | undefined {
  const run = new Run(exchange, shell, undefined);
  try {
    if (!run.advance()) {
      run.abandon(Code.InternalError, "Internal error", JSON.stringify({ detail }));
      run.advance();
    }
    return run.reply;
  } finally {
    run.end();
  }
}

/** An exchange that runs. */
class Run {
  reply: Uint8Array | undefined;
  readonly #exchange: Exchange;
  readonly #shell: Shell;
  readonly #cancellable: Limit["cancellable"];
  readonly #calls: Call[] = [];
  readonly #forget: (() => unknown)[] = [];
  #over = false;
  #wake = () => {};
  /** What was thrown while nobody was looking. */
  #broken: { thrown: unknown } | undefined;

  constructor(exchange: Exchange, shell: Shell, cancellable: Limit["cancellable"]) {
    this.#exchange = exchange;
    this.#shell = shell;
    this.#cancellable = cancellable;
  }

  /** Runs all that can be run; whether it came to its end. */
  advance(): boolean {
    if (this.#broken) throw this.#broken.thrown;
    const exchange = this.#exchange;
    for (;;) {
      switch (exchange.poll()) {
        case Step.CALL:
          this.#start(this.#shell.call, this.#complete, this.#fail, this.#lose);
          break;
        case Step.ADMIT:
          this.#start(this.#shell.admit ?? (() => undefined), this.#admit, this.#refuse, this.#refuseUntold);
          break;
        case Step.WAIT:
          return false;
        case Step.REPLY:
          this.reply = exchange.takeReply();
          return true;
        case Step.NO_REPLY:
        case Step.DONE:
          return true;
      }
    }
  }

  /** Settled when something has come back. */
  changed(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  abandon(code: number, message: string, data?: string): void {
    this.#exchange.abandon(code, message, data);
    this.#wake();
  }

  end(): void {
    this.#over = true;
    for (const each of this.#forget) each();
    for (const call of this.#calls) call.end();
  }

  // Not asynchronous itself: a handler that does not wait costs no promise.
  #start<T>(
    run: (call: Call) => T | Promise<T>,
    take: (ticket: number, call: Call, answer: T) => void,
    reject: (ticket: number, error: RpcError) => string | undefined,
    rejectUntold: (ticket: number, code: number, message: string) => void,
  ): void {
    const { ticket } = this.#exchange;
    const call = new Call(this.#exchange.call());
    this.#calls.push(call);
    const { id } = call;
    const fail = (thrown: unknown) => {
      // Late: the exchange has answered without this one, and is gone.
      if (this.#over) return;
      let problems: string | undefined;
      try {
        if (!(thrown instanceof RpcError)) throw thrown;
        problems = reject(ticket, thrown);
        if (problems === undefined) return;
      } catch (untold) {
        const { code, told } = untold instanceof Lost ? untold : INTERNAL;
        rejectUntold(ticket, code, told);
        thrown = untold;
      }
      this.#shell.note(call, thrown, problems);
    };
    let answer;
    try {
      answer = run.call(this.#shell, call);
    } catch (thrown) {
      return fail(thrown);
    }
    if (!(answer instanceof Promise)) return take(ticket, call, answer);
    const stop = () => {
      if (!this.#over) rejectUntold(ticket, Code.Cancelled, "Cancelled");
      call.end();
      this.#wake();
    };
    const cancellable = this.#cancellable;
    if (id !== undefined && cancellable) {
      cancellable.set(id, stop);
      this.#forget.push(() => cancellable.get(id) === stop && cancellable.delete(id));
    }
    answer
      .then((value) => this.#over || take(ticket, call, value), fail)
      .catch((thrown: unknown) => (this.#broken = { thrown }))
      .finally(() => this.#wake());
  }

  readonly #complete = (ticket: number, call: Call, answer: Answer): void => {
    const exchange = this.#exchange;
    const isObject = answer instanceof Uint8Array;
    // Anything but text is no JSON, and is reported like other text that is none.
    const problems = isObject ? exchange.answer(ticket, answer) : exchange.complete(ticket, typeof answer === "string" ? answer : "");
    if (problems !== undefined) this.#shell.note(call, undefined, problems);
  };

  readonly #fail = (ticket: number, error: RpcError) => this.#exchange.fail(ticket, ...told(error));

  readonly #lose = (ticket: number, code: number, message: string) => this.#exchange.lose(ticket, code, message);

  readonly #admit = (ticket: number, _: Call, parameters: Parameters): void => {
    for (const name in parameters) this.#exchange.addParameter(ticket, name, parameters[name]!);
    this.#exchange.admit(ticket);
  };

  readonly #refuse = (ticket: number, error: RpcError): undefined => {
    this.#exchange.refuse(ticket, ...told(error));
  };

  readonly #refuseUntold = (ticket: number, code: number, message: string) => this.#exchange.refuse(ticket, code, message);
}

/** The parts of an error that go out. Throws if its data is no JSON. */
function told({ code, message, data }: RpcError): [number, string, string | undefined] {
  return [code, String(message), JSON.stringify(data)];
}
