;; Sends its parameters to its caller as Client.note, and answers the status, which is never above 0. By the last letter of
;; the method: d sends once, y 200 times, o to nobody, e from outside of its memory; t requests, and answers what came.
(module
  (import "pintle" "send" (func $send (param i32 i32 i32 i32 i32 i32) (result i32)))
  (import "pintle" "request" (func $request (param i32 i32 i32 i32 i32 i32) (result i64)))
  (memory (export "memory") 17)
  (global (export "pintle_abi_1") i32 (i32.const 1))
  (global $top (mut i32) (i32.const 65536))
  (data (i32.const 1024) "{\"result\":-0}")
  (data (i32.const 1100) "Client.note")
  (data (i32.const 1200) "nobody")
  (func (export "pintle_alloc") (param i32) (result i32)
    (global.get $top)
    (global.set $top (i32.add (global.get $top) (local.get 0))))
  (func (export "pintle_call") (param $method i32) (param $length i32) (param $params i32) (param $size i32) (result i64)
    (local $letter i32) (local $left i32) (local $status i32)
    (local.set $letter (i32.load8_u (i32.sub (i32.add (local.get $method) (local.get $length)) (i32.const 1))))
    (if (i32.eq (local.get $letter) (i32.const 116)) ;; t
      (then (return (call $request
        (i32.const 0) (i32.const 0) (i32.const 1100) (i32.const 11) (local.get $params) (local.get $size)))))
    (local.set $left (i32.const 1))
    (if (i32.eq (local.get $letter) (i32.const 121)) (then (local.set $left (i32.const 200)))) ;; y
    (if (i32.eq (local.get $letter) (i32.const 101)) (then (local.set $params (i32.const -8)))) ;; e
    (loop $again
      (local.set $status (call $send
        (i32.const 1200) (select (i32.const 6) (i32.const 0) (i32.eq (local.get $letter) (i32.const 111))) ;; o
        (i32.const 1100) (i32.const 11) (local.get $params) (local.get $size)))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $again (local.get $left)))
    (i32.store8 (i32.const 1035) (i32.sub (i32.const 48) (local.get $status)))
    (i64.or (i64.shl (i64.const 1024) (i64.const 32)) (i64.const 13))))
