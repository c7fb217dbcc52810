//! The cases, over the wasm-bindgen build of the core in Node.js, through the JavaScript loop.

use base64ct::{Base64, Encoding};
use pintle_tests::{Boundary, Service, artifact, directory, run};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A Node.js process that serves one contract.
struct Node {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

fn open(service: &Service) -> Node {
    let script = directory("../wasm/npm/test/cases.js");
    let mut command = Command::new("node");
    command.arg(script).arg(artifact("binding")).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("node");
    let mut node = Node {
        input: child.stdin.take().expect("its input"),
        output: BufReader::new(child.stdout.take().expect("its output")),
        child,
    };
    node.write(&serde_json::json!({"contract": service.text(), "options": service.options}));
    node
}

impl Node {
    fn write(&mut self, line: &serde_json::Value) {
        writeln!(self.input, "{line}").expect("node reads");
    }
}

impl Boundary for Node {
    fn send(&mut self, body: &[u8]) -> Option<Vec<u8>> {
        self.write(&serde_json::json!({"body": Base64::encode_string(body)}));
        let mut line = String::new();
        self.output.read_line(&mut line).expect("node answers");
        match line.trim() {
            "-" => None,
            reply => Some(Base64::decode_vec(reply).expect("a reply in base64")),
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn every_case_over_the_javascript_binding() {
    run(open);
}
