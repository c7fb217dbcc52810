//! What other systems refuse: `tests/portable/NNN-name.pulse` or `.idl`, beside what each of them says, `.pulserpc` and
//! `.barrister`; an empty file is a contract that is good there. `PINTLE_ACCEPT=1` writes what is found.

use std::path::{Path, PathBuf};
use std::{env, fs};

use pintle_core::contract::System;
use pintle_core::idl::{Loader, Parsed, parse};

struct Files(PathBuf);

impl Loader for Files {
    fn load(&mut self, key: &str) -> Result<String, String> {
        fs::read_to_string(self.0.join(key)).map_err(|why| why.to_string())
    }
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/portable")
}

fn read(name: &str) -> Parsed {
    let parsed = parse(name, &mut Files(directory()));
    let why: String = parsed.diagnostics.iter().map(|d| parsed.sources.render(d)).collect();
    assert!(parsed.contract.is_some(), "{name}: {why}");
    parsed
}

fn refused(parsed: &Parsed, system: System) -> String {
    let refused = parsed.portable(system);
    refused.iter().map(|d| parsed.sources.render(d)).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_case_is_refused_as_it_stands_beside_it() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(directory()).expect("cases exist") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let is_case = name.starts_with(|c: char| c.is_ascii_digit())
            && (name.ends_with(".pulse") || name.ends_with(".idl"));
        if !is_case {
            continue;
        }
        count += 1;
        let parsed = read(&name);
        for (system, extension) in [(System::PulseRpc, "pulserpc"), (System::Barrister, "barrister")] {
            let (beside, found) = (path.with_extension(extension), refused(&parsed, system));
            if env::var_os("PINTLE_ACCEPT").is_some() {
                fs::write(&beside, &found).expect("the case can be written");
            }
            if fs::read_to_string(&beside).ok() != Some(found) {
                wrong.push(beside);
            }
        }
    }
    assert!(count >= 9);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_contract_with_mistakes_is_not_looked_at() {
    struct Broken;
    impl Loader for Broken {
        fn load(&mut self, _: &str) -> Result<String, String> {
            Ok("namespace map struct S { x Nope }".into())
        }
    }
    let parsed = parse("a.pulse", &mut Broken);
    assert!(parsed.portable(System::PulseRpc).is_empty() && !parsed.diagnostics.is_empty());
}
