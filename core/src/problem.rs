//! Problems: what is wrong with a value, where, and what was expected there.

use crate::json::write;

/// One finding of a validation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where: `.address.city`, `.items[2]`, `.tags["a b"]`, empty for the whole value; for a call the first
    /// segment is the parameter's name.
    pub path: String,
    /// A type (`int`, `[]checkout.Product`) or `one of a, b, …`.
    pub expected: String,
    /// What stood there: `string`, `int`, `float`, `bool`, `null`, `array`, `object`, `missing`, `duplicate`,
    /// `unknown`, `out-of-range`, `bad-surrogate`, `too-deep`, `invalid` (not JSON), or the quoted text that is no
    /// value of the enum.
    pub got: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let path = if self.path.is_empty() { "the value" } else { &self.path };
        write!(f, "{path}: expected {}, got {}", self.expected, self.got)
    }
}

/// The outcome of validating a value on its own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Validation {
    /// In the order of the text, at most [`crate::Limits::problems`]; empty when the value is valid.
    pub problems: Vec<Problem>,
}

impl Validation {
    /// Whether the value is of its type.
    pub fn valid(&self) -> bool {
        self.problems.is_empty()
    }

    /// All problems as one line; `None` when the value is valid.
    pub fn error(&self) -> Option<String> {
        summary(&self.problems)
    }

    /// The paths of the problems.
    pub fn invalid_fields(&self) -> Vec<&str> {
        self.problems.iter().map(|problem| problem.path.as_str()).collect()
    }
}

/// One line about all of `problems`.
fn summary(problems: &[Problem]) -> Option<String> {
    let lines: Vec<String> = problems.iter().map(Problem::to_string).collect();
    (!lines.is_empty()).then(|| lines.join("; "))
}

/// The `data` member of an Invalid params error: JSON text.
pub(crate) fn data(problems: &[Problem]) -> String {
    let mut out = b"{\"detail\":".to_vec();
    let more = match problems.len().saturating_sub(1) {
        0 => String::new(),
        1 => " (and 1 more problem)".into(),
        more => format!(" (and {more} more problems)"),
    };
    let first = problems.first().map(Problem::to_string).unwrap_or_default();
    write::string(&mut out, &(first + &more));
    out.extend_from_slice(b",\"problems\":[");
    for (index, problem) in problems.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        let parts = [
            ("{\"path\":", &problem.path),
            (",\"expected\":", &problem.expected),
            (",\"got\":", &problem.got),
        ];
        for (name, value) in parts {
            out.extend_from_slice(name.as_bytes());
            write::string(&mut out, value);
        }
        out.push(b'}');
    }
    out.extend_from_slice(b"]}");
    String::from_utf8(out).unwrap_or_default()
}
