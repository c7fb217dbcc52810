//! `pintle call` against peers of the test: every transport that is more than HTTP, and what strangers write.

mod command;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

use command::{file, run};
use serde_json::{Value, json};

const CONTRACT: &str = "namespace shop\n\nerrors {\n  7 SoldOut \"Sold out\"\n}\n\ninterface Shop {\n  \
                        find(name string) string\n}\n";

/// A listener, and the target that it is.
fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = format!("tcp://{}", listener.local_addr().unwrap());
    (listener, target)
}

/// Answers the lines of one connection and says what they were.
fn lines(listener: TcpListener, answer: fn(&Value) -> String) -> JoinHandle<Vec<Value>> {
    thread::spawn(move || {
        let mut stream = listener.accept().unwrap().0;
        let mut seen = Vec::new();
        for line in BufReader::new(stream.try_clone().unwrap()).lines() {
            let request: Value = serde_json::from_str(&line.unwrap()).unwrap();
            stream.write_all(answer(&request).as_bytes()).unwrap();
            seen.push(request);
        }
        seen
    })
}

fn result(request: &Value, result: Value) -> String {
    format!("{}\n", json!({ "jsonrpc": "2.0", "id": request["id"], "result": result }))
}

#[test]
fn tcp_with_a_contract_from_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let contract = file(&dir, "shop.pulse", CONTRACT);
    let (listener, target) = listen();
    let server = lines(listener, |request| result(request, json!("a\u{1b}[31m")));
    let args = ["call", &target, "desk.find", "name=12", "--contract", &contract, "--mount", "desk=Shop"];
    // What a stranger writes does not move the cursor.
    assert_eq!(run(&args, ""), (Some(0), "\"a\\u001b[31m\"\n".to_owned(), String::new()));
    let seen = server.join().unwrap();
    assert_eq!((&seen[0]["method"], &seen[0]["params"]), (&json!("desk.find"), &json!(["12"])));
}

#[test]
fn the_contract_comes_over_the_same_connection() {
    let (listener, target) = listen();
    let server = lines(listener, |request| match request["method"].as_str() {
        Some("pulserpc-idl") => {
            let contract = "[{\"type\":\"interface\",\"name\":\"Shop\",\"functions\":[{\"name\":\"find\",\"params\":[],\
                            \"returns\":{\"type\":\"string\",\"isArray\":false}}]}]";
            result(request, serde_json::from_str(contract).unwrap())
        }
        _ => result(request, json!(1)),
    });
    let (code, _, err) = run(&["call", &target, "Shop.find"], "");
    assert_eq!((code, err.contains("breaks the server's contract")), (Some(1), true), "{err}");
    assert_eq!(server.join().unwrap().len(), 2);
}

#[test]
fn a_batch_over_tcp_keeps_the_ids_of_its_file() {
    let (listener, target) = listen();
    let server = lines(listener, |requests| {
        let requests = requests.as_array().unwrap();
        let failed =
            json!({ "jsonrpc": "2.0", "id": requests[1]["id"], "error": { "code": 7, "message": "x" } });
        format!("{failed}\n{}", result(&requests[0], json!([1.0])))
    });
    let batch = r#"[{"method":"a.b","id":"first"},{"method":"c","params":[1]}]"#;
    let (code, out, err) = run(&["call", &target, "--batch", "-", "--unchecked"], batch);
    let first = r#"{"jsonrpc":"2.0","result":[1.0],"id":"first"}"#;
    let second = r#"{"jsonrpc":"2.0","error":{"code":7,"message":"x"},"id":2}"#;
    assert_eq!((code, out), (Some(1), format!("[{first},{second}]\n")), "{err}");
    assert_eq!(server.join().unwrap()[0][1]["params"], json!([1]));
}

#[test]
fn a_notification_is_sent_before_the_command_ends() {
    let (listener, target) = listen();
    let server = lines(listener, |_| String::new());
    let args = ["call", &target, "Log.write", "text=hello", "--notify", "--unchecked"];
    assert_eq!(run(&args, ""), (Some(0), String::new(), String::new()));
    let seen = server.join().unwrap();
    assert_eq!(seen, [json!({ "jsonrpc": "2.0", "method": "Log.write", "params": { "text": "hello" } })]);
}

#[test]
fn measured_bodies() {
    let (listener, target) = listen();
    let server = thread::spawn(move || {
        let mut stream: TcpStream = listener.accept().unwrap().0;
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut head = String::new();
        reader.read_line(&mut head).unwrap();
        let length = head.trim().strip_prefix("Content-Length: ").unwrap().parse().unwrap();
        let mut body = vec![0; length];
        reader.read_line(&mut head).unwrap();
        reader.read_exact(&mut body).unwrap();
        let answer = result(&serde_json::from_slice(&body).unwrap(), json!("yes"));
        stream.write_all(format!("Content-Length: {}\r\n\r\n{answer}", answer.len()).as_bytes()).unwrap();
    });
    let args = ["call", &target, "a", "--framing", "content-length", "--unchecked"];
    assert_eq!(run(&args, "").1, "\"yes\"\n");
    server.join().unwrap();
}

#[test]
fn errors_have_their_names_and_their_exit_codes() {
    let dir = tempfile::tempdir().unwrap();
    let contract = file(&dir, "shop.pulse", CONTRACT);
    let failed = |flags: &[&str]| {
        let (listener, target) = listen();
        lines(listener, |request| {
            let error = json!({ "code": 7, "message": "\u{202e}gone", "data": { "left": 0 } });
            format!("{}\n", json!({ "jsonrpc": "2.0", "id": request["id"], "error": error }))
        });
        run(&[&["call", &target, "Shop.find", "name=x", "--contract", &contract], flags].concat(), "")
    };
    let (code, out, err) = failed(&[]);
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert_eq!(err, "error: \\u202egone (SoldOut, 7): {\"left\":0}\n");
    let (code, out, _) = failed(&["--json"]);
    assert_eq!(
        (code, out.as_str()),
        (Some(1), "{\"code\":7,\"message\":\"\\u202egone\",\"data\":{\"left\":0}}\n")
    );
    // A server that hangs up, and one that says nothing.
    let (listener, target) = listen();
    thread::spawn(move || drop(listener.accept()));
    let (code, _, err) = run(&["call", &target, "a", "--unchecked"], "");
    assert_eq!((code, err.contains("connection is gone")), (Some(3), true), "{err}");
    let (_listener, target) = listen();
    let (code, _, err) = run(&["call", &target, "a", "--unchecked", "--timeout", "50ms"], "");
    assert_eq!((code, err.contains("within 50ms")), (Some(3), true), "{err}");
}

#[cfg(unix)]
#[test]
fn a_command_is_a_server() {
    let dir = tempfile::tempdir().unwrap();
    let answer = r#"{"jsonrpc":"2.0","id":1,"result":"from a script"}"#;
    let script = file(&dir, "server", &format!("read line\necho '{answer}'\nread line\n"));
    let (code, out, err) = run(&["call", &format!("stdio:sh {script}"), "a", "--unchecked"], "");
    assert_eq!((code, out.as_str(), err.as_str()), (Some(0), "\"from a script\"\n", ""));
}
