// Guests as text.

import { tool } from "./tools.js";

const binaryen = (await import(tool.resolve("binaryen"))).default;

/** A guest whose `pintle_call` is `body`. */
export function guest(body, { head = "", alloc, marker = '(global (export "pintle_abi_1") i32 (i32.const 1))', memory = "2" } = {}) {
  const bump = "(global.set $next (i32.add (global.get $next) (local.get 0))) (i32.sub (global.get $next) (local.get 0))";
  const module = binaryen.parseText(`(module
    ${head}
    (memory (export "memory") ${memory})
    (data (i32.const 1024) "{\\"result\\":\\"ok\\"}")
    (global $calls (mut i32) (i32.const 0))
    (global $next (mut i32) (i32.const 4096))
    ${marker}
    (func (export "pintle_alloc") (param i32) (result i32) ${alloc ?? bump})
    (func (export "pintle_call") (param $method i32) (param $method_len i32) (param $params i32) (param $params_len i32) (result i64)
      (local $pair i64)
      (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
      (if (i32.gt_u (global.get $next) (i32.const 60000)) (then (global.set $next (i32.const 32768))))
      ${body}))`);
  const bytes = module.emitBinary();
  module.dispose();
  return bytes;
}

export const answer = (at, len) => `(i64.or (i64.shl (i64.const ${at}) (i64.const 32)) (i64.const ${len}))`;

/** Answers "ok". */
export const OK = answer(1024, 15);

const I32 = (count) => (count > 0 ? `(param ${"i32 ".repeat(count)})` : "");
const SHAPES = {
  log: I32(3),
  context: `${I32(2)} (result i32)`,
  call: `${I32(4)} (result i64)`,
  send: `${I32(6)} (result i32)`,
  request: `${I32(6)} (result i64)`,
  kv_get: `${I32(2)} (result i64)`,
  kv_set: `${I32(4)} (result i32)`,
  kv_delete: `${I32(2)} (result i32)`,
  kv_add: "(param i32 i32 i64 i32) (result i32)",
  kv_cas: `${I32(6)} (result i32)`,
  kv_list: `${I32(4)} (result i64)`,
};

/** The imports of these names. */
export const imports = (...names) => names.map((name) => `(import "pintle" "${name}" (func $${name} ${SHAPES[name]}))`).join("\n");

/** Texts in memory: their data segments, and each as two operands. */
export function texts(...list) {
  let at = 2048;
  const pairs = list.map((text) => {
    const pair = { segment: `(data (i32.const ${at}) "${text.replaceAll('"', '\\"')}")`, operands: `(i32.const ${at}) (i32.const ${text.length})` };
    at += text.length;
    return pair;
  });
  return { head: pairs.map(({ segment }) => segment).join("\n"), operands: pairs.map(({ operands }) => operands) };
}

/** Logs and answers what the call of `method` answers, with its own parameters or others. */
export function relay(method, params) {
  const { head, operands } = texts(method, ...(params === undefined ? [] : [params]));
  const body = `
    (local.set $pair (call $call ${operands[0]} ${operands[1] ?? "(local.get $params) (local.get $params_len)"}))
    (call $log (i32.const 2) (i32.wrap_i64 (i64.shr_u (local.get $pair) (i64.const 32))) (i32.wrap_i64 (local.get $pair)))
    (local.get $pair)`;
  return guest(body, { head: `${imports("call", "log")} ${head}` });
}

/** Never ends. */
export const LOOP = "(loop $again (br $again)) (unreachable)";
