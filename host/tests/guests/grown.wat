;; Answers whether its memory, also what it grows by, is as it was in the beginning; then writes to all of it.
(module
  (memory (export "memory") 1)
  (global (export "pintle_abi_1") i32 (i32.const 1))
  (data (i32.const 1024) "{\"result\":true} {\"result\":false}")
  (@custom "pintle.interfaces" "[\"Grown\"]")
  (func (export "pintle_alloc") (param i32) (result i32) (i32.const 2048))
  (func (export "pintle_call") (param i32 i32 i32 i32) (result i64) (local $at i32)
    (if (i32.ne (memory.grow (i32.const 3)) (i32.const 1)) (then (return (call $no))))
    (local.set $at (i32.const 4096))
    (loop $next
      (if (i32.load8_u (local.get $at)) (then (return (call $no))))
      (i32.store8 (local.get $at) (i32.const 255))
      (local.set $at (i32.add (local.get $at) (i32.const 512)))
      (br_if $next (i32.lt_u (local.get $at) (i32.const 262144))))
    (i64.const 0x4000000000f))
  (func $no (result i64) (i64.const 0x41000000010)))
