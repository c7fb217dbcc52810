;; Does what the letter in the parameters, `["xPATH"]`, says, with that path in the first directory that it was given. What
;; goes wrong is answered as the number of the error.
(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_create_directory" (func $mkdir (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_unlink_file" (func $unlink (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_symlink" (func $symlink (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ_sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_get" (func $environ (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_dir_name" (func $name (param i32 i32 i32) (result i32)))
  (memory (export "memory") 2)
  (global (export "pintle_abi_1") i32 (i32.const 1))
  (global $top (mut i32) (i32.const 65536))
  (data (i32.const 1024) "{\"result\":    }")
  (data (i32.const 1100) "{\"result\":")
  (data (i32.const 1200) "../outside")
  (func (export "pintle_alloc") (param i32) (result i32)
    (global.get $top)
    (global.set $top (i32.add (global.get $top) (local.get 0))))
  (func (export "pintle_free") (param i32 i32)
    (global.set $top (i32.const 65536)))
  (func $number (param $n i32) (result i64)
    (i32.store8 (i32.const 1035) (select
      (i32.add (i32.const 48) (i32.div_u (local.get $n) (i32.const 10)))
      (i32.const 32)
      (i32.ge_u (local.get $n) (i32.const 10))))
    (i32.store8 (i32.const 1036) (i32.add (i32.const 48) (i32.rem_u (local.get $n) (i32.const 10))))
    (i64.const 0x4000000000f))
  ;; What stands at 1110, which is JSON, as the result.
  (func $result (param $len i32) (result i64)
    (i32.store8 (i32.add (i32.const 1110) (local.get $len)) (i32.const 125))
    (i64.or (i64.shl (i64.const 1100) (i64.const 32)) (i64.extend_i32_u (i32.add (local.get $len) (i32.const 11)))))
  (func (export "pintle_call") (param i32 i32) (param $params i32) (param $size i32) (result i64)
    (local $do i32) (local $path i32) (local $len i32) (local $error i32) (local $writes i32)
    (local.set $do (i32.load8_u offset=2 (local.get $params)))
    (local.set $path (i32.add (local.get $params) (i32.const 3)))
    (local.set $len (i32.sub (local.get $size) (i32.const 5)))
    (if (i32.eq (local.get $do) (i32.const 0x65)) ;; e: the environment, as one text
      (then
        (if (call $environ_sizes (i32.const 3000) (i32.const 3004)) (then (unreachable)))
        (if (i32.eqz (i32.load (i32.const 3000))) (then (return (call $number (i32.const 0)))))
        (i32.store8 (i32.const 1110) (i32.const 34))
        (if (call $environ (i32.const 3100) (i32.const 1111)) (then (unreachable)))
        (i32.store8 (i32.add (i32.const 1110) (i32.load (i32.const 3004))) (i32.const 34))
        (return (call $result (i32.add (i32.load (i32.const 3004)) (i32.const 1))))))
    (if (i32.eq (local.get $do) (i32.const 0x6e)) ;; n: the directory's name, of five bytes
      (then
        (i32.store8 (i32.const 1110) (i32.const 34))
        (local.set $error (call $name (i32.const 3) (i32.const 1111) (i32.const 5)))
        (if (local.get $error) (then (return (call $number (local.get $error)))))
        (i32.store8 (i32.const 1116) (i32.const 34))
        (return (call $result (i32.const 7)))))
    (if (i32.eq (local.get $do) (i32.const 0x64)) ;; d: make a directory
      (then (return (call $number (call $mkdir (i32.const 3) (local.get $path) (local.get $len))))))
    (if (i32.eq (local.get $do) (i32.const 0x75)) ;; u: remove a file
      (then (return (call $number (call $unlink (i32.const 3) (local.get $path) (local.get $len))))))
    (if (i32.eq (local.get $do) (i32.const 0x79)) ;; y: make a link that leads out
      (then (return (call $number (call $symlink
        (i32.const 1200) (i32.const 10) (i32.const 3) (local.get $path) (local.get $len))))))
    (if (i32.eq (local.get $do) (i32.const 0x68)) ;; h: keep a file open a thousand times; 99: that went well
      (then
        (loop $hoard
          (local.set $error (call $open
            (i32.const 3) (i32.const 1) (local.get $path) (local.get $len) (i32.const 0)
            (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 2000)))
          (local.set $writes (i32.add (local.get $writes) (i32.const 1)))
          (br_if $hoard (i32.and (i32.eqz (local.get $error)) (i32.lt_u (local.get $writes) (i32.const 1000)))))
        (return (call $number (select (local.get $error) (i32.const 99) (local.get $error))))))
    ;; r: read a file; w: write one
    (local.set $writes (i32.eq (local.get $do) (i32.const 0x77)))
    (local.set $error (call $open
      (i32.const 3) (i32.const 1) (local.get $path) (local.get $len)
      (select (i32.const 9) (i32.const 0) (local.get $writes)) ;; create, truncate
      (select (i64.const 64) (i64.const 2) (local.get $writes))
      (i64.const 0) (i32.const 0) (i32.const 2000)))
    (if (local.get $error) (then (return (call $number (local.get $error)))))
    (i32.store (i32.const 2004) (i32.const 1110))
    (i32.store (i32.const 2008) (i32.const 64))
    (if (local.get $writes) (then
      (i32.store (i32.const 2008) (i32.const 1))
      (return (call $number (call $write
        (i32.load (i32.const 2000)) (i32.const 2004) (i32.const 1) (i32.const 2012))))))
    (local.set $error (call $read (i32.load (i32.const 2000)) (i32.const 2004) (i32.const 1) (i32.const 2012)))
    (if (local.get $error) (then (return (call $number (local.get $error)))))
    (call $result (i32.load (i32.const 2012)))))
