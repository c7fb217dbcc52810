//! Formatting against cases in `tests/format`: `NNN-name.pulse` beside what becomes of it, `.out` or `.err`.
//! `PINTLE_ACCEPT=1` writes what is found.

use std::path::{Path, PathBuf};
use std::{env, fs};

use pintle_core::contract::Contract;
use pintle_core::idl::{self, Loader, MAX_FILE_SIZE, Mistakes, format};
use proptest::prelude::*;

/// Every `.pulse` file in a directory of `tests` and in those within.
fn cases(directory: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(directory)];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).expect("cases exist").map(|entry| entry.expect("entry").path()) {
            if entry.is_dir() {
                open.push(entry);
            } else if entry.extension().is_some_and(|extension| extension == "pulse") {
                found.push(entry);
            }
        }
    }
    found.sort();
    found
}

fn rendered(mistakes: &Mistakes) -> String {
    mistakes.diagnostics.iter().map(|diagnostic| mistakes.sources.render(diagnostic)).collect()
}

fn formatted(text: &str) -> String {
    format("a.pulse", text).unwrap_or_else(|mistakes| panic!("{}", rendered(&mistakes)))
}

#[test]
fn every_case_comes_to_what_stands_beside_it() {
    let cases = cases("format");
    assert!(cases.len() >= 10);
    for case in cases {
        let text = fs::read_to_string(&case).expect("text");
        let name = case.file_name().expect("a name").to_string_lossy();
        let (beside, found) = match format(&name, &text) {
            Ok(text) => (case.with_extension("out"), text),
            Err(mistakes) => (case.with_extension("err"), rendered(&mistakes)),
        };
        if env::var_os("PINTLE_ACCEPT").is_some() {
            fs::write(&beside, &found).expect("the case can be written");
        }
        assert_eq!(fs::read_to_string(&beside).unwrap_or_default(), found, "{}", beside.display());
    }
}

#[test]
fn formatting_twice_is_formatting_once_and_keeps_every_comment() {
    let mut count = 0;
    for case in cases("format").into_iter().chain(cases("idl")) {
        let text = fs::read_to_string(&case).expect("text");
        let Ok(once) = format("a.pulse", &text) else { continue };
        assert_eq!(formatted(&once), once, "{}", case.display());
        assert_eq!(comments(&once), comments(&text), "{}", case.display());
        assert!(!once.contains("\n\n\n") && !once.contains(" \n") && !once.contains('\r'), "{once}");
        count += 1;
    }
    assert!(count > 30);
}

#[test]
fn what_is_printed_is_formatted() {
    for text in [CHECKOUT, include_str!("idl/012-comments.pulse"), include_str!("idl/009-nested-types.pulse")]
    {
        let printed = read(text.to_string()).expect("a good contract").to_pulse();
        assert_eq!(formatted(&printed[0].1), printed[0].1);
    }
    assert_eq!(formatted(CHECKOUT), CHECKOUT);
}

#[test]
fn a_text_that_is_too_long_is_refused() {
    let mistakes = format("a.pulse", &"/".repeat(MAX_FILE_SIZE + 1)).expect_err("too long");
    assert_eq!(rendered(&mistakes), "a.pulse:1:1: error: the file is bigger than 4 MiB\n");
}

const CHECKOUT: &str = include_str!("../../examples/checkout/checkout.pulse");

struct One(String);

impl Loader for One {
    fn load(&mut self, _: &str) -> Result<String, String> {
        Ok(core::mem::take(&mut self.0))
    }
}

fn read(text: String) -> Option<Contract> {
    idl::parse("a.pulse", &mut One(text)).contract
}

/// The comments of a text without the white space around them; texts in quotes hold no `//` here.
fn comments(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| Some(line.split_once("//")?.1.trim())).collect()
}

/// Words and signs of a text, its comments and white space left out.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for line in text.lines() {
        let mut rest = line.split("//").next().unwrap_or_default().trim_start();
        while let Some(first) = rest.chars().next() {
            let end = match first {
                '"' => rest[1..].find('"').map_or(rest.len(), |end| end + 2),
                c if c.is_alphanumeric() => {
                    rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
                }
                _ => 1,
            };
            words.push(&rest[..end]);
            rest = rest[end..].trim_start();
        }
    }
    words
}

/// What may stand between two words, whatever they are.
fn gap() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        " ",
        " ",
        " ",
        " ",
        "\t",
        "\r\n",
        "\n",
        "\n\n",
        "\n\n\n",
        " // a\n",
        "\n//b\n",
        "\n // c\n//\td \n",
        "\n//\n\n",
        "//e\n\n// f\n",
        "\n// k\n\n",
        "\n\n// g\n\n\n//h\n",
        "//\n",
        "// \u{a0}i \u{a0}\r\n",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn wherever_comments_and_lines_break_the_contract_stays_the_same(
        all in prop::bool::ANY, gaps in prop::collection::vec(gap(), 700)
    ) {
        let other = "namespace a interface I { raises() map(map map[string]optional, x []int [optional]) []optional [optional] raises (a.X, Y)
            g() h(x string) raises(X) } enum any { a } errors { -1 X \"a b\" 2 Y \"\" } enum e {} struct optional { string float }";
        let words = words(if all { CHECKOUT } else { other });
        prop_assert!(words.len() > 60 && words.len() <= gaps.len());
        let text: String = words.iter().zip(&gaps).flat_map(|(word, gap)| [*word, gap]).collect();
        let once = formatted(&text);
        prop_assert_eq!(comments(&once), comments(&text));
        prop_assert_eq!(&formatted(&once), &once);
        let contract = read(text);
        prop_assert!(contract.is_some());
        prop_assert_eq!(read(once), contract);
    }

    #[test]
    fn no_text_makes_formatting_panic(noise in ".*", from in 0usize..3000, length in 0usize..50) {
        let mut text = CHECKOUT.to_string();
        let from = text.floor_char_boundary(from);
        let to = text.floor_char_boundary(from + length);
        text.replace_range(from..to, &noise);
        if let Ok(once) = format("a.pulse", &text) {
            prop_assert_eq!(read(once), read(text));
        }
    }
}
