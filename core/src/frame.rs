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
    fn what_is_held_is_bounded_by_the_limit_and_one_piece() {
        let piece = [b'x'; 300];
        for framing in [Framing::Lines, Framing::ContentLength] {
            let mut frames = Frames::new(framing, 10_000);
            if framing == Framing::ContentLength {
                frames.push(b"Content-Length: 10000\r\n\r\n");
            }
            for _ in 0..33 {
                frames.push(&piece);
                assert_eq!(frames.next(), Ok(None));
            }
            assert!((9_900..=10_000 + HEAD + piece.len()).contains(&frames.buffer.capacity()));
        }
    }
}
