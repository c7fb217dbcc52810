//! The black-box suite: cases as data, run over every boundary by one thin driver each.
//!
//! A file of `cases/` is JSON lines. The first names the contract and what a server is configured with; each of the
//! others is a case, and they run in order against one service. The request is `send` (JSON, sent as it is written)
//! or `parts` (strings, `{"repeat", "times"}`, `{"hex"}`); `reply` is compared byte for byte, null is no reply.
//!
//! `PINTLE_ACCEPT=1` writes the replies that the core gives into the files; read the difference before you keep it.

mod server;

pub use server::Server;

use pintle_core::{
    Builder, Completion, Contract, Engine, ErrorPolicy, Exchange, Limits, Outcome, Step,
    idl::{self, Loader},
};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::{fs, path::PathBuf, sync::Arc};

/// A service and the cases that run against it.
pub struct Suite {
    /// The file's name.
    pub file: String,
    /// What is served.
    pub service: Service,
    /// In order.
    pub cases: Vec<Case>,
}

/// The first line of a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// A file of `contracts/`.
    pub contract: String,
    /// What the engine is built with.
    #[serde(default)]
    pub options: Options,
    /// Only for boundaries that add no built-ins of their own: the replies list them all.
    #[serde(default)]
    pub bare: bool,
}

/// What the boundaries can be configured with, by one name everywhere.
#[derive(Deserialize, serde::Serialize, Default, Clone)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Refuse fields that the contract does not name.
    #[serde(skip_serializing_if = "is_default")]
    pub strict: bool,
    /// `declared`, else any.
    #[serde(skip_serializing_if = "is_default")]
    pub errors: String,
    /// pulsar's server commands.
    #[serde(skip_serializing_if = "is_default")]
    pub commands: bool,
    /// Interfaces at paths.
    #[serde(skip_serializing_if = "is_default")]
    pub mounts: Vec<Mount>,
    /// Limits that differ from the default.
    #[serde(skip_serializing_if = "is_default")]
    pub limits: serde_json::Map<String, serde_json::Value>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// One interface at one path.
#[derive(Deserialize, serde::Serialize, Clone, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Mount {
    /// The path.
    pub at: String,
    /// The interface's name.
    pub interface: String,
}

/// One request and its reply.
pub struct Case {
    /// What it shows.
    pub name: String,
    /// The body.
    pub request: Vec<u8>,
    /// The exact reply.
    pub reply: Option<String>,
    line: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    case: String,
    #[serde(borrow)]
    send: Option<&'a RawValue>,
    parts: Option<Vec<Part>>,
    #[serde(borrow)]
    reply: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Part {
    Text(String),
    Repeat { repeat: String, times: usize },
    Hex { hex: String },
}

impl Part {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Part::Text(text) => text.clone().into_bytes(),
            Part::Repeat { repeat, times } => repeat.repeat(*times).into_bytes(),
            Part::Hex { hex } => {
                let digits: Vec<u8> =
                    hex.chars().filter_map(|digit| digit.to_digit(16)).map(|d| d as u8).collect();
                digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect()
            }
        }
    }
}

/// Where the suite's data lies.
pub fn directory(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The directory that cargo builds into, found from where the test runs.
fn target() -> PathBuf {
    let test = std::env::current_exe().expect("this test");
    test.ancestors().nth(3).expect("target/profile/deps").to_path_buf()
}

/// A file or directory that `cargo xtask test` builds before the tests.
///
/// # Panics
///
/// If it is not there.
pub fn artifact(path: &str) -> PathBuf {
    let path = target().join(path);
    assert!(path.exists(), "{} is missing: cargo xtask test builds it", path.display());
    path
}

/// A binary of the workspace, built in the profile of the tests.
///
/// # Panics
///
/// If it was not built.
pub fn binary(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("this test");
    let path = test.ancestors().nth(2).expect("target/profile/deps").join(name);
    assert!(path.exists(), "{} is missing: cargo build -p {name}", path.display());
    path
}

/// All suites, in the order of their files' names.
///
/// # Panics
///
/// If a file is not as it should be.
pub fn suites() -> Vec<Suite> {
    let entries = fs::read_dir(directory("cases")).expect("the cases");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a case file").path()).collect();
    files.sort();
    files.into_iter().map(|path| read(&path)).collect()
}

fn read(path: &PathBuf) -> Suite {
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let text = fs::read_to_string(path).expect("a case file");
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let service = serde_json::from_str(lines.next().expect("a service"));
    let service = service.unwrap_or_else(|why| panic!("{file}: {why}"));
    let cases = lines.map(|text| {
        let line: Line<'_> = serde_json::from_str(text).unwrap_or_else(|why| panic!("{file}: {why}: {text}"));
        let request = match (line.send, line.parts) {
            (Some(send), None) => send.get().as_bytes().to_vec(),
            (None, Some(parts)) => parts.iter().flat_map(Part::bytes).collect(),
            _ => panic!("{file}: a case has either send or parts: {text}"),
        };
        let reply = line.reply.map(|reply| reply.get().to_owned());
        Case { name: line.case, request, reply, line: text.into() }
    });
    let cases = cases.collect();
    Suite { file, service, cases }
}

/// Something that bodies can be sent to.
pub trait Boundary {
    /// The reply to `body`.
    fn send(&mut self, body: &[u8]) -> Option<Vec<u8>>;
}

/// Runs every case of every suite against what `open` makes of its service.
///
/// # Panics
///
/// If a reply is not as it should be; all of a suite's are shown.
pub fn run<B: Boundary>(open: impl FnMut(&Service) -> B) {
    run_where(|_| true, open);
}

/// The same for the suites whose service `fits`.
///
/// # Panics
///
/// If a reply is not as it should be; all of a suite's are shown.
pub fn run_where<B: Boundary>(fits: impl Fn(&Service) -> bool, mut open: impl FnMut(&Service) -> B) {
    let mut failures = Vec::new();
    let mut count = 0;
    for suite in suites().into_iter().filter(|suite| fits(&suite.service)) {
        let mut boundary = open(&suite.service);
        for case in &suite.cases {
            count += 1;
            let reply =
                boundary.send(&case.request).map(|reply| String::from_utf8_lossy(&reply).into_owned());
            if reply != case.reply {
                let [got, expected] = [&reply, &case.reply].map(|reply| reply.as_deref().unwrap_or("(none)"));
                failures
                    .push(format!("{}: {}\n  expected {expected}\n  got      {got}", suite.file, case.name));
            }
        }
    }
    assert!(count > 0, "no case was run");
    assert!(failures.is_empty(), "{} of {count} cases failed\n{}", failures.len(), failures.join("\n"));
}

/// Writes the replies that `open` gives into the case files.
///
/// # Panics
///
/// If a file cannot be written.
pub fn accept<B: Boundary>(mut open: impl FnMut(&Service) -> B) {
    for suite in suites() {
        let mut boundary = open(&suite.service);
        let path = directory("cases").join(&suite.file);
        let text = fs::read_to_string(&path).expect("a case file");
        let mut out: String = text.lines().take(1).map(|line| format!("{line}\n")).collect();
        for case in &suite.cases {
            let reply =
                boundary.send(&case.request).map(|reply| String::from_utf8_lossy(&reply).into_owned());
            let line = case.line.trim_end();
            let start = line.rfind(", \"reply\": ").map_or(&line[..line.len() - 1], |at| &line[..at]);
            out.push_str(&format!("{start}, \"reply\": {}}}\n", reply.as_deref().unwrap_or("null")));
        }
        fs::write(path, out).expect("the case file written");
    }
}

impl Service {
    /// The contract's text.
    ///
    /// # Panics
    ///
    /// If the file is missing.
    pub fn text(&self) -> String {
        fs::read_to_string(directory("contracts").join(&self.contract)).expect("a contract")
    }

    /// The contract.
    ///
    /// # Panics
    ///
    /// If it is not valid.
    pub fn contract(&self) -> Contract {
        struct One(String);
        impl Loader for One {
            fn load(&mut self, _: &str) -> Result<String, String> {
                Ok(self.0.clone())
            }
        }
        let parsed = idl::parse(&self.contract, &mut One(self.text()));
        parsed.contract.unwrap_or_else(|| panic!("{}: {:?}", self.contract, parsed.diagnostics))
    }

    /// The engine that serves it.
    ///
    /// # Panics
    ///
    /// If it cannot be built.
    pub fn engine(&self) -> Arc<Engine> {
        let options = &self.options;
        let policy = if options.errors == "declared" { ErrorPolicy::Declared } else { ErrorPolicy::Any };
        let mut limits = Limits::default();
        for (name, value) in &options.limits {
            let value = value.as_u64().expect("a number") as usize;
            match name.as_str() {
                "body" => limits.body = value,
                "depth" => limits.depth = value,
                "batch" => limits.batch = value,
                "reply" => limits.reply = value,
                "id" => limits.id = value,
                "problems" => limits.problems = value,
                _ => panic!("no limit {name}"),
            }
        }
        let mut builder: Builder = Engine::builder(self.contract())
            .strict(options.strict)
            .errors(policy)
            .commands(options.commands)
            .limits(limits);
        for mount in &options.mounts {
            builder = builder.mount(&mount.at, &mount.interface);
        }
        builder.build().unwrap_or_else(|why| panic!("{}: {why}", self.contract))
    }
}

/// The core itself.
pub struct Core {
    engine: Arc<Engine>,
    count: i64,
}

impl Core {
    /// Serves `service` in this process.
    pub fn open(service: &Service) -> Self {
        Core { engine: service.engine(), count: 0 }
    }
}

impl Boundary for Core {
    fn send(&mut self, body: &[u8]) -> Option<Vec<u8>> {
        let mut exchange = Exchange::open(&self.engine, body);
        loop {
            match exchange.poll() {
                Step::Call(call) => {
                    let method = &self.engine.method(call.method).name;
                    let answer = pintle_test_guest::behave(method, exchange.params(&call), &mut self.count);
                    let answer = pintle_test_guest::answer_object(answer);
                    let _: Completion = exchange.complete(call.ticket, Outcome::Answer(answer.as_bytes()));
                }
                Step::Admit(_) | Step::Wait | Step::Done => return Some(b"a step that never comes".to_vec()),
                Step::Reply(reply) => return reply,
            }
        }
    }
}
