use std::sync::Arc;
use std::time::{Duration, Instant};

use pintle::plugin::{
    CallContext, Engine, EngineOptions, FailureKind, GuestLimits, Invocation, Isolation, Level, PluginOptions,
};
use pintle_core::Code;

use crate::{
    ALLOC, COMPONENT, ECHO, Got, HOSTILE, THREE_INSTANCES, TWO_MEMORIES, call, engine, limited, lines, load,
    ok, options, own, plugin,
};

/// Both do the same by the same letters.
const KINDS: [&str; 2] = [HOSTILE, COMPONENT];

fn short() -> GuestLimits {
    GuestLimits { run_time: Duration::from_millis(30), ..GuestLimits::default() }
}

/// Each fault fails its own call with the right code; the next call is served.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_ends_its_own_call_only() {
    const TRAP: (FailureKind, Code) = (FailureKind::Trap, Code::PluginFailed);
    const ANSWER: (FailureKind, Code) = (FailureKind::Answer, Code::PluginFailed);
    const TOO_LARGE: (FailureKind, Code) = (FailureKind::TooLarge, Code::TooLarge);
    const RUN_TIME: (FailureKind, Code) = (FailureKind::RunTime, Code::DeadlineExceeded);
    let of_modules = [('l', RUN_TIME), ('a', TOO_LARGE), ('b', ANSWER), ('u', ANSWER)];
    let of_modules = of_modules.into_iter().chain("tdwnf".chars().map(|letter| (letter, TRAP)));
    let of_components = [('l', RUN_TIME), ('a', TOO_LARGE), ('A', TOO_LARGE), ('j', ANSWER)];
    let of_components = of_components.into_iter().chain("tdwnfbuRFp".chars().map(|letter| (letter, TRAP)));
    let kinds: [(&str, Vec<_>); 2] = [(HOSTILE, of_modules.collect()), (COMPONENT, of_components.collect())];
    for (guest, cases) in &kinds {
        for isolation in [Isolation::Call, Isolation::Pool, Isolation::Single] {
            let plugin = plugin(guest, limited(isolation, short())).await;
            for (letter, (kind, code)) in cases {
                let failure = call(&plugin, &format!(r#"["{letter}"]"#)).await.unwrap_err();
                assert_eq!(
                    (failure.kind, failure.error.code),
                    (*kind, code.number()),
                    "{isolation:?} {letter}: {failure}"
                );
                // The caller learns of a limit; of what happened inside, nothing.
                let told = r#"{"detail":"The reply has more than 8388608 bytes."}"#;
                let told = (*kind == FailureKind::TooLarge).then_some(told);
                assert_eq!(
                    (failure.error.message.as_str(), failure.error.data.as_deref()),
                    (code.message(), told)
                );
                ok(&plugin).await;
            }
            let of = |wanted| cases.iter().filter(|(_, (kind, _))| *kind == wanted).count() as u64;
            let expected = (cases.len() as u64, of(FailureKind::Trap), of(FailureKind::RunTime));
            let counts = plugin.counts();
            assert_eq!((counts.errors, counts.traps, counts.timeouts), expected, "{isolation:?}");
            // What failed is gone, and what it had with it.
            assert!(counts.live <= 1 && plugin.instances().iter().all(|one| one.memory < 1 << 20));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn loops_leave_the_threads_to_others() {
    for guest in KINDS {
        loops_leave_the_threads(guest).await;
    }
}

async fn loops_leave_the_threads(guest: &str) {
    let engine = engine();
    let (log, mut lines) = lines();
    let limits = GuestLimits { run_time: Duration::from_secs(3600), ..GuestLimits::default() };
    let looping = PluginOptions { log, ..limited(Isolation::Pool, limits) };
    let looping = Arc::new(load(&engine, guest, looping).await.unwrap());
    let good = load(&engine, ECHO, options(Isolation::Pool)).await.unwrap();
    let loops: Vec<_> = (0..6)
        .map(|_| {
            let looping = looping.clone();
            tokio::spawn(async move { call(&looping, r#"["l"]"#).await })
        })
        .collect();
    for _ in &loops {
        assert_eq!(lines.recv().await.unwrap().2, "running");
    }
    for n in 0..10 {
        let params = format!("[{n}]");
        assert_eq!(call(&good, &params).await.unwrap(), Got::Result(params));
    }
    for task in loops {
        assert!(!task.is_finished());
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
    }
    // One idle instance was used by the first loop: all six are gone.
    assert_eq!((looping.counts().live, looping.counts().retired), (0, 6));
}

/// A tick is most of the time here, and a loop may begin anywhere in it.
#[tokio::test]
async fn no_loop_ends_before_its_run_time() {
    let engine = Engine::new(EngineOptions { tick: Duration::from_millis(20), ..EngineOptions::default() });
    let limits = GuestLimits { run_time: Duration::from_millis(30), ..GuestLimits::default() };
    let plugin = load(&engine.unwrap(), HOSTILE, limited(Isolation::Pool, limits.clone())).await.unwrap();
    for _ in 0..10 {
        tokio::time::sleep(Duration::from_millis(15)).await;
        let since = Instant::now();
        let failure = call(&plugin, r#"["l"]"#).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::RunTime);
        assert!(since.elapsed() >= limits.run_time, "{:?}", since.elapsed());
    }
}

#[tokio::test]
async fn the_deadline_ends_a_loop_before_its_run_time() {
    let limits = GuestLimits { run_time: Duration::from_secs(3600), ..GuestLimits::default() };
    let isolations = [Isolation::Call, Isolation::Pool, Isolation::Single];
    for (guest, isolation) in KINDS.into_iter().flat_map(|guest| isolations.map(|mode| (guest, mode))) {
        let plugin = plugin(guest, limited(isolation, limits.clone())).await;
        let deadline = Some(Instant::now() + Duration::from_millis(30));
        let invocation = Invocation { deadline, ..Invocation::new("Test.method", r#"["l"]"#) };
        let failure = plugin.call(invocation, own).await.unwrap_err();
        assert_eq!(failure.error.code, Code::DeadlineExceeded.number(), "{failure}");
        ok(&plugin).await;
    }
}

#[tokio::test]
async fn faulty_allocators() {
    const TRAP: FailureKind = FailureKind::Trap;
    let faults = [(1, FailureKind::RunTime), (2, TRAP), (3, TRAP)];
    let of_modules = [&faults[..], &[(4, TRAP)]].concat();
    for (guest, unit, answer, faults) in
        [(ALLOC, 0, "1", of_modules), (COMPONENT, 1000, r#""ok""#, faults.to_vec())]
    {
        let plugin = plugin(guest, limited(Isolation::Pool, short())).await;
        for (fault, kind) in faults {
            let method = "m".repeat(unit + fault);
            let failure = plugin.call(Invocation::new(&method, "[1,2]"), own).await.unwrap_err();
            assert_eq!(failure.kind, kind, "{failure}");
            assert!(fault != 4 || failure.reason.contains("calls the host for what needs"), "{failure}");
            assert_eq!(call(&plugin, "[1,2]").await.unwrap(), Got::Result(answer.to_owned()));
        }
    }
}

/// What fails after the answer is no matter of the caller, but the end of the instance.
#[tokio::test]
async fn a_faulty_free_loses_the_instance_only() {
    for isolation in [Isolation::Pool, Isolation::Single] {
        let plugin = plugin(HOSTILE, limited(isolation, short())).await;
        for letter in ["x", "y"] {
            let before = plugin.instances()[0].id;
            let answer = call(&plugin, &format!(r#"["{letter}"]"#)).await.unwrap();
            assert_eq!(answer, Got::Result(r#""ok""#.to_owned()), "{letter}");
            ok(&plugin).await;
            assert_ne!(plugin.instances()[0].id, before, "{isolation:?} {letter}");
        }
        let counts = plugin.counts();
        assert_eq!((counts.errors, counts.retired + counts.replaced), (0, 2), "{isolation:?}");
    }
}

#[tokio::test]
async fn growth_ends_at_the_limit() {
    let long = GuestLimits { run_time: Duration::from_secs(60), ..GuestLimits::default() };
    for guest in KINDS {
        let plugin = plugin(guest, limited(Isolation::Pool, long.clone())).await;
        for letter in ["m", "T"] {
            let full = Got::Result(r#""full""#.to_owned());
            assert_eq!(call(&plugin, &format!(r#"["{letter}"]"#)).await.unwrap(), full);
        }
    }
    // All instances of a component together, memories and tables: 60 pages are all, 3 × 2 thousand elements are one.
    let limits = GuestLimits { memory: 60 << 16, memory_mark: 1 << 20, ..long.clone() };
    let three = plugin(THREE_INSTANCES, limited(Isolation::Pool, limits)).await;
    let Got::Result(held) = call(&three, "[1,2]").await.unwrap() else { panic!() };
    let [pages, elements]: [usize; 2] = serde_json::from_str(&held).unwrap();
    let held = (pages << 16) + elements * 8000;
    assert!((59 << 16..=60 << 16).contains(&held) && elements > 3, "{pages} {elements}");
    assert!(three.instances().is_empty());
    // Both memories together, and allocated on demand: a slot has one.
    let limits = GuestLimits { memory: 100 << 16, ..long };
    let plugin = plugin(TWO_MEMORIES, limited(Isolation::Call, limits)).await;
    assert_eq!(call(&plugin, "[1,2]").await.unwrap(), Got::Result("0100".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trap_leaves_ten_neighbours_alone() {
    for guest in KINDS {
        let plugin = plugin(guest, options(Isolation::Pool)).await;
        let calls: Vec<_> = (0..11)
            .map(|n| {
                let plugin = plugin.clone();
                tokio::spawn(async move { call(&plugin, if n == 5 { r#"["t"]"# } else { r#"["m"]"# }).await })
            })
            .collect();
        for (n, task) in calls.into_iter().enumerate() {
            assert_eq!(task.await.unwrap().is_err(), n == 5);
        }
    }
}

#[tokio::test]
async fn a_log_flood_is_cut_and_counted() {
    for guest in KINDS {
        let (log, mut lines) = lines();
        let limits = GuestLimits { log_lines: 7, ..GuestLimits::default() };
        let plugin = plugin(guest, PluginOptions { log, ..limited(Isolation::Pool, limits) }).await;
        call(&plugin, r#"["g"]"#).await.unwrap();
        for _ in 0..7 {
            let line = (Level::Error, "Test.method".to_owned(), "two\\nlines".to_owned());
            assert_eq!(lines.recv().await.unwrap(), line);
        }
        assert_eq!(lines.recv().await.unwrap().2, "993 log lines dropped");
        assert_eq!(plugin.counts().log_dropped, 993);
        assert!(lines.is_empty());
    }
}

struct Ctx;

impl CallContext for Ctx {
    fn json(&self) -> String {
        r#"{"result":"ctx"}"#.to_owned()
    }
}

#[tokio::test]
async fn imports_answer() {
    let plugin = plugin(HOSTILE, options(Isolation::Pool)).await;
    let context: Option<Arc<dyn CallContext>> = Some(Arc::new(Ctx));
    let invocation = Invocation { context, ..Invocation::new("Test.method", r#"["c"]"#) };
    assert_eq!(plugin.call(invocation, own).await.unwrap(), Got::Result(r#""ctx""#.to_owned()));
    // The context of one call is not the next one's.
    assert_eq!(call(&plugin, r#"["c"]"#).await.unwrap_err().kind, FailureKind::Answer);
    assert_eq!(call(&plugin, r#"["r"]"#).await.unwrap(), Got::Error(Code::MethodNotFound.number()));
    assert_eq!(call(&plugin, r#"["e"]"#).await.unwrap(), Got::Error(42));
    call(&plugin, r#"["k"]"#).await.unwrap();
}

#[tokio::test]
async fn fuel_bounds_a_call() {
    let engine = Engine::new(EngineOptions { slots: 10, fuel: true, ..EngineOptions::default() }).unwrap();
    let limits = GuestLimits { fuel: Some(10_000), ..GuestLimits::default() };
    for guest in KINDS {
        let plugin = load(&engine, guest, limited(Isolation::Pool, limits.clone())).await.unwrap();
        for _ in 0..3 {
            ok(&plugin).await;
            let failure = call(&plugin, r#"["l"]"#).await.unwrap_err();
            assert_eq!(failure.kind, FailureKind::RunTime, "{failure}");
        }
        let free = load(&engine, guest, options(Isolation::Pool)).await.unwrap();
        call(&free, r#"["m"]"#).await.unwrap();
    }
}
