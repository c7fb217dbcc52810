// Messages to a Worker that come before its server is attached. Modules that wait for something while they load, as for the WebAssembly
// module, would lose them.

/** Messages that are kept, and milliseconds after which they are for somebody else. */
const MOST = 100;
const TIME = 10_000;

const messages: { data: unknown }[] = [];
const scope = globalThis as unknown as { DedicatedWorkerGlobalScope?: Function } & EventTarget;

function keep(event: Event): void {
  if (messages.length < MOST) messages.push(event as unknown as { data: unknown });
}

function stop(): void {
  scope.removeEventListener("message", keep);
}

if (typeof scope.DedicatedWorkerGlobalScope === "function" && scope instanceof scope.DedicatedWorkerGlobalScope) {
  scope.addEventListener("message", keep);
  const forget = () => {
    stop();
    messages.length = 0;
  };
  setTimeout(forget, TIME);
}

/** Takes them out, for who is attached to the Worker's own end. */
export function early(socket: object): { data: unknown }[] {
  if (socket !== scope) return [];
  stop();
  return messages.splice(0);
}
