//! `pintle serve` from outside: what listens where, and what is told when nothing does.

mod command;

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::Stdio;

use command::{file, pintle, run};

const CONTRACT: &str = "namespace t\ninterface S {\n  f(n int) int\n}\ninterface Client {\n  note(text string)\n}\n\
     interface Told {\n  joined(id string)\n}\n";
const REQUEST: &str = r#"{"jsonrpc":"2.0","id":1,"method":"S.f","params":[1]}"#;
const REPLY: &str = r#"{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found","#;

#[test]
fn standard_input_is_answered_on_standard_output() {
    let dir = tempfile::tempdir().unwrap();
    let contract = file(&dir, "c.pulse", CONTRACT);
    let (code, out, err) = run(&["serve", "--stdio", &contract], &format!("{REQUEST}\n\n{REQUEST}\n"));
    assert_eq!(code, Some(0), "{err}");
    assert!(err.contains("listening stdio\n"), "{err}");
    let lines: Vec<&str> = out.lines().collect();
    assert!(lines.len() == 2 && lines.iter().all(|line| line.starts_with(REPLY)), "{out}");
    let framed = format!("Content-Length: {}\r\n\r\n{REQUEST}", REQUEST.len());
    let (code, out, _) = run(&["serve", "--stdio", "--framing", "content-length", &contract], &framed);
    assert_eq!(code, Some(0));
    assert!(out.starts_with("Content-Length: ") && out.contains(REPLY), "{out}");
}

#[test]
fn each_flag_is_a_listener_with_a_line_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let contract = file(&dir, "c.pulse", CONTRACT);
    let mut command = pintle(&["serve", "--http", "127.0.0.1:0", "--tcp", "127.0.0.1:0", &contract]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(out.next().unwrap().starts_with("listening http://127.0.0.1:"));
    let line = out.next().unwrap();
    let address = line.strip_prefix("listening tcp://").unwrap_or_else(|| panic!("{line}"));
    let mut stream = BufReader::new(TcpStream::connect(address).unwrap());
    stream.get_mut().write_all(format!("{REQUEST}\n").as_bytes()).unwrap();
    let mut reply = String::new();
    stream.read_line(&mut reply).unwrap();
    assert!(reply.starts_with(REPLY), "{reply}");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn what_cannot_be_served_is_told() {
    let dir = tempfile::tempdir().unwrap();
    file(&dir, "c.pulse", CONTRACT);
    file(&dir, "empty.pem", "");
    for (listen, code, part) in [
        ("callbacks = [\"Cleint\"]", 1, "callbacks: the contract has no interface Cleint"),
        (
            "on_connect = \"S.joined\"",
            1,
            "on_connect = \"S.joined\": it must take one string: the contract has no such method",
        ),
        ("on_connect = \"Told.joined\"", 1, "on_connect = \"Told.joined\": no plugin serves Told"),
        ("on_disconnect = \"S.f\"", 1, "on_disconnect = \"S.f\": it must take one string"),
        (
            "kind = \"tcp\"\ndialect = \"simplerpc\"",
            1,
            "interface: this dialect speaks for one interface: say which",
        ),
        (
            "kind = \"tcp\"\ndialect = \"simplerpc\"\ninterface = \"T\"",
            1,
            "interface: the contract has no interface T",
        ),
        ("tls = { certificate = \"none.pem\", key = \"empty.pem\" }", 3, "none.pem: No such file"),
        (
            "tls = { certificate = \"empty.pem\", key = \"empty.pem\" }",
            3,
            "there is no PEM certificate inside",
        ),
    ] {
        let text = format!("contract = \"c.pulse\"\n[[listen]]\n{listen}\n");
        let text = text.replace("[[listen]]", "[[listen]]\naddress = \"127.0.0.1:0\"");
        let manifest = file(&dir, "pintle.toml", &text);
        let (got, _, err) = run(&["serve", &manifest], "");
        assert!(got == Some(code) && err.contains(part), "{listen}: {got:?} {err}");
    }
    let contract = file(&dir, "c.pulse", CONTRACT);
    let (code, _, err) = run(&["serve", "--dialect", "simplerpc", &contract], "");
    assert!(code == Some(1) && err.contains("--dialect simplerpc fits none of the listeners"), "{err}");
}
