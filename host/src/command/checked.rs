//! Calls of ours held against a contract, with the same exchange that a server would run.

use std::collections::BTreeMap;
use std::sync::Arc;

use pintle_core::{Call, Code, Completion, Engine, Exchange, Outcome, RpcError, Step};
use serde_json::value::{RawValue, Value};

/// A body that was checked and whose answers will be.
pub(crate) struct Checked {
    exchange: Exchange,
    calls: Vec<(Option<String>, Call)>,
    /// What the contract refuses, known before anything is sent.
    refusals: Vec<String>,
}

impl Checked {
    pub(crate) fn open(engine: &Arc<Engine>, body: &str) -> Checked {
        let refusals = refusals(engine, body);
        let mut exchange = Exchange::open(engine, body);
        let mut calls = Vec::new();
        while let Step::Call(call) = exchange.poll() {
            calls.push((exchange.request_id(&call.ticket).map(str::to_owned), call));
        }
        Checked { exchange, calls, refusals }
    }

    /// What is wrong with the calls; nothing of it should be sent.
    pub(crate) fn refusals(&self) -> &[String] {
        &self.refusals
    }

    /// Takes the server's reply and answers in what it breaks the contract.
    pub(crate) fn close(mut self, reply: &str) -> Vec<String> {
        let mut broken = Vec::new();
        let replies = replies(reply);
        for (id, call) in self.calls {
            let Some(result) = id.as_ref().and_then(|id| replies.get(id)) else { continue };
            if let Completion::Replaced(problems) =
                self.exchange.complete(call.ticket, Outcome::Return(result.get().as_bytes()))
            {
                broken.extend(problems.iter().map(ToString::to_string));
            }
        }
        broken
    }
}

/// Runs a body with no answers to give: every error that is not ours is the contract's.
fn refusals(engine: &Arc<Engine>, body: &str) -> Vec<String> {
    let mut exchange = Exchange::open(engine, body);
    let reply = loop {
        match exchange.poll() {
            Step::Call(call) => {
                let withheld = RpcError::from(Code::Cancelled);
                // A failure of the shell is always accepted.
                let _ = exchange.complete(call.ticket, Outcome::Fail(withheld));
            }
            Step::Reply(reply) => break reply.unwrap_or_default(),
            Step::Admit(_) | Step::Wait | Step::Done => break Vec::new(),
        }
    };
    let replies = match serde_json::from_slice(&reply) {
        Ok(Value::Array(all)) => all,
        Ok(one) => vec![one],
        Err(_) => Vec::new(),
    };
    let errors = replies.iter().filter_map(|reply| reply.get("error"));
    let refused = errors.filter(|error| error["code"] != Code::Cancelled.number());
    refused.flat_map(describe).collect()
}

fn describe(error: &Value) -> Vec<String> {
    if let Some(problems) = error["data"]["problems"].as_array() {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        return problems
            .iter()
            .map(|problem| {
                let (path, expected, got) =
                    (text(&problem["path"]), text(&problem["expected"]), text(&problem["got"]));
                format!("{path}: expected {expected}, got {got}")
            })
            .collect();
    }
    let detail = error["data"]["detail"].as_str().unwrap_or_default();
    vec![format!("{} {detail}", error["message"].as_str().unwrap_or_default())]
}

/// Results by the id of their request.
fn replies(text: &str) -> BTreeMap<String, Box<RawValue>> {
    type Members = BTreeMap<String, Box<RawValue>>;
    let all: Vec<Members> = match serde_json::from_str(text) {
        Ok(all) => all,
        Err(_) => serde_json::from_str(text).map(|one| vec![one]).unwrap_or_default(),
    };
    let result = |mut reply: Members| Some((reply.get("id")?.get().to_owned(), reply.remove("result")?));
    all.into_iter().filter_map(result).collect()
}
