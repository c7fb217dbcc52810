;; Does what the letter in the parameters, `["x"]`, says.
(module
  (import "pintle" "log" (func $log (param i32 i32 i32)))
  (import "pintle" "context" (func $context (param i32 i32) (result i32)))
  (import "pintle" "request" (func $request (param i32 i32 i32 i32 i32 i32) (result i64)))
  (import "pintle" "kv_get" (func $kv_get (param i32 i32) (result i64)))
  (memory (export "memory") 2)
  (table $table 1 funcref)
  (global (export "pintle_abi_1") i32 (i32.const 1))
  (global $top (mut i32) (i32.const 65536))
  (global $calls (mut i32) (i32.const 0))
  (data (i32.const 1024) "{\"result\":\"ok\"}")
  (data (i32.const 1040) "{\"result\":\"full\"}")
  (data (i32.const 1060) "{\"result\":1,\"error\":{\"code\":1,\"message\":\"x\"}}")
  (data (i32.const 1120) "{\"result\":\"\ff\"}")
  (data (i32.const 1140) "running")
  (data (i32.const 1150) "{\"error\":{\"code\":42,\"message\":\"no\",\"data\":{\"a\":1}}}")
  (data (i32.const 1210) "two\0alines")
  (func (export "pintle_alloc") (param i32) (result i32)
    (global.get $top)
    (global.set $top (i32.add (global.get $top) (local.get 0))))
  (global $do (mut i32) (i32.const 0))
  (func (export "pintle_free") (param i32 i32)
    (if (i32.eq (global.get $do) (i32.const 0x78)) ;; x: trap here
      (then (unreachable)))
    (if (i32.eq (global.get $do) (i32.const 0x79)) ;; y: loop here
      (then (loop $for_ever (br $for_ever))))
    (global.set $top (i32.const 65536)))
  (func $answer (param $at i32) (param $len i32) (result i64)
    (i64.or (i64.shl (i64.extend_i32_u (local.get $at)) (i64.const 32)) (i64.extend_i32_u (local.get $len))))
  (func $running (call $log (i32.const 2) (i32.const 1140) (i32.const 7)))
  (func $deep (param i32) (result i32)
    (i32.add (call $deep (i32.add (local.get 0) (i32.const 1))) (i32.const 1)))
  (func (export "pintle_call") (param i32 i32 i32 i32) (result i64)
    (local $do i32) (local $n i32)
    (local.set $do (i32.load8_u offset=2 (local.get 2)))
    (global.set $do (local.get $do))
    (if (i32.eq (local.get $do) (i32.const 0x6c)) ;; l: loop
      (then (call $running) (loop $for_ever (br $for_ever))))
    (if (i32.eq (local.get $do) (i32.const 0x74)) ;; t: trap
      (then (unreachable)))
    (if (i32.eq (local.get $do) (i32.const 0x64)) ;; d: deep recursion
      (then (drop (call $deep (i32.const 0)))))
    (if (i32.eq (local.get $do) (i32.const 0x77)) ;; w: wild pointer
      (then (return (call $answer (i32.const 0xfffffff0) (i32.const 100)))))
    (if (i32.eq (local.get $do) (i32.const 0x6e)) ;; n: wild length
      (then (return (call $answer (i32.const 1024) (i32.const 0xffffffff)))))
    (if (i32.eq (local.get $do) (i32.const 0x62)) ;; b: both result and error
      (then (return (call $answer (i32.const 1060) (i32.const 45)))))
    (if (i32.eq (local.get $do) (i32.const 0x75)) ;; u: not UTF-8
      (then (return (call $answer (i32.const 1120) (i32.const 14)))))
    (if (i32.eq (local.get $do) (i32.const 0x65)) ;; e: an error of its own
      (then (return (call $answer (i32.const 1150) (i32.const 51)))))
    (if (i32.eq (local.get $do) (i32.const 0x67)) ;; g: flood of log lines
      (then (loop $flood
        (call $log (i32.const 0) (i32.const 1210) (i32.const 9))
        (local.set $n (i32.add (local.get $n) (i32.const 1)))
        (br_if $flood (i32.lt_u (local.get $n) (i32.const 1000))))))
    (if (i32.eq (local.get $do) (i32.const 0x66)) ;; f: log from a wild pointer
      (then (call $log (i32.const 0) (i32.const 0x7fffffff) (i32.const 9))))
    (if (i32.eq (local.get $do) (i32.const 0x6d)) ;; m: grow the memory for ever
      (then (loop $grow
        (br_if $grow (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))
        (return (call $answer (i32.const 1040) (i32.const 17)))))
    (if (i32.eq (local.get $do) (i32.const 0x54)) ;; T: grow the table for ever
      (then (loop $grow
        (br_if $grow (i32.ne (table.grow $table (ref.null func) (i32.const 1000)) (i32.const -1))))
        (return (call $answer (i32.const 1040) (i32.const 17)))))
    (if (i32.eq (local.get $do) (i32.const 0x61)) ;; a: an answer over the limit
      (then
        (drop (memory.grow (i32.const 200)))
        (return (call $answer (i32.const 1024) (i32.const 9000000)))))
    (if (i32.eq (local.get $do) (i32.const 0x63)) ;; c: the context, as the whole answer
      (then (return (call $answer (i32.const 4096) (call $context (i32.const 4096) (i32.const 1000))))))
    (if (i32.eq (local.get $do) (i32.const 0x72)) ;; r: what `request` answers
      (then (return (call $request (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))))
    (if (i32.eq (local.get $do) (i32.const 0x6b)) ;; k: trap unless kv_get is not granted
      (then (if (i64.ne (call $kv_get (i32.const 0) (i32.const 0)) (i64.const -2)) (then (unreachable)))))
    (if (i32.eq (local.get $do) (i32.const 0x31)) ;; 1: trap unless this is the first call of the instance
      (then (if (global.get $calls) (then (unreachable)))))
    (if (i32.eq (local.get $do) (i32.const 0x32)) ;; 2: trap if this is the first call of the instance
      (then (if (i32.eqz (global.get $calls)) (then (unreachable)))))
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (call $answer (i32.const 1024) (i32.const 15))))
