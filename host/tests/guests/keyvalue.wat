;; The core module of a component that keeps things by wasi:keyvalue. It opens the bucket that the parameters, `["xNAME"]`,
;; name and does what the letter says. What is refused is answered as -1 - the case of the error.
(module
  (import "wasi:keyvalue/store@0.2.0-draft" "open" (func $open (param i32 i32 i32)))
  (import "wasi:keyvalue/store@0.2.0-draft" "[method]bucket.get" (func $get (param i32 i32 i32 i32)))
  (import "wasi:keyvalue/store@0.2.0-draft" "[method]bucket.set" (func $set (param i32 i32 i32 i32 i32 i32)))
  (import "wasi:keyvalue/store@0.2.0-draft" "[method]bucket.delete" (func $delete (param i32 i32 i32 i32)))
  (import "wasi:keyvalue/store@0.2.0-draft" "[method]bucket.exists" (func $exists (param i32 i32 i32 i32)))
  (import "wasi:keyvalue/store@0.2.0-draft" "[method]bucket.list-keys" (func $list (param i32 i32 i64 i32)))
  (import "wasi:keyvalue/store@0.2.0-draft" "[resource-drop]bucket" (func $close (param i32)))
  (import "wasi:keyvalue/atomics@0.2.0-draft" "increment" (func $increment (param i32 i32 i32 i64 i32)))
  (memory (export "memory") 8)
  (global $top (mut i32) (i32.const 131072))
  (data (i32.const 1060) "key")
  (data (i32.const 1070) "count")
  (data (i32.const 1080) "\"kept\"")
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $top) (i32.const 7)) (i32.const -8)))
    (global.set $top (i32.add (local.get $at) (local.get 3)))
    (local.get $at))
  (func (export "cabi_post_handle") (param i32)
    (global.set $top (i32.const 131072)))
  (func $ok (param $at i32) (param $len i32) (result i32)
    (i32.store8 (i32.const 2048) (i32.const 0))
    (i32.store (i32.const 2052) (local.get $at))
    (i32.store (i32.const 2056) (local.get $len))
    (i32.const 2048))
  ;; A number of up to three digits, or a negative one of one.
  (func $number (param $n i32) (result i32)
    (local $at i32)
    (if (i32.lt_s (local.get $n) (i32.const 0)) (then
      (i32.store8 (i32.const 1024) (i32.const 45))
      (i32.store8 (i32.const 1025) (i32.sub (i32.const 48) (local.get $n)))
      (return (call $ok (i32.const 1024) (i32.const 2)))))
    (local.set $at (i32.const 1030))
    (loop $digits
      (local.set $at (i32.sub (local.get $at) (i32.const 1)))
      (i32.store8 (local.get $at) (i32.add (i32.const 48) (i32.rem_u (local.get $n) (i32.const 10))))
      (local.set $n (i32.div_u (local.get $n) (i32.const 10)))
      (br_if $digits (local.get $n)))
    (call $ok (local.get $at) (i32.sub (i32.const 1030) (local.get $at))))
  (func $status (param $case i32) (param $else i32) (result i32)
    (if (i32.load8_u (i32.const 3000))
      (then (return (call $number (i32.sub (i32.const -1) (i32.load8_u (local.get $case)))))))
    (call $number (local.get $else)))
  (func (export "handle") (param i32 i32) (param $params i32) (param $size i32) (result i32)
    (local $do i32) (local $bucket i32) (local $count i32) (local $answer i32)
    (local.set $do (i32.load8_u offset=2 (local.get $params)))
    (call $open (i32.add (local.get $params) (i32.const 3)) (i32.sub (local.get $size) (i32.const 5)) (i32.const 3000))
    (if (i32.load8_u (i32.const 3000)) (then (return (call $status (i32.const 3004) (i32.const 0)))))
    (local.set $bucket (i32.load (i32.const 3004)))
    (if (i32.eq (local.get $do) (i32.const 0x73)) ;; s: set
      (then
        (call $set (local.get $bucket) (i32.const 1060) (i32.const 3) (i32.const 1080) (i32.const 6) (i32.const 3000))
        (local.set $answer (call $status (i32.const 3004) (i32.const 0)))))
    (if (i32.eq (local.get $do) (i32.const 0x67)) ;; g: get, 7 if there is nothing
      (then
        (call $get (local.get $bucket) (i32.const 1060) (i32.const 3) (i32.const 3000))
        (local.set $answer
          (if (result i32) (i32.and (i32.eqz (i32.load8_u (i32.const 3000))) (i32.load8_u (i32.const 3004)))
            (then (call $ok (i32.load (i32.const 3008)) (i32.load (i32.const 3012))))
            (else (call $status (i32.const 3004) (i32.const 7)))))))
    (if (i32.eq (local.get $do) (i32.const 0x64)) ;; d: delete
      (then
        (call $delete (local.get $bucket) (i32.const 1060) (i32.const 3) (i32.const 3000))
        (local.set $answer (call $status (i32.const 3004) (i32.const 0)))))
    (if (i32.eq (local.get $do) (i32.const 0x78)) ;; x: whether it exists
      (then
        (call $exists (local.get $bucket) (i32.const 1060) (i32.const 3) (i32.const 3000))
        (local.set $answer (call $status (i32.const 3004) (i32.load8_u (i32.const 3004))))))
    (if (i32.eq (local.get $do) (i32.const 0x69)) ;; i: add 5
      (then
        (call $increment (local.get $bucket) (i32.const 1070) (i32.const 5) (i64.const 5) (i32.const 3000))
        (local.set $answer (call $status (i32.const 3008) (i32.load (i32.const 3008))))))
    (if (i32.eq (local.get $do) (i32.const 0x68)) ;; h: add a huge number
      (then
        (call $increment (local.get $bucket) (i32.const 1070) (i32.const 5) (i64.const -1) (i32.const 3000))
        (local.set $answer (call $status (i32.const 3008) (i32.const 0)))))
    (if (i32.eq (local.get $do) (i32.const 0x77)) ;; w: list by a cursor that nobody gave
      (then
        (call $list (local.get $bucket) (i32.const 1) (i64.const 3) (i32.const 3000))
        (local.set $answer (call $status (i32.const 3008) (i32.const 0)))))
    (if (i32.eq (local.get $do) (i32.const 0x6c)) ;; l: how many keys all pages have, each page read twice
      (then
        (i32.store8 (i32.const 3016) (i32.const 0))
        (i64.store (i32.const 3024) (i64.const 0))
        (block $end
          (loop $pages
            (i64.store (i32.const 3100) (i64.load (i32.const 3024)))
            (i32.store (i32.const 3108) (i32.load8_u (i32.const 3016)))
            (call $list (local.get $bucket) (i32.load (i32.const 3108)) (i64.load (i32.const 3100)) (i32.const 3000))
            (call $list (local.get $bucket) (i32.load (i32.const 3108)) (i64.load (i32.const 3100)) (i32.const 3000))
            (br_if $end (i32.load8_u (i32.const 3000)))
            (local.set $count (i32.add (local.get $count) (i32.load (i32.const 3012))))
            (br_if $pages (i32.load8_u (i32.const 3016)))))
        (local.set $answer (call $status (i32.const 3008) (local.get $count)))))
    (call $close (local.get $bucket))
    (if (i32.eq (local.get $do) (i32.const 0x63)) ;; c: after it was closed
      (then (call $get (local.get $bucket) (i32.const 1060) (i32.const 3) (i32.const 3000))))
    (local.get $answer)))
