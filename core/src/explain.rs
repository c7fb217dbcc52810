//! The second pass: says what is wrong with a value that did not pass the first one.
//!
//! It walks the same text by the same plan, and goes on behind what is wrong.

use crate::envelope::Params;
use crate::json::{
    number::{self, Int},
    scan::{self, FaultKind, Surrogates, space},
    text::unescape,
};
use crate::names::Names;
use crate::plan::{Kind, Member, Plan, Shape, one_of};
use crate::problem::Problem;
use crate::validate::Name;
use std::ops::Range;

/// Most characters of the caller's text in one `got` or one segment of a path.
const QUOTED: usize = 64;

pub(crate) struct Explain<'a> {
    plan: &'a Plan,
    text: &'a str,
    strict: bool,
    path: String,
    problems: Vec<Problem>,
    most: usize,
}

impl<'a> Explain<'a> {
    /// Collects up to `most` problems of `text`.
    pub(crate) fn new(plan: &'a Plan, text: &'a str, strict: bool, most: usize) -> Self {
        Explain { plan, text, strict, path: String::new(), problems: Vec::new(), most: most.max(1) }
    }

    /// What was found. Empty only if nothing is wrong.
    pub(crate) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// A whole text that should be one value of `kind` (`null` too, if `optional`).
    pub(crate) fn whole(&mut self, kind: Option<Kind>, optional: bool, depth: usize) {
        let start = space(self.bytes(), 0);
        let end = match scan::value(self.bytes(), start, depth, Surrogates::Any) {
            Ok(end) => end,
            Err(fault) if fault.kind() == FaultKind::Depth => start,
            Err(_) => return self.found("JSON", "invalid"),
        };
        if end > start && space(self.bytes(), end) != self.text.len() {
            return self.found("JSON", "invalid");
        }
        match kind {
            Some(kind) => {
                self.optional(kind, optional, start, depth);
            }
            None if self.text.get(start..end) == Some("null") => {}
            None => self.found("null", self.kind_at(start)),
        }
    }

    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    fn full(&self) -> bool {
        self.problems.len() >= self.most
    }

    #[inline(never)]
    fn found(&mut self, expected: &str, got: &str) {
        if !self.full() {
            let path = self.path.clone();
            self.problems.push(Problem { path, expected: expected.into(), got: got.into() });
        }
    }

    #[inline(never)]
    fn mismatch(&mut self, kind: Kind, got: &str) {
        self.found(&self.plan.expected(kind), got);
    }

    /// Runs `inside` with `segment` at the end of the path.
    fn at<T>(&mut self, segment: &str, inside: impl FnOnce(&mut Self) -> T) -> T {
        let len = self.path.len();
        self.path.push_str(segment);
        let result = inside(self);
        self.path.truncate(len);
        result
    }

    /// What the value at `at` is, from its first byte.
    fn kind_at(&self, at: usize) -> &'static str {
        match self.bytes().get(at) {
            Some(b'"') => "string",
            Some(b'{') => "object",
            Some(b'[') => "array",
            Some(b't' | b'f') => "bool",
            Some(b'n') => "null",
            _ => match number::scan(self.bytes(), at) {
                Ok(end) if self.bytes()[at..end].iter().all(|byte| !matches!(byte, b'.' | b'e' | b'E')) => {
                    "int"
                }
                Ok(_) => "float",
                Err(_) => "invalid",
            },
        }
    }

    /// Behind the value at `at`, whatever it is. `None`: too deep, and said so; nothing further is read.
    fn skip(&mut self, kind: Option<Kind>, at: usize, depth: usize) -> Option<usize> {
        match scan::value(self.bytes(), at, depth, Surrogates::Any) {
            Ok(end) => Some(end),
            Err(_) => {
                let expected = kind.map_or_else(|| "any value".into(), |kind| self.plan.expected(kind));
                self.found(&expected, "too-deep");
                None
            }
        }
    }

    fn optional(&mut self, kind: Kind, optional: bool, at: usize, depth: usize) -> Option<usize> {
        if optional && self.bytes().get(at) == Some(&b'n') {
            return Some(at + 4);
        }
        self.value(kind, at, depth)
    }

    /// The value at `at`, which is known to be JSON up to its depth. `None` ends the walk.
    fn value(&mut self, kind: Kind, at: usize, depth: usize) -> Option<usize> {
        if self.full() {
            return None;
        }
        let got = self.kind_at(at);
        match (kind, got) {
            (Kind::String, "string") | (Kind::Enum(_), "string") => {
                let end = self.skip(Some(kind), at, depth)?;
                let raw = &self.text[at + 1..end - 1];
                if scan::string(self.bytes(), at + 1, Surrogates::Paired).is_err() {
                    self.mismatch(kind, "bad-surrogate");
                } else if let Kind::Enum(index) = kind {
                    let text = unescape(raw);
                    if !self.plan.enums[index as usize].sorted.iter().any(|name| name.name() == text) {
                        self.mismatch(kind, &quoted(&text));
                    }
                }
                Some(end)
            }
            (Kind::Int, "int" | "float") => {
                let (end, int) = number::int(self.bytes(), at).ok()?;
                let safe = |text: &[u8]| !self.plan.safe_ints || number::is_safe(text);
                match int {
                    Int::Plain if !safe(self.bytes().get(at..end).unwrap_or_default()) => {
                        self.mismatch(kind, "out-of-range");
                    }
                    Int::Rewrite(value) if !safe(value.to_string().as_bytes()) => {
                        self.mismatch(kind, "out-of-range");
                    }
                    Int::Plain | Int::Rewrite(_) => {}
                    Int::Fraction => self.mismatch(kind, "float"),
                    Int::Range => self.mismatch(kind, "out-of-range"),
                }
                Some(end)
            }
            (Kind::Float, "int" | "float") => {
                let (end, finite) = number::float(self.bytes(), at).ok()?;
                if !finite {
                    self.mismatch(kind, "out-of-range");
                }
                Some(end)
            }
            (Kind::Bool, "bool") => self.skip(Some(kind), at, depth),
            (Kind::Array(_), "array") | (Kind::Map(_) | Kind::Struct(_), "object") if depth == 0 => {
                self.mismatch(kind, "too-deep");
                None
            }
            (Kind::Array(element), "array") => {
                let element = self.plan.element_kind(element);
                let mut index = 0;
                self.elements(at, &mut |this, at| {
                    let segment = format!("[{index}]");
                    index += 1;
                    this.at(&segment, |this| this.value(element, at, depth - 1))
                })
            }
            (Kind::Map(value), "object") => {
                let value = self.plan.element_kind(value);
                let mut keys = Names::default();
                self.elements(at, &mut |this, at| {
                    let (raw, value_at) = this.key(at)?;
                    let bad = scan::string(this.bytes(), at + 1, Surrogates::Paired).is_err();
                    let name = unescape(&this.text[raw]);
                    this.at(&format!("[{}]", quoted(&name)), |this| {
                        if bad {
                            this.found("string", "bad-surrogate");
                        } else if !keys.insert(name) {
                            this.mismatch(value, "duplicate");
                        }
                        this.value(value, value_at, depth - 1)
                    })
                })
            }
            (Kind::Struct(index), "object") => self.object(&self.plan.shapes[index as usize], at, depth),
            _ => {
                self.mismatch(kind, got);
                self.skip(Some(kind), at, depth)
            }
        }
    }

    /// Every element of the container at `at`; `each` answers the position behind its element.
    fn elements(
        &mut self,
        at: usize,
        each: &mut dyn FnMut(&mut Self, usize) -> Option<usize>,
    ) -> Option<usize> {
        let close = self.bytes().get(at)? + 2;
        let mut at = space(self.bytes(), at + 1);
        if self.bytes().get(at) == Some(&close) {
            return Some(at + 1);
        }
        loop {
            let end = each(self, at)?;
            match scan::next(self.bytes(), end, close).ok()? {
                (end, false) => return Some(end),
                (next, true) => at = next,
            }
        }
    }

    /// The key at `at`: its raw text and where its value begins.
    fn key(&self, at: usize) -> Option<(Range<usize>, usize)> {
        let (end, value) = scan::key(self.bytes(), at, Surrogates::Any).ok()?;
        Some((at + 1..end - 1, value))
    }

    fn object(&mut self, shape: &Shape, at: usize, depth: usize) -> Option<usize> {
        let mut seen = vec![false; shape.fields.len()];
        let end = self.elements(at, &mut |this, at| {
            let (raw, value_at) = this.key(at)?;
            let found = shape.field(&this.text.as_bytes()[raw.clone()]);
            let Name::Is(index) = found else {
                let name = unescape(&this.text[raw]);
                let expected = match found {
                    Name::Resembles(index) => Some(one_of(&[shape.fields[index].token.name()])),
                    _ if this.strict => Some(names(&shape.fields)),
                    _ => None,
                };
                return this.at(&segment(&name), |this| {
                    if let Some(expected) = expected {
                        this.found(&expected, "unknown");
                    }
                    this.skip(None, value_at, depth - 1)
                });
            };
            let field = &shape.fields[index];
            this.at(&segment(field.token.name()), |this| {
                if std::mem::replace(&mut seen[index], true) {
                    this.mismatch(field.kind, "duplicate");
                }
                this.optional(field.kind, field.optional, value_at, depth - 1)
            })
        })?;
        for (field, _) in shape.fields.iter().zip(&seen).filter(|(field, seen)| !field.optional && !**seen) {
            self.at(&segment(field.token.name()), |this| this.mismatch(field.kind, "missing"));
        }
        Some(end)
    }

    /// The parameters of a call: as they came, and those that its admission brings by name.
    pub(crate) fn call(
        &mut self,
        members: &[Member],
        params: &Params,
        extra: &[(String, String)],
        depth: usize,
    ) {
        let mut seen = vec![false; members.len()];
        let mut count = 0;
        let walked = match params {
            Params::Absent => Some(0),
            Params::Array(range) | Params::Checked(range) => self.elements(range.start, &mut |this, at| {
                let index = count;
                count += 1;
                let Some(member) = members.get(index) else {
                    let expected = match members.len() {
                        0 => "no parameters".into(),
                        1 => "1 parameter".into(),
                        most => format!("{most} parameters"),
                    };
                    return this.at(&format!("[{index}]"), |this| {
                        this.found(&expected, "unknown");
                        this.skip(None, at, depth)
                    });
                };
                seen[index] = true;
                this.at(member.token.name(), |this| this.optional(member.kind, member.optional, at, depth))
            }),
            Params::Object(range) => self.elements(range.start, &mut |this, at| {
                let (raw, value_at) = this.key(at)?;
                let name = unescape(&this.text[raw]);
                this.parameter(members, &mut seen, &name, |this, member| match member {
                    Some(member) => this.optional(member.kind, member.optional, value_at, depth),
                    None => this.skip(None, value_at, depth),
                })
            }),
        };
        if walked.is_none() {
            return;
        }
        for (name, value) in extra {
            self.parameter(members, &mut seen, name, |this, member| {
                let room = this.most.saturating_sub(this.problems.len());
                if let Some(member) = member
                    && room > 0
                {
                    let mut inner = Explain::new(this.plan, value, this.strict, room);
                    inner.path.clone_from(&this.path);
                    inner.whole(Some(member.kind), member.optional, depth);
                    this.problems.extend(inner.into_problems());
                }
                Some(0)
            });
        }
        for (member, _) in members.iter().zip(&seen).filter(|(member, seen)| !member.optional && !**seen) {
            self.at(member.token.name(), |this| this.mismatch(member.kind, "missing"));
        }
    }

    fn parameter(
        &mut self,
        members: &[Member],
        seen: &mut [bool],
        name: &str,
        value: impl FnOnce(&mut Self, Option<&Member>) -> Option<usize>,
    ) -> Option<usize> {
        let index = members.iter().position(|member| member.token.name() == name);
        let member = index.map(|index| &members[index]);
        let segment =
            if member.is_some() { name.into() } else { segment(name).trim_start_matches('.').to_owned() };
        self.at(&segment, |this| {
            match (index, member) {
                (Some(index), Some(member)) => {
                    if std::mem::replace(&mut seen[index], true) {
                        this.mismatch(member.kind, "duplicate");
                    }
                }
                _ => this.found(&names(members), "unknown"),
            }
            value(this, member)
        })
    }
}

fn names(members: &[Member]) -> String {
    match members {
        [] => "no parameters".into(),
        _ => one_of(&members.iter().map(|member| member.token.name()).collect::<Vec<_>>()),
    }
}

/// `.name`, or `["any text"]` for what is no identifier.
fn segment(name: &str) -> String {
    let identifier = !name.is_empty()
        && name.len() <= QUOTED
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if identifier { format!(".{name}") } else { format!("[{}]", quoted(name)) }
}

/// `text` as JSON, cut.
fn quoted(text: &str) -> String {
    let mut out = Vec::new();
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => crate::json::write::string(&mut out, &format!("{}…", &text[..end])),
        None => crate::json::write::string(&mut out, text),
    }
    String::from_utf8(out).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::{Engine, Limits, RpcError};
    use std::sync::Arc;

    struct One;

    impl crate::idl::Loader for One {
        fn load(&mut self, _key: &str) -> Result<String, String> {
            Ok("namespace shop
                interface Shop { place(order Order, count int [optional]) }
                enum Status { open paid }
                struct Order {
                    id string status Status sum float n int gift bool items []Item tags map[string]int [optional]
                }
                struct Item { sku string }"
                .into())
        }
    }

    fn engine(strict: bool, problems: usize) -> Arc<Engine> {
        let contract = crate::idl::parse("shop.pulse", &mut One).contract.expect("a contract");
        let limits = Limits { problems, depth: 3, ..Limits::default() };
        Engine::builder(contract).strict(strict).limits(limits).build().expect("an engine")
    }

    /// A good order with `from` in it replaced.
    fn order(from: &str, to: &str) -> String {
        let good =
            r#"{"id":"1","status":"open","sum":1.5,"n":3,"gift":true,"items":[{"sku":"a"}],"tags":{"x":1}}"#;
        assert!(good.contains(from));
        good.replace(from, to)
    }

    fn problems(strict: bool, text: &str) -> String {
        let validation = engine(strict, 16).validate("Order", text.as_bytes()).expect("a type");
        validation.error().unwrap_or_default()
    }

    #[test]
    fn each_finding_says_where_and_what() {
        let long = "x".repeat(100);
        for (from, to, expected) in [
            ("", "", ""),
            (r#""1""#, "1", ".id: expected string, got int"),
            (r#""1""#, r#""\udc00""#, ".id: expected string, got bad-surrogate"),
            (r#""open""#, r#""Open""#, ".status: expected one of open, paid, got \"Open\""),
            (r#""open""#, "{}", ".status: expected one of open, paid, got object"),
            (
                r#""open""#,
                &format!("\"{long}\""),
                &format!(".status: expected one of open, paid, got \"{}…\"", &long[..64]),
            ),
            ("1.5", "1e999", ".sum: expected float, got out-of-range"),
            ("3", "3.5", ".n: expected int, got float"),
            ("3", "9223372036854775808", ".n: expected int, got out-of-range"),
            ("true", "null", ".gift: expected bool, got null"),
            (r#""n":3,"#, "", ".n: expected int, got missing"),
            (r#""n":3,"#, r#""n":3,"\u006e":3,"#, ".n: expected int, got duplicate"),
            (r#""n":3"#, r#""N":3"#, ".N: expected one of n, got unknown; .n: expected int, got missing"),
            (r#""sku":"a""#, "", ".items[0].sku: expected string, got missing"),
            (r#"[{"sku":"a"}]"#, "{}", ".items: expected []shop.Item, got object"),
            (r#""x":1"#, r#""x":1,"\u0078":2"#, r#".tags["x"]: expected int, got duplicate"#),
            (r#""x":1"#, r#""a \"b\"":"1""#, r#".tags["a \"b\""]: expected int, got string"#),
            (
                r#""x":1"#,
                r#""\ud800":1"#,
                ".tags[\"\u{fffd}\u{fffd}\u{fffd}\"]: expected string, got bad-surrogate",
            ),
            (r#""1""#, "[[[]]]", ".id: expected string, got array; .id: expected string, got too-deep"),
        ] {
            assert_eq!(problems(false, &order(from, to)), expected, "{to}");
        }
        assert_eq!(problems(false, "[]"), "the value: expected shop.Order, got array");
        assert_eq!(problems(false, "{"), "the value: expected JSON, got invalid");
        assert_eq!(problems(false, &(order("", "") + "x")), "the value: expected JSON, got invalid");
    }

    #[test]
    fn unknown_fields_are_problems_when_strict() {
        let text = order(r#""x":1"#, "").replace(r#""sku":"a""#, r#""sku":"a","colour":0"#);
        assert_eq!(problems(false, &text), "");
        assert_eq!(problems(true, &text), ".items[0].colour: expected one of sku, got unknown");
        assert_eq!(
            problems(false, &text.replace(":0", ":[]")),
            ".items[0].colour: expected any value, got too-deep"
        );
    }

    #[test]
    fn no_more_is_collected_than_asked_for() {
        let items: Vec<String> = (0..100).map(|_| "0".into()).collect();
        let text = order(r#"{"sku":"a"}"#, &items.join(","));
        for most in [1, 16, 50] {
            let found = engine(false, most).validate("Order", text.as_bytes()).expect("a type").problems;
            assert_eq!(found.len(), most);
            assert_eq!(found[most - 1].path, format!(".items[{}]", most - 1));
        }
    }

    #[test]
    fn a_call_is_explained_by_the_names_of_its_parameters() {
        let good = order("", "");
        let bad = order("3", "null");
        for (params, expected) in [
            ("[]".to_owned(), "order: expected shop.Order, got missing"),
            (format!("[{good},1,2]"), "[2]: expected 2 parameters, got unknown"),
            (format!("[{bad}]"), "order.n: expected int, got null"),
            (format!("[{good},\"1\"]"), "count: expected int, got string"),
            (format!("{{\"order\":{good},\"Count\":1}}"), "Count: expected one of order, count, got unknown"),
            (
                format!("{{\"order\":{good},\"a b\":1}}"),
                "[\\\"a b\\\"]: expected one of order, count, got unknown",
            ),
            (format!("{{\"count\":1,\"order\":{good},\"count\":1}}"), "count: expected int, got duplicate"),
        ] {
            let body = format!(r#"{{"jsonrpc":"2.0","method":"Shop.place","params":{params},"id":1}}"#);
            let called =
                |_: &crate::Method, _: &str| -> Result<&str, RpcError> { panic!("called with {params}") };
            let reply = engine(false, 16).handle(body.as_str(), called).expect("a reply");
            let reply = String::from_utf8(reply).expect("text");
            assert!(reply.contains(&format!("\"detail\":\"{expected}\"")), "{reply}");
        }
    }
}
