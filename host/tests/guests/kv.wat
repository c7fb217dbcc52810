;; Does with its bucket what the letter in the parameters, `["x"]`, says, and answers the status if nothing else is said.
(module
  (import "pintle" "kv_get" (func $get (param i32 i32) (result i64)))
  (import "pintle" "kv_set" (func $set (param i32 i32 i32 i32) (result i32)))
  (import "pintle" "kv_delete" (func $delete (param i32 i32) (result i32)))
  (import "pintle" "kv_add" (func $add (param i32 i32 i64 i32) (result i32)))
  (import "pintle" "kv_cas" (func $cas (param i32 i32 i32 i32 i32 i32) (result i32)))
  (import "pintle" "kv_list" (func $list (param i32 i32 i32 i32) (result i64)))
  (memory (export "memory") 40)
  (global (export "pintle_abi_1") i32 (i32.const 1))
  (global $top (mut i32) (i32.const 131072))
  (data (i32.const 1024) "{\"result\": 0}")
  (data (i32.const 1060) "key")
  (data (i32.const 1070) "count")
  (data (i32.const 1080) "{\"result\":\"kept\"}")
  (data (i32.const 1100) "{\"result\":\"next\"}")
  (func (export "pintle_alloc") (param i32) (result i32)
    (global.get $top)
    (global.set $top (i32.add (global.get $top) (local.get 0))))
  (func (export "pintle_free") (param i32 i32)
    (global.set $top (i32.const 131072)))
  (func $answer (param $at i32) (param $len i32) (result i64)
    (i64.or (i64.shl (i64.extend_i32_u (local.get $at)) (i64.const 32)) (i64.extend_i32_u (local.get $len))))
  ;; A number of one digit.
  (func $number (param $n i32) (result i64)
    (i32.store8 (i32.const 1034) (i32.const 32))
    (if (i32.lt_s (local.get $n) (i32.const 0)) (then
      (i32.store8 (i32.const 1034) (i32.const 45))
      (local.set $n (i32.sub (i32.const 0) (local.get $n)))))
    (i32.store8 (i32.const 1035) (i32.add (i32.const 48) (local.get $n)))
    (call $answer (i32.const 1024) (i32.const 13)))
  (func (export "pintle_call") (param i32 i32 i32 i32) (result i64)
    (local $do i32) (local $n i32) (local $status i32) (local $found i64)
    (local.set $do (i32.load8_u offset=2 (local.get 2)))
    (if (i32.eq (local.get $do) (i32.const 0x73)) ;; s: set, to what is an answer
      (then (return (call $number (call $set (i32.const 1060) (i32.const 3) (i32.const 1080) (i32.const 17))))))
    (if (i32.eq (local.get $do) (i32.const 0x67)) ;; g: get, and answer the value, or the status
      (then
        (local.set $found (call $get (i32.const 1060) (i32.const 3)))
        (if (i64.gt_s (local.get $found) (i64.const 0)) (then (return (local.get $found))))
        (return (call $number (i32.wrap_i64 (local.get $found))))))
    (if (i32.eq (local.get $do) (i32.const 0x64)) ;; d: delete
      (then (return (call $number (call $delete (i32.const 1060) (i32.const 3))))))
    (if (i32.eq (local.get $do) (i32.const 0x61)) ;; a: add 1, and answer the sum, or the status
      (then
        (local.set $status (call $add (i32.const 1070) (i32.const 5) (i64.const 1) (i32.const 2000)))
        (if (local.get $status) (then (return (call $number (local.get $status)))))
        (return (call $number (i32.load (i32.const 2000))))))
    (if (i32.eq (local.get $do) (i32.const 0x62)) ;; b: add to what is no counter
      (then (return (call $number (call $add (i32.const 1060) (i32.const 3) (i64.const 1) (i32.const 2000))))))
    (if (i32.eq (local.get $do) (i32.const 0x63)) ;; c: set if it is absent
      (then (return (call $number (call $cas
        (i32.const 1060) (i32.const 3) (i32.const 0) (i32.const -1) (i32.const 1080) (i32.const 17))))))
    (if (i32.eq (local.get $do) (i32.const 0x6e)) ;; n: from the one value to the next
      (then (return (call $number (call $cas
        (i32.const 1060) (i32.const 3) (i32.const 1080) (i32.const 17) (i32.const 1100) (i32.const 17))))))
    (if (i32.eq (local.get $do) (i32.const 0x6c)) ;; l: list, as the result
      (then
        (local.set $n (global.get $top))
        (memory.copy (local.get $n) (i32.const 1024) (i32.const 10))
        (global.set $top (i32.add (local.get $n) (i32.const 10)))
        (local.set $found (call $list (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))
        (if (i64.lt_s (local.get $found) (i64.const 0)) (then (return (call $number (i32.wrap_i64 (local.get $found))))))
        (i32.store8 (global.get $top) (i32.const 125))
        (return (call $answer (local.get $n) (i32.add (i32.wrap_i64 (local.get $found)) (i32.const 11))))))
    (if (i32.eq (local.get $do) (i32.const 0x66)) ;; f: flood of keys, up to the first refusal
      (then
        (loop $flood
          (i32.store (i32.const 2000) (local.get $n))
          (local.set $n (i32.add (local.get $n) (i32.const 1)))
          (local.set $status (call $set (i32.const 2000) (i32.const 4) (i32.const 2000) (i32.const 4)))
          (br_if $flood (i32.eqz (local.get $status))))
        (return (call $number (local.get $status)))))
    (if (i32.eq (local.get $do) (i32.const 0x72)) ;; r: flood of reading
      (then
        (loop $flood
          (local.set $found (call $get (i32.const 1060) (i32.const 3)))
          (br_if $flood (i64.ne (local.get $found) (i64.const -4))))
        (return (call $number (i32.wrap_i64 (local.get $found))))))
    (if (i32.eq (local.get $do) (i32.const 0x76)) ;; v: flood of large values under one key
      (then
        (loop $flood
          (local.set $status (call $set (i32.const 1060) (i32.const 3) (i32.const 0) (i32.const 1000000)))
          (br_if $flood (i32.eqz (local.get $status))))
        (return (call $number (local.get $status)))))
    (if (i32.eq (local.get $do) (i32.const 0x6b)) ;; k: a key that is too long
      (then (return (call $number (call $set (i32.const 0) (i32.const 1025) (i32.const 0) (i32.const 1))))))
    (if (i32.eq (local.get $do) (i32.const 0x65)) ;; e: an empty key
      (then (return (call $number (call $set (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 1))))))
    (if (i32.eq (local.get $do) (i32.const 0x6f)) ;; o: a value that is too long
      (then (return (call $number (call $set (i32.const 0) (i32.const 1) (i32.const 0) (i32.const 1048577))))))
    (if (i32.eq (local.get $do) (i32.const 0x77)) ;; w: a wild key
      (then (return (call $number (call $delete (i32.const -8) (i32.const 9))))))
    (if (i32.eq (local.get $do) (i32.const 0x57)) ;; W: a wild place for the sum
      (then (return (call $number (call $add (i32.const 1070) (i32.const 5) (i64.const 1) (i32.const -4))))))
    (if (i32.eq (local.get $do) (i32.const 0x74)) ;; t: set, then trap
      (then (drop (call $set (i32.const 1060) (i32.const 3) (i32.const 1080) (i32.const 17))) (unreachable)))
    (if (i32.eq (local.get $do) (i32.const 0x7a)) ;; z: set, then loop for ever
      (then
        (drop (call $set (i32.const 1060) (i32.const 3) (i32.const 1080) (i32.const 17)))
        (loop $for_ever (br $for_ever))))
    (unreachable)))
