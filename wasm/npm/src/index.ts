export { Contract, type Idl, type Problem, type Validation } from "./contract.js";
export { Code, RpcError } from "./error.js";
export { Raw } from "./raw.js";
export { Server, type Answered, type Incoming, type ServerOptions } from "./server.js";
export type { Context, Handler, Handlers, Interfaces, Methods, Params, Result } from "./types.js";
