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
export function drive(exchange: Exchange, shell: Shell, limit: Limit): Uint8Array | undefined | Promise<Uint8Array | undefined> {
  const run = new Run(exchange, shell, limit.cancellable);
  let isOver = true;
  try {
    isOver = run.advance();
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
    while (!run.advance()) await run.changed();
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

/** An exchange that runs. One is made for each body: it has no closures of its own. */
class Run {
  reply: Uint8Array | undefined;
  private over = false;
  private readonly calls: Call[] = [];
  private forget: (() => unknown)[] | undefined;
  private wake: (() => void) | undefined;
  /** What was thrown while nobody was looking. */
  private broken: { thrown: unknown } | undefined;

  constructor(
    private readonly exchange: Exchange,
    private readonly shell: Shell,
    private readonly cancellable: Limit["cancellable"],
  ) {}

  /** Runs all that can be run; whether it came to its end. */
  advance(): boolean {
    if (this.broken) throw this.broken.thrown;
    const { exchange } = this;
    for (;;) {
      switch (exchange.poll()) {
        case Step.CALL:
          this.start(false);
          break;
        case Step.ADMIT:
          this.start(true);
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
    return new Promise((resolve) => (this.wake = resolve));
  }

  abandon(code: number, message: string, data?: string): void {
    this.exchange.abandon(code, message, data);
    this.wake?.();
  }

  end(): void {
    this.over = true;
    for (const each of this.forget ?? []) each();
    for (const call of this.calls) call.end();
  }

  // Not asynchronous itself: a handler that does not wait costs no promise.
  private start(isAdmission: boolean): void {
    const { exchange, shell } = this;
    const { ticket } = exchange;
    const call = new Call(exchange.call());
    this.calls.push(call);
    let answer;
    try {
      answer = isAdmission ? shell.admit?.(call) : shell.call(call);
    } catch (thrown) {
      return this.failed(ticket, call, isAdmission, thrown);
    }
    if (!(answer instanceof Promise)) return this.take(ticket, call, isAdmission, answer);
    const { id } = call;
    const { cancellable } = this;
    if (id !== undefined && cancellable) {
      const stop = () => {
        if (!this.over) this.lose(ticket, isAdmission, Code.Cancelled, "Cancelled");
        call.end();
        this.wake?.();
      };
      cancellable.set(id, stop);
      (this.forget ??= []).push(() => cancellable.get(id) === stop && cancellable.delete(id));
    }
    (answer as Promise<Answer | Parameters>)
      .then(
        (value) => this.over || this.take(ticket, call, isAdmission, value),
        (thrown: unknown) => this.failed(ticket, call, isAdmission, thrown),
      )
      .catch((thrown: unknown) => (this.broken = { thrown }))
      .finally(() => this.wake?.());
  }

  private take(ticket: number, call: Call, isAdmission: boolean, answer: Answer | Parameters): void {
    if (isAdmission) this.admit(ticket, answer as Parameters);
    else this.complete(ticket, call, answer as Answer);
  }

  private failed(ticket: number, call: Call, isAdmission: boolean, thrown: unknown): void {
    // Late: the exchange has answered without this one, and is gone.
    if (this.over) return;
    const { exchange } = this;
    let problems: string | undefined;
    try {
      if (!(thrown instanceof RpcError)) throw thrown;
      if (isAdmission) return exchange.refuse(ticket, ...told(thrown));
      problems = exchange.fail(ticket, ...told(thrown));
      if (problems === undefined) return;
    } catch (untold) {
      const { code, told } = untold instanceof Lost ? untold : INTERNAL;
      this.lose(ticket, isAdmission, code, told);
      thrown = untold;
    }
    this.shell.note(call, thrown, problems);
  }

  /** Answers an error that no handler has thrown. */
  private lose(ticket: number, isAdmission: boolean, code: number, message: string): void {
    if (isAdmission) this.exchange.refuse(ticket, code, message);
    else this.exchange.lose(ticket, code, message);
  }

  private complete(ticket: number, call: Call, answer: Answer): void {
    const { exchange } = this;
    const isObject = answer instanceof Uint8Array;
    // Anything but text is no JSON, and is reported like other text that is none.
    const problems = isObject ? exchange.answer(ticket, answer) : exchange.complete(ticket, typeof answer === "string" ? answer : "");
    if (problems !== undefined) this.shell.note(call, undefined, problems);
  }

  private admit(ticket: number, parameters: Parameters): void {
    for (const name in parameters) this.exchange.addParameter(ticket, name, parameters[name]!);
    this.exchange.admit(ticket);
  }
}

/** The parts of an error that go out. Throws if its data is no JSON. */
function told({ code, message, data }: RpcError): [number, string, string | undefined] {
  return [code, String(message), JSON.stringify(data)];
}
