// What a client has beside its calls once it has a connection: the server may call back. Loaded then.

import type { ClientOptions } from "./client.js";
import type { Contract, Idl } from "./contract.js";
import type { Link } from "./link.js";
import { Server } from "./server.js";
import { Connection, type Socket } from "./session.js";

// All that may have been loaded before: where the same has all, the build makes one file of it.
export * from "./core.js";
export * from "./index.js";

export function opened(socket: Socket, link: Link, idl: Idl, { callbacks = {}, ints = "number" }: ClientOptions): Connection {
  // Of what the link has, for the contract may be gone.
  const contract: Pick<Contract, "core" | "shaping" | "toJSON"> = { core: link.core, shaping: () => link.shaping, toJSON: () => idl };
  return new Connection(socket, link, new Server(contract as Contract, callbacks, { ints }));
}
