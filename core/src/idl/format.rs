//! The canonical layout of a file, made from its tokens: all comments stay, and so does the order of everything.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use super::diagnostic::{Diagnostic, FileId, Sources, in_order};
use super::lexer::{Kind, Token, Tokens, tokenize};
use super::parser::{Syntax, read};
use super::resolve::{MAX_FILE_SIZE, too_big};

/// Columns are not padded for what is wider than this, so that one long name costs only itself.
const WIDEST: usize = 40;

/// Why a text has no layout.
#[derive(Debug)]
pub struct Mistakes {
    /// What is wrong with it, in the order of lines; never empty.
    pub diagnostics: Vec<Diagnostic>,
    /// The text, for showing diagnostics.
    pub sources: Sources,
}

/// Lays out the text of one file: four spaces in bodies, fields and errors in columns, one empty line between
/// definitions and never two.
///
/// The text means the same contract afterwards, with the same documentation; every comment stays where it is.
/// Formatting twice is formatting once. Only the grammar is checked: imports are not read.
///
/// # Errors
/// The text is no contract; `name` is what diagnostics call it.
pub fn format(name: &str, text: &str) -> Result<String, Mistakes> {
    let mut sources = Sources::default();
    let mut diagnostics = Vec::new();
    if text.len() > MAX_FILE_SIZE {
        let file = sources.add(name.to_string(), String::new());
        let (notes, help) = (Vec::new(), None);
        diagnostics.push(Diagnostic { message: too_big(), file, span: 0..0, notes, help });
        return Err(Mistakes { diagnostics, sources });
    }
    let file = sources.add(name.to_string(), text.to_string());
    let syntax = read(text, file, &mut diagnostics);
    if diagnostics.is_empty() {
        return Ok(lay_out(text, &syntax));
    }
    Err(Mistakes { diagnostics: in_order(diagnostics), sources })
}

/// The same for text of our own, which is at worst left as it is.
pub(super) fn formatted(text: String) -> String {
    let mut diagnostics = Vec::new();
    let syntax = read(&text, FileId(0), &mut diagnostics);
    if diagnostics.is_empty() { lay_out(&text, &syntax) } else { text }
}

/// `syntax` is that of `text`, without mistakes, so the tokens keep the grammar.
fn lay_out(text: &str, syntax: &Syntax) -> String {
    let (mut members, mut columns) = (Vec::new(), Vec::new());
    for field in syntax.structs.iter().flat_map(|(_, marks)| &marks.members) {
        members.push(field.name.start);
        columns.push(field.detail.start);
    }
    for (_, error) in &syntax.errors {
        members.push(error.detail.start);
        columns.push(error.name.start);
    }
    let values = syntax.enums.iter().flat_map(|(_, marks)| &marks.members);
    let methods = syntax.interfaces.iter().flat_map(|(_, marks)| &marks.members);
    members.extend(values.chain(methods).map(|member| member.name.start));
    members.sort_unstable();
    columns.sort_unstable();
    let mut layout =
        Layout { tokens: tokenize(text), members, columns, out: String::new(), item: Vec::new(), indent: 0 };
    layout.file();
    layout.out
}

struct Layout<'a> {
    tokens: Tokens<'a>,
    /// Where members of bodies start, sorted.
    members: Vec<u32>,
    /// Where the types of fields and the names of errors start, sorted.
    columns: Vec<u32>,
    out: String,
    /// The import, namespace or definition that is being laid out, with the comments above it.
    item: Vec<Line>,
    /// Of the line that its last member or itself started in.
    indent: usize,
}

#[derive(Default)]
struct Line {
    /// An empty line stands above.
    apart: bool,
    indent: usize,
    /// Takes part in the columns of its body: a whole member, which no comment breaks into several lines.
    row: bool,
    /// One text for each column; none in a line that is a comment.
    cells: Vec<String>,
    /// With its `//`; empty if there is none.
    comment: String,
}

/// What stands between two tokens.
#[derive(Default)]
struct Gap {
    /// The comment behind the first of them, on its line.
    behind: String,
    /// Those on lines of their own.
    above: Vec<Line>,
    /// The last line before the second of them is empty.
    apart: bool,
}

impl Gap {
    fn is_empty(&self) -> bool {
        self.behind.is_empty() && self.above.is_empty()
    }
}

/// What the next token belongs to.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// Starts an import, the namespace or a definition.
    Between,
    /// Ends an import or the namespace.
    Single,
    /// Stands before a body.
    Head,
    Body,
}

impl Layout<'_> {
    fn file(&mut self) {
        let mut place = Place::Between;
        let mut imports = false;
        for at in 0..self.tokens.list.len() {
            let token = self.token(at);
            let word = self.tokens.slice(token).to_string();
            let mut gap = self.gap(at);
            place = match place {
                Place::Between => {
                    self.end_line(&mut gap);
                    self.finish();
                    let follows = imports && word == "import";
                    imports = word == "import";
                    self.start(gap, (0, 0), (!follows).then_some(true));
                    if imports || word == "namespace" { Place::Single } else { Place::Head }
                }
                Place::Single => {
                    self.go_on(at, gap);
                    Place::Between
                }
                Place::Head => {
                    self.go_on(at, gap);
                    if token.kind == Kind::Sign(b'{') { Place::Body } else { Place::Head }
                }
                Place::Body => {
                    let opened = at > 0 && self.token(at - 1).kind == Kind::Sign(b'{');
                    let closes = token.kind == Kind::Sign(b'}');
                    let empty = closes && opened && gap.is_empty();
                    if !empty && (closes || self.is_member(token)) {
                        gap.apart &= !closes;
                        self.end_line(&mut gap);
                        self.start(gap, (1, usize::from(!closes)), opened.then_some(false));
                    } else {
                        self.go_on(at, gap);
                    }
                    if closes { Place::Between } else { Place::Body }
                }
            };
            if let Some(line) = self.item.last_mut().filter(|_| !word.is_empty()) {
                match line.cells.last_mut() {
                    Some(cell) => cell.push_str(&word),
                    None => line.cells.push(word),
                }
            }
        }
        self.finish();
    }

    fn token(&self, at: usize) -> Token {
        self.tokens.list[at]
    }

    fn is_member(&self, token: Token) -> bool {
        self.members.binary_search(&token.start).is_ok()
    }

    /// What stands before a token.
    fn gap(&self, at: usize) -> Gap {
        let from = if at == 0 { 0 } else { self.token(at - 1).end };
        let text = self.tokens.text.get(from as usize..self.token(at).start as usize).unwrap_or("");
        let mut lines = text.trim_start_matches('\u{feff}').split('\n').map(str::trim).peekable();
        let mut gap = Gap::default();
        if at > 0 {
            gap.behind = comment(lines.next().unwrap_or(""));
        }
        while let Some(line) = lines.next() {
            if !line.is_empty() {
                gap.above.push(Line { apart: gap.apart, comment: comment(line), ..Line::default() });
                gap.apart = false;
            } else if lines.peek().is_some() {
                // Not the line of the token itself.
                gap.apart = true;
            }
        }
        gap
    }

    /// Puts the comment behind the token before where it belongs.
    fn end_line(&mut self, gap: &mut Gap) {
        if let Some(line) = self.item.last_mut() {
            line.comment = core::mem::take(&mut gap.behind);
        }
    }

    /// Starts a line, with comments above: `indents` are theirs and its own, `apart` is that of the first of all.
    fn start(&mut self, gap: Gap, indents: (usize, usize), apart: Option<bool>) {
        let first = self.item.len();
        self.item.extend(gap.above.into_iter().map(|line| Line { indent: indents.0, ..line }));
        self.indent = indents.1;
        self.item.push(Line {
            apart: gap.apart,
            indent: self.indent,
            row: self.indent > 0,
            ..Line::default()
        });
        if let (Some(apart), Some(line)) = (apart, self.item.get_mut(first)) {
            line.apart = apart;
        }
    }

    /// Goes on in the line, or, when there are comments, in another that is indented more.
    fn go_on(&mut self, at: usize, mut gap: Gap) {
        let token = self.token(at);
        if !gap.is_empty() {
            self.end_line(&mut gap);
            gap.above.iter_mut().for_each(|line| line.apart = false);
            self.item.last_mut().into_iter().for_each(|line| line.row = false);
            let line = Line { indent: self.indent + 1, ..Line::default() };
            self.item.extend(gap.above.into_iter().map(|above| Line { indent: line.indent, ..above }));
            self.item.push(line);
            return;
        }
        let spaced = self.is_spaced(at);
        let optional = token.kind == Kind::Sign(b'[') && self.is_word(at + 1, "optional");
        let column = self.columns.binary_search(&token.start).is_ok();
        let Some(line) = self.item.last_mut() else { return };
        let third = line.cells.len() == 2 && (optional || token.kind == Kind::Text);
        if line.row && (column || third) {
            line.cells.push(String::new());
        } else if let Some(cell) = line.cells.last_mut().filter(|_| spaced) {
            cell.push(' ');
        }
    }

    fn is_word(&self, at: usize, word: &str) -> bool {
        self.tokens.list.get(at).is_some_and(|token| self.tokens.slice(*token) == word)
    }

    /// Whether a space stands between a token and the one before it.
    fn is_spaced(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        match (self.token(before).kind, self.token(at).kind) {
            (Kind::Sign(b'(' | b'[' | b'.' | b'-'), _) | (_, Kind::Sign(b')' | b']' | b'.' | b',')) => false,
            (Kind::Sign(b'{'), Kind::Sign(b'}')) => false,
            // Not behind the name of a method, but behind `raises`.
            (_, Kind::Sign(b'(')) => !self.is_member(self.token(before)),
            (Kind::Sign(b']'), Kind::Sign(b'[')) => false,
            (_, Kind::Sign(b'[')) => !self.is_word(at + 1, "string"),
            (Kind::Sign(b']'), _) => before > 0 && self.is_word(before - 1, "optional"),
            _ => true,
        }
    }

    /// Writes the item out.
    fn finish(&mut self) {
        let item = core::mem::take(&mut self.item);
        let rows = || item.iter().filter(|line| line.row);
        let column = |n: usize| {
            let cells = rows().filter(|line| line.cells.len() > n + 1).filter_map(|line| line.cells.get(n));
            widest(cells.map(|cell| cell.len()), WIDEST)
        };
        let columns = [column(0), column(1)];
        let remarked = rows().filter(|line| !line.comment.is_empty());
        let comments = widest(remarked.map(|line| line.code(columns).chars().count()), 2 * WIDEST);
        // The end of the file is a line with nothing on it.
        for line in item.iter().filter(|line| !line.cells.is_empty() || !line.comment.is_empty()) {
            if line.apart && !self.out.is_empty() {
                self.out.push('\n');
            }
            let mut text = line.code(columns);
            if !line.cells.is_empty() && !line.comment.is_empty() {
                let length = text.chars().count();
                pad(&mut text, length, if line.row { comments } else { 0 });
            }
            self.out.extend([text.as_str(), &line.comment, "\n"]);
        }
    }
}

impl Line {
    /// All but the comment.
    fn code(&self, columns: [usize; 2]) -> String {
        let mut code = " ".repeat(4 * self.indent);
        let mut fits = true;
        for (n, cell) in self.cells.iter().enumerate() {
            code.push_str(cell);
            if let Some(width) = columns.get(n).filter(|_| n + 1 < self.cells.len()) {
                fits &= cell.len() <= *width;
                pad(&mut code, cell.len(), if fits { *width } else { 0 });
            }
        }
        code
    }
}

/// `// text`, with its own inner white space, for a line of a gap; empty for an empty one.
fn comment(line: &str) -> String {
    match line.strip_prefix("//") {
        // Rulers and the like are left alone.
        Some(text) if text.starts_with(char::is_alphanumeric) => "// ".to_string() + text,
        _ => line.to_string(),
    }
}

fn widest(widths: impl Iterator<Item = usize>, limit: usize) -> usize {
    widths.filter(|&width| width <= limit).max().unwrap_or(0)
}

/// Spaces behind what is `length` wide, up to the column behind what is `width` wide.
fn pad(out: &mut String, length: usize, width: usize) {
    out.extend(core::iter::repeat_n(' ', width.saturating_sub(length) + 1));
}
