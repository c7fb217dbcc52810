// The inside of a Worker that runs one guest. What it asks of its host it waits for: nothing else runs here.

import type { Host, Told } from "../guest/host.js";
import { Instance, interfaces } from "../guest/instance.js";
import { waitFor, type Order, type Report } from "../guest/messages.js";

interface Port {
  postMessage(report: Report): void;
}

// Node.js gives its threads a port; elsewhere it is the global scope.
const threads = (globalThis as { process?: { getBuiltinModule?(name: string): any } }).process?.getBuiltinModule?.("node:worker_threads");
const isWeb = typeof (globalThis as Partial<Port>).postMessage === "function";
const port: Port = isWeb ? (globalThis as unknown as Port) : threads.parentPort;
if (isWeb) globalThis.onmessage = ({ data }) => void take(data as Order);
else threads.parentPort.on("message", take);

let instance: Instance;

async function take(order: Order): Promise<void> {
  try {
    if ("start" in order) {
      const { start, answers } = order;
      const module = start instanceof WebAssembly.Module ? start : await WebAssembly.compile(start as BufferSource);
      const served = interfaces(module);
      instance = await Instance.start(module, host(answers), false);
      port.postMessage({ started: served });
    } else if ("call" in order) {
      const answer = instance.call(order.call, order.params) as Uint8Array;
      port.postMessage({ answer, memory: instance.memory });
    }
  } catch (thrown) {
    port.postMessage({ failed: String((thrown as Error | undefined)?.message ?? thrown), isType: thrown instanceof TypeError });
  }
}

function host(answers: SharedArrayBuffer | undefined): Host {
  return {
    log: (level, log) => port.postMessage({ log, level }),
    ask(ask, given): Told {
      if (!answers) throw new Error("a guest in a Worker can ask its host only where memory can be shared: isolate the page (COOP, COEP)");
      port.postMessage({ ask, given });
      return waitFor(answers, (more) => port.postMessage({ more }));
    },
  };
}
