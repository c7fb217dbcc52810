//! Makes the calls of `test/requests.json`: the answers must be those of `test/replies.json`.

use std::process::Command;
use std::{env, fs};

#[test]
fn answers() {
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--release", "--target", "wasm32-unknown-unknown", "--target-dir", "target"]);
    assert!(build.status().expect("cargo").success(), "rustup target add wasm32-unknown-unknown");

    let pintle = env::var("PINTLE").unwrap_or_else(|_| "pintle".to_owned());
    let server = format!("stdio:{pintle} serve --stdio");
    let output = Command::new(&pintle)
        .args(["call", &server, "--timeout", "5m", "--batch", "test/requests.json"])
        .output()
        .expect("pintle");
    let answers = String::from_utf8_lossy(&output.stdout);
    let replies = fs::read_to_string("test/replies.json").expect("test/replies.json");
    assert!(answers == replies, "expected\n{replies}\ngot\n{answers}\n{}", String::from_utf8_lossy(&output.stderr));
}
