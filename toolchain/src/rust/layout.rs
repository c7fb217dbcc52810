//! Lines as rustfmt breaks them, for the few forms that generated code has.

/// Columns of a line, rustfmt's `max_width`.
const WIDTH: usize = 100;

/// Columns of arguments that stand on one line, rustfmt's `fn_call_width`.
const ARGUMENTS: usize = 60;

/// Columns of an argument that may share a line with others of a broken list, rustfmt's
/// `short_array_element_width_threshold`.
const SHORT: usize = 10;

/// A piece of code that is written on one line if it fits, else with each item of its lists on a line of its own.
#[derive(Debug, Clone)]
pub(super) enum Code {
    /// Never broken.
    Text(String),
    /// One after the other.
    Row(Vec<Code>),
    /// Between brackets, which stand on the line of the items if those have at most `widest` columns.
    List { open: &'static str, items: Vec<Code>, close: &'static str, widest: usize },
}

/// Columns of the last line.
fn columns(out: &str) -> usize {
    out.chars().rev().take_while(|c| *c != '\n').count()
}

impl Code {
    pub(super) fn text(text: impl Into<String>) -> Code {
        Code::Text(text.into())
    }

    /// `head<a, b>`
    pub(super) fn generic(head: impl Into<String>, arguments: Vec<Code>) -> Code {
        Code::Row(vec![Code::text(head), Code::list("<", arguments, ">", WIDTH)])
    }

    /// `head(a, b)`
    pub(super) fn call(head: impl Into<String>, arguments: Vec<Code>) -> Code {
        Code::Row(vec![Code::text(head), Code::list("(", arguments, ")", ARGUMENTS)])
    }

    /// `(a, b)` as a value; of one item `(a,)`.
    pub(super) fn tuple(items: Vec<Code>) -> Code {
        let close = if items.len() == 1 { ",)" } else { ")" };
        Code::list("(", items, close, ARGUMENTS)
    }

    /// `(a, b)` as a pattern; of one item `(a,)`.
    pub(super) fn pattern(items: Vec<Code>) -> Code {
        let close = if items.len() == 1 { ",)" } else { ")" };
        Code::list("(", items, close, WIDTH)
    }

    fn list(open: &'static str, items: Vec<Code>, close: &'static str, widest: usize) -> Code {
        Code::List { open, items, close, widest }
    }

    /// All of it on one line.
    pub(super) fn flat(&self) -> String {
        match self {
            Code::Text(text) => text.clone(),
            Code::Row(parts) => parts.iter().map(Code::flat).collect(),
            Code::List { open, items, close, .. } => format!("{open}{}{close}", joined(items)),
        }
    }

    /// Whether it fits on the rest of a line of which `used` columns are taken.
    pub(super) fn fits(&self, used: usize) -> bool {
        used + self.flat().chars().count() <= WIDTH && self.is_narrow()
    }

    fn is_narrow(&self) -> bool {
        match self {
            Code::Text(_) => true,
            Code::Row(parts) => parts.iter().all(Code::is_narrow),
            Code::List { items, widest, .. } => {
                joined(items).chars().count() <= *widest && items.iter().all(Code::is_narrow)
            }
        }
    }

    /// `indent`, the code and `end`, with a line break behind.
    pub(super) fn line(&self, out: &mut String, indent: usize, end: &str) {
        out.push_str(&" ".repeat(indent));
        self.write(out, indent, end.chars().count());
        out.push_str(end);
        out.push('\n');
    }

    fn write(&self, out: &mut String, indent: usize, behind: usize) {
        if self.fits(columns(out) + behind) {
            out.push_str(&self.flat());
            return;
        }
        match self {
            Code::Text(text) => out.push_str(text),
            Code::Row(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    let rest: usize = parts[at + 1..].iter().map(|part| part.flat().chars().count()).sum();
                    part.write(out, indent, rest + behind);
                }
            }
            Code::List { open, close, items, .. } if items.is_empty() => {
                out.push_str(open);
                out.push_str(close);
            }
            Code::List { open, items, close, widest } => {
                out.push_str(open);
                out.push('\n');
                let is_short = |item: &Code| matches!(item, Code::Text(text) if text.len() <= SHORT);
                if *widest == ARGUMENTS && items.len() > 1 && items.iter().all(is_short) {
                    fill(out, indent + 4, items);
                } else {
                    for item in items {
                        item.line(out, indent + 4, ",");
                    }
                }
                out.push_str(&" ".repeat(indent));
                out.push_str(close.trim_start_matches(','));
            }
        }
    }
}

/// The head of a function, up to and with `end`.
pub(super) fn signature(
    out: &mut String,
    indent: usize,
    name: &str,
    parameters: Vec<Code>,
    returns: Code,
    end: &str,
) {
    let line = Code::Row(vec![
        Code::text(format!("fn {name}")),
        Code::list("(", parameters.clone(), ")", WIDTH),
        Code::text(" -> "),
        returns.clone(),
    ]);
    let pad = " ".repeat(indent);
    let is_head = end == " {";
    if line.fits(indent + end.len()) {
        // rustfmt keeps room for a brace behind the type even where there is none.
        if is_head || line.fits(indent + end.len() + 1) {
            return line.line(out, indent, end);
        }
        let parameters = Code::list("(", parameters, ")", WIDTH).flat();
        out.push_str(&format!("{pad}fn {name}{parameters}\n{pad}-> {}{end}\n", returns.flat()));
        return;
    }
    out.push_str(&format!("{pad}fn {name}(\n"));
    for parameter in parameters {
        parameter.line(out, indent + 4, ",");
    }
    out.push_str(&format!("{pad}) -> "));
    // It measures the type as if that stood at the start of a line, behind the arrow.
    if returns.fits(indent + 3) {
        out.push_str(&returns.flat());
    } else {
        returns.write(out, indent, 0);
    }
    // And counts the indentation twice.
    if is_head && indent + columns(out) + end.len() > WIDTH {
        out.push_str(&format!("\n{pad}{{\n"));
    } else {
        out.extend([end, "\n"]);
    }
}

/// As many items on each line as it holds.
fn fill(out: &mut String, indent: usize, items: &[Code]) {
    out.push_str(&" ".repeat(indent));
    for (at, item) in items.iter().enumerate() {
        let item = item.flat();
        if at > 0 && columns(out) + item.len() + 2 >= WIDTH {
            out.push('\n');
            out.push_str(&" ".repeat(indent));
        } else if at > 0 {
            out.push(' ');
        }
        out.extend([&item, ","]);
    }
    out.push('\n');
}

fn joined(items: &[Code]) -> String {
    let items: Vec<String> = items.iter().map(Code::flat).collect();
    items.join(", ")
}
