use std::time::Duration;

use pintle::plugin::{GuestLimits, Isolation, PluginInfo, inspect};

use crate::{ECHO, WASI, engine, limited, load, options};

/// Everything that a module needs, to be broken in turn.
const PARTS: &[(&str, &str)] = &[
    ("memory", r#"(memory (export "memory") 1)"#),
    ("marker", r#"(global (export "pintle_abi_1") i32 (i32.const 1))"#),
    ("alloc", r#"(func (export "pintle_alloc") (param i32) (result i32) (i32.const 8))"#),
    ("call", r#"(func (export "pintle_call") (param i32 i32 i32 i32) (result i64) (i64.const 0))"#),
];

/// A module with one part replaced.
fn module(part: &str, by: &str) -> String {
    let parts: Vec<_> = PARTS.iter().map(|(name, text)| if *name == part { by } else { *text }).collect();
    let import = if part == "import" { by } else { "" };
    let more = if part == "more" { by } else { "" };
    format!("(module {import} {} {more})", parts.join("\n"))
}

#[tokio::test]
async fn refuses_by_name() {
    let cases = [
        ("memory", "", "missing export `memory`"),
        ("memory", r#"(memory (export "memory") i64 1)"#, "64-bit memory"),
        ("memory", r#"(memory (export "memory") 1) (memory i64 1)"#, "64-bit memory"),
        ("memory", r#"(memory (export "memory") 1 1 shared)"#, "shared memory"),
        ("memory", r#"(func (export "memory"))"#, "`memory` is not a memory"),
        ("marker", "", "missing export `pintle_abi_1`"),
        ("marker", r#"(func (export "pintle_abi_2"))"#, "ABI version 2"),
        ("alloc", "", "missing export `pintle_alloc`: (i32) -> i32"),
        ("alloc", r#"(func (export "pintle_alloc"))"#, "`pintle_alloc` has the type () -> ()"),
        ("call", "", "missing export `pintle_call`: (i32, i32, i32, i32) -> i64"),
        ("call", r#"(global (export "pintle_call") i32 (i32.const 0))"#, "`pintle_call` is not a function"),
        ("more", r#"(func (export "pintle_free") (param i32))"#, "`pintle_free` has the type (i32) -> ()"),
        ("more", r#"(func (export "_initialize") (param i32))"#, "`_initialize` has the type (i32) -> ()"),
        ("import", r#"(import "env" "abort" (func))"#, "unknown import `env::abort`: () -> ()"),
        ("import", r#"(import "env" "memory" (memory 1))"#, "unknown import `env::memory`: memory"),
        ("import", r#"(import "pintle" "kv_drop" (func))"#, "unknown import `pintle::kv_drop`"),
        ("import", r#"(import "pintle" "log" (func (param i32)))"#, "expected (i32, i32, i32) -> ()"),
        ("import", r#"(import "wasi_snapshot_preview1" "fork" (func))"#, "wasi_snapshot_preview1::fork"),
        ("import", r#"(import "wasi_snapshot_preview1" "fd_close" (func))"#, "fd_close"),
        ("more", "(func $start unreachable) (start $start)", "start-up failed"),
        ("more", r#"(func (export "_initialize") unreachable)"#, "start-up failed"),
        ("more", r#"(@custom "pintle.interfaces" "{}")"#, "pintle.interfaces"),
    ];
    let engine = engine();
    for (part, by, expected) in cases {
        let error = load(&engine, &module(part, by), options(Isolation::Pool)).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{part} {by}: {error}");
    }
    load(&engine, &module("", ""), options(Isolation::Pool)).await.unwrap();
}

#[tokio::test]
async fn every_import_links() {
    let imports = r#"
        (import "pintle" "log" (func (param i32 i32 i32)))
        (import "pintle" "context" (func (param i32 i32) (result i32)))
        (import "pintle" "call" (func (param i32 i32 i32 i32) (result i64)))
        (import "pintle" "send" (func (param i32 i32 i32 i32 i32 i32) (result i32)))
        (import "pintle" "request" (func (param i32 i32 i32 i32 i32 i32) (result i64)))
        (import "pintle" "kv_get" (func (param i32 i32) (result i64)))
        (import "pintle" "kv_set" (func (param i32 i32 i32 i32) (result i32)))
        (import "pintle" "kv_delete" (func (param i32 i32) (result i32)))
        (import "pintle" "kv_add" (func (param i32 i32 i64 i32) (result i32)))
        (import "pintle" "kv_cas" (func (param i32 i32 i32 i32 i32 i32) (result i32)))
        (import "pintle" "kv_list" (func (param i32 i32 i32 i32) (result i64)))"#;
    load(&engine(), &module("import", imports), options(Isolation::Pool)).await.unwrap();
}

#[tokio::test]
async fn a_start_up_that_loops_is_refused() {
    let engine = engine();
    let limits = GuestLimits { start_time: Duration::from_millis(30), ..GuestLimits::default() };
    let loops =
        ["(func $start (loop (br 0))) (start $start)", r#"(func (export "_initialize") (loop (br 0)))"#];
    for by in loops {
        let options = limited(Isolation::Pool, limits.clone());
        let error = load(&engine, &module("more", by), options).await.unwrap_err().to_string();
        assert!(error.contains("start-up ran for more than 30ms"), "{error}");
    }
}

#[tokio::test]
async fn a_start_up_may_take_any_time() {
    let limits = GuestLimits { start_time: Duration::MAX, ..GuestLimits::default() };
    load(&engine(), ECHO, limited(Isolation::Single, limits)).await.unwrap();
}

/// Waiting is not running, but nobody waits for ever.
#[tokio::test]
async fn a_start_up_that_sleeps_is_refused() {
    let limits = GuestLimits { start_time: Duration::from_millis(30), ..GuestLimits::default() };
    // One subscription at 0: to the clock, in 10^15 nanoseconds.
    let sleeps = r#"(data (i32.const 16) "\00") (data (i32.const 24) "\00\80\c6\a4\7e\8d\03\00")
        (func (export "_initialize")
            (i32.store (i32.const 16) (i32.const 1))
            (drop (call $poll (i32.const 0) (i32.const 1024) (i32.const 1) (i32.const 2048))))"#;
    let poll = r#"(import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))"#;
    let sleepy = module("more", sleeps).replacen("(module", &format!("(module {poll}"), 1);
    let error = load(&engine(), &sleepy, limited(Isolation::Single, limits)).await.unwrap_err().to_string();
    assert!(error.contains("the deadline passed during start-up"), "{error}");
}

#[tokio::test]
async fn modules_over_the_limits_are_refused() {
    let engine = engine();
    let small = GuestLimits { module: 50, ..GuestLimits::default() };
    let error = load(&engine, ECHO, limited(Isolation::Pool, small)).await.unwrap_err().to_string();
    assert!(error.contains("the limit is 50"), "{error}");
    let fuel = GuestLimits { fuel: Some(1), ..GuestLimits::default() };
    let error = load(&engine, ECHO, limited(Isolation::Pool, fuel)).await.unwrap_err().to_string();
    assert!(error.contains("does not count fuel"), "{error}");
    let many = module("more", &"(global i64 (i64.const 0))".repeat(600_000));
    let error = load(&engine, &many, options(Isolation::Pool)).await.unwrap_err().to_string();
    assert!(error.contains("600001 globals") || error.contains("600000 globals"), "{error}");
    let large = module("memory", r#"(memory (export "memory") 1025)"#);
    let error = load(&engine, &large, options(Isolation::Pool)).await.unwrap_err().to_string();
    assert!(error.contains("start-up failed"), "{error}");
}

#[test]
fn describes_a_module() {
    let PluginInfo::Module(info) = inspect(&wat::parse_str(ECHO).unwrap()).unwrap() else { panic!() };
    assert_eq!(info.abi, Some(1));
    assert_eq!(info.interfaces, Some(vec!["Echo".to_owned()]));
    assert_eq!((info.memories.len(), info.memories[0].min, info.wasi), (1, 17, false));
    assert_eq!(info.exports, ["memory", "pintle_abi_1", "pintle_alloc", "pintle_free", "pintle_call"]);
    let PluginInfo::Module(info) = inspect(&wat::parse_str(WASI).unwrap()).unwrap() else { panic!() };
    assert!(info.wasi);
    assert_eq!(info.imports[3].name, "fd_write");
    assert_eq!(info.imports[3].kind, "(i32, i32, i32, i32) -> i32");
    assert!(matches!(inspect(b"\0asm\x0d\0\x01\0").unwrap(), PluginInfo::Component(_)));
    assert!(inspect(b"#!/bin/sh").is_err());
}
