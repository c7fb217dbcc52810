//! What is wrong with a manifest, shown with its place in the file.

use std::fmt;
use std::ops::Range;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Starts at 1; 0 when the problem has no place in the file.
    pub line: usize,
    /// Starts at 1, in characters.
    pub column: usize,
    /// What is wrong, and what would be right.
    pub message: String,
    /// The source line and the width of what to underline. Absent where the line could hold a secret.
    excerpt: Option<(String, usize)>,
}

/// Everything that is wrong with a manifest.
#[derive(Debug)]
pub struct ConfigError {
    /// The file, or what stands in its place.
    pub file: String,
    /// In the order of the file.
    pub problems: Vec<Problem>,
}

impl Problem {
    pub(super) fn at(source: &str, span: Range<usize>, message: String) -> Problem {
        let start = floor(source, span.start);
        let before = &source[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = source[line_start..].lines().next().unwrap_or_default();
        let end = floor(source, span.end.max(start)).min(line_start + line.len()).max(start);
        Problem {
            line: before.matches('\n').count() + 1,
            column: source[line_start..start].chars().count() + 1,
            message,
            excerpt: Some((line.to_owned(), source[start..end].chars().count().max(1))),
        }
    }

    pub(super) fn nowhere(message: String) -> Problem {
        Problem { line: 0, column: 0, message, excerpt: None }
    }

    pub(super) fn without_excerpt(mut self) -> Problem {
        self.excerpt = None;
        self
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            let Problem { line, column, message, excerpt } = problem;
            if *line == 0 {
                write!(f, "{}: {message}", self.file)?;
                continue;
            }
            write!(f, "{}:{line}:{column}: {message}", self.file)?;
            if let Some((text, width)) = excerpt {
                // One character in, one out: the caret stays under what it means.
                let shown: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
                let number = line.to_string();
                let margin = " ".repeat(number.len());
                write!(
                    f,
                    "\n{number} | {shown}\n{margin} | {}{}",
                    " ".repeat(column - 1),
                    "^".repeat(*width)
                )?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
