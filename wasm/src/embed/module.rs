//! The state of an embedded module: everything that its numbers stand for.

use super::buffer::Buffers;
use crate::flow::Flow;
use crate::table::Table;
use crate::{options, report, source};
use pintle_core::json::Value;
use pintle_core::{Completion, Engine, Outcome, RpcError};
use std::sync::Arc;

/// A buffer as it crosses the boundary: address and length.
pub(super) type Given = (i32, i32);

type Answer<T> = Result<T, String>;

pub(super) struct Module {
    pub(super) buffers: Buffers,
    contracts: Table<Arc<Engine>>,
    exchanges: Table<Flow>,
    pub(super) error: String,
    pub(super) problems: String,
}

impl Module {
    pub(super) const fn new() -> Self {
        Module {
            buffers: Buffers::new(),
            contracts: Table::new(),
            exchanges: Table::new(),
            error: String::new(),
            problems: String::new(),
        }
    }

    /// Takes every buffer of a call, those after a bad one too.
    fn take<const N: usize>(&mut self, given: [Given; N]) -> Answer<[Vec<u8>; N]> {
        let taken = given.map(|(at, len)| self.buffers.take(at, len));
        let mut all = [const { Vec::new() }; N];
        for (slot, buffer) in all.iter_mut().zip(taken) {
            *slot = buffer?;
        }
        Ok(all)
    }

    pub(super) fn contract(&mut self, given: Given, form: i32) -> Answer<i32> {
        let [text] = self.take([given])?;
        let text = string(text)?;
        let contract = match form {
            0 => source::from_text("contract.pulse", &text, &Value::Null),
            1 => source::from_json(&text),
            _ => Err("a form of contract that is neither 0 nor 1".into()),
        };
        let engine = contract.and_then(source::engine)?;
        Ok(self.contracts.insert(engine) as i32)
    }

    pub(super) fn configure(&mut self, contract: i32, given: Given) -> Answer<i32> {
        let [json] = self.take([given])?;
        let engine = self.contracts.get_mut(contract as u32).ok_or_else(no_contract)?;
        *engine = options::configure(engine.builder_again(), &string(json)?)?;
        Ok(1)
    }

    pub(super) fn release(&mut self, contract: i32) -> Answer<i32> {
        self.contracts.take(contract as u32).map(|_| 1).ok_or_else(no_contract)
    }

    pub(super) fn validate(&mut self, contract: i32, name: Given, json: Given) -> Answer<i32> {
        let [name, json] = self.take([name, json])?;
        let engine = self.contracts.get(contract as u32).ok_or_else(no_contract)?;
        let validation = engine.validate(&string(name)?, &json).ok_or("the contract has no such type")?;
        self.problems = report::problems(&validation.problems);
        Ok(i32::from(validation.valid()))
    }

    pub(super) fn open(&mut self, contract: i32, given: Given) -> Answer<i32> {
        let [body] = self.take([given])?;
        let engine = self.contracts.get(contract as u32).ok_or_else(no_contract)?;
        Ok(self.exchanges.insert(Flow::open(engine, body)) as i32)
    }

    pub(super) fn close(&mut self, exchange: i32) -> Answer<i32> {
        self.exchanges.take(exchange as u32).map(|_| 1).ok_or_else(no_exchange)
    }

    pub(super) fn flow(&mut self, exchange: i32) -> Answer<&mut Flow> {
        self.exchanges.get_mut(exchange as u32).ok_or_else(no_exchange)
    }

    pub(super) fn complete(&mut self, exchange: i32, ticket: i32, form: i32, given: Given) -> Answer<i32> {
        let [text] = self.take([given])?;
        let outcome = match form {
            0 => Outcome::Return(&text),
            1 => Outcome::Answer(&text),
            _ => return Err("a form of outcome that is neither 0 nor 1".into()),
        };
        self.bring(exchange, ticket, outcome)
    }

    pub(super) fn fail(
        &mut self,
        exchange: i32,
        ticket: i32,
        origin: i32,
        code: i32,
        [message, data]: [Given; 2],
    ) -> Answer<i32> {
        let outcome = match origin {
            0 => {
                let [message, text] = self.take([message, data])?;
                let data = if data == (0, 0) { None } else { Some(string(text)?) };
                Outcome::Error(RpcError { code, message: string(message)?, data })
            }
            1 => Outcome::Fail(self.error_of(code, message, data)?),
            _ => {
                self.take([message, data])?;
                return Err("an origin of an error that is neither 0 nor 1".into());
            }
        };
        self.bring(exchange, ticket, outcome)
    }

    fn bring(&mut self, exchange: i32, ticket: i32, outcome: Outcome<'_>) -> Answer<i32> {
        match self.flow(exchange)?.complete(ticket as u32, outcome) {
            Completion::Accepted => Ok(0),
            Completion::Replaced(problems) => {
                self.problems = report::problems(&problems);
                Ok(1)
            }
            Completion::Late => Ok(2),
        }
    }

    pub(super) fn parameter(&mut self, exchange: i32, ticket: i32, name: Given, json: Given) -> Answer<i32> {
        let [name, json] = self.take([name, json])?;
        let (name, json) = (string(name)?, string(json)?);
        Ok(i32::from(self.flow(exchange)?.add_parameter(ticket as u32, name, json)))
    }

    pub(super) fn admit(&mut self, exchange: i32, ticket: i32) -> Answer<i32> {
        Ok(i32::from(self.flow(exchange)?.admit(ticket as u32, None)))
    }

    pub(super) fn refuse(
        &mut self,
        exchange: i32,
        ticket: i32,
        code: i32,
        message: Given,
        data: Given,
    ) -> Answer<i32> {
        let error = self.error_of(code, message, data)?;
        Ok(i32::from(self.flow(exchange)?.admit(ticket as u32, Some(error))))
    }

    pub(super) fn abandon(&mut self, exchange: i32, code: i32, message: Given, data: Given) -> Answer<i32> {
        let error = self.error_of(code, message, data)?;
        self.flow(exchange)?.abandon(&error);
        Ok(1)
    }

    /// An error of the shell's own.
    fn error_of(&mut self, code: i32, message: Given, data: Given) -> Answer<RpcError> {
        let [message, text] = self.take([message, data])?;
        let data = if data == (0, 0) { None } else { Some(string(text)?) };
        report::error(code, string(message)?, data)
    }
}

fn string(bytes: Vec<u8>) -> Answer<String> {
    String::from_utf8(bytes).map_err(|_| "a text that is not UTF-8".into())
}

fn no_contract() -> String {
    "no contract has this number".into()
}

fn no_exchange() -> String {
    "no exchange has this number".into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::Move;

    const TEXT: &str = "namespace a\ninterface S { f(x int) int }\nstruct T { x int }";
    const BODY: &[u8] = br#"{"jsonrpc":"2.0","method":"S.f","params":[1],"id":7}"#;
    const NONE: Given = (0, 0);

    fn module() -> (Module, i32) {
        let mut module = Module::new();
        let text = module.buffers.write(TEXT.as_bytes());
        let contract = module.contract(text, 0).unwrap();
        (module, contract)
    }

    fn open(module: &mut Module, contract: i32) -> (i32, i32) {
        let body = module.buffers.write(BODY);
        let exchange = module.open(contract, body).unwrap();
        let flow = module.flow(exchange).unwrap();
        assert_eq!(flow.poll(), Move::Call);
        (exchange, flow.ticket() as i32)
    }

    fn reply(module: &mut Module, exchange: i32) -> String {
        let flow = module.flow(exchange).unwrap();
        assert_eq!(flow.poll(), Move::Reply);
        let reply = String::from_utf8(flow.reply().unwrap().to_vec()).unwrap();
        assert_eq!(module.close(exchange), Ok(1));
        assert!(module.flow(exchange).is_err());
        reply
    }

    #[test]
    fn every_kind_of_outcome_is_taken() {
        let (mut module, contract) = module();

        let (exchange, ticket) = open(&mut module, contract);
        let text = module.buffers.write(b"2");
        assert_eq!(module.complete(exchange, ticket, 0, text), Ok(0));
        let text = module.buffers.write(b"2");
        assert_eq!(module.complete(exchange, ticket, 0, text), Ok(2));
        assert_eq!(reply(&mut module, exchange), r#"{"jsonrpc":"2.0","result":2,"id":7}"#);

        let (exchange, ticket) = open(&mut module, contract);
        let text = module.buffers.write(br#"{"result":"x"}"#);
        assert_eq!(module.complete(exchange, ticket, 1, text), Ok(1));
        assert!(module.problems.contains("\"expected\":\"int\""), "{}", module.problems);
        assert!(reply(&mut module, exchange).contains("-32603"));

        let (exchange, ticket) = open(&mut module, contract);
        let (message, data) = (module.buffers.write(b"no"), module.buffers.write(b"[1]"));
        assert_eq!(module.fail(exchange, ticket, 0, 5, [message, data]), Ok(0));
        assert!(reply(&mut module, exchange).contains(r#"{"code":5,"message":"no","data":[1]}"#));

        let (exchange, ticket) = open(&mut module, contract);
        let message = module.buffers.write(b"Overloaded");
        assert_eq!(module.fail(exchange, ticket, 0, -32003, [message, NONE]), Ok(1), "not a handler's");
        assert!(reply(&mut module, exchange).contains("-32603"));

        let (exchange, ticket) = open(&mut module, contract);
        let message = module.buffers.write(b"Overloaded");
        assert_eq!(module.fail(exchange, ticket, 1, -32003, [message, NONE]), Ok(0));
        assert!(reply(&mut module, exchange).contains(r#"{"code":-32003,"message":"Overloaded"}"#));

        let (exchange, _) = open(&mut module, contract);
        let message = module.buffers.write(b"Cancelled");
        assert_eq!(module.abandon(exchange, -32002, message, NONE), Ok(1));
        assert!(reply(&mut module, exchange).contains("-32002"));
        assert_eq!(module.buffers.lent(), 0);
    }

    #[test]
    fn an_error_of_the_shell_cannot_break_a_reply() {
        let (mut module, contract) = module();
        let (exchange, ticket) = open(&mut module, contract);
        for bad in [&b"1,\"id\":2"[..], b"", b"\xff"] {
            let data = (module.buffers.write(bad), bad).0;
            assert!(module.fail(exchange, ticket, 1, 1, [NONE, data]).is_err());
        }
        let data = module.buffers.write(b"[1,\n2]");
        assert_eq!(module.fail(exchange, ticket, 1, 1, [NONE, data]), Ok(0));
        assert!(reply(&mut module, exchange).contains(r#""data":[1, 2]"#));
        assert_eq!(module.buffers.lent(), 0);
    }

    #[test]
    fn a_released_contract_serves_what_is_open() {
        let (mut module, contract) = module();
        let (exchange, ticket) = open(&mut module, contract);
        assert_eq!(module.release(contract), Ok(1));
        assert!(module.release(contract).is_err());
        let body = module.buffers.write(BODY);
        assert!(module.open(contract, body).is_err());
        let text = module.buffers.write(b"2");
        assert_eq!(module.complete(exchange, ticket, 0, text), Ok(0));
        assert_eq!(reply(&mut module, exchange), r#"{"jsonrpc":"2.0","result":2,"id":7}"#);
    }

    #[test]
    fn values_are_validated_and_options_taken() {
        let (mut module, contract) = module();
        let validate = |module: &mut Module, name: &str, json: &str| {
            let (name, json) = (module.buffers.write(name.as_bytes()), module.buffers.write(json.as_bytes()));
            module.validate(contract, name, json)
        };
        assert_eq!(validate(&mut module, "T", r#"{"x":1,"y":2}"#), Ok(1));
        assert_eq!(module.problems, "[]");
        assert_eq!(validate(&mut module, "T", r#"{"x":"\""}"#), Ok(0));
        assert_eq!(module.problems, r#"[{"path":".x","expected":"int","got":"string"}]"#);
        assert!(validate(&mut module, "U", "1").is_err());
        let json = module.buffers.write(br#"{"strict": true}"#);
        assert_eq!(module.configure(contract, json), Ok(1));
        assert_eq!(validate(&mut module, "T", r#"{"x":1,"y":2}"#), Ok(0));
        let json = module.buffers.write(br#"{"strikt": true}"#);
        assert!(module.configure(contract, json).is_err());
        assert_eq!(validate(&mut module, "T", r#"{"x":1,"y":2}"#), Ok(0), "a refusal changes nothing");
    }

    #[test]
    fn any_numbers_are_refused_and_take_their_buffers() {
        let (mut module, contract) = module();
        let (exchange, ticket) = open(&mut module, contract);
        let numbers = [0, 1, -1, i32::MIN, i32::MAX, contract, ticket];
        for wrong in numbers.into_iter().filter(|number| *number != exchange) {
            let mut text = || module.buffers.write(b"1");
            let (a, b) = (text(), text());
            assert!(module.parameter(wrong, ticket, a, b).is_err());
            assert!(module.flow(wrong).is_err() && module.close(wrong).is_err());
            assert!(module.admit(wrong, ticket).is_err());
            for form in [0, 1, 2, -1] {
                let mut text = || module.buffers.write(b"1");
                let (a, b, c) = (text(), text(), text());
                assert!(module.complete(wrong, ticket, form, a).is_err());
                assert!(module.fail(wrong, ticket, form, 1, [b, c]).is_err());
            }
            let garbage = (wrong, wrong.wrapping_mul(3));
            assert!(module.contract(garbage, 0).is_err() || garbage == NONE);
            assert!(module.open(exchange, garbage).is_err());
        }
        for wrong in numbers.into_iter().filter(|number| *number != ticket) {
            let text = module.buffers.write(b"1");
            assert_eq!(module.complete(exchange, wrong, 0, text), Ok(2));
            assert_eq!(module.admit(exchange, wrong), Ok(0));
        }
        let (text, form) = (module.buffers.write(b"\xff"), 0);
        assert!(module.contract(text, form).is_err());
        assert_eq!(module.buffers.lent(), 0);
        let text = module.buffers.write(b"2");
        assert_eq!(module.complete(exchange, ticket, 0, text), Ok(0));
        assert_eq!(reply(&mut module, exchange), r#"{"jsonrpc":"2.0","result":2,"id":7}"#);
    }
}
