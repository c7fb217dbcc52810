//! Manifests as numbered pairs: `NNN.toml` and what comes of it, `NNN.out` (every key, printed) or `NNN.err`.
//! `PINTLE_ACCEPT=1` writes what is expected.

use std::path::Path;

use pintle::config::{Flags, Manifest};

fn parse(source: &str, file: &str) -> Manifest {
    let mut manifest = Manifest::parse(source.to_owned(), file.to_owned(), Path::new("/srv"));
    manifest.apply(Flags::default());
    manifest
}

#[test]
fn manifests_mean_what_the_goldens_say() {
    let accept = std::env::var_os("PINTLE_ACCEPT").is_some();
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/manifest");
    let mut cases = 0;
    for entry in std::fs::read_dir(&dir).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        cases += 1;
        let file = path.file_name().unwrap().to_str().unwrap();
        let manifest = parse(&std::fs::read_to_string(&path).unwrap(), file);
        let (extension, other, got) = match manifest.config() {
            Ok(config) => {
                let printed = manifest.print();
                let again = parse(&printed, "printed");
                assert_eq!(again.config().unwrap(), config, "{file}: what was printed means something else");
                ("out", "err", printed)
            }
            Err(error) => {
                assert!(!error.problems.is_empty(), "{file}: refused without a reason");
                ("err", "out", format!("{error}\n"))
            }
        };
        let expected = path.with_extension(extension);
        if accept {
            std::fs::write(&expected, &got).unwrap();
            let _ = std::fs::remove_file(path.with_extension(other));
        }
        let wanted = std::fs::read_to_string(&expected).unwrap_or_default();
        assert_eq!(got, wanted, "{file}: differs from {}", expected.display());
        assert!(!path.with_extension(other).exists(), "{file}: both .out and .err exist");
    }
    assert!(cases >= 10, "the goldens are not there");
}

#[test]
fn every_key_is_in_the_help() {
    let help = pintle::config::help();
    for line in parse("contract = \"c.pulse\"", "x").print().lines() {
        let Some((name, _)) = line.trim_start_matches("# ").split_once(" = ") else { continue };
        assert!(help.contains(&format!("  {name}")), "{name}");
    }
}
