// Guests in whatever runtime this is: one that waits for a handler, one that loops in a Worker.

/** `modules` are compiled, or their bytes in base64. */
export async function guests({ Contract, Plugin, Server }, modules) {
  const contract = Contract.parse("namespace both\ninterface A { f(x int) int }\ninterface B { g(x int) int }");
  const later = { g: (x) => new Promise((resolve) => setTimeout(() => resolve(x + 1), 1)) };
  const source = (given) => (typeof given === "string" ? Uint8Array.from(atob(given), (char) => char.charCodeAt(0)) : given);
  const ask = async (A, B = later) => {
    const server = new Server(contract, { A, B }, { onError: () => {} });
    const reply = await server.handle('{"jsonrpc":"2.0","method":"A.f","params":[1],"id":1}');
    const { result, error } = JSON.parse(new TextDecoder().decode(reply));
    return result ?? error.code;
  };
  const grants = { call: ["B"] };
  const onLog = () => {};
  const report = { suspending: "Suspending" in WebAssembly };
  const load = (name, options) => Plugin.load(source(modules[name]), { grants, onLog, ...options });
  report.now = await ask(await load("relay"), { g: (x) => x + 1 });
  report.later = await ask(await load("relay"));
  try {
    const looping = await load("loop", { worker: true, runTime: 100 });
    report.first = await ask(looping);
    report.loop = await ask(looping);
    report.fresh = await ask(looping);
    looping.free();
  } catch (error) {
    report.loop = error.message;
  }
  if (globalThis.crossOriginIsolated !== false) {
    const waiting = await load("relay", { worker: true }).catch((error) => ({ error }));
    report.apart = waiting.error?.message ?? (await ask(waiting));
    waiting.free?.();
  }
  return report;
}
