// Messages that come before somebody takes them: while the code of a connection is loaded; and in a Worker, whose modules wait for the
// WebAssembly module while they load.

/** Messages that are kept, as many as would run at the same time. */
const MOST = 100;

/** Milliseconds after which those of a Worker are for somebody else. */
const TIME = 10_000;

interface Message {
  readonly data: unknown;
}

interface Source {
  addEventListener(type: string, listener: (event: any) => void): void;
  removeEventListener?(type: string, listener: (event: any) => void): void;
}

const held = new WeakMap<object, () => Message[]>();

/** Keeps the messages of a socket until they are taken. */
export function hold(socket: Source): void {
  if (held.has(socket)) return;
  const messages: Message[] = [];
  const keep = (message: Message) => {
    if (held.has(socket) && messages.length < MOST) messages.push(message);
  };
  // The other kind of bytes cannot be read in the order of arrival.
  if ("binaryType" in socket) socket.binaryType = "arraybuffer";
  socket.addEventListener("message", keep);
  held.set(socket, () => {
    held.delete(socket);
    socket.removeEventListener?.("message", keep);
    return messages;
  });
}

/** Takes them out; from now on they are the caller's. */
export function early(socket: object): Message[] {
  return held.get(socket)?.() ?? [];
}

const scope = globalThis as unknown as { DedicatedWorkerGlobalScope?: Function } & Source;
if (typeof scope.DedicatedWorkerGlobalScope === "function" && scope instanceof scope.DedicatedWorkerGlobalScope) {
  hold(scope);
  setTimeout(() => early(scope), TIME);
}
