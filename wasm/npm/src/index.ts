export * from "./calls.js";
export { Plugin, type Counts, type Grants, type Level, type PluginOptions } from "./plugin.js";
export { Raw } from "./raw.js";
export { Server, type Answered, type Attached, type Incoming, type ServerOptions } from "./server.js";
export type { Acceptor, SleepingSocket } from "./sleep.js";
