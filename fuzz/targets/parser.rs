//! The contract language: any text gives a contract or says why not, and a contract survives being written.
//!
//! The input is several files, divided by NUL bytes: the first is the root, the next ones are `1.pulse`, `2.pulse` ….

#![no_main]

use libfuzzer_sys::fuzz_target;
use pintle_core::idl::{Loader, parse};

struct Files(Vec<String>);

impl Loader for Files {
    fn load(&mut self, key: &str) -> Result<String, String> {
        let number = key.strip_suffix(".pulse").and_then(|stem| stem.parse::<usize>().ok());
        number.and_then(|number| self.0.get(number)).cloned().ok_or_else(|| "no such file".to_owned())
    }
}

fuzz_target!(|data: &[u8]| {
    let files =
        data.split(|byte| *byte == 0).map(|file| String::from_utf8_lossy(file).into_owned()).collect();
    let parsed = parse("0.pulse", &mut Files(files));
    let Some(contract) = parsed.contract else {
        assert!(!parsed.diagnostics.is_empty(), "no contract, and nobody says why");
        return;
    };
    let json = contract.to_json();
    let again = pintle_core::contract::Contract::from_json(&json).expect("what was written is read");
    assert_eq!(again.to_json(), json);
    assert_eq!(again.fingerprint(), contract.fingerprint());
});
