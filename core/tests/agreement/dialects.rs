//! Dialects: what one side writes is what the other side reads, whatever the contract, and no bytes are without an answer.

use std::sync::Arc;

use pintle_core::Engine;
use pintle_core::Prepared;
use pintle_core::dialect::{Request, remotipy, simplerpc};
use proptest::prelude::*;

use crate::choices::{Choices, cases, choices};
use crate::document::{Document, Text};
use crate::engine;
use crate::handed::Method;
use crate::model::{Model, Type};

/// The value with a class around each struct, as a plain walk over the tree finds them. With `choices`, only some have
/// one, and it is written in one of the ways that there are.
fn dressed(model: &Model, ty: &Type, value: &Document, choices: &mut Option<&mut Choices<'_>>) -> Document {
    match (ty, value) {
        (Type::Array(element), Document::Array(elements)) => {
            Document::Array(elements.iter().map(|value| dressed(model, element, value, choices)).collect())
        }
        (Type::Map(inner), Document::Object(members)) => {
            let members =
                members.iter().map(|(key, value)| (key.clone(), dressed(model, inner, value, choices)));
            Document::Object(members.collect())
        }
        (Type::Struct(index), Document::Object(members)) => {
            let fields = model.fields(*index);
            let members = members.iter().map(|(key, value)| {
                let field = fields.iter().find(|field| key.paired && field.name == key.value);
                let value = field.map_or(value.clone(), |field| dressed(model, &field.ty, value, choices));
                (key.clone(), value)
            });
            let data = Document::Object(members.collect());
            let mut class = format!("S{index}");
            let mut behind = false;
            if let Some(choices) = choices {
                if choices.one_in(3) {
                    return data;
                }
                class = format!("{}S{}", choices.pick(&["", "a."]), choices.pick(&model.heirs(*index)));
                behind = choices.one_in(2);
            }
            let mut parts =
                vec![(Text::from("_class"), Document::string(&class)), (Text::from("_data"), data)];
            if behind {
                parts.reverse();
            }
            Document::Object(parts)
        }
        _ => value.clone(),
    }
}

/// A contract of one method, a call of it, and what answers that.
struct Case {
    model: Model,
    method: Method,
    engine: Arc<Engine>,
    call: Prepared,
    /// The parameters that the handler should see.
    handed: Document,
    /// What it answers, as the caller should see it.
    result: Document,
}

impl Case {
    fn new(contract: &[u16], choices: &mut Choices<'_>) -> Case {
        let shape = &mut Choices::new(contract);
        let model = Model::new(shape);
        let method = Method::new(&model, shape);
        let engine = engine(&format!("{}\n{}", model.pulse(), method.pulse()), |builder| builder);
        let arguments = method.arguments(&model, choices);
        let handed = method.handed(&model, &arguments);
        let params = method.sent(arguments, choices).write(choices);
        let call = Prepared::new(&engine, "I.f", &params, &[]).expect("good parameters");
        let result = match &method.result {
            Some(_) if method.result_optional && choices.one_in(3) => Document::Null,
            Some(ty) => model.canonical(ty, &model.value(ty, choices, 3)),
            None => Document::Null,
        };
        Case { model, method, engine, call, handed, result }
    }

    /// Runs a body with a handler that must see what was sent, and answers the reply.
    fn reply(&self, body: Vec<u8>, choices: &mut Choices<'_>) -> Option<Vec<u8>> {
        self.engine.handle(body, |_, params| {
            assert_eq!(Document::read(params.as_bytes()).as_ref(), Some(&self.handed));
            Ok(self.result.write(choices))
        })
    }

    fn types(&self) -> impl Iterator<Item = &Type> {
        self.method.parameters.iter().map(|parameter| &parameter.ty)
    }

    /// The parameters with classes.
    fn dressed(&self, choices: &mut Option<&mut Choices<'_>>) -> Document {
        let Document::Array(values) = &self.handed else { panic!("a list") };
        let values = self.types().zip(values).map(|(ty, value)| dressed(&self.model, ty, value, choices));
        Document::Array(values.collect())
    }
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn remotipy_takes_values_there_and_back(contract in choices(100), list in choices(300)) {
        let choices = &mut Choices::new(&list);
        let case = Case::new(&contract, choices);
        let server = remotipy::Server::new(&case.engine, "I").expect("a server");
        let client = remotipy::Client::new(&case.engine).expect("a client");
        let body = client.call(&case.call).expect("a body");
        let written = Document::read(&body).expect("JSON");
        prop_assert_eq!(written.member("params"), Some(&case.dressed(&mut None)));
        let other = Document::Object(vec![
            (Text::from("params"), case.dressed(&mut Some(choices))),
            (Text::from("method"), Document::string("f")),
        ]);
        for body in [body, other.write(choices).into_bytes()] {
            let Request::Call { body, method } = server.request(&body) else { panic!("a call") };
            let reply = case.reply(body, choices);
            let answer = server.reply(method, reply.as_deref());
            let expected = match &case.method.result {
                Some(ty) => dressed(&case.model, ty, &case.result, &mut None),
                None => Document::Null,
            };
            prop_assert_eq!(Document::read(&answer), Some(expected));
            let result = client.answer(&answer, case.call.expected()).expect("a result");
            prop_assert_eq!(Document::read(result.as_bytes()), Some(case.result.clone()));
        }
    }

    #[test]
    fn simplerpc_takes_values_there_and_back(contract in choices(100), list in choices(300)) {
        let choices = &mut Choices::new(&list);
        let mut case = Case::new(&contract, choices);
        // Null is written as an empty object, and read as one where that is good.
        let empty = Document::Object(Vec::new());
        let takes_empty = |ty: &Type| match ty {
            Type::Map(_) => true,
            Type::Struct(index) => case.model.fields(*index).iter().all(|field| field.optional),
            _ => false,
        };
        let mut result = case.result.clone();
        if result == Document::Null && case.method.result.as_ref().is_some_and(takes_empty) {
            result = empty.clone();
        }
        let only = case.types().next().filter(|_| case.types().count() == 1);
        if only.is_some_and(takes_empty) && case.handed == Document::Array(vec![Document::Null]) {
            case.handed = Document::Array(vec![empty]);
        }
        let server = simplerpc::Server::new(&case.engine, "I").expect("a server");
        let line = simplerpc::call(&case.call).expect("a line");
        prop_assert!(line.is_ascii() && !line.contains(&b'\n') && !line.contains(&b'\r'));
        let Request::Call { body, .. } = server.request(&line) else { panic!("a call") };
        let reply = case.reply(body, choices);
        let answer = server.reply(reply.as_deref());
        prop_assert!(answer.is_ascii() && !answer.contains(&b'\n') && !answer.contains(&b'\r'));
        let read = simplerpc::answer(&answer, case.call.expected()).expect("a result");
        prop_assert_eq!(Document::read(read.as_bytes()), Some(result));
    }

    #[test]
    fn no_bytes_are_without_an_answer(contract in choices(100), list in choices(300)) {
        let choices = &mut Choices::new(&list);
        let case = Case::new(&contract, choices);
        let json = |text: &[u8]| serde_json::from_slice::<serde_core::de::IgnoredAny>(text).is_ok();
        // The handler's answer may break the contract now.
        let reply = |body: Vec<u8>, result: &[u8]| {
            case.engine.handle(body, |_, params| {
                assert!(params.starts_with('[') && json(params.as_bytes()), "{params}");
                Ok(result.to_vec())
            })
        };
        let mut result = case.result.write(choices).into_bytes();
        choices.damage(&mut result);

        let server = simplerpc::Server::new(&case.engine, "I").expect("a server");
        let mut line = simplerpc::call(&case.call).expect("a line");
        choices.damage(&mut line);
        let mut answer = match server.request(&line) {
            Request::Call { body, .. } => server.reply(reply(body, &result).as_deref()),
            Request::Answer(answer) => answer,
        };
        prop_assert!(answer.is_ascii() && !answer.contains(&b'\n') && !answer.contains(&b'\r'));
        prop_assert!(simplerpc::is_answer(&answer) && json(&answer[4..]), "{}", answer.escape_ascii());
        choices.damage(&mut answer);
        let _ = simplerpc::answer(&answer, case.call.expected());

        let server = remotipy::Server::new(&case.engine, "I").expect("a server");
        let client = remotipy::Client::new(&case.engine).expect("a client");
        let mut body = client.call(&case.call).expect("a body");
        choices.damage(&mut body);
        let mut answer = match server.request(&body) {
            Request::Call { body, method } => server.reply(method, reply(body, &result).as_deref()),
            Request::Answer(answer) => answer,
        };
        prop_assert!(json(&answer), "{}", answer.escape_ascii());
        choices.damage(&mut answer);
        let _ = client.answer(&answer, case.call.expected());
    }
}
