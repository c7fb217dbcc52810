//! The contract language: any text gives a contract or says why not, and a contract survives being written in every form.
//!
//! The input is several files, divided by NUL bytes: the first is the root, the next ones are `1.pulse` or `1.idl`,
//! `2.pulse` or `2.idl` …. All is read twice, with the root as a file of PulseRPC and as one of Barrister.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pintle_core::contract::diff::{Rules, diff};
use pintle_core::contract::{Contract, System};
use pintle_core::idl::{Loader, parse};

struct Files(Vec<String>);

impl Loader for Files {
    fn load(&mut self, key: &str) -> Result<String, String> {
        let stem = key.strip_suffix(".pulse").or_else(|| key.strip_suffix(".idl"));
        let number = stem.and_then(|stem| stem.parse::<usize>().ok());
        number.and_then(|number| self.0.get(number)).cloned().ok_or_else(|| "no such file".to_owned())
    }
}

/// What `to_pulse` wrote.
struct Written(Vec<(String, String)>);

impl Loader for Written {
    fn load(&mut self, key: &str) -> Result<String, String> {
        let file = self.0.iter().find(|(name, _)| name == key);
        file.map(|(_, text)| text.clone()).ok_or_else(|| "no such file".to_owned())
    }
}

fuzz_target!(|data: &[u8]| {
    let files =
        data.split(|byte| *byte == 0).map(|file| String::from_utf8_lossy(file).into_owned()).collect();
    let mut files = Files(files);
    let read: Vec<Contract> =
        ["0.pulse", "0.idl"].iter().filter_map(|root| survives(root, &mut files)).collect();
    for (client, server) in read.iter().zip(read.iter().skip(1)) {
        diff(client, server, Rules::PulseRpc);
        diff(client, server, Rules::Strict);
    }
});

fn survives(root: &str, files: &mut Files) -> Option<Contract> {
    let parsed = parse(root, files);
    for system in [System::PulseRpc, System::Barrister] {
        for refused in parsed.portable(system) {
            assert!(
                parsed.sources.text(refused.file).get(refused.span.clone()).is_some(),
                "a place in the text"
            );
        }
    }
    let Some(contract) = parsed.contract else {
        assert!(!parsed.diagnostics.is_empty(), "no contract, and nobody says why");
        return None;
    };
    let json = contract.to_json();
    let again = Contract::from_json(&json).expect("what was written is read");
    assert_eq!(again.to_json(), json);
    assert_eq!(again.fingerprint(), contract.fingerprint());
    assert_eq!(diff(&again, &contract, Rules::Strict), []);

    let written = contract.to_pulse();
    let first = written[0].0.clone();
    let again = parse(&first, &mut Written(written));
    assert_eq!(again.contract.map(|contract| contract.to_json()), Some(json), "{:?}", again.diagnostics);

    if let Ok(form) = contract.to_barrister(None) {
        let again = Contract::from_json(&form).expect("what was written is read");
        assert_eq!(again.to_barrister(None), Ok(form));
    }
    Some(contract)
}
