//! The Python server that `gen python --server` writes, under Python 3 and under Jython 2.7: the cases of the core,
//! bodies that are wrong in some byte, and how handlers are called.

mod outside;

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::{cell::RefCell, fs, rc::Rc};

use pintle_tests::{Boundary, Core, Service, run, suites};
use pintle_toolchain::python;

/// A process that serves what it is told to.
struct Process {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
}

#[derive(Clone)]
struct Peer(Rc<RefCell<Process>>);

impl Peer {
    fn start(mut interpreter: Command) -> Peer {
        interpreter.arg(beside("cases.py")).arg(runtime());
        let mut child = interpreter.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a process");
        let (to, from) = (child.stdin.take(), child.stdout.take().expect("its output"));
        Peer(Rc::new(RefCell::new(Process { child, to, from: BufReader::new(from) })))
    }

    fn open(&self, service: &Service) -> Peer {
        let options = serde_json::to_value(&service.options).expect("options");
        let opened = serde_json::json!({ "idl": service.contract().to_json_pretty(), "options": options });
        self.tell("open", opened.to_string().as_bytes());
        self.clone()
    }

    fn tell(&self, what: &str, content: &[u8]) -> Option<Vec<u8>> {
        let process = &mut *self.0.borrow_mut();
        let mut line = format!("{what} ");
        for byte in content {
            write!(line, "{byte:02x}").expect("written");
        }
        line.push('\n');
        process.to.as_mut().expect("its input").write_all(line.as_bytes()).expect("a line told");
        line.clear();
        process.from.read_line(&mut line).expect("a line");
        let digits = line.trim_end();
        assert!(!digits.is_empty(), "the process is gone");
        let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).expect("hexadecimal digits");
        (digits != "-").then(|| (0..digits.len()).step_by(2).map(byte).collect())
    }
}

impl Boundary for Peer {
    fn send(&mut self, body: &[u8]) -> Option<Vec<u8>> {
        self.tell("send", body)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.to.take();
        let _ = self.child.wait();
    }
}

fn beside(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python").join(name)
}

/// A directory that holds the package of the server.
fn runtime() -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python_server");
    for file in python::runtime() {
        let path = dir.join(&file.path);
        fs::create_dir_all(path.parent().expect("a directory")).expect("made");
        // Tests run at the same time: a file is there in full or not at all.
        let part = path.with_extension(format!("{:?}.part", std::thread::current().id()));
        fs::write(&part, &file.text).expect("written");
        fs::rename(&part, &path).expect("moved");
    }
    dir
}

fn python3() -> Command {
    let mut python = outside::python();
    python.arg("-B");
    python
}

fn jython() -> Command {
    let mut jython = Command::new("jython");
    jython.env("PYTHONDONTWRITEBYTECODE", "1");
    jython
}

#[test]
fn every_case_under_python_3() {
    let peer = Peer::start(python3());
    run(|service| peer.open(service));
}

#[test]
fn every_case_under_jython() {
    let peer = Peer::start(jython());
    run(|service| peer.open(service));
}

const PLUGIN_FAILED: &str =
    r#""code":-32000,"message":"Plugin failed","data":{"detail":"The plugin did not answer as it must."}"#;
const RESULT: &str = r#""code":-32603,"message":"Internal error","data":{"detail":"The handler's result breaks the contract."}"#;
const BAD_ERROR: &str = r#""code":-32603,"message":"Internal error","data":{"detail":"The handler failed with an error that it may not use."}"#;

/// Bodies of the suites with one change each, and what the core answers to them.
#[test]
fn a_body_that_is_wrong_somewhere_is_answered_as_the_core_answers() {
    for interpreter in [python3(), jython()] {
        answers_as_the_core(&Peer::start(interpreter));
    }
}

fn answers_as_the_core(peer: &Peer) {
    const BYTES: &[u8] = b"\"\\{}[]:, \n\t0159.eE+-truefalsn_u\x00\x7f\x80\xc3\xed\xf0\xff";
    const TOKENS: &[&str] = &[
        "null",
        "true",
        "{}",
        "[]",
        "[[]]",
        "0",
        "-0",
        "7.0",
        "1e2",
        "1.5",
        "1e400",
        "9223372036854775808",
        "1e-9",
        r#""""#,
        r#""red""#,
        r#""\ud800""#,
        r#""\ud83d\ude00""#,
        r#""id""#,
        r#""Id""#,
        r#""\u0069d""#,
        r#""no such""#,
        r#""value""#,
        r#""jsonrpc""#,
        r#""params""#,
        r#"{"id":"i","count":1}"#,
        r#"{"id":"i","id":"j","more":{}}"#,
    ];
    let token = |byte: &u8| byte.is_ascii_alphanumeric() || b"\"._-+\\".contains(byte);
    let mut random = 1u64;
    let mut next = |below: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize % below.max(1)
    };
    let mut count = 0;
    for suite in suites() {
        let mut core = Core::open(&suite.service);
        let mut peer = peer.open(&suite.service);
        for case in suite.cases.iter().filter(|case| case.request.len() < 2_000) {
            for _ in 0..20 {
                let mut body = case.request.clone();
                let at = next(body.len());
                match next(8) {
                    0 => body.truncate(at),
                    1 if at < body.len() => drop(body.remove(at)),
                    2 if at < body.len() => body[at] = BYTES[next(BYTES.len())],
                    3 => body.insert(at, BYTES[next(BYTES.len())]),
                    _ => {
                        let start = body[..at].iter().rposition(|byte| !token(byte)).map_or(0, |at| at + 1);
                        let end =
                            at + body[at..].iter().position(|byte| !token(byte)).unwrap_or(body.len() - at);
                        body.splice(start..end, TOKENS[next(TOKENS.len())].bytes());
                    }
                }
                let [got, expected] = [peer.send(&body), core.send(&body)]
                    .map(|reply| reply.map(|reply| String::from_utf8_lossy(&reply).into_owned()));
                // The suite's plugin pastes texts into its answer; a handler in Python answers with a value that is none.
                let pasted = |reply: String| reply.replace(PLUGIN_FAILED, RESULT).replace(BAD_ERROR, RESULT);
                let [got, expected] = [got.map(pasted), expected.map(pasted)];
                assert_eq!(got, expected, "{}: {}", suite.file, String::from_utf8_lossy(&body));
                count += 1;
            }
        }
    }
    assert!(count > 5_000, "{count}");
}
