//! What is handed on: the handler sees the values that were sent, by position, and the caller those that were answered.

use proptest::prelude::*;

use crate::choices::{Choices, cases, choices};
use crate::document::{self, Document, Text};
use crate::engine;
use crate::model::{Field, Model, Type, distinct};

pub(crate) struct Method {
    pub(crate) parameters: Vec<Field>,
    pub(crate) result: Option<Type>,
    pub(crate) result_optional: bool,
}

impl Method {
    pub(crate) fn new(model: &Model, choices: &mut Choices<'_>) -> Method {
        let names = distinct(choices, &["a", "b", "request", "customerId", "veryLongParameterName"], 5);
        let required = choices.below(names.len() + 1);
        let parameters = names.into_iter().enumerate().map(|(index, name)| Field {
            name: name.into(),
            ty: model.any_type(choices),
            optional: index >= required,
        });
        let parameters = parameters.collect();
        let result = (!choices.one_in(4)).then(|| model.any_type(choices));
        Method { parameters, result_optional: result.is_some() && choices.one_in(3), result }
    }

    pub(crate) fn pulse(&self) -> String {
        let parameters: Vec<String> = self.parameters.iter().map(Field::pulse).collect();
        let result = self.result.as_ref().map_or(String::new(), Type::pulse);
        let optional = if self.result_optional { " [optional]" } else { "" };
        format!("interface I {{ f({}) {result}{optional} }}", parameters.join(", "))
    }

    /// Arguments as values, `None` where one is left out.
    pub(crate) fn arguments(&self, model: &Model, choices: &mut Choices<'_>) -> Vec<Option<Document>> {
        let each = self.parameters.iter().map(|parameter| match choices.below(4) {
            0 if parameter.optional => None,
            1 if parameter.optional => Some(Document::Null),
            _ => Some(model.value(&parameter.ty, choices, 3)),
        });
        each.collect()
    }

    /// What the handler should see.
    pub(crate) fn handed(&self, model: &Model, arguments: &[Option<Document>]) -> Document {
        let each = self.parameters.iter().zip(arguments).map(|(parameter, value)| {
            value.as_ref().map_or(Document::Null, |value| model.canonical(&parameter.ty, value))
        });
        Document::Array(each.collect())
    }

    /// The arguments as they could be sent.
    pub(crate) fn sent(&self, mut arguments: Vec<Option<Document>>, choices: &mut Choices<'_>) -> Document {
        if choices.one_in(2) {
            while arguments.last().is_some_and(Option::is_none) {
                arguments.pop();
            }
            return Document::Array(
                arguments.into_iter().map(|value| value.unwrap_or(Document::Null)).collect(),
            );
        }
        let names = self.parameters.iter().map(|parameter| Text::from(parameter.name.as_str()));
        let mut members: Vec<_> =
            names.zip(arguments).filter_map(|(name, value)| Some((name, value?))).collect();
        shuffle(&mut members, choices);
        Document::Object(members)
    }
}

fn shuffle<T>(list: &mut [T], choices: &mut Choices<'_>) {
    for index in 1..list.len() {
        list.swap(index, choices.below(index + 1));
    }
}

/// A request of whose id the exact text is known.
fn request(params: Document, id: &str, choices: &mut Choices<'_>) -> String {
    let mut members = vec![
        ("jsonrpc", Document::string("2.0").write(choices)),
        ("method", Document::string("I.f").write(choices)),
        ("id", id.into()),
        ("params", params.write(choices)),
    ];
    if choices.one_in(3) {
        // Outside of parameters no string may have half of a surrogate pair.
        let value = Some(document::document(choices, 1)).filter(Document::paired).unwrap_or(Document::Null);
        members.push(("unknown", value.write(choices)));
    }
    shuffle(&mut members, choices);
    let mut out = String::new();
    document::space(&mut out, choices);
    for (index, (name, value)) in members.iter().enumerate() {
        out.push(if index == 0 { '{' } else { ',' });
        document::space(&mut out, choices);
        Text::from(*name).write_to(&mut out, choices);
        document::space(&mut out, choices);
        out.push(':');
        document::space(&mut out, choices);
        out.push_str(value);
        document::space(&mut out, choices);
    }
    out.push('}');
    document::space(&mut out, choices);
    out
}

fn no_line_break(text: &str) -> bool {
    !text.contains(['\n', '\r'])
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn what_was_checked_is_what_is_handed_on(contract in choices(100), list in choices(300)) {
        let shape = &mut Choices::new(&contract);
        let model = Model::new(shape);
        let method = Method::new(&model, shape);
        let pulse = format!("{}{}", model.pulse(), method.pulse());
        let engine = engine(&pulse, |builder| builder);
        let choices = &mut Choices::new(&list);

        let arguments = method.arguments(&model, choices);
        let expected = method.handed(&model, &arguments);
        let result = match &method.result {
            None => Document::Null,
            Some(_) if method.result_optional && choices.one_in(3) => Document::Null,
            Some(ty) => model.value(ty, choices, 3),
        };
        let id = choices.pick(&["1", "-0.50e+7", "null", "\"\\u0041b\"", "\"\"", "123456789012345678901234567890"]);
        let params = method.sent(arguments, choices);
        let body = request(params, id, choices);
        let mut answer = String::new();
        document::space(&mut answer, choices);
        answer.push_str(&result.write(choices));
        document::space(&mut answer, choices);

        let mut seen = Vec::new();
        let reply = engine.handle(body.as_str(), |_, params| {
            seen.push(params.to_owned());
            Ok(answer.as_str())
        });
        let reply = String::from_utf8(reply.expect("a reply")).expect("text");
        prop_assert_eq!(seen.len(), 1, "{}\n{}\n{}", pulse, body, reply);
        prop_assert!(no_line_break(&seen[0]), "{:?}", seen[0]);
        prop_assert_eq!(Document::read(seen[0].as_bytes()), Some(expected), "{}\n{}\n{}", pulse, body, seen[0]);

        prop_assert!(no_line_break(&reply), "{reply:?}");
        let ending = format!(",\"id\":{id}}}");
        prop_assert!(reply.ends_with(&ending), "{}", reply);
        let result = method.result.as_ref().map_or(Document::Null, |ty| model.canonical(ty, &result));
        let reply = Document::read(reply.as_bytes()).expect("JSON");
        prop_assert_eq!(reply.member("result"), Some(&result), "{}\n{}\n{:?}", pulse, answer, reply);

        // Handed in again, nothing is left to be rewritten.
        let again = format!("{{\"jsonrpc\":\"2.0\",\"method\":\"I.f\",\"params\":{},\"id\":1}}", seen[0]);
        let _ = engine.handle(again, |_, params| {
            seen.push(params.to_owned());
            Ok("0")
        });
        prop_assert_eq!(seen.len(), 2);
        prop_assert_eq!(&seen[0], &seen[1]);
    }
}

#[test]
fn a_line_break_is_replaced_wherever_it_stands() {
    let engine = engine("interface I { f(s S, n int [optional]) S } struct S { n int }", |builder| builder);
    for spaced in [
        "[\n{\"n\":1},2]",
        "[{\r\"n\":1},2]",
        "[{\"n\"\n:1},2]",
        "[{\"n\":\n1},2]",
        "[{\"n\":1\r},2]",
        "[{\"n\":1}\n,2]",
        "[{\"n\":1},\n2]",
        "[{\"n\":1},2\n]",
        "[{\"n\":1,\"x\"\n:0},2]",
        "[{\"n\":1,\"x\":[\n]},2]",
        "[{\"n\":1,\"x\":{\"y\":\r0}}]",
        "{\"s\":{\"n\":1,\"x\":[0\n]}}",
        "{\"n\":2,\n\"s\":{\"n\":\n1}}",
    ] {
        let body = format!("{{\"jsonrpc\":\"2.0\",\"method\":\"I.f\",\"params\":{spaced},\"id\":1}}");
        let mut seen = None;
        let reply = engine.handle(body, |_, params| {
            seen = Some(params.to_owned());
            Ok("{\"n\":1,\"x\":[\n]}")
        });
        assert!(seen.is_some_and(|seen| no_line_break(&seen)), "{spaced:?}");
        assert!(no_line_break(&String::from_utf8(reply.expect("a reply")).expect("text")));
    }
}
