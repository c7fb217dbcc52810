//! Frames: pieces of any size give the bodies that the whole stream gives.
//!
//! The first byte chooses the framing and the size of the pieces.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pintle_core::frame::{FrameError, Frames, Framing};

const LIMIT: usize = 64;

fn read<'a>(
    framing: Framing,
    pieces: impl Iterator<Item = &'a [u8]>,
) -> (Vec<Vec<u8>>, Result<(), FrameError>) {
    let mut frames = Frames::new(framing, LIMIT);
    let mut bodies = Vec::new();
    for piece in pieces {
        frames.push(piece);
        loop {
            match frames.next() {
                Ok(Some(body)) => bodies.push(body),
                Ok(None) => break,
                Err(error) => return (bodies, Err(error)),
            }
        }
    }
    (bodies, frames.finish())
}

fuzz_target!(|data: &[u8]| {
    let Some((&choice, stream)) = data.split_first() else { return };
    let framing = if choice % 2 == 0 { Framing::Lines } else { Framing::ContentLength };
    let size = choice as usize / 2 + 1;
    let (bodies, end) = read(framing, std::iter::once(stream));
    assert_eq!(read(framing, stream.chunks(size)), (bodies.clone(), end.clone()));
    assert!(bodies.iter().all(|body| body.len() <= LIMIT));
    if framing == Framing::Lines && end.is_ok() {
        let lines = stream.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        let expected: Vec<&[u8]> = lines.filter(|line| !line.is_empty()).collect();
        assert_eq!(bodies, expected);
    }
    let mut again = Vec::new();
    bodies.iter().for_each(|body| framing.write(body, &mut again));
    let (read_again, end) = read(framing, again.chunks(size));
    assert_eq!((read_again.len(), end), (bodies.len(), Ok(())));
    if framing == Framing::ContentLength {
        assert_eq!(read_again, bodies);
    }
});
