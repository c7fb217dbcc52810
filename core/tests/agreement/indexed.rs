//! What an index says: read by the contract, it is the value that a reader of JSON makes of the same text, without the
//! fields that the contract does not name.

use proptest::prelude::*;

use pintle_core::index::{ABSENT, ESCAPED, Index, LONG, NULL, TEXT};
use pintle_core::{Exchange, Limits, MethodId, Outcome, Step};

use crate::choices::{Choices, cases, choices};
use crate::document::Document;
use crate::engine;
use crate::model::{Model, Type, whole};

/// An index and the text that it is of, as JavaScript has it.
struct Reader<'a> {
    model: &'a Model,
    slots: &'a [u64],
    text: Vec<u16>,
}

impl Reader<'_> {
    fn low(&self, at: usize) -> usize {
        self.slots[at] as u32 as usize
    }

    fn high(&self, at: usize) -> u32 {
        (self.slots[at] >> 32) as u32
    }

    fn string(&self, at: usize) -> Document {
        let (start, end) = (self.low(at), self.high(at));
        let units =
            |range: std::ops::Range<usize>| String::from_utf16(&self.text[range]).expect("whole characters");
        if end & ESCAPED == 0 {
            return Document::string(&units(start..end as usize));
        }
        Document::read(units(start - 1..(end & !ESCAPED) as usize + 1).as_bytes()).expect("a string")
    }

    /// A number as the bits of a double, or as digits where a double does not hold an integer.
    fn number(&self, at: usize) -> Document {
        let value = f64::from_bits(self.slots[at]);
        let high = self.high(at);
        Document::Number(if !value.is_nan() {
            bits(value)
        } else if high == LONG {
            (self.slots[self.low(at)] as i64).to_string()
        } else {
            assert_eq!(high, TEXT);
            let text = String::from_utf16(&self.text[self.low(at) - 1..]).expect("whole characters");
            let end = text.find(|char| !"+-.eE0123456789".contains(char)).unwrap_or(text.len());
            bits(text[..end].parse().expect("a number"))
        })
    }

    fn value(&self, ty: &Type, at: usize) -> Document {
        match ty {
            Type::String => self.string(at),
            Type::Int | Type::Float => self.number(at),
            Type::Bool => Document::Bool(self.low(at) == 2),
            Type::Enum(index) => Document::string(self.model.values(*index)[self.low(at) - 1]),
            Type::Array(element) => {
                let first = self.low(at);
                let slots = first..first + self.high(at) as usize;
                Document::Array(slots.map(|at| self.value(element, at)).collect())
            }
            Type::Map(inner) => {
                let entry = |number| {
                    let key = self.low(at) + 2 * number as usize;
                    let Document::String(name) = self.string(key) else { panic!("a string") };
                    (name, self.value(inner, key + 1))
                };
                Document::Object((0..self.high(at)).map(entry).collect())
            }
            Type::Struct(index) => {
                let mut members = Vec::new();
                for (field, at) in self.model.fields(*index).into_iter().zip(self.low(at)..) {
                    let value = match (self.low(at), self.high(at)) {
                        (0, ABSENT) => continue,
                        (0, NULL) => Document::Null,
                        _ => self.value(&field.ty, at),
                    };
                    members.push((field.name.as_str().into(), value));
                }
                Document::Object(members)
            }
        }
    }
}

fn bits(value: f64) -> String {
    format!("{:x}", value.to_bits())
}

/// The same value as an index says it.
fn expected(model: &Model, ty: &Type, value: &Document) -> Document {
    match (ty, value) {
        (Type::Int, Document::Number(text)) => {
            let value = whole(text).expect("an int");
            let exact = value.unsigned_abs() < 1 << 53;
            Document::Number(if exact { bits(value as f64) } else { value.to_string() })
        }
        (Type::Float, Document::Number(text)) => Document::Number(bits(text.parse().expect("a number"))),
        (Type::Array(element), Document::Array(elements)) => {
            Document::Array(elements.iter().map(|value| expected(model, element, value)).collect())
        }
        (Type::Map(inner), Document::Object(members)) => Document::Object(
            members.iter().map(|(key, value)| (key.clone(), expected(model, inner, value))).collect(),
        ),
        (Type::Struct(index), Document::Object(_)) => {
            let field = |field: &&crate::model::Field| value.member(&field.name).cloned();
            let fields = model.fields(*index);
            let known = fields.iter().filter_map(|item| Some((item, field(item)?)));
            let members =
                known.map(|(field, value)| (field.name.as_str().into(), expected(model, &field.ty, &value)));
            Document::Object(members.collect())
        }
        _ => value.clone(),
    }
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn an_index_says_what_the_text_says(contract in choices(80), list in choices(300)) {
        let model = Model::new(&mut Choices::new(&contract));
        let limits = Limits { depth: 8, ..Limits::default() };
        let engine = engine(&model.pulse(), |builder| builder.limits(limits));
        let mut choices = Choices::new(&list);
        let mut index = Index::default();
        // One index for several texts: nothing of one is left for the next.
        for ty in [Type::Struct(model.last_struct()), Type::Int, Type::Float, Type::Enum(0), Type::Bool, Type::String] {
            let value = model.value(&ty, &mut choices, 3);
            let text = value.write(&mut choices);
            let id = engine.type_id(&ty.pulse()).expect("a type");
            prop_assert!(engine.index(id, text.as_bytes(), &mut index), "{}\n{}", model.pulse(), text);
            let slots = index.slots().expect("in proportion");
            prop_assert!(slots.len() <= text.len() + 512);
            let reader = Reader { model: &model, slots, text: text.encode_utf16().collect() };
            let expected = expected(&model, &ty, &value);
            prop_assert_eq!(reader.value(&ty, 0), expected.clone(), "{}\n{}", model.pulse(), text);
            // So do all names begin that no contract has.
            let unknown = format!("{value:?}").contains("unknown ");
            prop_assert_eq!(index.unknown(), unknown, "{}", text);
        }
    }

    #[test]
    fn text_that_is_not_of_the_type_has_no_index(contract in choices(80), list in choices(200)) {
        let model = Model::new(&mut Choices::new(&contract));
        let engine = engine(&model.pulse(), |builder| builder);
        let mut choices = Choices::new(&list);
        let ty = Type::Struct(model.last_struct());
        let mut text = model.value(&ty, &mut choices, 3).write(&mut choices).into_bytes();
        choices.damage(&mut text);
        let id = engine.type_id(&ty.pulse()).expect("a type");
        let valid = engine.validate(&ty.pulse(), &text).expect("a type").valid();
        prop_assert_eq!(engine.index(id, &text, &mut Index::default()), valid, "{}", String::from_utf8_lossy(&text));
    }
}

#[test]
fn parameters_are_the_fields_of_the_whole() {
    let engine =
        engine("struct P { x int } interface I { f(a string, p P, o float [optional]) }", |builder| builder);
    let body = r#"{"jsonrpc":"2.0","method":"I.f","params":{"p":{"x":1e1},"a":"é\n"},"id":1}"#;
    let mut exchange = Exchange::open(&engine, body);
    let Step::Call(call) = exchange.poll() else { panic!("a call") };
    let params = exchange.params(&call);
    assert_eq!(params, r#"["é\n",{"x":10},null]"#);
    let mut index = Index::default();
    let method: MethodId = call.method;
    assert!(engine.index_params(method, params, &mut index));
    let slots = index.slots().expect("slots");
    let first = slots[0] as usize;
    assert_eq!(slots[first], u64::from(5 | ESCAPED) << 32 | 2, "from 2 to 5, with an escape");
    assert_eq!(f64::from_bits(slots[slots[first + 1] as usize]), 10.0);
    assert_eq!(slots[first + 2], u64::from(NULL) << 32);
    assert!(
        !engine.index_params(method, r#"["a"]"#, &mut index) && !engine.index_params(method, "7", &mut index)
    );
    let _ = exchange.complete(call.ticket, Outcome::Return(b"null"));
}

#[test]
fn one_call_has_its_index_from_the_start_if_the_parameters_stay_as_they_are() {
    let engine = engine("struct P { x int } interface I { f(a string, p P [optional]) }", |builder| builder);
    let (mut early, mut late) = (Index::default(), Index::default());
    for (params, same) in [
        (r#"["é\n",{"x":-7}]"#, true),
        (r#"[ "a" , {"y":"é","x": 9007199254740993} ]"#, true),
        (r#"["a",null]"#, true),
        (r#"["a"]"#, false),
        (r#"["a",{"x":1e2}]"#, false),
        (r#"{"a":"b"}"#, false),
    ] {
        let body = format!(r#"{{"jsonrpc":"2.0","method":"I.f","params":{params},"id":"ü"}}"#);
        let mut exchange = Exchange::open_indexed(&engine, body.as_str(), Some(&mut early));
        let Step::Call(call) = exchange.poll() else { panic!("a call") };
        assert!(engine.index_params(call.method, exchange.params(&call), &mut late));
        assert!(late.slots().is_some());
        if same {
            assert_eq!(early.slots(), late.slots(), "{params}");
            assert_eq!(early.unknown(), params.contains("\"y\""));
        } else {
            assert_eq!(early.slots(), None, "{params}");
        }
        for other in [format!("[{body},{body}]"), body.replace(params, "[7]"), "{".into()] {
            let _ = Exchange::open_indexed(&engine, other, Some(&mut early));
            assert_eq!(early.slots(), None);
        }
    }
}

#[test]
fn an_index_stays_in_proportion_to_its_text() {
    let fields: Vec<String> = (0..200).map(|index| format!("f{index} int [optional]")).collect();
    let engine =
        engine(&format!("struct S {{ {} }} struct L {{ all []S }}", fields.join(" ")), |builder| builder);
    let id = engine.type_id("a.L").expect("a type");
    let mut index = Index::default();
    let list = |count: usize| format!("{{\"all\":[{}]}}", vec!["{\"f7\":1}"; count].join(","));
    assert!(engine.index(id, list(2).as_bytes(), &mut index));
    let slots = index.slots().expect("in proportion");
    let element = slots[slots[slots[0] as usize] as u32 as usize + 1] as usize;
    assert_eq!((f64::from_bits(slots[element + 7]), slots[element + 8]), (1.0, u64::from(ABSENT) << 32));
    assert!(engine.index(id, list(1000).as_bytes(), &mut index), "it is what the contract says");
    assert_eq!(index.slots(), None);
    assert!(engine.index(id, list(1).as_bytes(), &mut index) && index.slots().is_some());
    let id = pintle_core::TypeId(u32::MAX);
    assert!(!engine.index(id, b"1", &mut index) && engine.type_id("a.M").is_none());
}
