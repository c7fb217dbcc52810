//! Clients that others wrote, against the example `conform`.

#[path = "../../toolchain/tests/outside/mod.rs"]
mod outside;

use std::ffi::OsStr;
use std::fs;
use std::process::Command;

use jsonrpsee::core::client::ClientT;
use jsonrpsee::core::params::BatchRequestBuilder;
use jsonrpsee::core::{ClientError, RpcResult};
use jsonrpsee::http_client::HttpClient;
use jsonrpsee::rpc_params;
use jsonrpsee::ws_client::WsClientBuilder;
use pintle_tests::{Server, artifact, binary, directory};
use serde_json::{Value, json};

/// The example by every transport that clients of JSON-RPC come by.
fn conform() -> Server {
    let plugin = artifact("wasm32-unknown-unknown/guest/conform.wasm");
    Server::start(&format!(
        r#"
        contract = {:?}
        [[plugin]]
        path = {plugin:?}
        [[listen]]
        address = "127.0.0.1:0"
        [[listen]]
        kind = "tcp"
        address = "127.0.0.1:0"
        "#,
        directory("../examples/conform/conform.pulse")
    ))
}

/// A server that calls back, on one listener.
fn peers(listen: &str) -> String {
    let plugin = artifact("wasm32-unknown-unknown/guest/pintle_test_peers.wasm");
    let contract = directory("contracts/peers.pulse");
    format!(
        "contract = {contract:?}\n[[plugin]]\npath = {plugin:?}\n[plugin.grants]\nsend = true\n\
         [[listen]]\ncallbacks = [\"Peer\"]\n{listen}"
    )
}

fn web_socket(server: &Server) -> String {
    server.urls[0].replace("http://", "ws://")
}

/// Runs a script of `clients`, which ends by saying so.
#[track_caller]
fn talks<S: AsRef<OsStr>>(script: &str, args: impl IntoIterator<Item = S>) {
    let mut node = Command::new("node");
    node.arg(directory("clients").join(script)).args(args);
    node.env("NODE_PATH", outside::node_dir().join("node_modules"));
    assert_eq!(outside::passes(node), "the conversation is over\n");
}

#[test]
fn jayson_over_http_web_socket_and_tcp() {
    let server = conform();
    talks("jayson.js", [&server.urls[0], &web_socket(&server), &server.urls[1]]);
}

#[test]
fn json_rpc_2_0_over_http_and_web_socket() {
    let server = conform();
    talks("json-rpc-2.0.js", [&server.urls[0], &web_socket(&server)]);
}

#[test]
fn vscode_jsonrpc_over_tcp_both_ways() {
    let listen = "kind = \"tcp\"\naddress = \"127.0.0.1:0\"\nframing = \"content-length\"";
    talks("vscode-jsonrpc.js", &Server::start(&peers(listen)).urls);
}

#[test]
fn vscode_jsonrpc_over_stdio_both_ways() {
    let directory = tempfile::tempdir().expect("a directory");
    let manifest = directory.path().join("pintle.toml");
    fs::write(&manifest, peers("kind = \"stdio\"\nframing = \"content-length\"")).expect("a manifest");
    talks("vscode-jsonrpc.js", [binary("pintle").as_os_str(), "serve".as_ref(), manifest.as_os_str()]);
}

#[tokio::test]
async fn jsonrpsee_over_http_and_web_socket() {
    let server = conform();
    jsonrpsee(&HttpClient::builder().build(&server.urls[0]).expect("a client")).await;
    jsonrpsee(&WsClientBuilder::new().build(web_socket(&server)).await.expect("a client")).await;
}

async fn jsonrpsee(client: &impl ClientT) {
    let sum: i64 = client.request("Numbers.add", rpc_params![2, 3]).await.expect("a sum");
    assert_eq!(sum, 5);
    let person: Value = client.request("People.find", rpc_params!["Ada"]).await.expect("a person");
    assert_eq!(person["children"][1], json!({ "name": "Cleo", "kind": "stranger", "children": [] }));
    client.notification("Numbers.add", rpc_params![1, 1]).await.expect("sent");

    let refused = async |method: &str, params| match client.request::<Value, _>(method, params).await {
        Err(ClientError::Call(error)) => error.code(),
        other => panic!("{method}: {other:?}"),
    };
    assert_eq!(refused("Numbers.root", rpc_params![-1.0]).await, 100);
    assert_eq!(refused("Numbers.add", rpc_params![2]).await, -32602);
    assert_eq!(refused("Numbers.add", rpc_params![2, "3"]).await, -32602);
    assert_eq!(refused("rpc.constructor", rpc_params![]).await, -32601);

    let mut batch = BatchRequestBuilder::new();
    batch.insert("Numbers.add", rpc_params![1, 1]).expect("a call");
    batch.insert("Numbers.root", rpc_params![-4]).expect("a call");
    batch.insert("Numbers.reduce", rpc_params![[1.5, 2.0], "add"]).expect("a call");
    let replies = client.batch_request::<Value>(batch).await.expect("replies");
    let told = |reply: RpcResult<Value>| reply.unwrap_or_else(|error| json!(error.code()));
    let replies: Vec<Value> =
        replies.into_iter().map(|reply| told(reply.map_err(|error| error.into_owned()))).collect();
    assert_eq!(replies, [json!(2), json!(100), json!(3.5)]);
}
