//! The core-module ABI, version 1: names, and the form of an answer.

use base64ct::{Base64, Encoding};
use pintle_core::RpcError;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::Reached;

pub(super) const MEMORY: &str = "memory";
pub(super) const MARKER: &str = "pintle_abi_1";
pub(super) const MARKER_PREFIX: &str = "pintle_abi_";
pub(super) const ALLOC: &str = "pintle_alloc";
pub(super) const CALL: &str = "pintle_call";
pub(super) const FREE: &str = "pintle_free";
pub(super) const INITIALIZE: &str = "_initialize";
pub(super) const INTERFACES: &str = "pintle.interfaces";
pub(super) const HOST: &str = "pintle";
pub(super) const WASI: &str = "wasi_snapshot_preview1";

/// What a guest answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer<'a> {
    /// The whole answer object, which has a result and no error: valid UTF-8. What is inside of it is for the core
    /// to judge, as [`Outcome::Answer`](pintle_core::Outcome::Answer), in the one pass that validates the result.
    Result(&'a [u8]),
    /// The result alone, as a component gives it: JSON text if the guest is honest, which is for the core to judge as
    /// [`Outcome::Return`](pintle_core::Outcome::Return).
    Return(String),
    /// The error that the handler answered. Its data, if any, is JSON.
    Error(RpcError),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Outer<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    result: Option<&'a RawValue>,
    #[serde(borrow, default)]
    error: Option<Inner<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Inner<'a> {
    code: i32,
    message: String,
    #[serde(borrow, default, deserialize_with = "present")]
    data: Option<&'a RawValue>,
}

/// Tells `null` from absence.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// Reads the object that `pintle_call` answers: exactly one of `result` and `error`, nothing else.
///
/// The usual form is recognised by its ends, so that the result is read once, by the validator. An object
/// that could also hold an `error` goes the long way.
pub(super) fn parse(bytes: &[u8]) -> Result<Answer<'_>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "the answer is not UTF-8".to_owned())?;
    if let Some(inner) = text.strip_prefix(r#"{"result":"#).and_then(|rest| rest.strip_suffix('}'))
        && !inner.contains(r#""error""#)
    {
        return Ok(Answer::Result(bytes));
    }
    let outer: Outer<'_> =
        serde_json::from_str(text).map_err(|error| format!("the answer is not an answer object: {error}"))?;
    match (outer.result, outer.error) {
        (Some(_), None) => Ok(Answer::Result(bytes)),
        (None, Some(Inner { code, message, data })) => {
            Ok(Answer::Error(RpcError { code, message, data: data.map(|data| data.get().to_owned()) }))
        }
        _ => Err("the answer has not exactly one of result and error".to_owned()),
    }
}

/// The object that a guest reads when it has called others: the form that [`parse`] reads.
pub(super) fn object(answer: Reached) -> Vec<u8> {
    match answer {
        Ok(result) => format!(r#"{{"result":{result}}}"#).into(),
        Err(RpcError { code, message, data }) => {
            let data = data.map(|data| format!(r#","data":{data}"#)).unwrap_or_default();
            let message = serde_json::Value::from(message);
            format!(r#"{{"error":{{"code":{code},"message":{message}{data}}}}}"#).into()
        }
    }
}

/// The list that a guest reads when it has asked for keys: JSON, each in base64.
pub(super) fn keys(keys: &[Vec<u8>]) -> String {
    let quoted: Vec<String> = keys.iter().map(|key| format!("\"{}\"", Base64::encode_string(key))).collect();
    format!("[{}]", quoted.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_exactly_one_of_result_and_error() {
        let cases = [
            r#"{"result":null}"#,
            r#"{"result":{"a":[1]}}"#,
            r#"{ "result" : 1 }"#,
            r#"{"result":{"error":1}}"#,
        ];
        for text in cases {
            assert_eq!(parse(text.as_bytes()), Ok(Answer::Result(text.as_bytes())), "{text}");
        }
        let error = RpcError::new(7, "no").with_data("null");
        assert_eq!(parse(br#"{"error":{"code":7,"message":"no","data":null}}"#), Ok(Answer::Error(error)));
    }

    #[test]
    fn refuses_everything_else() {
        let cases: &[&[u8]] = &[
            b"",
            b"null",
            b"{}",
            b"[]",
            br#"{"result":1,"error":{"code":1,"message":""}}"#,
            br#"{"error":{"code":1,"message":""},"result":1}"#,
            br#"{"error":{"code":1,"message":"","more":1}}"#,
            br#"{"error":{"code":1.5,"message":""}}"#,
            br#"{"error":{"code":3000000000,"message":""}}"#,
            br#"{"error":{"code":1}}"#,
            br#"{"error":null}"#,
            br#"{"other":1}"#,
            br#"{"error":{"code":1,"message":""},"error":{"code":1,"message":""}}"#,
            br#"{"error":{"code":1,"message":""}} {}"#,
            b"{\"result\":\"\xff\"}",
        ];
        for case in cases {
            assert!(parse(case).is_err(), "{}", String::from_utf8_lossy(case));
        }
    }
}
