//! What comes back: a body of one response, or of several in any order.

use super::{CallError, Expected};
use crate::error::RpcError;
use crate::json::without_breaks;
use crate::json::{
    members::{Others, members},
    scan::{self, Fault, Surrogates, space},
    text::Unescaped,
};
use crate::limits::Limits;
use crate::names::order;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

/// The body of a reply, read.
///
/// A response is read however its server writes it: its members in any order, others beside them, no `jsonrpc`, and `null`
/// for the one of `result` and `error` that there is not.
#[derive(Debug)]
pub struct Replies {
    body: String,
    batch: bool,
    responses: Vec<Response>,
    /// The responses that have an id, sorted by it; equal ones in the order of the body.
    order: Vec<usize>,
}

/// One element of a reply.
#[derive(Debug)]
pub(crate) struct Response {
    /// A string or number, as it is written.
    id: Option<Range<usize>>,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Result(Range<usize>),
    Error(RpcError),
    /// Neither, and why.
    Bad(&'static str),
}

impl Replies {
    /// Reads a body: at most [`Limits::reply`] bytes, [`Limits::batch`] responses and, in error data, [`field@Limits::depth`]
    /// levels.
    ///
    /// # Errors
    /// [`CallError::Reply`]: then no call that was sent for it has an answer.
    pub fn read(body: impl Into<Vec<u8>>, limits: &Limits) -> Result<Replies, CallError> {
        let body = body.into();
        if body.len() > limits.reply {
            return Err(CallError::Reply("it is larger than the limit"));
        }
        let body = String::from_utf8(body).map_err(|_| CallError::Reply("it is not UTF-8"))?;
        let text = body.as_bytes();
        let mut at = space(text, 0);
        let batch = text.get(at) == Some(&b'[');
        let mut responses = Vec::new();
        if batch {
            at = space(text, at + 1);
            let mut more = text.get(at) != Some(&b']');
            if !more {
                at += 1;
            }
            while more {
                if responses.len() >= limits.batch {
                    return Err(CallError::Reply("it has more responses than the limit of a batch"));
                }
                let (response, end) = Response::read(&body, at, limits)?;
                responses.push(response);
                (at, more) = scan::next(text, end, b']').map_err(not_json)?;
            }
        } else {
            let (response, end) = Response::read(&body, at, limits)?;
            responses.push(response);
            at = end;
        }
        if space(text, at) != text.len() {
            return Err(CallError::Reply("it is not JSON"));
        }
        let id = |index: usize| responses.get(index).and_then(|response: &Response| response.id(&body));
        let mut order = order(responses.len(), &|a, b| compare(id(a), id(b)));
        order.retain(|&index| id(index).is_some());
        Ok(Replies { body, batch, responses, order })
    }

    /// The answer to the call that was sent with `id` and expects what `expected` says: the result as
    /// [`Expected::result`] gives it.
    ///
    /// Ids are compared as they are written, but for the escapes of a string. If the body is one error without an id, the
    /// server could not read what it got, and that is the answer to every call in it.
    ///
    /// # Errors
    /// [`CallError::Rpc`], [`CallError::Result`], [`CallError::Reply`] or [`CallError::Unanswered`].
    pub fn answer(&self, id: &str, expected: &Expected) -> Result<Cow<'_, str>, CallError> {
        let at = |place: usize| self.order.get(place).and_then(|&index| self.responses.get(index));
        let order = |response: &Response| compare(response.id(&self.body), Some(id));
        let first = self.order.partition_point(|&index| {
            self.responses.get(index).is_some_and(|response| order(response) == Ordering::Less)
        });
        let found = |place| at(place).filter(|response| order(response) == Ordering::Equal);
        match found(first) {
            Some(_) if found(first + 1).is_some() => Err(CallError::Reply("it answers one call twice")),
            Some(response) => self.judge(response, expected),
            None => match self.responses.as_slice() {
                [Response { id: None, content: Content::Error(error) }] if !self.batch => {
                    Err(expected.error(error.clone()))
                }
                [Response { id: None, content: Content::Bad(why) }] if !self.batch => {
                    Err(CallError::Reply(why))
                }
                _ => Err(CallError::Unanswered),
            },
        }
    }

    pub(crate) fn responses(&self) -> &[Response] {
        &self.responses
    }

    /// The id of one of the responses, as it is written.
    pub(crate) fn id(&self, response: &Response) -> Option<&str> {
        response.id(&self.body)
    }

    /// What one of the responses says to a call.
    pub(crate) fn judge(&self, response: &Response, expected: &Expected) -> Result<Cow<'_, str>, CallError> {
        match &response.content {
            Content::Result(range) => expected.result(self.body.get(range.clone()).unwrap_or_default()),
            Content::Error(error) => Err(expected.error(error.clone())),
            Content::Bad(why) => Err(CallError::Reply(why)),
        }
    }
}

impl Response {
    /// Reads the element at `at`; answers it and the position behind it.
    fn read(body: &str, at: usize, limits: &Limits) -> Result<(Response, usize), CallError> {
        let text = body.as_bytes();
        let end = scan::value(text, at, scan::MAX_DEPTH, Surrogates::Any).map_err(not_json)?;
        let bad = |why| (Response { id: None, content: Content::Bad(why) }, end);
        let names = ["id", "result", "error"];
        let Some(([id, result, error], _)) = members(text, at, names, Others::Ignored, scan::MAX_DEPTH)
        else {
            return Ok(bad("a response is no object, or has a member twice"));
        };
        let id = id.filter(|id| matches!(text.get(id.start), Some(b'"' | b'-' | b'0'..=b'9')));
        let real = |range: &Range<usize>| body.get(range.clone()) != Some("null");
        let content = match (result, error.filter(real)) {
            (Some(result), Some(_)) if real(&result) => Content::Bad("a response has both result and error"),
            (_, Some(error)) => match RpcError::read(body, error.start, Others::Ignored, limits.depth()) {
                Some(mut error) => {
                    error.data = error.data.map(|data| without_breaks(&data).into_owned());
                    Content::Error(error)
                }
                None => Content::Bad("an error has no code, or no text for a message"),
            },
            (Some(result), None) => Content::Result(result),
            (None, None) => Content::Bad("a response has neither result nor error"),
        };
        Ok((Response { id, content }, end))
    }

    fn id<'a>(&self, body: &'a str) -> Option<&'a str> {
        body.get(self.id.clone()?)
    }
}

fn not_json(_: Fault) -> CallError {
    CallError::Reply("it is not JSON, or nested too deep")
}

/// The order of ids; escapes make no difference.
fn compare(a: Option<&str>, b: Option<&str>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => Unescaped::new(a.as_bytes()).cmp(Unescaped::new(b.as_bytes())),
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Prepared;
    use crate::client::tests::engine;

    fn answer(body: &str, id: &str) -> String {
        let call = Prepared::new(&engine(), "I.f", "[1]", &[]).expect("a call");
        let replies = match Replies::read(body, &Limits { depth: 2, ..Limits::default() }) {
            Ok(replies) => replies,
            Err(error) => return format!("unreadable: {error}"),
        };
        match replies.answer(id, call.expected()) {
            Ok(result) => result.into_owned(),
            Err(CallError::Rpc(error)) => format!("{error} {:?}", error.data),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_response_is_read_however_it_is_written() {
        for (body, expected) in [
            (r#"{"jsonrpc":"2.0","result":[1],"id":1}"#, "[1]"),
            ("\n { \"x\":{}, \"id\" : 1 , \"r\\u0065sult\":\n[1.0,\n2]}\r\n", "[1, 2]"),
            (r#"{"id":1,"error":null,"result":[]}"#, "[]"),
            (r#"{"id":1,"result":null,"error":{"code":-7.0,"message":"m","x":1}}"#, "m (-7) None"),
            (
                r#"{"id":1,"error":{"data":[
{}],"code":7}}"#,
                "",
            ),
        ] {
            if !expected.is_empty() {
                assert_eq!(answer(body, "1"), expected, "{body}");
            }
        }
        let error = "{\"id\":1,\"error\":{\"data\":[\n{}],\"message\":null,\"code\":7}}";
        assert_eq!(answer(error, "1"), "declared (7) Some(\"[ {}]\")");
    }

    #[test]
    fn what_is_no_answer_is_said() {
        let reply = |why: &str| format!("the reply cannot be used: {why}");
        for (body, expected) in [
            (
                r#"{"id":1,"result":["a"]}"#,
                "the result breaks the contract: [0]: expected int, got string".into(),
            ),
            (
                r#"{"id":1,"result":1,"error":{"code":1,"message":""}}"#,
                reply("a response has both result and error"),
            ),
            (r#"{"id":1,"error":null}"#, reply("a response has neither result nor error")),
            (r#"{"id":1}"#, reply("a response has neither result nor error")),
            (r#"{"id":1,"result":[],"result":[]}"#, reply("a response is no object, or has a member twice")),
            (r#"7"#, reply("a response is no object, or has a member twice")),
            (r#"{"id":1,"error":{"message":"m"}}"#, reply("an error has no code, or no text for a message")),
            (
                r#"{"id":1,"error":{"code":2147483648}}"#,
                reply("an error has no code, or no text for a message"),
            ),
            (r#"{"id":1,"error":{"code":1.5}}"#, reply("an error has no code, or no text for a message")),
            (
                r#"{"id":1,"error":{"code":1,"message":2}}"#,
                reply("an error has no code, or no text for a message"),
            ),
            (
                r#"{"id":1,"error":{"code":1,"data":[[[]]]}}"#,
                reply("an error has no code, or no text for a message"),
            ),
            (r#"{"id":1,"error":"wrong"}"#, reply("an error has no code, or no text for a message")),
            (r#"{"id":2,"result":[]}"#, "the reply has no answer to this call".into()),
            (r#"{"id":null,"result":[]}"#, "the reply has no answer to this call".into()),
            (r#"{"id":[1],"result":[]}"#, "the reply has no answer to this call".into()),
            ("[]", "the reply has no answer to this call".into()),
        ] {
            assert_eq!(answer(body, "1"), expected, "{body}");
        }
        for body in ["", "{", "{}x", "[{},]", "[{}", "1 1"] {
            assert!(answer(body, "1").starts_with("unreadable: "), "{body}");
        }
        let deep = format!("{{\"id\":1,\"x\":{}1{}}}", "[".repeat(200), "]".repeat(200));
        assert!(answer(&deep, "1").starts_with("unreadable: "));
    }

    #[test]
    fn an_error_without_an_id_answers_the_whole_body() {
        let error = r#"{"jsonrpc":"2.0","error":{"code":-32004,"message":"Too large"},"id":null}"#;
        assert_eq!(answer(error, "1"), "Too large (-32004) None");
        assert_eq!(answer(&format!("[{error}]"), "1"), "the reply has no answer to this call");
    }

    #[test]
    fn the_responses_of_a_batch_come_in_any_order_and_once() {
        let ids = [r#""a/b""#, "-1", r#""\u0061\/b""#, "12", "1", r#""1""#, "null", "1.0"];
        let responses: Vec<String> =
            ids.iter().zip(0..).map(|(id, n)| format!(r#"{{"result":[{n}],"id":{id}}}"#)).collect();
        let body = format!("[{}]", responses.join(" , "));
        for (id, expected) in [
            ("-1", "[1]"),
            ("12", "[3]"),
            ("1", "[4]"),
            (r#""1""#, "[5]"),
            (r#""\u0031""#, "[5]"),
            ("1.0", "[7]"),
        ] {
            assert_eq!(answer(&body, id), expected, "{id}");
        }
        assert_eq!(answer(&body, "\"a/b\""), "the reply cannot be used: it answers one call twice");
        assert_eq!(answer(&body, "2"), "the reply has no answer to this call");
    }

    #[test]
    fn a_reply_has_limits() {
        let limits = Limits { reply: 40, batch: 2, ..Limits::default() };
        let read = |body: &str| Replies::read(body, &limits).map(|replies| replies.responses.len());
        assert_eq!(read("[{},{}]"), Ok(2));
        assert!(read("[{},{},{}]").is_err());
        assert!(read(&format!("{{}}{}", " ".repeat(38))).is_ok());
        assert!(read(&format!("{{}}{}", " ".repeat(39))).is_err());
        assert!(Replies::read(b"\"\xff\"".to_vec(), &limits).is_err());
    }
}
