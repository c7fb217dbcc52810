//! A list of tokens, kept as digests, that follows its file.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use sha2::{Digest, Sha256};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

/// Bytes of a list. Bounds what is read again and again.
const MAX_BYTES: u64 = 1 << 20;

/// How often the file is looked at, at most.
const LOOK: Duration = Duration::from_secs(1);

/// A file that was changed so shortly before it was read may have changed again without showing it.
const GRAIN: Duration = Duration::from_secs(2);

#[derive(Debug)]
pub(super) struct Tokens {
    file: Option<PathBuf>,
    current: Mutex<Current>,
}

#[derive(Debug)]
struct Current {
    tokens: Arc<[Token]>,
    stamp: Stamp,
    looked: Instant,
}

/// Time and size of the file when it was read; `None` when it must be read again.
type Stamp = Option<(SystemTime, u64)>;

/// What is kept of a token: digests have one length, so comparing them tells nothing of the token's.
struct Token {
    name: Option<String>,
    digest: [u8; 32],
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Token").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Tokens {
    pub(super) fn text(text: &str) -> Result<Tokens, String> {
        let current = Current { tokens: nonempty(parse(text)?)?, stamp: None, looked: Instant::now() };
        Ok(Tokens { file: None, current: Mutex::new(current) })
    }

    pub(super) fn file(path: &Path) -> Result<Tokens, String> {
        let looked = Instant::now();
        let (stamp, tokens) = read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let tokens = nonempty(tokens).map_err(|error| format!("{}: {error}", path.display()))?;
        let current = Current { tokens, stamp, looked };
        Ok(Tokens { file: Some(path.to_owned()), current: Mutex::new(current) })
    }

    /// The name of a token, if it is one of the list. Takes the same time whichever it is.
    pub(super) fn find(&self, token: &[u8], now: Instant) -> Option<Option<String>> {
        let tokens = self.current(now);
        let digest = Sha256::digest(token);
        let (mut found, mut at) = (Choice::from(0), 0u64);
        for (index, known) in (0u64..).zip(tokens.iter()) {
            let same = known.digest.ct_eq(digest.as_slice());
            found |= same;
            at.conditional_assign(&index, same);
        }
        if !bool::from(found) {
            return None;
        }
        tokens.get(usize::try_from(at).ok()?).map(|token| token.name.clone())
    }

    /// The tokens that hold now. Reading a small local file is not worth a thread of its own.
    fn current(&self, now: Instant) -> Arc<[Token]> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = &self.file
            && now.saturating_duration_since(current.looked) >= LOOK
        {
            current.looked = now;
            current.follow(file);
        }
        current.tokens.clone()
    }
}

impl Current {
    /// Reads the file again if it has changed. Whatever fails leaves the tokens as they are.
    fn follow(&mut self, file: &Path) {
        let stamp =
            file.metadata().ok().and_then(|metadata| Some((metadata.modified().ok()?, metadata.len())));
        if stamp.is_some() && stamp == self.stamp {
            return;
        }
        match read(file) {
            Ok((stamp, tokens)) => {
                if tokens.is_empty() {
                    tracing::warn!(file = %file.display(), "the file has no tokens: nobody is let in");
                }
                (self.stamp, self.tokens) = (stamp, tokens);
            }
            Err(error) => {
                tracing::error!(file = %file.display(), "the tokens of before hold: {error}");
                self.stamp = stamp;
            }
        }
    }
}

fn read(path: &Path) -> Result<(Stamp, Arc<[Token]>), String> {
    let mut text = String::new();
    let file = File::open(path).map_err(|error| error.to_string())?;
    let before = file.metadata().map_err(|error| error.to_string())?;
    file.take(MAX_BYTES + 1).read_to_string(&mut text).map_err(|error| error.to_string())?;
    if text.len() as u64 > MAX_BYTES {
        return Err(format!("more than {MAX_BYTES} bytes"));
    }
    let tokens = parse(&text)?;
    let settled = |modified: &SystemTime| modified.elapsed().is_ok_and(|age| age > GRAIN);
    let stamp = before.modified().ok().filter(settled).map(|modified| (modified, before.len()));
    Ok((stamp, tokens))
}

fn parse(text: &str) -> Result<Arc<[Token]>, String> {
    let lines = text.lines().map(str::trim).zip(1..);
    let lines = lines.filter(|(line, _)| !line.is_empty() && !line.starts_with('#'));
    lines.map(|(line, number)| token(line).ok_or_else(|| format!("line {number} is no token"))).collect()
}

fn nonempty(tokens: Arc<[Token]>) -> Result<Arc<[Token]>, String> {
    if tokens.is_empty() { Err("there are no tokens".to_owned()) } else { Ok(tokens) }
}

/// `token` or `name:token`. A token has no colon: RFC 6750, section 2.1.
fn token(line: &str) -> Option<Token> {
    let (name, token) = match line.split_once(':') {
        Some((name, token)) => (Some(name), token),
        None => (None, line),
    };
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
    let bare = token.trim_end_matches('=');
    let named = name.is_none_or(|name| !name.is_empty() && !name.contains(|c: char| c.is_control()));
    (named && !bare.is_empty() && bare.bytes().all(good))
        .then(|| Token { name: name.map(str::to_owned), digest: Sha256::digest(token).into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(tokens: &Tokens, token: &str, now: Instant) -> Option<Option<String>> {
        tokens.find(token.as_bytes(), now)
    }

    #[test]
    fn lines() {
        let tokens = Tokens::text("# who\n\n  plain  \nann:sesame==\r\nbob:plain\n").unwrap();
        let now = Instant::now();
        assert_eq!(name(&tokens, "sesame==", now), Some(Some("ann".to_owned())));
        // The last line wins where a token stands twice.
        assert_eq!(name(&tokens, "plain", now), Some(Some("bob".to_owned())));
        for wrong in ["", "sesame", "sesame===", "ann:sesame==", "# who", "Plain", "plain "] {
            assert_eq!(name(&tokens, wrong, now), None, "{wrong}");
        }
        for bad in ["a b", ":token", "name:", "a:b:c", "tök", "=", "a=b"] {
            assert_eq!(Tokens::text(&format!("ok\n{bad}\n")).unwrap_err(), "line 2 is no token", "{bad}");
        }
        assert_eq!(Tokens::text("# nothing\n").unwrap_err(), "there are no tokens");
        assert!(!format!("{tokens:?}").contains("sesame"));
    }

    #[test]
    fn the_file_is_followed_once_a_second() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("tokens");
        std::fs::write(&path, "old\n").unwrap();
        let tokens = Tokens::file(&path).unwrap();
        let mut now = Instant::now();
        let mut known = |token, later: bool| {
            now += if later { LOOK } else { Duration::ZERO };
            name(&tokens, token, now).is_some()
        };
        assert!(known("old", true));
        // As large and, on a coarse clock, as old as before.
        std::fs::write(&path, "new\n").unwrap();
        assert!(known("old", false), "it is looked at more often than once a second");
        assert!(known("new", true) && !known("old", false));
        for bad in [&b"new\nno token\n"[..], b"\xff\n", &vec![b'a'; MAX_BYTES as usize + 1]] {
            std::fs::write(&path, bad).unwrap();
            assert!(known("new", true), "a bad file took the tokens away");
        }
        std::fs::remove_file(&path).unwrap();
        assert!(known("new", true));
        // Who empties it means it.
        std::fs::write(&path, "").unwrap();
        assert!(!known("new", true));
        std::fs::write(&path, "newer\n").unwrap();
        assert!(known("newer", true));
        assert!(Tokens::file(&dir.path().join("nowhere")).is_err());
    }
}
