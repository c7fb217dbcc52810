//! Replies: one for each request that is not a notification, in order, whatever else the body holds.

use proptest::prelude::*;

use pintle_core::{Limits, RpcError};

use crate::choices::{Choices, cases, choices};
use crate::document::{Document, Text};
use crate::engine;

const DEPTH: usize = 4;
const BATCH: usize = 5;

/// What the reply to one element must be.
#[derive(Debug, PartialEq)]
struct Expected {
    id: Document,
    /// `None`: a result, or an error of its handler or parameters.
    code: Option<i32>,
}

fn error(id: Document, code: i32) -> Option<Expected> {
    Some(Expected { id, code: Some(code) })
}

/// One element read by the rules of the envelope; `None` for a notification.
fn element(request: &Document) -> Option<Expected> {
    let Document::Object(members) = request else { return error(Document::Null, -32600) };
    let all = |name: &str| -> Vec<&Document> {
        members.iter().filter(|(key, _)| key.value == name).map(|(_, value)| value).collect()
    };
    let ids = all("id");
    let id = match ids[..] {
        [id @ (Document::String(_) | Document::Number(_) | Document::Null)] => Some(id.clone()),
        _ => None,
    };
    let params = all("params");
    let well_formed = matches!(all("jsonrpc")[..], [Document::String(version)] if version.value == "2.0")
        && matches!(all("method")[..], [Document::String(_)])
        && params.len() <= 1
        && params.iter().all(|p| matches!(p, Document::Array(_) | Document::Object(_) | Document::Null))
        && (ids.is_empty() || id.is_some());
    if !well_formed {
        return error(id.unwrap_or(Document::Null), -32600);
    }
    let id = id?;
    match all("method")[..] {
        [Document::String(name)] if matches!(name.value.as_str(), "I.a" | "I.b") => {
            Some(Expected { id, code: None })
        }
        _ => error(id, -32601),
    }
}

/// Whether every string but those inside of `params` is text.
fn text_outside_params(request: &Document) -> bool {
    match request {
        Document::Object(members) => {
            members.iter().all(|(key, value)| key.paired && (key.value == "params" || value.paired()))
        }
        other => other.paired(),
    }
}

/// Whether a request nests deeper than it may: parameters have one level more, their own.
fn too_deep(request: &Document) -> bool {
    match request {
        Document::Object(members) => members.iter().any(|(key, value)| {
            let own = key.value == "params" && matches!(value, Document::Array(_) | Document::Object(_));
            value.depth() > DEPTH + usize::from(own)
        }),
        other => other.depth() > DEPTH,
    }
}

/// The replies to a body; `Err` for one error that answers all of it, by its possible codes.
fn expected(body: &[u8]) -> Result<Vec<Expected>, Vec<i32>> {
    let requests = match Document::read(body) {
        Some(Document::Array(requests)) if requests.is_empty() => return Err(vec![-32600]),
        Some(Document::Array(requests)) => requests,
        Some(request) => vec![request],
        // Read from the front, a limit may be met before the first mistake.
        None => return Err(vec![-32700, -32004]),
    };
    let mut codes = Vec::new();
    if requests.len() > BATCH || requests.iter().any(too_deep) {
        codes.push(-32004);
    }
    if !requests.iter().all(text_outside_params) {
        codes.push(-32700);
    }
    if codes.is_empty() { Ok(requests.iter().filter_map(element).collect()) } else { Err(codes) }
}

/// A request, most often nearly right. `I.a` is there without parameters, `I.b` with one.
fn request(choices: &mut Choices<'_>) -> Document {
    if choices.one_in(12) {
        return crate::document::document(choices, 2);
    }
    let mut members: Vec<(Text, Document)> = Vec::new();
    let mut add = |name: &str, value: Document| members.push((name.into(), value));
    if !choices.one_in(20) {
        add("jsonrpc", Document::string(choices.pick(&["2.0", "2.0", "2.0", "2.0", "2.0", "2", "1.0"])));
    }
    if !choices.one_in(20) {
        add(
            "method",
            Document::string(choices.pick(&["I.a", "I.b", "I.b", "I.c", "a", "__proto__", "I.a "])),
        );
    }
    match choices.below(8) {
        0 | 1 => add("params", Document::Array(vec![])),
        2 | 3 => add("params", Document::Array(vec![Document::Number("1.0".into())])),
        4 => add("params", Document::Object(vec![("n".into(), Document::Number("7".into()))])),
        5 => add("params", Document::Null),
        6 => add("params", crate::document::document(choices, 6)),
        _ => {}
    }
    match choices.below(8) {
        0..=3 => add("id", Document::Number(choices.below(100).to_string())),
        4 => add("id", Document::String(crate::document::text(choices))),
        5 => add("id", crate::document::document(choices, 1)),
        _ => {}
    }
    if choices.one_in(10) {
        add("more", crate::document::document(choices, 6));
    }
    if choices.one_in(15) && !members.is_empty() {
        let twice = members[choices.below(members.len())].clone();
        members.push(twice);
    }
    let turn = choices.below(members.len() + 1);
    members.rotate_left(turn);
    Document::Object(members)
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn each_request_has_its_reply(list in choices(250)) {
        let limits = Limits { depth: DEPTH, batch: BATCH, ..Limits::default() };
        let engine = engine("interface I { a() int b(n int) string }", |builder| builder.limits(limits));
        let choices = &mut Choices::new(&list);
        let batch = choices.one_in(2);
        let count = if batch { choices.below(BATCH + 2) } else { 1 };
        let mut requests: Vec<Document> = (0..count).map(|_| request(choices)).collect();
        let body = if batch { Document::Array(requests) } else { requests.remove(0) };
        let mut body = body.write(choices).into_bytes();
        if choices.one_in(3) {
            choices.damage(&mut body);
        }
        let shown = String::from_utf8_lossy(&body).into_owned();
        let answers: Vec<usize> = (0..BATCH).map(|_| choices.below(5)).collect();
        let mut calls = 0;
        let reply = engine.handle(body.as_slice(), |_, _| {
            calls += 1;
            match answers[(calls - 1) % BATCH] {
                0 | 1 => Ok("1"),
                2 => Ok("\"text\""),
                3 => Ok("no JSON"),
                _ => Err(RpcError::new(7, "of its own").with_data("[\n]")),
            }
        });
        let expected = expected(&body);
        let Some(reply) = reply else {
            prop_assert_eq!(expected, Ok(Vec::new()), "{}", shown);
            return Ok(());
        };
        let reply_shown = String::from_utf8(reply.clone()).expect("text");
        prop_assert!(!reply_shown.contains(['\n', '\r']));
        let found = match Document::read(&reply).expect("a reply is JSON") {
            Document::Array(responses) => {
                prop_assert!(!responses.is_empty() && body.trim_ascii_start()[0] == b'[');
                responses
            }
            one => vec![one],
        };
        let code = |response: &Document| -> Option<i32> {
            let Some(Document::Number(code)) = response.member("error")?.member("code") else { return Some(0) };
            Some(code.parse().expect("a code"))
        };
        for response in &found {
            let Document::Object(members) = response else { panic!("{reply_shown}") };
            let names: Vec<&str> = members.iter().map(|(key, _)| key.value.as_str()).collect();
            prop_assert!(matches!(names[..], ["jsonrpc", "result" | "error", "id"]), "{}", reply_shown);
            prop_assert_eq!(response.member("jsonrpc"), Some(&Document::string("2.0")));
        }
        match expected {
            Err(codes) => {
                prop_assert_eq!(found.len(), 1, "{}\n{}", shown, reply_shown);
                prop_assert!(codes.contains(&code(&found[0]).unwrap_or(0)), "{}\n{}", shown, reply_shown);
                prop_assert_eq!(found[0].member("id"), Some(&Document::Null));
            }
            Ok(expected) => {
                prop_assert_eq!(found.len(), expected.len(), "{}\n{}", shown, reply_shown);
                for (response, expected) in found.iter().zip(&expected) {
                    prop_assert_eq!(response.member("id"), Some(&expected.id), "{}\n{}", shown, reply_shown);
                    match (expected.code, code(response)) {
                        (Some(expected), found) => {
                            prop_assert_eq!(found, Some(expected), "{}\n{}", shown, reply_shown);
                        }
                        (None, found) => {
                            prop_assert!(matches!(found, None | Some(-32602 | -32603 | 7)), "{}", reply_shown);
                        }
                    }
                }
            }
        }
    }
}
