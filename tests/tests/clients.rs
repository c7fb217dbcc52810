//! Clients that others wrote, against the example `conform`.

#[path = "../../toolchain/tests/outside/mod.rs"]
mod outside;

use std::process::Command;

use jsonrpsee::core::client::ClientT;
use jsonrpsee::core::params::BatchRequestBuilder;
use jsonrpsee::core::{ClientError, RpcResult};
use jsonrpsee::http_client::HttpClient;
use jsonrpsee::rpc_params;
use pintle_tests::{Server, directory};
use serde_json::{Value, json};

/// Runs a script of `clients`, which ends by saying so.
#[track_caller]
fn talks(script: &str, server: &Server) {
    let mut node = Command::new("node");
    node.arg(directory("clients").join(script)).args(&server.urls);
    node.env("NODE_PATH", outside::node_dir().join("node_modules"));
    assert_eq!(outside::passes(node), "the conversation is over\n");
}

#[test]
fn jayson() {
    talks("jayson.js", &Server::example("conform"));
}

#[test]
fn json_rpc_2_0() {
    talks("json-rpc-2.0.js", &Server::example("conform"));
}

#[tokio::test]
async fn jsonrpsee_over_http() {
    let server = Server::example("conform");
    jsonrpsee(&HttpClient::builder().build(&server.urls[0]).expect("a client")).await;
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
