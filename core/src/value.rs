//! Single values: checked against a type of the contract, without a call around them.

use crate::engine::Engine;
#[cfg(feature = "index")]
use crate::engine::Method;
use crate::explain::Explain;
#[cfg(feature = "index")]
use crate::index::Index;
use crate::index::Recorder;
use crate::json::scan;
use crate::plan::{Kind, TypeId};
use crate::problem::Validation;
use crate::validate::{Check, Edits};
use std::borrow::Cow;
use std::ops::Range;

impl Engine {
    /// The number of the type `name`: a struct or enum of the contract, with or without its namespace, or one of
    /// `string`, `int`, `float`, `bool`. `None` if there is no such type.
    pub fn type_id(&self, name: &str) -> Option<TypeId> {
        self.plan.type_id(name)
    }

    /// A sum of what code that reads an [`crate::index::Index`] depends on: another contract has another, most likely.
    /// Of an engine that is built without any options.
    pub fn layout(&self) -> u32 {
        self.plan.layout()
    }

    /// `json` as it is handed on if it is a value of the type `ty`: without the white space around it and line breaks, its
    /// integers written as digits.
    pub fn text<'a>(&self, ty: TypeId, json: &'a [u8]) -> Option<Cow<'a, str>> {
        let text = std::str::from_utf8(json).ok()?;
        let (range, edits) = self.whole(json, (self.plan.kind_of(ty)?, false), Recorder::default())?;
        if edits.is_empty() {
            return text.get(range).map(Cow::Borrowed);
        }
        let mut out = Vec::with_capacity(range.len());
        edits.apply(json, range, &mut out);
        String::from_utf8(out).ok().map(Cow::Owned)
    }

    /// Whether `json` is a value of the type `ty`, and if it is, its index. [`Engine::validate`] tells what is wrong.
    #[cfg(feature = "index")]
    pub fn index(&self, ty: TypeId, json: &[u8], index: &mut Index) -> bool {
        let Some(kind) = self.plan.kind_of(ty).filter(|_| std::str::from_utf8(json).is_ok()) else {
            return false;
        };
        self.whole(json, (kind, false), Recorder::new(index)).is_some()
    }

    /// The index of a result of `method`, which may be null where the contract says so. False for other text.
    #[cfg(feature = "index")]
    pub(crate) fn index_result(&self, method: &Method, json: &str, index: &mut Index) -> bool {
        let Some(kind) = method.result else { return false };
        self.whole(json.as_bytes(), (kind, method.result_optional), Recorder::new(index)).is_some()
    }

    /// Where in `json`, which must be UTF-8, its one value is and what must change in it, if it is of the type, or null
    /// where `true` says that it may be.
    #[inline(never)]
    fn whole<'a>(
        &'a self,
        json: &'a [u8],
        (kind, optional): (Kind, bool),
        record: Recorder<'a>,
    ) -> Option<(Range<usize>, Edits)> {
        let mut check = Check::new(&self.plan, json, self.strict).recording(record, 0);
        let start = scan::space(json, 0);
        let end = check.optional(kind, optional, start, self.limits.depth()).ok()?;
        if scan::space(json, end) != json.len() {
            return None;
        }
        Some((start..end, check.finish(true)))
    }

    /// Whether `json` is a value of the type `name`: a struct or enum of the contract, with or without its
    /// namespace, or one of `string`, `int`, `float`, `bool`. `None` if there is no such type.
    pub fn validate(&self, name: &str, json: &[u8]) -> Option<Validation> {
        let kind = self.plan.kind_of(self.type_id(name)?)?;
        let Ok(text) = std::str::from_utf8(json) else {
            let problem =
                crate::Problem { path: String::new(), expected: "UTF-8".into(), got: "invalid".into() };
            return Some(Validation { problems: vec![problem] });
        };
        if self.whole(json, (kind, false), Recorder::default()).is_some() {
            return Some(Validation::default());
        }
        let mut explain = Explain::new(&self.plan, text, self.strict, self.limits.problems);
        explain.whole(Some(kind), false, self.limits.depth());
        Some(Validation { problems: explain.into_problems() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Contract;
    use crate::engine::Builder;

    const CONTRACT: &str = r#"{"rootNamespace": "a",
        "interfaces": [{"name": "A", "namespace": "a", "methods": []}],
        "structs": [{"name": "S", "namespace": "a", "fields": [{"name": "n", "type": {"builtIn": "int"}}]}]}"#;

    fn builder() -> Builder {
        Engine::builder(Contract::from_json(CONTRACT).expect("a contract"))
    }

    #[test]
    fn integers_that_doubles_may_not_hold_pass_unless_they_are_refused() {
        let got = |safe: bool, json: &str| {
            let engine = builder().safe_ints(safe).build().expect("an engine");
            let problems =
                engine.validate("S", format!("{{\"n\":{json}}}").as_bytes()).expect("a type").problems;
            problems.first().map(|problem| problem.got.clone())
        };
        for json in ["0", "999999999999999", "9007199254740991", "-9007199254740991", "9.007199254740991e15"]
        {
            assert_eq!((got(true, json), got(false, json)), (None, None), "{json}");
        }
        for json in [
            "9007199254740992",
            "-9007199254740992",
            "9007199254740993",
            "9223372036854775807",
            "-9223372036854775808",
            "9.007199254740992e15",
            "1e18",
        ] {
            assert_eq!((got(true, json), got(false, json)), (Some("out-of-range".into()), None), "{json}");
        }
        assert_eq!(got(false, "9223372036854775808"), Some("out-of-range".into()));
    }

    #[test]
    fn a_checked_text_is_handed_on_with_integers_as_digits() {
        let engine = builder().build().expect("an engine");
        let ty = engine.type_id("S").expect("a type");
        let text = |json: &str| engine.text(ty, json.as_bytes()).map(Cow::into_owned);
        assert_eq!(text(" {\"n\":\n-0} \n").as_deref(), Some("{\"n\": 0}"));
        assert_eq!(text("{\"n\": 1, \"x\":[1.0]} ").as_deref(), Some("{\"n\": 1, \"x\":[1.0]}"));
        assert_eq!((text("{\"n\":1}1"), text("{\"n\":1.5}"), text("")), (None, None, None));
    }

    #[test]
    fn a_type_is_found_by_any_of_its_names() {
        let engine = builder().build().expect("an engine");
        for name in ["S", "a.S"] {
            assert!(engine.validate(name, b" {\"n\":1}\n").expect("a type").valid());
        }
        assert!(engine.validate("b.S", b"{}").is_none() && engine.validate("A", b"{}").is_none());
        assert!(!engine.validate("int", b"1 1").expect("a type").valid());
        assert!(!engine.validate("string", b"\"\xff\"").expect("a type").valid());
    }
}
