;; The catalogue of shop.pulse in the text form of WebAssembly: no allocator but a number that grows during a call, no
;; JSON but what is answered, and one text to read. Texts in data end with a zero, which memory is full of.
(module
  (@custom "pintle.interfaces" "[\"CatalogService\"]")
  (memory (export "memory") 1)
  (global (export "pintle_abi_1") i32 (i32.const 1))

  ;; The products: ids in rows of 16 bytes, each with its JSON in a row of 256.
  (global $products i32 (i32.const 3))
  (global $ids i32 (i32.const 256))
  (global $rows i32 (i32.const 1024))
  (data (i32.const 256) "mouse")
  (data (i32.const 272) "keyboard")
  (data (i32.const 288) "desk")
  (data (i32.const 1024)
    "{\"productId\":\"mouse\",\"name\":\"Mouse\",\"description\":\"Three buttons, no wire\",\"price\":29.99,\"stock\":50}")
  (data (i32.const 1280)
    "{\"productId\":\"keyboard\",\"name\":\"Keyboard\",\"description\":\"Clicks when you type\",\"price\":89.5,\"stock\":25,"
    "\"imageUrl\":\"https://shop.example/keyboard.jpg\"}")
  (data (i32.const 1536)
    "{\"productId\":\"desk\",\"name\":\"Desk \\\"Élan\\\"\",\"description\":\"Stands up with you\",\"price\":1299.95,\"stock\":2}")

  (data (i32.const 0) "CatalogService.listProducts")
  (data (i32.const 32) "CatalogService.getProduct")
  (data (i32.const 64) "{\"result\":")
  (data (i32.const 80) "null")
  (data (i32.const 96) "{\"error\":{\"code\":-32601,\"message\":\"Method not found\"}")

  ;; What the host writes and what it reads lies behind all that, until the answer was taken.
  (global $start i32 (i32.const 4096))
  (global $top (mut i32) (i32.const 4096))
  ;; Where the answer ends that is being written.
  (global $end (mut i32) (i32.const 0))

  (func $alloc (export "pintle_alloc") (param $len i32) (result i32)
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
    (global.set $top (global.get $start)))

  (func (export "pintle_call")
    (param $method i32) (param $method_len i32) (param $params i32) (param $params_len i32) (result i64)
    (local $answer i32)
    (local.set $answer (call $alloc (i32.const 1024)))
    (if (i32.eqz (local.get $answer)) (then unreachable))
    (global.set $end (local.get $answer))
    (if (call $is (local.get $method) (local.get $method_len) (i32.const 0))
      (then (call $list_products))
      (else (if (call $is (local.get $method) (local.get $method_len) (i32.const 32))
        (then (call $get_product (local.get $params)))
        (else (call $put (i32.const 96))))))
    (call $put_byte (i32.const 0x7d))
    (i64.or
      (i64.shl (i64.extend_i32_u (local.get $answer)) (i64.const 32))
      (i64.extend_i32_u (i32.sub (global.get $end) (local.get $answer)))))

  (func $list_products
    (local $at i32)
    (call $put (i32.const 64))
    (call $put_byte (i32.const 0x5b))
    (loop $next
      (if (local.get $at) (then (call $put_byte (i32.const 0x2c))))
      (call $put (call $row (local.get $at)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $at) (global.get $products))))
    (call $put_byte (i32.const 0x5d)))

  (func $get_product (param $params i32)
    (local $at i32) (local $id i32) (local $len i32)
    (call $text (local.get $params))
    (local.set $len)
    (local.set $id)
    (call $put (i32.const 64))
    (loop $next
      (if (call $is (local.get $id) (local.get $len)
            (i32.add (global.get $ids) (i32.shl (local.get $at) (i32.const 4))))
        (then (call $put (call $row (local.get $at))) (return)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $at) (global.get $products))))
    (call $put (i32.const 80)))

  (func $row (param $at i32) (result i32)
    (i32.add (global.get $rows) (i32.shl (local.get $at) (i32.const 8))))

  ;; Whether a piece of memory holds a text of the data.
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

  ;; The first string of some JSON, which the host has checked, without its escapes: they become shorter, so it is undone
  ;; where it stands. No id has a letter beyond ASCII, so one byte that no text has stands for each of those.
  (func $text (param $json i32) (result i32 i32)
    (local $from i32) (local $to i32) (local $c i32)
    (loop $next
      (local.set $c (i32.load8_u (local.get $json)))
      (local.set $json (i32.add (local.get $json) (i32.const 1)))
      (br_if $next (i32.ne (local.get $c) (i32.const 0x22))))
    (local.set $from (local.get $json))
    (local.set $to (local.get $json))
    (block $done
      (loop $next
        (local.set $c (i32.load8_u (local.get $json)))
        (br_if $done (i32.eq (local.get $c) (i32.const 0x22)))
        (local.set $json (i32.add (local.get $json) (i32.const 1)))
        (if (i32.eq (local.get $c) (i32.const 0x5c)) (then
          (local.set $c (i32.load8_u (local.get $json)))
          (local.set $json (i32.add (local.get $json) (i32.const 1)))
          (if (i32.eq (local.get $c) (i32.const 0x75))
            (then
              (local.set $c (call $code (local.get $json)))
              (local.set $json (i32.add (local.get $json) (i32.const 4))))
            ;; Of the other escapes, quote, backslash and slash stand for themselves; letters are control characters.
            (else (if (i32.gt_u (local.get $c) (i32.const 0x60)) (then (local.set $c (i32.const 255))))))))
        (i32.store8 (local.get $to) (local.get $c))
        (local.set $to (i32.add (local.get $to) (i32.const 1)))
        (br $next)))
    (local.get $from)
    (i32.sub (local.get $to) (local.get $from)))

  ;; Four hexadecimal digits; 255 for what is beyond ASCII.
  (func $code (param $at i32) (result i32)
    (local $left i32) (local $code i32) (local $digit i32)
    (local.set $left (i32.const 4))
    (loop $next
      (local.set $digit (i32.load8_u (local.get $at)))
      ;; Letters of either case are 9 more than their low four bits.
      (local.set $digit
        (i32.add
          (i32.and (local.get $digit) (i32.const 15))
          (i32.mul (i32.const 9) (i32.gt_u (local.get $digit) (i32.const 0x39)))))
      (local.set $code (i32.or (i32.shl (local.get $code) (i32.const 4)) (local.get $digit)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $next (local.get $left)))
    (select (i32.const 255) (local.get $code) (i32.gt_u (local.get $code) (i32.const 127))))

  ;; Writes a text of the data behind the answer.
  (func $put (param $text i32)
    (local $c i32)
    (loop $next
      (local.set $c (i32.load8_u (local.get $text)))
      (if (local.get $c) (then
        (call $put_byte (local.get $c))
        (local.set $text (i32.add (local.get $text) (i32.const 1)))
        (br $next)))))

  (func $put_byte (param $c i32)
    (i32.store8 (global.get $end) (local.get $c))
    (global.set $end (i32.add (global.get $end) (i32.const 1)))))
