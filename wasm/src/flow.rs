//! One exchange whose tickets are numbers: what stands behind both boundaries.

use crate::table::Table;
#[cfg(feature = "js")]
use pintle_core::index::Index;
use pintle_core::{
    Admission, Call, Completion, Engine, Exchange, MethodId, Outcome, Request, RpcError, Step, Ticket,
};
use std::sync::Arc;

/// What [`Flow::poll`] answers, as it crosses a boundary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Move {
    Done = 0,
    Call = 1,
    Wait = 2,
    Reply = 3,
    NoReply = 4,
    Admit = 5,
}

/// An exchange, and the tickets that are out.
pub(crate) struct Flow {
    engine: Arc<Engine>,
    exchange: Exchange,
    out: Table<Given>,
    /// The ticket given out last, or 0.
    current: u32,
    reply: Option<Vec<u8>>,
}

enum Given {
    Call(Call),
    /// With the parameters that are to be added.
    Request(Request, Vec<(String, String)>),
}

impl Given {
    fn method(&self) -> MethodId {
        match self {
            Given::Call(call) => call.method,
            Given::Request(request, _) => request.method,
        }
    }

    fn ticket(&self) -> &Ticket {
        match self {
            Given::Call(call) => &call.ticket,
            Given::Request(request, _) => &request.ticket,
        }
    }
}

/// What a poll gave out.
#[cfg(feature = "js")]
pub(crate) struct Subject<'a> {
    pub(crate) ticket: u32,
    pub(crate) method: MethodId,
    /// A call's by position; a request's as they came, if it has any.
    pub(crate) params: Option<&'a str>,
    /// JSON text; none of a notification.
    pub(crate) id: Option<&'a str>,
}

impl Flow {
    #[cfg(any(test, not(feature = "js")))]
    pub(crate) fn open(engine: &Arc<Engine>, body: Vec<u8>) -> Self {
        Flow::of(engine, Exchange::open(engine, body))
    }

    /// The same, with the index of its parameters if one is asked for and it is one call that can have it now.
    #[cfg(feature = "js")]
    pub(crate) fn open_indexed(engine: &Arc<Engine>, body: Vec<u8>, index: Option<&mut Index>) -> Self {
        Flow::of(engine, Exchange::open_indexed(engine, body, index))
    }

    fn of(engine: &Arc<Engine>, exchange: Exchange) -> Self {
        Flow { engine: engine.clone(), exchange, out: Table::new(), current: 0, reply: None }
    }

    /// Starts over with another body, in the memory of the last.
    #[cfg(feature = "js")]
    pub(crate) fn reopen(&mut self, engine: &Arc<Engine>, body: &[u8], index: Option<&mut Index>) {
        if !Arc::ptr_eq(&self.engine, engine) {
            self.engine = engine.clone();
        }
        // Before the exchange starts over: tickets that are out belong to the last body.
        self.out.clear();
        self.exchange.reopen_indexed(engine, body, index);
        self.current = 0;
        self.reply = None;
    }

    pub(crate) fn poll(&mut self) -> Move {
        self.current = 0;
        match self.exchange.poll() {
            Step::Call(call) => {
                self.current = self.out.insert(Given::Call(call));
                Move::Call
            }
            Step::Admit(request) => {
                self.current = self.out.insert(Given::Request(request, Vec::new()));
                Move::Admit
            }
            Step::Wait => Move::Wait,
            Step::Reply(reply) => {
                self.reply = reply;
                if self.reply.is_some() { Move::Reply } else { Move::NoReply }
            }
            Step::Done => Move::Done,
        }
    }

    /// The ticket of what the last poll gave out; 0 if that was nothing, or is answered.
    #[cfg(any(test, not(feature = "js")))]
    pub(crate) fn ticket(&self) -> u32 {
        self.given().map_or(0, |_| self.current)
    }

    fn given(&self) -> Option<&Given> {
        self.out.get(self.current)
    }

    /// All that is told about it.
    #[cfg(feature = "js")]
    pub(crate) fn subject(&self) -> Option<Subject<'_>> {
        let given = self.given()?;
        Some(Subject {
            ticket: self.current,
            method: given.method(),
            params: self.params_of(given),
            id: self.exchange.request_id(given.ticket()),
        })
    }

    /// `Interface.method`.
    #[cfg(any(test, not(feature = "js")))]
    pub(crate) fn method(&self) -> Option<&str> {
        Some(&self.engine.method(self.given()?.method()).name)
    }

    /// A call's parameters by position; a request's as they came, if it has any.
    #[cfg(any(test, not(feature = "js")))]
    pub(crate) fn params(&self) -> Option<&str> {
        self.params_of(self.given()?)
    }

    fn params_of<'a>(&'a self, given: &'a Given) -> Option<&'a str> {
        match given {
            Given::Call(call) => Some(self.exchange.params(call)),
            Given::Request(request, _) => self.exchange.raw_params(request),
        }
    }

    /// Writes the index of a call's parameters.
    #[cfg(feature = "js")]
    pub(crate) fn index(&self, index: &mut Index) -> bool {
        match self.given() {
            Some(Given::Call(call)) => {
                self.engine.index_params(call.method, self.exchange.params(call), index)
            }
            _ => false,
        }
    }

    #[cfg(any(test, not(feature = "js")))]
    pub(crate) fn notification(&self) -> bool {
        match self.given() {
            Some(Given::Call(call)) => call.notification,
            Some(Given::Request(request, _)) => request.notification,
            None => false,
        }
    }

    /// The request's id as JSON text.
    #[cfg(any(test, not(feature = "js")))]
    pub(crate) fn request_id(&self) -> Option<&str> {
        self.exchange.request_id(self.given()?.ticket())
    }

    /// The reply, from the step that announces it.
    pub(crate) fn reply(&self) -> Option<&[u8]> {
        self.reply.as_deref()
    }

    /// The outcome of the call with `ticket`. Late if none such is out.
    pub(crate) fn complete(&mut self, ticket: u32, outcome: Outcome<'_>) -> Completion {
        if !matches!(self.out.get(ticket), Some(Given::Call(_))) {
            return Completion::Late;
        }
        match self.out.take(ticket) {
            Some(Given::Call(call)) => self.exchange.complete(call.ticket, outcome),
            _ => Completion::Late,
        }
    }

    /// Adds a parameter, JSON text, to the request with `ticket`. False if none such is out.
    pub(crate) fn add_parameter(&mut self, ticket: u32, name: String, json: String) -> bool {
        match self.out.get_mut(ticket) {
            Some(Given::Request(_, added)) => {
                added.push((name, json));
                true
            }
            _ => false,
        }
    }

    /// Lets the request with `ticket` pass, or answers `refusal`. False if none such is out.
    pub(crate) fn admit(&mut self, ticket: u32, refusal: Option<RpcError>) -> bool {
        if !matches!(self.out.get(ticket), Some(Given::Request(..))) {
            return false;
        }
        let Some(Given::Request(request, parameters)) = self.out.take(ticket) else { return false };
        let admission = match refusal {
            None => Admission::Accept { parameters },
            Some(error) => Admission::Refuse(error),
        };
        self.exchange.admit(request.ticket, admission);
        true
    }

    /// Answers `why` in place of the call or request with `ticket`.
    #[cfg(feature = "js")]
    pub(crate) fn lose(&mut self, ticket: u32, why: RpcError) {
        match self.out.take(ticket) {
            Some(Given::Call(call)) => drop(self.exchange.complete(call.ticket, Outcome::Fail(why))),
            Some(Given::Request(request, _)) => self.exchange.admit(request.ticket, Admission::Refuse(why)),
            None => {}
        }
    }

    /// Answers `why` in place of everything that has no answer yet. All tickets are void.
    pub(crate) fn abandon(&mut self, why: &RpcError) {
        self.exchange.abandon(why);
        self.out = Table::new();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn engine(options: &str) -> Arc<Engine> {
        let text = "namespace a\ninterface S { f(x int) int\n g() }";
        let builder = crate::source::from_text("a.pulse", text, &pintle_core::json::Value::Null).unwrap();
        crate::options::configure(builder, options).unwrap()
    }

    fn reply(flow: &mut Flow) -> String {
        assert_eq!(flow.poll(), Move::Reply);
        let reply = String::from_utf8(flow.reply().unwrap().to_vec()).unwrap();
        assert_eq!(flow.poll(), Move::Done);
        reply
    }

    const BATCH: &str =
        r#"[{"jsonrpc":"2.0","method":"S.f","params":{"x":1},"id":"a"},{"jsonrpc":"2.0","method":"S.g"}]"#;

    #[test]
    fn calls_are_answered_by_number_in_any_order_and_once() {
        let mut flow = Flow::open(&engine(""), BATCH.into());
        assert_eq!(flow.poll(), Move::Call);
        let first = flow.ticket();
        let told = (flow.method(), flow.params(), flow.notification(), flow.request_id());
        assert_eq!(told, (Some("S.f"), Some("[1]"), false, Some("\"a\"")));
        assert_eq!(flow.poll(), Move::Call);
        let second = flow.ticket();
        let told = (flow.method(), flow.params(), flow.notification(), flow.request_id());
        assert_eq!(told, (Some("S.g"), Some("[]"), true, None));
        assert_eq!(flow.poll(), Move::Wait);
        assert_eq!((flow.ticket(), flow.method(), flow.params()), (0, None, None));

        assert_eq!(flow.complete(second, Outcome::Return(b"null")), Completion::Accepted);
        assert_eq!(flow.complete(second, Outcome::Return(b"null")), Completion::Late);
        assert!(!flow.admit(first, None) && !flow.add_parameter(first, String::new(), String::new()));
        let mut other = Flow::open(&engine(""), BATCH.into());
        assert_eq!(other.poll(), Move::Call);
        assert_eq!(other.complete(first, Outcome::Return(b"1")), Completion::Late);
        let Completion::Replaced(problems) = flow.complete(first, Outcome::Return(b"\"x\"")) else {
            panic!("a string is no int")
        };
        let text = crate::report::problems(&problems);
        assert_eq!(text, r#"[{"path":"","expected":"int","got":"string"}]"#);
        assert!(reply(&mut flow).contains("\"code\":-32603"));
    }

    #[test]
    fn requests_are_admitted_with_more_parameters_or_refused() {
        let engine = engine(r#"{"admission": true}"#);
        let mut flow = Flow::open(&engine, br#"{"jsonrpc":"2.0","method":"S.f","id":1}"#.to_vec());
        assert_eq!(flow.poll(), Move::Admit);
        let ticket = flow.ticket();
        assert_eq!((flow.method(), flow.params(), flow.request_id()), (Some("S.f"), None, Some("1")));
        assert_eq!(flow.complete(ticket, Outcome::Return(b"1")), Completion::Late);
        assert!(flow.add_parameter(ticket, "x".into(), "5".into()) && flow.admit(ticket, None));
        assert!(!flow.admit(ticket, None));
        assert_eq!(flow.poll(), Move::Call);
        assert_eq!(flow.params(), Some("[5]"));
        let ticket = flow.ticket();
        assert_eq!(flow.complete(ticket, Outcome::Return(b"6")), Completion::Accepted);
        assert_eq!(reply(&mut flow), r#"{"jsonrpc":"2.0","result":6,"id":1}"#);

        let mut flow = Flow::open(&engine, br#"{"jsonrpc":"2.0","method":"S.f","id":1}"#.to_vec());
        assert_eq!(flow.poll(), Move::Admit);
        assert!(flow.admit(flow.ticket(), Some(RpcError::new(-32005, "Unauthorized"))));
        assert!(reply(&mut flow).contains("\"code\":-32005"));
    }

    #[test]
    fn an_abandoned_exchange_is_answered_and_its_tickets_are_void() {
        let mut flow = Flow::open(&engine(""), BATCH.into());
        assert_eq!(flow.poll(), Move::Call);
        let ticket = flow.ticket();
        flow.abandon(&RpcError::new(-32002, "Cancelled"));
        assert_eq!((flow.ticket(), flow.method()), (0, None));
        assert_eq!(flow.complete(ticket, Outcome::Return(b"1")), Completion::Late);
        assert!(reply(&mut flow).contains("\"code\":-32002"));
    }
}
