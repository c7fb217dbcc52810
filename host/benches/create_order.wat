;; The core module of a component that exports OrderService of the checkout contract: every order is `order_1`.
(module
  (memory (export "memory") 2)
  (global $top (mut i32) (i32.const 65536))
  (data (i32.const 1024) "order_1")
  (func (export "cabi_realloc") (param i32 i32 i32) (param $len i32) (result i32)
    (global.get $top)
    (global.set $top (i32.add (global.get $top) (local.get $len))))
  ;; Six texts and an enum; ok({ order-id, message: none }).
  (func (export "pintle:checkout/order-service#create-order")
    (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
    (i32.store8 (i32.const 2048) (i32.const 0))
    (i32.store (i32.const 2052) (i32.const 1024))
    (i32.store (i32.const 2056) (i32.const 7))
    (i32.store8 (i32.const 2060) (i32.const 0))
    (i32.const 2048))
  (func (export "cabi_post_pintle:checkout/order-service#create-order") (param i32)
    (global.set $top (i32.const 65536)))
  (func (export "pintle:checkout/order-service#get-order") (param i32 i32) (result i32) (unreachable)))
