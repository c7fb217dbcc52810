//! This side's calls: checked before they are sent, and their answers when they come.
//!
//! ```text
//! method, params ─▶ Prepared ─▶ request(id) ══ bytes ══▶ the peer
//! result │ error ◀── Expected ◀── Replies ◀══ bytes ══╝
//! ```
//!
//! The engine is that of the peer's contract: its methods stand under the names that they have there. Clients use this, and
//! servers that call their clients.

mod error;
mod prepared;
mod replies;

pub use error::CallError;
pub use prepared::{Expected, Prepared};
pub use replies::Replies;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Builtin, Code, Engine, Limits, RpcError};
    use std::sync::Arc;

    struct One;

    impl crate::idl::Loader for One {
        fn load(&mut self, _key: &str) -> Result<String, String> {
            Ok("namespace a
                interface I { f(n int, s string [optional]) []int g() }
                errors { 7 Seven \"declared\" }"
                .into())
        }
    }

    pub(super) fn engine() -> Arc<Engine> {
        let contract = crate::idl::parse("a.pulse", &mut One).contract.expect("a contract");
        let other = Builtin::text("other", "", "null");
        let limits = Limits { depth: 3, ..Limits::default() };
        Engine::builder(contract).limits(limits).builtin(other).build().expect("an engine")
    }

    fn params(method: &str, params: &str) -> Result<String, String> {
        let call = Prepared::new(&engine(), method, params, &[]);
        call.map(|call| call.params().to_owned()).map_err(|error| error.to_string())
    }

    #[test]
    fn parameters_go_out_by_position_as_a_handler_would_see_them() {
        for (given, expected) in [
            ("[1]", "[1,null]"),
            (" [1.0,\n\"x\"]\n", "[1, \"x\"]"),
            ("[1,null]", "[1,null]"),
            (r#"{"s":"x","n":2}"#, r#"[2,"x"]"#),
        ] {
            assert_eq!(params("I.f", given).as_deref(), Ok(expected), "{given}");
        }
        assert_eq!(params("I.g", "").as_deref(), Ok("[]"));
        assert_eq!(params("other", "[]").as_deref(), Ok("[]"));
    }

    #[test]
    fn what_the_contract_refuses_is_not_sent() {
        let deep = format!("[{}{}]", "[".repeat(100), "]".repeat(100));
        let breaks = |why: &str| Err(format!("the parameters break the contract: {why}"));
        for (given, expected) in [
            ("", breaks("n: expected int, got missing")),
            ("[\"x\",1]", breaks("n: expected int, got string; s: expected string, got int")),
            ("{\"n\":1,\"m\":2}", breaks("m: expected one of n, s, got unknown")),
            ("[1", breaks("the value: expected JSON, got invalid")),
            ("[1] x", breaks("the value: expected JSON, got invalid")),
            ("1", breaks("the value: expected an array or an object, got another value")),
            (&deep, breaks("the value: expected any value, got too-deep")),
        ] {
            assert_eq!(params("I.f", given), expected, "{given}");
        }
        for name in ["I.h", "i.f", "", "f"] {
            assert_eq!(params(name, "[1]"), Err("the contract has no such method".into()), "{name}");
        }
    }

    #[test]
    fn extra_parameters_are_added_by_name_and_checked() {
        let extra = |value: &str| [("s".to_owned(), value.to_owned())];
        let call = |params, value| Prepared::new(&engine(), "I.f", params, &extra(value));
        assert_eq!(call("[1]", "\"x\"").expect("a call").params(), "[1,\"x\"]");
        assert_eq!(call("{\"n\":1}", "\"x\"").expect("a call").params(), "[1,\"x\"]");
        for (params, value) in [("[1]", "2"), ("[1,\"y\"]", "\"x\""), ("[1]", "\"x"), ("[]", "\"x\"")] {
            assert!(matches!(call(params, value), Err(CallError::Params(_))), "{params} {value}");
        }
    }

    #[test]
    fn bodies_are_those_of_the_protocol() {
        let call = Prepared::new(&engine(), "I.f", "[1]", &[]).expect("a call");
        assert_eq!((call.method(), call.params()), ("I.f", "[1,null]"));
        let request = br#"{"jsonrpc":"2.0","method":"I.f","params":[1,null],"id":"x"}"#;
        let notification = br#"{"jsonrpc":"2.0","method":"I.f","params":[1,null]}"#;
        assert_eq!(call.request("\"x\""), request);
        assert_eq!(call.notification(), notification);
        let both = [b"[".as_slice(), request, b",", notification, b"]"].concat();
        assert_eq!(Prepared::batch(&[call.request("\"x\""), call.notification()]), both);
        let replied = engine().handle(request.to_vec(), |_, _| Ok("[3]")).expect("a reply");
        let replies = Replies::read(replied, &Limits::default()).expect("a reply");
        assert_eq!(replies.answer("\"x\"", call.expected()).as_deref(), Ok("[3]"));
    }

    #[test]
    fn without_a_contract_everything_is_json_and_no_more() {
        let limits = Limits { depth: 2, ..Limits::default() };
        let call = Prepared::unchecked(&limits, "a\"b", " {\"x\":\n[1.0]}\n").expect("a call");
        let body = br#"{"jsonrpc":"2.0","method":"a\"b","params":{"x": [1.0]},"id":1}"#;
        assert_eq!(call.request("1"), body);
        let none = Prepared::unchecked(&limits, "m", "").expect("a call");
        assert_eq!(none.notification(), br#"{"jsonrpc":"2.0","method":"m"}"#);
        for params in ["x", "1", "[1", "[[[[]]]]"] {
            assert!(Prepared::unchecked(&limits, "m", params).is_err(), "{params}");
        }
        let expected = call.expected();
        assert_eq!(expected.result(" [{}]\n").as_deref(), Ok("[{}]"));
        for result in ["", "x", "[[[]]]", "1 1", "\"\\ud800\""] {
            assert!(matches!(expected.result(result), Err(CallError::Result(_))), "{result}");
        }
        assert!(expected.declared(7).is_none());
        let call = Prepared::new(&engine(), "I.f", "[1]", &[]).expect("a call").with_any_result();
        assert_eq!(call.expected().result("\"x\"").as_deref(), Ok("\"x\""));
    }

    #[test]
    fn results_and_errors_are_those_of_the_method() {
        let expected =
            |method| Prepared::new(&engine(), method, "{\"n\":1}", &[]).expect("a call").expected().clone();
        let f = expected("I.f");
        assert!(matches!(f.result("[1,2]"), Ok(std::borrow::Cow::Borrowed("[1,2]"))));
        assert_eq!(f.result("\n[1e2,\n-0]").as_deref(), Ok("[100, 0]"));
        assert!(matches!(f.result("null"), Err(CallError::Result(problems)) if problems.len() == 1));
        assert_eq!(f.declared(7).map(|error| error.name.as_str()), Some("a.Seven"));
        let message = |code, message: &str| f.error(RpcError::new(code, message)).to_string();
        assert_eq!(message(7, ""), "declared (7)");
        assert_eq!(message(7, "own"), "own (7)");
        assert_eq!(message(8, ""), " (8)");
        let g = Prepared::new(&engine(), "I.g", "", &[]).expect("a call");
        assert_eq!(g.expected().result("null").as_deref(), Ok("null"));
        assert!(g.expected().result("1").is_err());
        let builtin = Prepared::new(&engine(), "other", "", &[]).expect("a call");
        assert_eq!(builtin.expected().result("{\"any\":1}").as_deref(), Ok("{\"any\":1}"));
    }

    #[test]
    fn a_failed_call_is_an_error_of_the_protocol_for_who_asked() {
        for (error, code) in [
            (CallError::UnknownMethod, Code::MethodNotFound),
            (CallError::Params(Vec::new()), Code::InvalidParams),
            (CallError::TooManyOpen { limit: 1 }, Code::Overloaded),
            (CallError::Rpc(Code::TooLarge.into()), Code::TooLarge),
            (CallError::Result(Vec::new()), Code::InternalError),
            (CallError::Reply("x"), Code::InternalError),
            (CallError::Unanswered, Code::InternalError),
            (CallError::Cancelled, Code::Cancelled),
        ] {
            assert!(!error.to_string().is_empty());
            assert_eq!(RpcError::from(error).code, code.number());
        }
    }
}
