// The loop around one exchange: the same that the native host runs. Only it polls; handlers answer tickets.

/** What `exchange.poll()` answers. */
export const Step = Object.freeze({ DONE: 0, CALL: 1, WAIT: 2, REPLY: 3, NO_REPLY: 4, ADMIT: 5 });

/**
 * @typedef {object} Call
 * @property {string} method `Interface.method`.
 * @property {string} params A JSON array by position, checked.
 * @property {boolean} notification Nobody waits for an answer.
 * @property {string | undefined} id The request's id as JSON text.
 */

/**
 * Runs an exchange to its end. The caller made it and frees it.
 *
 * @param {import("pintle_wasm").Exchange} exchange Of a contract without the option `admission`.
 * @param {(call: Call) => string | Promise<string>} handler Answers JSON text. What it throws becomes a reply if it has
 *   an integer `code`, with its `message` and `data` (JSON text); anything else is Internal error, and not told.
 * @param {(call: Call, problems: string | undefined, thrown: unknown) => void} onProblem Gets what belongs in a log:
 *   the rules that an answer broke, as JSON, or what a handler threw that is no error of the contract.
 * @returns {Promise<Uint8Array | undefined>} The body of the reply, if there is one.
 */
export async function drive(exchange, handler, onProblem) {
  let wake = () => {};
  let broken; // what onProblem threw while nobody was looking
  for (;;) {
    switch (exchange.poll()) {
      case Step.CALL:
        start();
        break;
      case Step.WAIT:
        await new Promise((resolve) => (wake = resolve));
        if (broken) throw broken.thrown;
        break;
      case Step.REPLY:
        return exchange.takeReply();
      case Step.NO_REPLY:
      case Step.DONE:
        return undefined;
      default:
        throw new Error("drive admits nothing: configure the contract without admission");
    }
  }

  // Not asynchronous itself: a handler that does not wait costs no promise.
  function start() {
    const { ticket, method, params, notification, requestId: id } = exchange;
    const call = { method, params, notification, id };
    let answer;
    try {
      answer = handler(call);
      if (typeof answer?.then === "function") {
        Promise.resolve(answer)
          .then((text) => complete(ticket, call, text), (thrown) => fail(ticket, call, thrown))
          .catch((thrown) => (broken = { thrown }))
          .finally(() => wake());
        return;
      }
    } catch (thrown) {
      return fail(ticket, call, thrown);
    }
    complete(ticket, call, answer);
  }

  function complete(ticket, call, text) {
    // Anything but text is no JSON, and is reported like other text that is none.
    const problems = exchange.complete(ticket, typeof text === "string" ? text : "");
    if (problems !== undefined) onProblem(call, problems, undefined);
  }

  function fail(ticket, call, thrown) {
    const { code, message, data } = read(thrown);
    if (code === undefined) {
      exchange.lose(ticket, -32603, "Internal error");
      onProblem(call, undefined, thrown);
    } else {
      const problems = exchange.fail(ticket, code, message, data);
      if (problems !== undefined) onProblem(call, problems, thrown);
    }
  }
}

/** The parts of an error that may be told; no `code` if there are none. */
function read(thrown) {
  try {
    const { code, message, data } = thrown;
    if ((code | 0) !== code) return {};
    return { code, message: String(message ?? ""), data: data === undefined ? undefined : String(data) };
  } catch {
    return {};
  }
}
