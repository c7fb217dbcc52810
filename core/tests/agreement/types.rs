//! What is of a type: the crate and a walk over a tree say the same, of values that are right and of damaged ones.

use proptest::prelude::*;

use pintle_core::Limits;

use crate::choices::{Choices, cases, choices};
use crate::document::{self, Document};
use crate::engine;
use crate::model::{Model, Type, Walk, whole};

/// Puts something else in one random place of the tree.
fn change(value: &mut Document, choices: &mut Choices<'_>) {
    let inside = choices.below(4) > 0;
    match value {
        Document::Array(elements) if inside && !elements.is_empty() => {
            let at = choices.below(elements.len());
            change(&mut elements[at], choices);
        }
        Document::Object(members) if inside && !members.is_empty() => {
            let at = choices.below(members.len());
            match choices.below(8) {
                0..=3 => change(&mut members[at].1, choices),
                4 => drop(members.remove(at)),
                5 => members.push(members[at].clone()),
                6 => members[at].0 = document::text(choices),
                _ => {
                    // In another case it is no longer the field, and not nothing either.
                    let (mut name, value) = members[at].clone();
                    let other = name.value.to_uppercase();
                    name.value = if other == name.value { name.value.to_lowercase() } else { other };
                    match choices.below(2) {
                        0 => members.push((name, value)),
                        _ => members[at].0 = name,
                    }
                }
            }
        }
        _ => *value = document::document(choices, 3),
    }
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn a_value_is_of_its_type_or_not(contract in choices(80), list in choices(200), strict in any::<bool>()) {
        let model = Model::new(&mut Choices::new(&contract));
        let limits = Limits { depth: 5, ..Limits::default() };
        let engine = engine(&model.pulse(), |builder| builder.strict(strict).limits(limits));
        let mut choices = Choices::new(&list);
        let ty = Type::Struct(model.last_struct());
        let mut value = model.value(&ty, &mut choices, 3);
        for _ in 0..choices.below(3) {
            change(&mut value, &mut choices);
        }
        let mut text = value.write(&mut choices).into_bytes();
        if choices.one_in(4) {
            choices.damage(&mut text);
        }
        let found = engine.validate(&ty.pulse(), &text).expect("a type");
        let shown = || format!("{}\n{}\n{:?}", model.pulse(), String::from_utf8_lossy(&text), found.problems);
        let mut walk = Walk { model: &model, strict, paths: Vec::new() };
        match Document::read(&text) {
            Some(value) => walk.value(&ty, &value, "", 5),
            None => walk.paths.push(String::new()),
        }
        prop_assert_eq!(found.valid(), walk.paths.is_empty(), "{}\n{:?}", shown(), walk.paths);
        prop_assert!(found.problems.len() <= 16);
        if !found.valid() {
            let known = found.problems.iter().any(|problem| walk.paths.contains(&problem.path));
            prop_assert!(known, "{}\n{:?}", shown(), walk.paths);
        }
    }

    #[test]
    fn a_number_is_an_int_or_not(sign in "-?", whole_part in "0|[1-9][0-9]{0,22}", fraction in "|\\.[0-9]{1,5}|\\.0{1,25}",
        exponent in "|[eE][+-]?[0-9]{1,2}|e-?[0-9]{3,30}") {
        let engine = engine("interface I { f(n int) int }", |builder| builder);
        let text = format!("{sign}{whole_part}{fraction}{exponent}");
        let found = engine.validate("int", text.as_bytes()).expect("a type");
        let expected = whole(&text);
        prop_assert_eq!(found.valid(), expected.is_ok(), "{}", text);
        if let Err(fraction) = expected {
            prop_assert_eq!(&found.problems[0].got, if fraction { "float" } else { "out-of-range" });
        }
        let body = format!("{{\"jsonrpc\":\"2.0\",\"method\":\"I.f\",\"params\":[{text}],\"id\":1}}");
        let mut seen = None;
        let _ = engine.handle(body, |_, params| {
            seen = Some(params.to_owned());
            Ok("0")
        });
        prop_assert_eq!(seen, expected.ok().map(|value| format!("[{value}]")));
    }
}

#[test]
fn a_key_that_comes_twice_is_found_in_any_map() {
    let engine = engine("struct S { map map[string]int }", |builder| builder);
    let spelled = |index: usize, escaped: bool| {
        let first = if escaped { "\\u006b" } else { "k" };
        format!("\"{first}{index}\":{index}")
    };
    for count in [2, 3, 16, 17, 18, 40] {
        for (first, second) in [(0, 1), (0, count - 1), (count / 3, count - 1), (count - 2, count - 1)] {
            let keys = |twice: bool| {
                let index = |at| if twice && at == second { first } else { at };
                let keys: Vec<String> = (0..count).map(|at| spelled(index(at), at == second)).collect();
                format!("{{\"map\":{{{}}}}}", keys.join(","))
            };
            assert!(engine.validate("S", keys(false).as_bytes()).expect("a type").valid());
            let found = engine.validate("S", keys(true).as_bytes()).expect("a type").problems;
            assert_eq!(found.len(), 1, "{}", keys(true));
            assert_eq!(
                (found[0].path.as_str(), found[0].got.as_str()),
                (format!(".map[\"k{first}\"]").as_str(), "duplicate")
            );
        }
    }
}

#[test]
fn a_struct_of_many_fields_knows_each_of_them() {
    for count in [63, 64, 65, 128, 200] {
        let fields: Vec<String> = (0..count).map(|index| format!("f{index} int")).collect();
        let engine = engine(&format!("struct S {{ {} }}", fields.join(" ")), |builder| builder);
        let text = |leave_out: usize, twice: usize| {
            let members = (0..count).rev().filter(|index| *index != leave_out).map(|index| {
                let member = format!("\"f{index}\":{index}");
                if index == twice { format!("{member},{member}") } else { member }
            });
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        };
        let found = |text: String| engine.validate("S", text.as_bytes()).expect("a type").error();
        assert_eq!(found(text(count, count)), None);
        for index in 0..count {
            assert_eq!(found(text(index, count)), Some(format!(".f{index}: expected int, got missing")));
            assert_eq!(found(text(count, index)), Some(format!(".f{index}: expected int, got duplicate")));
        }
    }
}
