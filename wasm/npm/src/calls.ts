export { connect, type Client, type ClientOptions, type Target } from "./client.js";
export { Contract, type Idl, type IdlMethod, type Problem, type Reader, type Shaper, type Shaping, type Type, type Validation } from "./contract.js";
export type { DecodeOptions } from "./decode.js";
export { Code, RpcError } from "./error.js";
export type { CallOptions, ErrorClass, LinkOptions } from "./link.js";
export type { PortLike, Socket, WebSocketLike } from "./session.js";
export type { Sending, Transport } from "./transport.js";
export type { Context, Given, Handler, Handlers, Interfaces, Methods, Params, Result } from "./types.js";
export type { Delta, Verification, VerifyOptions } from "./verify.js";
