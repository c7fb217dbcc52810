;; The core module of a component of the bytes world. Does what the letter in the parameters, `["x"]`, says; its allocator
;; what the length of the method says.
(module
  (import "pintle:plugin/host@1.0.0" "log" (func $log (param i32 i32 i32)))
  (import "pintle:plugin/host@1.0.0" "context" (func $context (param i32)))
  (import "pintle:plugin/host@1.0.0" "call" (func $call (param i32 i32 i32 i32 i32)))
  (import "pintle:plugin/host@1.0.0" "send" (func $send (param i32 i32 i32 i32 i32 i32 i32)))
  (import "pintle:plugin/host@1.0.0" "request" (func $request (param i32 i32 i32 i32 i32 i32 i32)))
  (import "pintle:plugin/host@1.0.0" "kv-get" (func $kv_get (param i32 i32 i32)))
  (memory (export "memory") 2)
  (table $table 1 funcref)
  (global $top (mut i32) (i32.const 65536))
  (global $calls (mut i32) (i32.const 0))
  (global $faulty_post (mut i32) (i32.const 0))
  (data (i32.const 1024) "\"ok\"\"full\"running\"\ff\"two\0alinesno{\"a\":1}{]Client.notenobody")
  (func (export "cabi_realloc") (param $old i32) (param $had i32) (param $align i32) (param $len i32) (result i32)
    (local $at i32)
    (if (i32.eq (local.get $len) (i32.const 1001)) (then (loop $for_ever (br $for_ever))))
    (if (i32.eq (local.get $len) (i32.const 1002)) (then (return (i32.const -16))))
    (if (i32.eq (local.get $len) (i32.const 1003)) (then (unreachable)))
    (local.set $at (i32.and (i32.add (global.get $top) (i32.const 7)) (i32.const -8)))
    (global.set $top (i32.add (local.get $at) (local.get $len)))
    (local.get $at))
  (func (export "cabi_post_handle") (param i32)
    (if (global.get $faulty_post) (then (unreachable)))
    (global.set $top (i32.const 65536)))
  ;; ok(text) at 2048, where every answer lies.
  (func $ok (param $at i32) (param $len i32) (result i32)
    (i32.store8 (i32.const 2048) (i32.const 0))
    (i32.store (i32.const 2052) (local.get $at))
    (i32.store (i32.const 2056) (local.get $len))
    (i32.const 2048))
  ;; err(rpc-error) with the code 42 and the message `no`.
  (func $error (param $data i32) (param $len i32) (result i32)
    (i32.store8 (i32.const 2048) (i32.const 1))
    (i32.store (i32.const 2052) (i32.const 42))
    (i32.store (i32.const 2056) (i32.const 1053))
    (i32.store (i32.const 2060) (i32.const 2))
    (i32.store8 (i32.const 2064) (i32.ne (local.get $len) (i32.const 0)))
    (i32.store (i32.const 2068) (local.get $data))
    (i32.store (i32.const 2072) (local.get $len))
    (i32.const 2048))
  ;; The JSON number of a status: 0, or 1 + the case of `refused`.
  (func $status (param $is_refused i32) (param $case i32) (result i32)
    (i32.store8 (i32.const 3000)
      (i32.add (i32.const 48) (select (i32.add (local.get $case) (i32.const 1)) (i32.const 0) (local.get $is_refused))))
    (call $ok (i32.const 3000) (i32.const 1)))
  (func $deep (param i32) (result i32)
    (i32.add (call $deep (i32.add (local.get 0) (i32.const 1))) (i32.const 1)))
  (func (export "handle")
    (param $method i32) (param $method_len i32) (param $params i32) (param $len i32) (result i32)
    (local $do i32) (local $n i32)
    (local.set $do (i32.load8_u offset=2 (local.get $params)))
    (if (i32.eq (local.get $do) (i32.const 0x6c)) ;; l: loop
      (then (call $log (i32.const 2) (i32.const 1034) (i32.const 7)) (loop $for_ever (br $for_ever))))
    (if (i32.eq (local.get $do) (i32.const 0x74)) ;; t: trap
      (then (unreachable)))
    (if (i32.eq (local.get $do) (i32.const 0x64)) ;; d: deep recursion
      (then (drop (call $deep (i32.const 0)))))
    (if (i32.eq (local.get $do) (i32.const 0x77)) ;; w: wild pointer
      (then (return (call $ok (i32.const 0xfffffff0) (i32.const 100)))))
    (if (i32.eq (local.get $do) (i32.const 0x6e)) ;; n: wild length
      (then (return (call $ok (i32.const 1024) (i32.const 0xffffffff)))))
    (if (i32.eq (local.get $do) (i32.const 0x52)) ;; R: the answer itself lies outside
      (then (return (i32.const 0x7ffffff0))))
    (if (i32.eq (local.get $do) (i32.const 0x62)) ;; b: neither result nor error
      (then
        (drop (call $ok (i32.const 1024) (i32.const 4)))
        (i32.store8 (i32.const 2048) (i32.const 2))
        (return (i32.const 2048))))
    (if (i32.eq (local.get $do) (i32.const 0x75)) ;; u: not UTF-8
      (then (return (call $ok (i32.const 1041) (i32.const 3)))))
    (if (i32.eq (local.get $do) (i32.const 0x65)) ;; e: an error of its own
      (then (return (call $error (i32.const 1055) (i32.const 7)))))
    (if (i32.eq (local.get $do) (i32.const 0x6a)) ;; j: an error whose data is not JSON
      (then (return (call $error (i32.const 1062) (i32.const 2)))))
    (if (i32.eq (local.get $do) (i32.const 0x67)) ;; g: flood of log lines
      (then (loop $flood
        (call $log (i32.const 0) (i32.const 1044) (i32.const 9))
        (local.set $n (i32.add (local.get $n) (i32.const 1)))
        (br_if $flood (i32.lt_u (local.get $n) (i32.const 1000))))))
    (if (i32.eq (local.get $do) (i32.const 0x4c)) ;; L: a line of a megabyte
      (then
        (drop (memory.grow (i32.const 16)))
        (memory.fill (i32.const 65536) (i32.const 0x78) (i32.const 1048576))
        (call $log (i32.const 4) (i32.const 65536) (i32.const 1048576))))
    (if (i32.eq (local.get $do) (i32.const 0x66)) ;; f: log from a wild pointer
      (then (call $log (i32.const 0) (i32.const 0x7fffffff) (i32.const 9))))
    (if (i32.eq (local.get $do) (i32.const 0x46)) ;; F: a level that there is not
      (then (call $log (i32.const 5) (i32.const 1024) (i32.const 4))))
    (if (i32.eq (local.get $do) (i32.const 0x68)) ;; h: a million host calls
      (then (loop $again
        (call $kv_get (i32.const 1024) (i32.const 4) (i32.const 4096))
        (local.set $n (i32.add (local.get $n) (i32.const 1)))
        (br_if $again (i32.lt_u (local.get $n) (i32.const 1000000))))))
    (if (i32.eq (local.get $do) (i32.const 0x6d)) ;; m: grow the memory for ever
      (then (loop $grow
        (br_if $grow (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))
        (return (call $ok (i32.const 1028) (i32.const 6)))))
    (if (i32.eq (local.get $do) (i32.const 0x54)) ;; T: grow the table for ever
      (then (loop $grow
        (br_if $grow (i32.ne (table.grow $table (ref.null func) (i32.const 1000)) (i32.const -1))))
        (return (call $ok (i32.const 1028) (i32.const 6)))))
    (if (i32.eq (local.get $do) (i32.const 0x61)) ;; a: an answer over the limit
      (then
        (drop (memory.grow (i32.const 200)))
        (return (call $ok (i32.const 65536) (i32.const 9000000)))))
    (if (i32.eq (local.get $do) (i32.const 0x41)) ;; A: an error over the limit
      (then
        (drop (memory.grow (i32.const 200)))
        (return (call $error (i32.const 65536) (i32.const 9000000)))))
    (if (i32.eq (local.get $do) (i32.const 0x70)) ;; p: trap in what frees the answer
      (then (global.set $faulty_post (i32.const 1))))
    (if (i32.eq (local.get $do) (i32.const 0x63)) ;; c: the context
      (then
        (call $context (i32.const 4096))
        (return (call $ok (i32.load (i32.const 4096)) (i32.load (i32.const 4100))))))
    (if (i32.eq (local.get $do) (i32.const 0x71)) ;; q: what another interface answers to its parameters
      (then
        (call $call (i32.const 1064) (i32.const 11) (local.get $params) (local.get $len) (i32.const 2048))
        (return (i32.const 2048))))
    (if (i32.eq (local.get $do) (i32.const 0x72)) ;; r: what the caller answers to its parameters
      (then
        (call $request (i32.const 0) (i32.const 0) (i32.const 1064) (i32.const 11)
          (local.get $params) (local.get $len) (i32.const 2048))
        (return (i32.const 2048))))
    (if (i32.eq (local.get $do) (i32.const 0x73)) ;; s: notify the caller
      (then
        (call $send (i32.const 0) (i32.const 0) (i32.const 1064) (i32.const 11)
          (local.get $params) (local.get $len) (i32.const 4096))
        (return (call $status (i32.load8_u (i32.const 4096)) (i32.load8_u (i32.const 4097))))))
    (if (i32.eq (local.get $do) (i32.const 0x53)) ;; S: notify nobody, 200 times
      (then (loop $again
        (call $send (i32.const 1075) (i32.const 6) (i32.const 1064) (i32.const 11)
          (local.get $params) (local.get $len) (i32.const 4096))
        (local.set $n (i32.add (local.get $n) (i32.const 1)))
        (br_if $again (i32.lt_u (local.get $n) (i32.const 200))))
        (return (call $status (i32.load8_u (i32.const 4096)) (i32.load8_u (i32.const 4097))))))
    (if (i32.eq (local.get $do) (i32.const 0x6b)) ;; k: what `kv-get` is refused with
      (then
        (call $kv_get (i32.const 1024) (i32.const 4) (i32.const 4096))
        (return (call $status (i32.load8_u (i32.const 4096)) (i32.load8_u (i32.const 4100))))))
    (if (i32.eq (local.get $do) (i32.const 0x31)) ;; 1: trap unless this is the first call of the instance
      (then (if (global.get $calls) (then (unreachable)))))
    (if (i32.eq (local.get $do) (i32.const 0x32)) ;; 2: trap if this is the first call of the instance
      (then (if (i32.eqz (global.get $calls)) (then (unreachable)))))
    (if (i32.eq (local.get $do) (i32.const 0x78)) ;; x: the parameters
      (then (return (call $ok (local.get $params) (local.get $len)))))
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (call $ok (i32.const 1024) (i32.const 4))))
