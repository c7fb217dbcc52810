;; Answers its parameters. Gives every buffer back.
(module
  (memory (export "memory") 17)
  (global (export "pintle_abi_1") i32 (i32.const 1))
  (global $top (mut i32) (i32.const 65536))
  (data (i32.const 1024) "{\"result\":")
  (@custom "pintle.interfaces" "[\"Echo\"]")
  (func (export "pintle_alloc") (param i32) (result i32)
    (global.get $top)
    (global.set $top (i32.add (global.get $top) (local.get 0))))
  (func (export "pintle_free") (param i32 i32)
    (global.set $top (i32.const 65536)))
  (func (export "pintle_call") (param i32 i32 i32 i32) (result i64)
    (memory.copy (i32.const 2048) (i32.const 1024) (i32.const 10))
    (memory.copy (i32.const 2058) (local.get 2) (local.get 3))
    (i32.store8 (i32.add (i32.const 2058) (local.get 3)) (i32.const 125))
    (i64.or
      (i64.shl (i64.const 2048) (i64.const 32))
      (i64.extend_i32_u (i32.add (local.get 3) (i32.const 11))))))
