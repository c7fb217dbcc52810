//! What is JSON: the scanner and serde_json say the same. An unknown field is where the scanner is on its own.

use proptest::prelude::*;
use serde_core::de::IgnoredAny;

use pintle_core::Limits;

use crate::choices::{Choices, cases, choices};
use crate::document::{self, Document};
use crate::engine;

/// What serde_json says. It skips strings without a look at their encoding.
fn is_json(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok() && serde_json::from_slice::<IgnoredAny>(text).is_ok()
}

/// `inner` as an unknown field: whatever it is, the whole begins as an object.
fn unknown_field(inner: &[u8]) -> Vec<u8> {
    [b"{\"x\":", inner, b"}"].concat()
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn a_text_is_json_or_not(list in choices(120)) {
        let any = engine("struct Any {}", |builder| builder);
        let mut choices = Choices::new(&list);
        let mut text = document::document(&mut choices, 5).write(&mut choices).into_bytes();
        choices.damage(&mut text);
        for text in [unknown_field(&text), text] {
            let json = is_json(&text);
            let object = json && text.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
            let found = any.validate("Any", &text).expect("a type");
            prop_assert_eq!(found.valid(), object, "{}", String::from_utf8_lossy(&text));
            // The reader that the other tests trust.
            prop_assert_eq!(Document::read(&text).is_some(), json, "{}", String::from_utf8_lossy(&text));
        }
    }

    #[test]
    fn bytes_are_json_or_not(bytes in proptest::collection::vec(any::<u8>(), 0..24)) {
        let any = engine("struct Any {}", |builder| builder);
        for text in [unknown_field(&bytes), [b"{\"x\":\"".as_slice(), &bytes, b"\"}"].concat()] {
            prop_assert_eq!(any.validate("Any", &text).expect("a type").valid(), is_json(&text));
        }
    }

    #[test]
    fn a_string_is_text_or_not(list in choices(40)) {
        let any = engine("struct Any {}", |builder| builder);
        let mut choices = Choices::new(&list);
        let mut text = String::from("\"");
        for _ in 0..choices.below(8) {
            text.push_str(choices.pick(&[
                "a", "plain text of more than eight bytes", "\\n", "\\u0041", "\\ud800", "\\uDBFF", "\\udc00",
                "\\uDFFF", "\\ud83d\\ude00", "😀", "\\", "\\u12", "\n", "\\\\", "\\\"",
            ]));
        }
        text.push('"');
        // Half of a surrogate pair is text to nobody.
        let expected = serde_json::from_str::<String>(&text).is_ok();
        prop_assert_eq!(any.validate("string", text.as_bytes()).expect("a type").valid(), expected, "{}", text);
    }

    #[test]
    fn nesting_is_bounded(brackets in proptest::collection::vec(any::<bool>(), 0..135), limit in 1usize..=128) {
        let any = engine("struct Any {}", |b| b.limits(Limits { depth: limit, ..Limits::default() }));
        let open: String = brackets.iter().map(|object| if *object { "{\"k\":" } else { "[" }).collect();
        let close: String = brackets.iter().rev().map(|object| if *object { '}' } else { ']' }).collect();
        let text = format!("{{\"x\":{open}0{close}}}");
        let found = any.validate("Any", text.as_bytes()).expect("a type");
        prop_assert_eq!(found.valid(), brackets.len() < limit);
        if !found.valid() {
            prop_assert_eq!(&found.problems[0].got, "too-deep");
        }
    }
}

#[test]
fn every_configurable_depth_can_be_used_by_position_and_by_name() {
    for depth in [1, 63, 64, 127, 128] {
        let engine = engine("interface I { f(any Any) } struct Any {}", |builder| {
            builder.limits(Limits { depth, ..Limits::default() })
        });
        for (more, code) in [(0, None), (1, Some("-32004"))] {
            let levels = depth - 1 + more;
            let value = format!("{}0{}", "{\"k\":".repeat(levels), "}".repeat(levels));
            for params in [format!("[{{\"x\":{value}}}]"), format!("{{\"any\":{{\"x\":{value}}}}}")] {
                // Read both ways: checked where it stands, and scanned before the method is known.
                for body in [
                    format!("{{\"jsonrpc\":\"2.0\",\"method\":\"I.f\",\"id\":1,\"params\":{params}}}"),
                    format!("{{\"jsonrpc\":\"2.0\",\"params\":{params},\"method\":\"I.f\",\"id\":1}}"),
                ] {
                    let reply = engine.handle(body.as_str(), |_, _| Ok("null")).expect("a reply");
                    let reply = String::from_utf8(reply).expect("text");
                    match code {
                        None => assert!(reply.contains("\"result\":null"), "{depth} {body}\n{reply}"),
                        Some(code) => assert!(reply.contains(code), "{depth} {body}\n{reply}"),
                    }
                }
            }
        }
    }
}
