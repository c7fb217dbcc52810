//! Frames: where one body ends and the next begins in a stream of bytes.
//!
//! | framing | on the wire | what is tolerated |
//! | --- | --- | --- |
//! | lines | a body on one line, a line feed behind it | a carriage return before the line feed; empty lines |
//! | content length | header lines, an empty line, the body | other headers; any case in their names |
//!
//! Which one it is, is configured and never guessed. A stream that breaks the rules has no place to go on from: the
//! error is answered, and the connection closed.

use crate::error::{Code, Rejection, RpcError};
use crate::exchange::reply;
use std::fmt;

/// How bodies are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Framing {
    /// One body on each line, as in NDJSON.
    Lines,
    /// A `Content-Length` header before each body, as in the Language Server Protocol.
    ContentLength,
}

impl Framing {
    /// Appends `body`, which must be JSON, as a frame.
    ///
    /// A string has no raw line break, so on a line those between tokens become spaces: no body can end its own frame.
    pub fn write(self, body: &[u8], out: &mut Vec<u8>) {
        match self {
            Framing::Lines => {
                out.reserve(body.len() + 1);
                let flat = |&byte: &u8| if matches!(byte, b'\n' | b'\r') { b' ' } else { byte };
                out.extend(body.iter().map(flat));
                out.push(b'\n');
            }
            Framing::ContentLength => {
                let head = format!("Content-Length: {}\r\n\r\n", body.len());
                out.reserve(head.len() + body.len());
                out.extend_from_slice(head.as_bytes());
                out.extend_from_slice(body);
            }
        }
    }
}

/// Why a stream cannot be read any further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FrameError {
    /// A body has more bytes than it may have.
    TooLarge {
        /// The most that a body may have.
        limit: usize,
    },
    /// The headers of a body are wrong: one plain sentence.
    Header(&'static str),
    /// The stream ended within a frame.
    Unfinished,
}

impl FrameError {
    /// The body that tells the peer, before the connection is closed.
    pub fn reply(&self) -> Vec<u8> {
        reply::error("null", &self.into())
    }
}

impl From<&FrameError> for RpcError {
    fn from(error: &FrameError) -> Self {
        match *error {
            FrameError::TooLarge { limit } => Rejection::BodyTooLarge { limit }.into(),
            FrameError::Header(why) => RpcError::from(Code::ParseError).with_detail(why),
            FrameError::Unfinished => {
                RpcError::from(Code::ParseError).with_detail("The stream ended within a body.")
            }
        }
    }
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { limit } => write!(f, "a body has more than {limit} bytes"),
            Self::Header(why) => f.write_str(why),
            Self::Unfinished => f.write_str("the stream ended within a body"),
        }
    }
}

impl std::error::Error for FrameError {}

/// Most bytes of the headers before one body. Bounds what is kept and read without a body to show for it.
const HEAD: usize = 1024;

/// Takes bytes as they arrive, and gives the bodies in them.
///
/// Memory follows what has arrived, never what is announced: at most the limit, the headers and one pushed piece. Each byte
/// is searched once, and a body of several pieces is handed over without another copy.
#[derive(Debug)]
pub struct Frames {
    framing: Framing,
    limit: usize,
    /// What arrived and was not given out begins at `start`; the line that is searched for was not found before `searched`.
    buffer: Vec<u8>,
    start: usize,
    searched: usize,
    head: Head,
    failed: Option<FrameError>,
}

/// What is known of the headers before the next body.
#[derive(Debug, Default)]
struct Head {
    /// Bytes of the lines that were read.
    size: usize,
    length: Option<usize>,
    /// The empty line has come.
    complete: bool,
}

impl Frames {
    /// Reads bodies of at most `limit` bytes.
    pub fn new(framing: Framing, limit: usize) -> Frames {
        let (buffer, head) = (Vec::new(), Head::default());
        Frames { framing, limit, buffer, start: 0, searched: 0, head, failed: None }
    }

    /// Takes what arrived. Before the next piece, [`Frames::next`] must have answered `None`: else what waits there adds
    /// up.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.failed.is_some() {
            return;
        }
        // Only what is left of the last piece is moved.
        self.buffer.drain(..self.start);
        self.searched -= self.start;
        self.start = 0;
        let needed = self.buffer.len() + bytes.len();
        let most = self.limit.saturating_add(HEAD).saturating_add(bytes.len());
        let room = needed.max((self.buffer.capacity() * 2).min(most));
        if needed > self.buffer.capacity() {
            self.buffer.reserve_exact(room - self.buffer.len());
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// The next body; `None` until more arrives.
    ///
    /// # Errors
    /// The stream cannot be read any further: every later call says the same.
    #[expect(clippy::should_implement_trait, reason = "`None` is not the end")]
    pub fn next(&mut self) -> Result<Option<Vec<u8>>, FrameError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let next = match self.framing {
            Framing::Lines => self.line(),
            Framing::ContentLength => self.measured(),
        };
        if let Err(error) = &next {
            self.failed = Some(error.clone());
            self.buffer = Vec::new();
            (self.start, self.searched) = (0, 0);
        }
        next
    }

    /// Whether the stream may end here.
    ///
    /// # Errors
    /// [`FrameError::Unfinished`] if a frame has begun. It is not given out, whatever it says.
    pub fn finish(&self) -> Result<(), FrameError> {
        match &self.failed {
            Some(error) => Err(error.clone()),
            None if self.start < self.buffer.len() || self.head.size > 0 => Err(FrameError::Unfinished),
            None => Ok(()),
        }
    }

    /// A body on a line of its own.
    fn line(&mut self) -> Result<Option<Vec<u8>>, FrameError> {
        loop {
            let feed = self.feed();
            let line = self.buffer.get(self.start..feed.unwrap_or(self.buffer.len())).unwrap_or_default();
            let size = line.strip_suffix(b"\r").map_or(line.len(), <[u8]>::len);
            if size > self.limit {
                return Err(FrameError::TooLarge { limit: self.limit });
            }
            match feed {
                None => return Ok(None),
                Some(feed) if size == 0 => self.skip(feed + 1),
                Some(feed) => return Ok(Some(self.take(size, feed + 1))),
            }
        }
    }

    /// A body behind its headers.
    fn measured(&mut self) -> Result<Option<Vec<u8>>, FrameError> {
        while !self.head.complete {
            let feed = self.feed();
            let end = feed.map_or(self.buffer.len(), |feed| feed + 1);
            let line = self.buffer.get(self.start..end).unwrap_or_default();
            if self.head.size + line.len() > HEAD {
                return Err(FrameError::Header("The headers have more than 1024 bytes."));
            }
            if feed.is_none() {
                return Ok(None);
            }
            self.head.read(line, self.limit)?;
            self.skip(end);
        }
        let size = self.head.length.unwrap_or_default();
        let Some(end) = self.start.checked_add(size).filter(|end| *end <= self.buffer.len()) else {
            return Ok(None);
        };
        self.head = Head::default();
        Ok(Some(self.take(size, end)))
    }

    /// Where the next line feed is.
    fn feed(&mut self) -> Option<usize> {
        let rest = self.buffer.get(self.searched..).unwrap_or_default();
        let found = rest.iter().position(|&byte| byte == b'\n');
        let feed = found.map(|at| self.searched + at);
        self.searched = feed.unwrap_or(self.buffer.len());
        feed
    }

    fn skip(&mut self, end: usize) {
        (self.start, self.searched) = (end, end);
    }

    /// The first `size` bytes of a frame that ends before `end`. Of it and what follows, the shorter is copied.
    fn take(&mut self, size: usize, end: usize) -> Vec<u8> {
        if self.start == 0 && self.buffer.len() - end <= size {
            let rest = self.buffer.split_off(end);
            let mut body = std::mem::replace(&mut self.buffer, rest);
            body.truncate(size);
            self.skip(0);
            return body;
        }
        let body = self.buffer.get(self.start..self.start + size).unwrap_or_default().to_vec();
        self.skip(end);
        body
    }
}

impl Head {
    /// Takes one line with its line feed.
    fn read(&mut self, line: &[u8], limit: usize) -> Result<(), FrameError> {
        let wrong = |why| Err(FrameError::Header(why));
        self.size += line.len();
        let Some(line) = line.strip_suffix(b"\r\n") else {
            return wrong("A header line ends with a carriage return and a line feed.");
        };
        if line.is_empty() {
            self.complete = true;
            return match self.length {
                Some(_) => Ok(()),
                None => wrong("There is no header Content-Length."),
            };
        }
        let Some(colon) = line.iter().position(|&byte| byte == b':') else {
            return wrong("A header line has a name, a colon and a value.");
        };
        let (name, value) = line.split_at(colon);
        if name.is_empty() || !name.iter().all(u8::is_ascii_graphic) {
            return wrong("The name of a header is one word, right before its colon.");
        }
        if !name.eq_ignore_ascii_case(b"content-length") {
            return Ok(());
        }
        if self.length.is_some() {
            return wrong("The header Content-Length comes twice.");
        }
        let blanks = value.iter().skip(1).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let digits = value.get(1 + blanks..).unwrap_or_default();
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            return wrong("The value of Content-Length is a whole number, written in digits.");
        }
        let number = digits.iter().try_fold(0usize, |number, digit| {
            number.checked_mul(10)?.checked_add((digit - b'0').into()).filter(|number| *number <= limit)
        });
        match number {
            Some(_) => {
                self.length = number;
                Ok(())
            }
            None => Err(FrameError::TooLarge { limit }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Read = (Vec<String>, Result<(), FrameError>);

    /// What comes of `pieces`, and of their end.
    fn read<'a>(framing: Framing, limit: usize, pieces: impl IntoIterator<Item = &'a [u8]>) -> Read {
        let mut frames = Frames::new(framing, limit);
        let mut bodies = Vec::new();
        for piece in pieces {
            frames.push(piece);
            assert!(frames.buffer.capacity() <= limit + HEAD + piece.len());
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
    fn an_announced_body_takes_no_memory() {
        let mut frames = Frames::new(Framing::ContentLength, 1 << 40);
        frames.push(b"Content-Length: 1099511627776\r\n\r\n{");
        assert_eq!(frames.next(), Ok(None));
        assert!(frames.buffer.capacity() < 100);
    }

    #[test]
    fn a_body_of_many_pieces_is_not_copied_again() {
        for framing in [Framing::Lines, Framing::ContentLength] {
            let mut stream = Vec::new();
            framing.write(&vec![b'x'; 100_000], &mut stream);
            let mut frames = Frames::new(framing, 1 << 20);
            let mut pieces = stream.chunks(1000).peekable();
            while let Some(piece) = pieces.next() {
                frames.push(piece);
                let at = frames.buffer.as_ptr();
                match frames.next() {
                    Ok(Some(body)) => assert!(pieces.peek().is_none() && body.as_ptr() == at),
                    other => assert_eq!(other, Ok(None)),
                }
            }
            assert_eq!(frames.finish(), Ok(()));
        }
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
            assert_eq!(
                whole(framing, std::str::from_utf8(&stream).unwrap()),
                (bodies(&[first, "[]"]), Ok(()))
            );
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
}
