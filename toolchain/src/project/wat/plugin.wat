;; Serves contract/{{contract}}. The host has checked the parameters, and it checks the results.
(module
  (@custom "pintle.interfaces" {{interfaces}})
  (memory (export "memory") {{pages}})
  (global (export "pintle_abi_1") i32 (i32.const 1))

  ;; Texts, which end with a zero: of each method its name and its answer.
{{each placed}}
  (data (i32.const {{name_at}}) "{{method}}")
  (data (i32.const {{answer_at}}) "{{answer}}")
{{end}}

  ;; What the host writes lies behind them, until it has taken the answer.
  (global $heap i32 (i32.const {{heap}}))
  (global $top (mut i32) (i32.const {{heap}}))
{{each placed}}

  ;; {{method}} takes its parameters, a JSON list, and answers with the address of an answer and its length.
  (func ${{function}} (param $params i32) (param $params_len i32) (result i32 i32)
    (i32.const {{answer_at}})
    (call $length (i32.const {{answer_at}})))
{{end}}

  (func (export "pintle_call")
    (param $method i32) (param $method_len i32) (param $params i32) (param $params_len i32) (result i64)
{{each placed}}
    (if (call $is (local.get $method) (local.get $method_len) (i32.const {{name_at}}))
      (then (return (call $answer (call ${{function}} (local.get $params) (local.get $params_len))))))
{{end}}
    unreachable)

  (func (export "pintle_alloc") (param $len i32) (result i32)
    (local $new i32)
    (local $pages i32)
    (local.set $new (i32.add (global.get $top) (local.get $len)))
    ;; A length that no memory has, the sum of which may have wrapped around.
    (if (i32.gt_u (local.get $len) (i32.const 0x10000000)) (then (return (i32.const 0))))
    (local.set $pages
      (i32.sub (i32.add (i32.shr_u (local.get $new) (i32.const 16)) (i32.const 1)) (memory.size)))
    (if (i32.gt_s (local.get $pages) (i32.const 0)) (then
      (if (i32.eq (memory.grow (local.get $pages)) (i32.const -1)) (then (return (i32.const 0))))))
    (global.get $top)
    (global.set $top (local.get $new)))

  (func (export "pintle_free") (param i32 i32)
    (global.set $top (global.get $heap)))

  (func $answer (param $at i32) (param $len i32) (result i64)
    (i64.or
      (i64.shl (i64.extend_i32_u (local.get $at)) (i64.const 32))
      (i64.extend_i32_u (local.get $len))))

  ;; Whether a piece of memory holds a text.
  (func $is (param $bytes i32) (param $len i32) (param $text i32) (result i32)
    (block $differs
      (loop $next
        (if (i32.eqz (local.get $len)) (then (return (i32.eqz (i32.load8_u (local.get $text))))))
        (br_if $differs (i32.ne (i32.load8_u (local.get $bytes)) (i32.load8_u (local.get $text))))
        (local.set $bytes (i32.add (local.get $bytes) (i32.const 1)))
        (local.set $text (i32.add (local.get $text) (i32.const 1)))
        (local.set $len (i32.sub (local.get $len) (i32.const 1)))
        (br $next)))
    (i32.const 0))

  (func $length (param $text i32) (result i32)
    (local $end i32)
    (local.set $end (local.get $text))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (i32.load8_u (local.get $end))))
        (local.set $end (i32.add (local.get $end) (i32.const 1)))
        (br $next)))
    (i32.sub (local.get $end) (local.get $text))))
