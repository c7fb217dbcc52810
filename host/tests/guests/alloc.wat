;; An allocator with a fault, chosen by the length of the method: 1 loops, 2 has no memory, 3 is wild, 4 asks the host for
;; what the host answers through it.
(module
  (import "pintle" "call" (func $ask (param i32 i32 i32 i32) (result i64)))
  (memory (export "memory") 1)
  (func (export "pintle_abi_1"))
  (global $asks (mut i32) (i32.const 0))
  (data (i32.const 1024) "{\"result\":1}")
  (func (export "pintle_alloc") (param i32) (result i32)
    (if (i32.eq (local.get 0) (i32.const 1)) (then (loop $for_ever (br $for_ever))))
    (if (i32.eq (local.get 0) (i32.const 2)) (then (return (i32.const 0))))
    (if (i32.eq (local.get 0) (i32.const 3)) (then (return (i32.const 65535))))
    (if (i32.eq (local.get 0) (i32.const 4)) (then (global.set $asks (i32.const 1))))
    (if (global.get $asks)
      (then (drop (call $ask (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))))
    (i32.const 4096))
  (func (export "pintle_call") (param i32 i32 i32 i32) (result i64)
    (i64.const 0x4000000000c)))
