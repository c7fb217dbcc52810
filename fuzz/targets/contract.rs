//! Contracts as JSON, in both forms: any text gives a contract or says why not, and any two contracts can be compared.
//! What counts as checked and was not can still be served.
//!
//! The input is the client's contract, a NUL byte, and the server's.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pintle_core::Engine;
use pintle_core::contract::diff::{Change, Delta, Rules, diff, to_json};
use pintle_core::contract::{Contract, System};

fuzz_target!(|data: &[u8]| {
    let mut contracts =
        data.split(|byte| *byte == 0).filter_map(|text| contract(&String::from_utf8_lossy(text)));
    let (Some(client), Some(server)) = (contracts.next(), contracts.next()) else { return };
    for rules in [Rules::PulseRpc, Rules::Strict] {
        let there = diff(&client, &server, rules);
        let back = diff(&server, &client, rules);
        let count = |deltas: &[Delta], change| deltas.iter().filter(|delta| delta.change == change).count();
        assert_eq!(count(&there, Change::Added), count(&back, Change::Removed), "{there:?} {back:?}");
        assert_eq!(count(&there, Change::Modified), count(&back, Change::Modified), "{there:?} {back:?}");
        serde_json::from_str::<serde_json::Value>(&to_json(&there)).expect("JSON");
    }
});

fn contract(text: &str) -> Option<Contract> {
    if let Ok(contract) = Contract::from_checked_json(text)
        && let Ok(engine) = Engine::builder(contract).commands(true).build()
    {
        engine.handle(r#"{"jsonrpc":"2.0","method":"documentation","id":1}"#, |_, _| Ok("null"));
        for item in engine.contract().structs() {
            engine.validate(&item.name, br#"{"a":[{"a":1}],"b":"c"}"#);
        }
    }
    let contract = match Contract::from_json(text) {
        Ok(contract) => contract,
        Err(why) => {
            assert!(!why.is_empty(), "no contract, and nobody says why");
            return None;
        }
    };
    assert_eq!(Contract::from_json(&contract.to_json()).as_ref(), Ok(&contract));
    assert_eq!(Contract::from_checked_json(&contract.to_json()).as_ref(), Ok(&contract));
    assert_eq!(diff(&contract, &contract, Rules::Strict), []);
    match contract.to_barrister(Some(1)) {
        Ok(form) => {
            let again = Contract::from_json(&form).expect("what was written is read");
            assert_eq!(again.to_barrister(Some(1)), Ok(form));
        }
        Err(refused) => assert_eq!(refused, contract.portable(System::Barrister)),
    }
    Some(contract)
}
