;; The core module of a component of the bytes world: does with its bucket what the letter in the parameters, `["x"]`, says,
;; and answers what `kv.wat` answers; of a list, how many keys it has.
(module
  (import "pintle:plugin/host@1.0.0" "kv-get" (func $get (param i32 i32 i32)))
  (import "pintle:plugin/host@1.0.0" "kv-set" (func $set (param i32 i32 i32 i32 i32)))
  (import "pintle:plugin/host@1.0.0" "kv-delete" (func $delete (param i32 i32 i32)))
  (import "pintle:plugin/host@1.0.0" "kv-add" (func $add (param i32 i32 i64 i32)))
  (import "pintle:plugin/host@1.0.0" "kv-cas" (func $cas (param i32 i32 i32 i32 i32 i32 i32 i32)))
  (import "pintle:plugin/host@1.0.0" "kv-list" (func $list (param i32 i32 i32 i32 i32)))
  (memory (export "memory") 40)
  (global $top (mut i32) (i32.const 131072))
  (data (i32.const 1060) "key")
  (data (i32.const 1070) "count")
  (data (i32.const 1080) "\"kept\"\"next\"")
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
  ;; A number of one digit.
  (func $number (param $n i32) (result i32)
    (if (i32.lt_s (local.get $n) (i32.const 0)) (then
      (i32.store8 (i32.const 1024) (i32.const 45))
      (i32.store8 (i32.const 1025) (i32.sub (i32.const 48) (local.get $n)))
      (return (call $ok (i32.const 1024) (i32.const 2)))))
    (i32.store8 (i32.const 1024) (i32.add (i32.const 48) (local.get $n)))
    (call $ok (i32.const 1024) (i32.const 1)))
  ;; What lies at 3000 is a result: the refusal in it as the status that it has for modules, or what is given.
  (func $status (param $case i32) (param $else i32) (result i32)
    (if (i32.load8_u (i32.const 3000))
      (then (return (call $number (i32.sub (i32.const -1) (i32.load8_u (local.get $case)))))))
    (call $number (local.get $else)))
  (func (export "handle") (param i32 i32) (param $params i32) (param i32) (result i32)
    (local $do i32)
    (local.set $do (i32.load8_u offset=2 (local.get $params)))
    (if (i32.eq (local.get $do) (i32.const 0x73)) ;; s
      (then
        (call $set (i32.const 1060) (i32.const 3) (i32.const 1080) (i32.const 6) (i32.const 3000))
        (return (call $status (i32.const 3001) (i32.const 0)))))
    (if (i32.eq (local.get $do) (i32.const 0x67)) ;; g
      (then
        (call $get (i32.const 1060) (i32.const 3) (i32.const 3000))
        (if (i32.and (i32.eqz (i32.load8_u (i32.const 3000))) (i32.load8_u (i32.const 3004)))
          (then (return (call $ok (i32.load (i32.const 3008)) (i32.load (i32.const 3012))))))
        (return (call $status (i32.const 3004) (i32.const -1)))))
    (if (i32.eq (local.get $do) (i32.const 0x64)) ;; d
      (then
        (call $delete (i32.const 1060) (i32.const 3) (i32.const 3000))
        (return (call $status (i32.const 3001) (i32.const 0)))))
    (if (i32.eq (local.get $do) (i32.const 0x61)) ;; a
      (then
        (call $add (i32.const 1070) (i32.const 5) (i64.const 1) (i32.const 3000))
        (return (call $status (i32.const 3008) (i32.load (i32.const 3008))))))
    (if (i32.eq (local.get $do) (i32.const 0x62)) ;; b
      (then
        (call $add (i32.const 1060) (i32.const 3) (i64.const 1) (i32.const 3000))
        (return (call $status (i32.const 3008) (i32.const 0)))))
    (if (i32.eq (local.get $do) (i32.const 0x63)) ;; c
      (then
        (call $cas (i32.const 1060) (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 0)
          (i32.const 1080) (i32.const 6) (i32.const 3000))
        (return (call $status (i32.const 3001) (i32.eqz (i32.load8_u (i32.const 3001)))))))
    (if (i32.eq (local.get $do) (i32.const 0x6e)) ;; n
      (then
        (call $cas (i32.const 1060) (i32.const 3) (i32.const 1) (i32.const 1080) (i32.const 6)
          (i32.const 1086) (i32.const 6) (i32.const 3000))
        (return (call $status (i32.const 3001) (i32.eqz (i32.load8_u (i32.const 3001)))))))
    (if (i32.eq (local.get $do) (i32.const 0x6c)) ;; l
      (then
        (call $list (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 3000))
        (return (call $status (i32.const 3004) (i32.load (i32.const 3008))))))
    (if (i32.eq (local.get $do) (i32.const 0x66)) ;; f
      (then
        (loop $flood
          (i32.store (i32.const 1100) (i32.add (i32.load (i32.const 1100)) (i32.const 1)))
          (call $set (i32.const 1100) (i32.const 4) (i32.const 1100) (i32.const 4) (i32.const 3000))
          (br_if $flood (i32.eqz (i32.load8_u (i32.const 3000)))))
        (return (call $status (i32.const 3001) (i32.const 0)))))
    (if (i32.eq (local.get $do) (i32.const 0x76)) ;; v
      (then
        (loop $flood
          (call $set (i32.const 1060) (i32.const 3) (i32.const 0) (i32.const 1000000) (i32.const 3000))
          (br_if $flood (i32.eqz (i32.load8_u (i32.const 3000)))))
        (return (call $status (i32.const 3001) (i32.const 0)))))
    (if (i32.eq (local.get $do) (i32.const 0x72)) ;; r
      (then
        (loop $flood
          (call $get (i32.const 1060) (i32.const 3) (i32.const 3000))
          (br_if $flood (i32.eqz (i32.load8_u (i32.const 3000)))))
        (return (call $status (i32.const 3004) (i32.const 0)))))
    (if (i32.eq (local.get $do) (i32.const 0x6b)) ;; k
      (then
        (call $set (i32.const 0) (i32.const 1025) (i32.const 0) (i32.const 1) (i32.const 3000))
        (return (call $status (i32.const 3001) (i32.const 0)))))
    (if (i32.eq (local.get $do) (i32.const 0x65)) ;; e
      (then
        (call $set (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 3000))
        (return (call $status (i32.const 3001) (i32.const 0)))))
    (if (i32.eq (local.get $do) (i32.const 0x6f)) ;; o
      (then
        (call $set (i32.const 0) (i32.const 1) (i32.const 0) (i32.const 1048577) (i32.const 3000))
        (return (call $status (i32.const 3001) (i32.const 0)))))
    (unreachable)))
