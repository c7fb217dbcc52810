//! Streams of bytes, and the bodies that are in them.

use pintle_core::frame::{FrameError, Frames, Framing};
use proptest::prelude::*;

/// Most bytes of the headers before one body.
const HEAD: usize = 1024;

type Read = (Vec<String>, Result<(), FrameError>);

/// What comes of `pieces`, and of their end.
fn read<'a>(framing: Framing, limit: usize, pieces: impl IntoIterator<Item = &'a [u8]>) -> Read {
    let mut frames = Frames::new(framing, limit);
    let mut bodies = Vec::new();
    for piece in pieces {
        frames.push(piece);
        loop {
            match frames.next() {
                Ok(Some(body)) => bodies.push(String::from_utf8_lossy(&body).into_owned()),
                Ok(None) => break,
                Err(error) => {
                    frames.push(b"{}\n");
                    assert_eq!(frames.next(), Err(error.clone()));
                    return (bodies, Err(error));
                }
            }
        }
    }
    (bodies, frames.finish())
}

fn whole(framing: Framing, stream: &str) -> Read {
    read(framing, 20, [stream.as_bytes()])
}

fn bodies(bodies: &[&str]) -> Vec<String> {
    bodies.iter().map(|body| (*body).to_owned()).collect()
}

#[test]
fn lines_are_bodies() {
    let full = "x".repeat(20);
    let too_large = Err(FrameError::TooLarge { limit: 20 });
    for (stream, expected, end) in [
        ("", &[][..], Ok(())),
        ("{}\n[]\r\n", &["{}", "[]"], Ok(())),
        ("\n\r\n{}\n\n\n \n", &["{}", " "], Ok(())),
        ("a\rb\n\r\r\n", &["a\rb", "\r"], Ok(())),
        ("{}\n{}", &["{}"], Err(FrameError::Unfinished)),
        ("{}\r", &[], Err(FrameError::Unfinished)),
        (&format!("{full}\n{full}\r\n"), &[&full, &full], Ok(())),
        (&format!("{{}}\n{full}y\n{{}}\n"), &["{}"], too_large.clone()),
        (&format!("{full}y"), &[], too_large.clone()),
        (&format!("{full}\r"), &[], Err(FrameError::Unfinished)),
        (&format!("{full}\r\r\n"), &[], too_large),
    ] {
        assert_eq!(whole(Framing::Lines, stream), (bodies(expected), end), "{stream:?}");
    }
}

#[test]
fn bodies_are_as_long_as_their_headers_say() {
    let full = "x".repeat(20);
    for (stream, expected, end) in [
        ("", &[][..], Ok(())),
        ("Content-Length: 2\r\n\r\n{}CONTENT-LENGTH:\t3\r\n\r\n\n[]", &["{}", "\n[]"], Ok(())),
        ("Content-Type: a; charset=\"utf-8\"\r\ncontent-length:002\r\nX:\r\n\r\n{}", &["{}"], Ok(())),
        ("Content-Length: 0\r\n\r\n", &[""], Ok(())),
        (&format!("Content-Length: 20\r\n\r\n{full}"), &[&full], Ok(())),
        ("Content-Length: 3\r\n\r\n{}", &[], Err(FrameError::Unfinished)),
        ("Content-Length: 3\r\n", &[], Err(FrameError::Unfinished)),
        ("Con", &[], Err(FrameError::Unfinished)),
    ] {
        assert_eq!(whole(Framing::ContentLength, stream), (bodies(expected), end), "{stream:?}");
    }
}

#[test]
fn headers_that_two_readers_could_take_differently_are_refused() {
    let good = "Content-Length: 2\r\n\r\n{}";
    let long = format!("X: {}\r\n", "y".repeat(HEAD));
    for (headers, part) in [
        ("\r\n", "There is no header"),
        ("Content-Type: x\r\n\r\n", "There is no header"),
        ("Content-Length: 2\r\ncontent-length: 2\r\n\r\n", "comes twice"),
        ("Content-Length: -2\r\n\r\n", "in digits"),
        ("Content-Length: +2\r\n\r\n", "in digits"),
        ("Content-Length: 2 \r\n\r\n", "in digits"),
        ("Content-Length: 1 0\r\n\r\n", "in digits"),
        ("Content-Length: 0x2\r\n\r\n", "in digits"),
        ("Content-Length: 2.0\r\n\r\n", "in digits"),
        ("Content-Length:\r\n\r\n", "in digits"),
        ("Content-Length: \r2\r\n\r\n", "in digits"),
        ("Content-Length : 2\r\n\r\n", "right before its colon"),
        (" Content-Length: 2\r\n\r\n", "right before its colon"),
        (": 2\r\n\r\n", "right before its colon"),
        ("Content-Length: 2\n\n", "a carriage return"),
        ("{\"jsonrpc\":\"2.0\"}\n", "a carriage return"),
        ("Content-Length 2\r\n\r\n", "a colon"),
        (&long, "more than 1024"),
        (&"X: y\r\n".repeat(200), "more than 1024"),
        (&long[..HEAD + 1], "more than 1024"),
    ] {
        let (before, error) = whole(Framing::ContentLength, &format!("{good}{headers}"));
        let Err(FrameError::Header(why)) = error else { panic!("{headers:?} {error:?}") };
        assert!(why.contains(part), "{headers:?}: {why}");
        assert_eq!(before, ["{}"]);
    }
    for length in ["21", "9223372036854775808", "18446744073709551616", &"9".repeat(900)] {
        let (_, error) = whole(Framing::ContentLength, &format!("Content-Length: {length}\r\n"));
        assert_eq!(error, Err(FrameError::TooLarge { limit: 20 }), "{length}");
    }
    let most = format!("X: {}\r\n", "y".repeat(HEAD - good.len() + "{}".len() - "X: \r\n".len()));
    assert_eq!(whole(Framing::ContentLength, &(most + good)), (bodies(&["{}"]), Ok(())));
}

#[test]
fn what_is_written_is_one_frame() {
    for framing in [Framing::Lines, Framing::ContentLength] {
        let mut stream = Vec::new();
        for body in ["{\"a\":\r\n[1,\n2]}", "[]"] {
            framing.write(body.as_bytes(), &mut stream);
        }
        let first = match framing {
            Framing::Lines => "{\"a\":  [1, 2]}",
            Framing::ContentLength => "{\"a\":\r\n[1,\n2]}",
        };
        assert_eq!(whole(framing, std::str::from_utf8(&stream).unwrap()), (bodies(&[first, "[]"]), Ok(())));
    }
}

#[test]
fn an_error_is_a_reply_without_an_id() {
    for (error, code) in [
        (FrameError::TooLarge { limit: 7 }, -32004),
        (FrameError::Header("x"), -32700),
        (FrameError::Unfinished, -32700),
    ] {
        let reply: serde_json::Value = serde_json::from_slice(&error.reply()).unwrap();
        assert_eq!((&reply["error"]["code"], &reply["id"]), (&code.into(), &serde_json::Value::Null));
        assert!(reply["error"]["data"]["detail"].is_string() && !error.to_string().is_empty());
    }
}

/// Streams that are near to frames: what matters to either framing comes often.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        4 => Just("\n".to_owned()),
        2 => Just("\r".to_owned()),
        4 => Just("\r\n\r\n".to_owned()),
        6 => (0usize..12).prop_map(|length| format!("Content-Length: {length}")),
        4 => "[a-z:]{1,8}",
        2 => (0usize..12).prop_map(|length| {
            format!("Content-Length:{length}\r\n\r\n{}", "b".repeat(length))
        }),
    ];
    proptest::collection::vec(part, 0..12).prop_map(|parts| parts.concat().into_bytes())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pieces_make_no_difference(stream in stream(), sizes in proptest::collection::vec(1usize..9, 1..9)) {
        for framing in [Framing::Lines, Framing::ContentLength] {
            let mut pieces = Vec::new();
            let mut rest = stream.as_slice();
            for size in sizes.iter().cycle() {
                if rest.is_empty() {
                    break;
                }
                let (piece, behind) = rest.split_at(rest.len().min(*size));
                pieces.push(piece);
                rest = behind;
            }
            prop_assert_eq!(read(framing, 10, pieces), read(framing, 10, [stream.as_slice()]));
        }
    }

    #[test]
    fn what_is_written_is_read(
        texts in proptest::collection::vec("[ -~]{1,40}", 0..9),
        size in 1usize..50,
    ) {
        for framing in [Framing::Lines, Framing::ContentLength] {
            let mut stream = Vec::new();
            for text in &texts {
                framing.write(text.as_bytes(), &mut stream);
            }
            prop_assert_eq!(read(framing, 40, stream.chunks(size)), (texts.clone(), Ok(())));
        }
    }
}
