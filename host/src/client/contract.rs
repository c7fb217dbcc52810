//! The contract that calls are checked by, and the server's own.

use std::fmt;
use std::sync::Arc;

use ::http::HeaderMap;
use pintle_core::contract::diff::{self, Delta, Rules, Verdict};
use pintle_core::contract::{Parameter, Type};
use pintle_core::{Builtin, Code, Contract, Engine, Limits, Prepared};

use super::error::ClientError;
use super::wire::Wire;

/// Asks the server for its contract, in a JSON form: by PulseRPC's name first, a server of Barrister knows the other.
pub(super) async fn text(wire: &Wire) -> Result<String, ClientError> {
    let text = match ask(wire, "pulserpc-idl").await {
        Err(error) if error.code() == Some(Code::MethodNotFound.number()) => {
            ask(wire, "barrister-idl").await.map_err(|_| error)
        }
        answer => answer,
    };
    text.map_err(|error| unavailable(wire, &error))
}

/// Asks the server for its contract.
pub(super) async fn fetch(wire: &Wire) -> Result<Contract, ClientError> {
    Contract::from_json(&text(wire).await?).map_err(|wrong| {
        let wrong: Vec<String> = wrong.iter().map(ToString::to_string).collect();
        unavailable(wire, &format!("what it sends is none: {}", wrong.join("; ")))
    })
}

fn unavailable(wire: &Wire, why: &dyn fmt::Display) -> ClientError {
    ClientError::NoContract(format!("the contract of {} cannot be had: {why}", wire.target))
}

async fn ask(wire: &Wire, method: &str) -> Result<String, ClientError> {
    let call = Prepared::unchecked(&wire.limits, method, "");
    let call = call.map_err(|error| ClientError::not_sent(error.to_string()))?;
    Ok(wire.call(&call, &HeaderMap::new()).await?.result.get().to_owned())
}

/// What calls to a server of `contract` are checked by.
pub(super) fn engine(
    contract: Contract,
    mounts: &[(String, String)],
    limits: Limits,
) -> Result<Arc<Engine>, ClientError> {
    // What these answer is no matter here, only that they may be called.
    let text = |name: &str| Builtin::text(name, "", "null");
    let mut builder = Engine::builder(contract).limits(limits).commands(true);
    for name in ["barrister-idl", "rpc.discover", "server_info"] {
        builder = builder.builtin(text(name));
    }
    let aid = Parameter { name: "aid".to_owned(), ty: Type::String, optional: false };
    builder = builder.builtin(Builtin::function("kill_actor", "", vec![aid], |_| Ok("null".to_owned())));
    for (at, interface) in mounts {
        builder = builder.mount(at, interface);
    }
    builder.build().map_err(|error| ClientError::not_sent(format!("the contract cannot be used: {error}")))
}

/// A contract of nothing.
pub(super) fn empty() -> Result<Contract, ClientError> {
    Contract::from_json("[]").map_err(|_| ClientError::not_sent("there is no contract of nothing"))
}

/// What a server may call: the interfaces of the contract that the client serves.
pub(super) fn served(contract: Contract, interfaces: &[String]) -> Result<Arc<Engine>, ClientError> {
    let engine = Engine::builder(contract).serves(interfaces).build();
    engine.map_err(|error| ClientError::not_sent(format!("callbacks cannot be served: {error}")))
}

/// Compares two contracts; `audit` sees every difference.
pub(super) fn verify(
    client: &Contract,
    server: &Contract,
    rules: Rules,
    audit: impl FnMut(&Delta) -> Verdict,
) -> Result<Vec<Delta>, ClientError> {
    diff::verify(client, server, rules, audit).map_err(|deltas| {
        let deltas: Vec<String> = deltas.iter().map(|delta| format!("\n  {delta}")).collect();
        ClientError::not_sent(format!("the server's contract is another:{}", deltas.concat()))
    })
}
