;; The core module of a component of the bytes world. Calls METHOD with PARAMS, TIMES times, and returns the last answer,
;; which has the form of its own.
(module
  (import "pintle:plugin/host@1.0.0" "call" (func $call (param i32 i32 i32 i32 i32)))
  (memory (export "memory") 2)
  (global $top (mut i32) (i32.const 65536))
  (data (i32.const 1024) "METHOD")
  (data (i32.const 2048) "PARAMS")
  (func (export "cabi_realloc") (param i32 i32 i32) (param $len i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $top) (i32.const 7)) (i32.const -8)))
    (global.set $top (i32.add (local.get $at) (local.get $len)))
    (local.get $at))
  (func (export "cabi_post_handle") (param i32) (global.set $top (i32.const 65536)))
  (func (export "handle") (param i32 i32 i32 i32) (result i32)
    (local $left i32)
    (local.set $left (i32.const TIMES))
    (loop $again
      (call $call (i32.const 1024) (i32.const METHOD_LEN) (i32.const 2048) (i32.const PARAMS_LEN) (i32.const 4096))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $again (local.get $left)))
    (i32.const 4096)))
