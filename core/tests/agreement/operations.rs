//! An exchange under any order of operations keeps what its module promises.

use std::collections::BTreeMap;

use proptest::prelude::*;

use pintle_core::{Admission, Code, Completion, Exchange, Limits, Outcome, RpcError, Step, Ticket};

use crate::choices::{Choices, cases, choices};
use crate::document::Document;
use crate::engine;

/// What may stand in the body.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Call,
    Notification,
    BadParams,
    Unknown,
    Invalid,
    Builtin,
}

const KINDS: [Kind; 6] =
    [Kind::Call, Kind::Notification, Kind::BadParams, Kind::Unknown, Kind::Invalid, Kind::Builtin];

impl Kind {
    fn request(self, id: usize) -> String {
        match self {
            Kind::Call => format!("{{\"jsonrpc\":\"2.0\",\"method\":\"I.f\",\"params\":[{id}],\"id\":{id}}}"),
            Kind::Notification => format!("{{\"jsonrpc\":\"2.0\",\"method\":\"I.f\",\"params\":[{id}]}}"),
            Kind::BadParams => format!("{{\"jsonrpc\":\"2.0\",\"method\":\"I.f\",\"id\":{id}}}"),
            Kind::Unknown => format!("{{\"jsonrpc\":\"2.0\",\"method\":\"I.g\",\"id\":{id}}}"),
            Kind::Invalid => format!("{{\"method\":\"I.f\",\"id\":{id}}}"),
            Kind::Builtin => format!("{{\"jsonrpc\":\"2.0\",\"method\":\"ping\",\"id\":{id}}}"),
        }
    }

    /// What is answered without any operation.
    fn own_answer(self) -> Option<Answer> {
        match self {
            Kind::Call | Kind::Notification => None,
            Kind::BadParams => Some(Answer::Error(-32602)),
            Kind::Unknown => Some(Answer::Error(-32601)),
            Kind::Invalid => Some(Answer::Error(-32600)),
            Kind::Builtin => Some(Answer::Result("\"pong\"".into())),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Answer {
    Result(String),
    Error(i32),
}

/// A ticket that is out: of a request to be admitted or of a call.
struct Held {
    ticket: Ticket,
    call: bool,
}

/// The exchange and what must be true of it by now.
struct Run {
    exchange: Exchange,
    kinds: Vec<Kind>,
    admission: bool,
    held: Vec<Held>,
    /// Tickets of calls that are over.
    late: Vec<Ticket>,
    /// Slots whose tickets were dropped since the last poll.
    dropped: Vec<u32>,
    admitted: Vec<usize>,
    asked: Vec<usize>,
    called: Vec<usize>,
    answers: BTreeMap<usize, Answer>,
    abandoned: bool,
    reply: Option<Option<Vec<u8>>>,
    done: bool,
}

impl Run {
    fn settle(&mut self, slot: u32, answer: Answer) {
        let before = self.answers.insert(slot as usize, answer);
        assert!(before.is_none(), "slot {slot} is answered twice");
    }

    fn poll(&mut self) {
        for slot in std::mem::take(&mut self.dropped) {
            self.settle(slot, Answer::Error(-32603));
        }
        match self.exchange.poll() {
            Step::Admit(request) => {
                assert!(self.admission && self.reply.is_none() && !self.abandoned);
                let slot = request.ticket.slot() as usize;
                assert!(self.asked.last().is_none_or(|last| *last < slot), "asked in order");
                assert_eq!(request.notification, self.kinds[slot] == Kind::Notification);
                self.asked.push(slot);
                self.held.push(Held { ticket: request.ticket, call: false });
            }
            Step::Call(call) => {
                assert!(self.reply.is_none() && !self.abandoned);
                let slot = call.ticket.slot() as usize;
                assert!(self.called.last().is_none_or(|last| *last < slot), "given out once and in order");
                assert!(!self.admission || self.admitted.contains(&slot), "called before it was admitted");
                assert!(matches!(self.kinds[slot], Kind::Call | Kind::Notification));
                assert_eq!(self.exchange.params(&call), format!("[{slot}]"));
                assert_eq!(call.notification, self.kinds[slot] == Kind::Notification);
                let id = self.exchange.request_id(&call.ticket).map(str::to_owned);
                assert_eq!(id, (!call.notification).then(|| slot.to_string()));
                self.called.push(slot);
                self.held.push(Held { ticket: call.ticket, call: true });
            }
            Step::Wait => {
                assert!(!self.held.is_empty(), "nothing is out to wait for");
                if !self.admission {
                    let calls = |kind: &&Kind| matches!(kind, Kind::Call | Kind::Notification);
                    assert_eq!(self.called.len(), self.kinds.iter().filter(calls).count(), "a call is ready");
                }
            }
            Step::Reply(reply) => {
                assert!(self.held.is_empty(), "something is still out");
                assert!(self.reply.replace(reply).is_none(), "a second reply");
            }
            Step::Done => {
                assert!(self.reply.is_some(), "done without a reply");
                self.done = true;
            }
        }
        assert!(!self.done || self.reply.is_some());
    }

    fn take(&mut self, choices: &mut Choices<'_>) -> Option<Held> {
        (!self.held.is_empty()).then(|| choices.below(self.held.len())).map(|at| self.held.swap_remove(at))
    }

    fn complete(&mut self, choices: &mut Choices<'_>) {
        let Some(Held { ticket, call }) = self.take(choices) else { return };
        let slot = ticket.slot();
        if !call {
            assert_eq!(self.exchange.complete(ticket, Outcome::Return(b"1")), Completion::Late);
            return self.settle(slot, Answer::Error(-32603));
        }
        let long = format!("\"{}\"", "x".repeat(300));
        let (outcome, completion, answer) = match choices.below(7) {
            0 => (Outcome::Return(b"\"r\""), true, Answer::Result("\"r\"".into())),
            1 => (Outcome::Return(b"7"), false, Answer::Error(-32603)),
            2 => (Outcome::Error(RpcError::new(5, "e").with_data("{}")), true, Answer::Error(5)),
            3 => (Outcome::Error(RpcError::new(-32000, "e")), false, Answer::Error(-32603)),
            4 => (Outcome::Answer(b" {\"result\" : \"a\" }"), true, Answer::Result("\"a\"".into())),
            5 => (Outcome::Fail(Code::Overloaded.into()), true, Answer::Error(-32003)),
            _ => (Outcome::Return(long.as_bytes()), true, Answer::Result(long.clone())),
        };
        let found = self.exchange.complete(ticket, outcome);
        assert!(if completion {
            found == Completion::Accepted
        } else {
            matches!(found, Completion::Replaced(_))
        });
        self.settle(slot, answer);
    }

    fn admit(&mut self, choices: &mut Choices<'_>) {
        let Some(Held { ticket, call }) = self.take(choices) else { return };
        let slot = ticket.slot();
        let accept = choices.below(3) < 2;
        let admission = match accept {
            true => Admission::Accept { parameters: Vec::new() },
            false => Admission::Refuse(Code::Unauthorized.into()),
        };
        self.exchange.admit(ticket, admission);
        match (call, accept) {
            (true, _) => self.settle(slot, Answer::Error(-32603)),
            (false, false) => self.settle(slot, Answer::Error(-32005)),
            (false, true) => self.admitted.push(slot as usize),
        }
    }

    fn give_up(&mut self) {
        self.exchange.abandon(&Code::Cancelled.into());
        if self.reply.is_some() {
            return;
        }
        self.abandoned = true;
        // Nobody knows of a dropped ticket until the next poll.
        self.dropped.clear();
        self.late.extend(self.held.drain(..).map(|held| held.ticket));
        for (slot, kind) in self.kinds.iter().enumerate() {
            if matches!(kind, Kind::Call | Kind::Notification) {
                self.answers.entry(slot).or_insert(Answer::Error(-32002));
            }
        }
    }

    /// What the reply must be: for each request that is answered, one of these.
    fn check_reply(&self, batch: bool, limit: usize) {
        let reply = self.reply.as_ref().expect("a reply");
        let requests: Vec<usize> =
            (0..self.kinds.len()).filter(|slot| self.kinds[*slot] != Kind::Notification).collect();
        let Some(reply) = reply else { return assert!(requests.is_empty(), "no reply") };
        let shown = String::from_utf8(reply.clone()).expect("text");
        assert!(reply.len() <= limit.max(2 + requests.len() * 170), "{} bytes: {shown}", reply.len());
        let responses = match Document::read(reply).expect("JSON") {
            Document::Array(responses) if batch => responses,
            one => vec![one],
        };
        assert_eq!(responses.len(), requests.len());
        for (response, slot) in responses.iter().zip(requests) {
            assert_eq!(response.member("id"), Some(&Document::Number(slot.to_string())), "{shown}");
            let found = match response.member("error").and_then(|error| error.member("code")) {
                Some(Document::Number(code)) => Answer::Error(code.parse().expect("a code")),
                _ => Answer::Result(match response.member("result") {
                    Some(Document::String(text)) => format!("\"{}\"", text.value),
                    other => panic!("{other:?}"),
                }),
            };
            let kind = self.kinds[slot];
            let expected = self.answers.get(&slot).cloned().or(kind.own_answer());
            let too_large = found == Answer::Error(-32004) && limit < 4096;
            // What the core answers itself may have been ready or not.
            let abandoned = self.abandoned && kind.own_answer().is_some() && found == Answer::Error(-32002);
            assert!(
                Some(&found) == expected.as_ref() || too_large || abandoned,
                "{slot} {expected:?} {shown}"
            );
        }
    }
}

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn an_exchange_keeps_its_promises(list in choices(120), admission in any::<bool>(), small in any::<bool>()) {
        let limit = if small { 700 } else { 1 << 20 };
        let engine = engine("interface I { f(n int) string }", |builder| {
            let limits = Limits { reply: limit, ..Limits::default() };
            builder.admission(admission).commands(true).limits(limits)
        });
        let choices = &mut Choices::new(&list);
        let batch = choices.one_in(4) || choices.below(4) > 0;
        let count = if batch { 1 + choices.below(6) } else { 1 };
        let kinds: Vec<Kind> = (0..count).map(|_| match choices.below(2) {
            0 => Kind::Call,
            _ => choices.pick(&KINDS),
        }).collect();
        let requests: Vec<String> = kinds.iter().enumerate().map(|(id, kind)| kind.request(id)).collect();
        let body = if batch { format!("[{}]", requests.join(",")) } else { requests[0].clone() };
        // Another exchange, whose tickets have no place here.
        let mut other = Exchange::open(&engine, format!("[{0},{0}]", Kind::Call.request(0)));
        let mut run = Run {
            exchange: Exchange::open(&engine, body),
            kinds, admission, held: vec![], late: vec![], dropped: vec![], admitted: vec![], asked: vec![], called: vec![],
            answers: BTreeMap::new(), abandoned: false, reply: None, done: false,
        };
        for _ in 0..choices.below(40) {
            match choices.below(12) {
                0..=4 => run.poll(),
                5 | 6 => run.complete(choices),
                7 => run.admit(choices),
                8 => if let Some(held) = run.take(choices) {
                    run.dropped.push(held.ticket.slot());
                },
                9 => if let Step::Call(call) = other.poll() {
                    let _: Completion = run.exchange.complete(call.ticket, Outcome::Return(b"\"foreign\""));
                },
                10 => if let Some(ticket) = run.late.pop() {
                    match choices.below(3) {
                        0 => prop_assert_eq!(run.exchange.complete(ticket, Outcome::Return(b"\"late\"")), Completion::Late),
                        1 => run.exchange.admit(ticket, Admission::Refuse(Code::Unauthorized.into())),
                        _ => drop(ticket),
                    }
                },
                _ => if choices.one_in(4) {
                    run.give_up();
                },
            }
        }
        // Bring it to its end: whatever was done, answering what is out leads there.
        for _ in 0..100 {
            if run.done {
                break;
            }
            run.poll();
            while let Some(held) = run.held.pop() {
                let slot = held.ticket.slot();
                if held.call {
                    prop_assert_eq!(run.exchange.complete(held.ticket, Outcome::Return(b"\"end\"")), Completion::Accepted);
                    run.settle(slot, Answer::Result("\"end\"".into()));
                } else {
                    run.exchange.admit(held.ticket, Admission::Accept { parameters: Vec::new() });
                    run.admitted.push(slot as usize);
                }
            }
        }
        prop_assert!(run.done);
        for ticket in std::mem::take(&mut run.late) {
            prop_assert_eq!(run.exchange.complete(ticket, Outcome::Return(b"\"late\"")), Completion::Late);
        }
        prop_assert!(matches!(run.exchange.poll(), Step::Done));
        run.check_reply(batch, limit);
    }
}
