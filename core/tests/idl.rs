//! The contract language against cases in `tests/idl`: `NNN-name.pulse` or `.idl`, or a directory `NNN-name` with such
//! a `root`, beside what it comes to, `.json` or `.err`. `PINTLE_ACCEPT=1` writes what is found.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use pintle_core::contract::Contract;
use pintle_core::idl::{Loader, MAX_FILE_SIZE, MAX_FILES, Parsed, parse};
use proptest::prelude::*;

struct Directory(PathBuf);

impl Loader for Directory {
    fn load(&mut self, key: &str) -> Result<String, String> {
        fs::read_to_string(self.0.join(key)).map_err(|_| "there is no such file".into())
    }
}

struct Memory(BTreeMap<String, String>);

impl Loader for Memory {
    fn load(&mut self, key: &str) -> Result<String, String> {
        self.0.get(key).cloned().ok_or_else(|| "there is no such file".into())
    }
}

fn read(files: Vec<(String, String)>) -> Parsed {
    let root = files[0].0.clone();
    parse(&root, &mut Memory(files.into_iter().collect()))
}

fn rendered(parsed: &Parsed) -> String {
    parsed.diagnostics.iter().map(|d| parsed.sources.render(d)).collect::<Vec<_>>().join("\n")
}

fn same(expected: &Path, found: &str) -> bool {
    if env::var_os("PINTLE_ACCEPT").is_some() {
        fs::write(expected, found).expect("the case can be written");
    }
    fs::read_to_string(expected).is_ok_and(|text| text == found)
}

/// Case name, directory, root file.
fn cases() -> Vec<(String, PathBuf, String)> {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/idl");
    let mut cases = Vec::new();
    for entry in fs::read_dir(&all).expect("cases exist").map(|entry| entry.expect("entry").path()) {
        let name = entry.file_stem().and_then(|stem| stem.to_str()).expect("plain name").to_string();
        if entry.is_dir() {
            let root = if entry.join("root.idl").exists() { "root.idl" } else { "root.pulse" };
            cases.push((name, entry, root.to_string()));
        } else if let Some(kind) = entry.extension().filter(|kind| *kind == "pulse" || *kind == "idl") {
            cases.push((name.clone(), all.clone(), format!("{name}.{}", kind.display())));
        }
    }
    cases.sort();
    cases
}

#[test]
fn every_case_comes_to_what_stands_beside_it() {
    let mut failed = Vec::new();
    let cases = cases();
    assert!(cases.len() > 50);
    for (name, directory, root) in cases {
        let parsed = parse(&root, &mut Directory(directory));
        let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/idl").join(&name);
        let (good, bad) = (beside.with_extension("json"), beside.with_extension("err"));
        assert_eq!(parsed.contract.is_some(), parsed.diagnostics.is_empty(), "{name}");
        let matches = match &parsed.contract {
            Some(contract) => same(&good, &contract.to_json_pretty()) && !bad.exists(),
            None => same(&bad, &rendered(&parsed)) && !good.exists(),
        };
        if !matches {
            failed.push(name);
        }
    }
    assert!(failed.is_empty(), "these differ, or have both a .json and an .err: {failed:?}");
}

#[test]
fn text_to_json_to_text_to_json_is_stable() {
    for (name, directory, root) in cases() {
        let Some(contract) = parse(&root, &mut Directory(directory)).contract else { continue };
        let json = contract.to_json();
        let from_json = Contract::from_json(&json).unwrap_or_else(|e| panic!("{name}: {e:?}"));
        assert_eq!(from_json, contract, "{name}");
        let again = read(from_json.to_pulse());
        assert_eq!(rendered(&again), "", "{name}");
        let again = again.contract.expect("no diagnostics");
        assert_eq!(again.to_json(), json, "{name}");
        assert_eq!(again.to_pulse(), contract.to_pulse(), "{name}");
        assert_eq!(Contract::from_json(&contract.to_json_pretty()), Ok(contract), "{name}");
    }
}

#[test]
fn the_checkout_contract_has_the_known_checksum_and_is_printed_as_it_stands() {
    let text = include_str!("../../examples/checkout/checkout.pulse");
    let parsed = read(vec![("checkout.pulse".into(), text.into())]);
    assert_eq!(rendered(&parsed), "");
    let contract = parsed.contract.expect("no diagnostics");
    assert_eq!(contract.checksum(), "QRhpvI82cyOt-09wpxUcS4-UvP8hFt5UuzryBpCpiF0");
    let printed = contract.to_pulse();
    assert_eq!(printed.len(), 1);
    let above = "// A shop: products, carts and orders.\n";
    assert_eq!(format!("{above}{}", printed[0].1), text);
}

fn one(text: String) -> Parsed {
    read(vec![("a.pulse".into(), text)])
}

fn first_message(parsed: &Parsed) -> &str {
    parsed.diagnostics.first().map_or("", |d| &d.message)
}

#[test]
fn the_root_that_cannot_be_read_is_a_diagnostic() {
    let parsed = parse("./gone.pulse", &mut Memory(BTreeMap::new()));
    assert_eq!(rendered(&parsed), "gone.pulse:1:1: error: cannot read `gone.pulse`: there is no such file\n");
}

#[test]
fn files_are_bounded_in_size_and_number() {
    let big = "/".repeat(MAX_FILE_SIZE + 1);
    assert_eq!(first_message(&one(big)), "cannot read `a.pulse`: the file is bigger than 4 MiB");

    let mut files = vec![(
        "root.pulse".to_string(),
        (0..MAX_FILES).map(|i| format!("import \"f{i}.pulse\"\n")).collect::<String>(),
    )];
    files.extend((0..MAX_FILES).map(|i| (format!("f{i}.pulse"), String::new())));
    let parsed = read(files);
    assert_eq!(parsed.diagnostics.len(), 1);
    assert_eq!(first_message(&parsed), "cannot import `f255.pulse`: a contract has at most 256 files");
}

#[test]
fn long_chains_need_no_stack_and_little_time() {
    const LENGTH: usize = 50_000;
    let chain = |link: &dyn Fn(usize) -> String| {
        let structs: String = (0..LENGTH).map(link).collect();
        one(format!("namespace a\n{structs}"))
    };
    let held = chain(&|i| {
        format!("struct S{i} {{ x {} }}\n", if i == 0 { "int".into() } else { format!("S{}", i - 1) })
    });
    assert_eq!(rendered(&held), "");
    let circle = chain(&|i| format!("struct S{i} {{ x S{} }}\n", (i + 1) % LENGTH));
    assert_eq!(circle.diagnostics.len(), 1);
    assert!(first_message(&circle).contains("… 49984 more …"), "{}", first_message(&circle));
    let extended = chain(&|i| format!("struct S{i} extends S{} {{}}\n", (i + 1) % LENGTH));
    assert_eq!(extended.diagnostics.len(), 1);
    let wrong = chain(&|i| format!("struct S{i} {{ x Missing{i} y }}\n"));
    assert_eq!(wrong.diagnostics.len(), 1000);
    let nested = one(format!("namespace a\nstruct S {{ x {}int }}\n", "[]".repeat(1_000_000)));
    assert_eq!(first_message(&nested), "more than 32 lists and maps in one type");
}

#[test]
fn few_bytes_cannot_make_very_many_fields() {
    let fields: String = (0..2000).map(|i| format!("f{i} int ")).collect();
    let children: String = (0..2000).map(|i| format!("struct C{i} extends P {{}}\n")).collect();
    let parsed = one(format!("namespace a\nstruct P {{ {fields} }}\n{children}"));
    let message = "with `C523` the contract has more than 1048576 fields, counting inherited ones";
    assert_eq!(first_message(&parsed), message);
    assert_eq!(parsed.diagnostics.len(), 1);
}

#[test]
fn places_are_given_as_offsets_lines_and_columns() {
    let parsed = one("\u{feff}namespace a\nstruct S { grün int }\n".into());
    let diagnostic = &parsed.diagnostics[0];
    assert_eq!(&parsed.sources.text(diagnostic.file)[diagnostic.span.clone()], "grün");
    let position = parsed.sources.position(diagnostic.file, diagnostic.span.start);
    assert_eq!((position.line, position.column), (2, 12));
    let end = parsed.sources.position(diagnostic.file, diagnostic.span.end);
    assert_eq!((end.line, end.column), (2, 16));
}

#[test]
fn order_of_namespaces_survives_where_only_the_lists_show_it() {
    // Read: root, a, x, c, y, b. No list has more than two of them, and only a names another.
    let file = |name: &str, text: &str| (format!("{name}.pulse"), format!("namespace {name}\n{text}"));
    let parsed = read(vec![
        file("root", "import \"a.pulse\"\nimport \"b.pulse\"\nstruct R {}\n"),
        file("a", "import \"x.pulse\"\nimport \"c.pulse\"\nstruct A { c c.E }\n"),
        file("x", "enum E { x }\n"),
        file("c", "import \"y.pulse\"\nenum E { c }\n"),
        file("y", "struct Y {}\n"),
        file("b", "enum E { b }\ninterface I { f() int }\n"),
    ]);
    assert_eq!(rendered(&parsed), "");
    let contract = parsed.contract.expect("no diagnostics");
    let again = read(contract.to_pulse());
    assert_eq!(again.contract, Some(contract), "{}", rendered(&again));
}

/// Pieces that look like the language when they stand in a row.
fn piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "namespace a\n",
        "import \"a.pulse\"\n",
        "import \"b.pulse\"\n",
        "struct ",
        "enum ",
        "interface ",
        "errors ",
        "extends ",
        "raises ",
        "S ",
        "T ",
        "E ",
        "I ",
        "x ",
        "y ",
        "b.S ",
        "{ ",
        "}\n",
        "( ",
        ")",
        "[",
        "]",
        "[]",
        "map[string]",
        "[optional]",
        "string ",
        "int ",
        "1 ",
        "-2 ",
        "\"m\" ",
        ",",
        ".",
        "-",
        "\n",
        "\n\n",
        "// c\n",
        "//",
        "\"",
        "\u{feff}",
        "ü",
        "\0",
        "\u{202e}",
        "/",
        "\r\n",
        "\t",
        "99999999999999999999 ",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_the_parser_panic_or_answer_by_halves(
        a in prop::collection::vec(piece(), 0..80), b in prop::collection::vec(piece(), 0..40), noise in ".*"
    ) {
        for root in [a.concat(), format!("namespace a\nstruct S {{ {} }}", a.concat()), format!("{}{noise}", a.concat())] {
            check_all_ways(root, b.concat())?;
        }
    }

    #[test]
    fn no_damage_to_a_good_contract_makes_the_parser_panic(
        from in 0usize..3000, length in 0usize..50, into in prop::collection::vec(piece(), 0..4)
    ) {
        let mut text = include_str!("../../examples/checkout/checkout.pulse").to_string();
        let from = text.floor_char_boundary(from);
        let to = text.floor_char_boundary(from + length);
        text.replace_range(from..to, &into.concat());
        check_all_ways(text, String::new())?;
    }

    #[test]
    fn no_damage_to_the_json_form_makes_reading_panic(
        from in 0usize..6000, length in 0usize..50, into in "[\\[\\]{}\",:a-z0-9 ]{0,20}"
    ) {
        let contract = one(include_str!("../../examples/checkout/checkout.pulse").to_string()).contract;
        let mut text = contract.expect("a good contract").to_json();
        let from = text.floor_char_boundary(from);
        let to = text.floor_char_boundary(from + length);
        text.replace_range(from..to, &into);
        match Contract::from_json(&text) {
            Ok(contract) => prop_assert_eq!(Contract::from_json(&contract.to_json()), Ok(contract)),
            Err(diagnostics) => prop_assert!(!diagnostics.is_empty()),
        }
    }
}

fn check_all_ways(root: String, other: String) -> Result<(), TestCaseError> {
    let parsed = read(vec![("a.pulse".into(), root), ("b.pulse".into(), other)]);
    prop_assert_eq!(parsed.contract.is_some(), parsed.diagnostics.is_empty());
    for diagnostic in &parsed.diagnostics {
        let text = parsed.sources.text(diagnostic.file);
        prop_assert!(text.get(diagnostic.span.clone()).is_some());
        let hidden = parsed.sources.render(diagnostic).contains(['\0', '\u{202e}']);
        prop_assert!(!hidden);
    }
    if let Some(contract) = parsed.contract {
        prop_assert_eq!(Contract::from_json(&contract.to_json()), Ok(contract.clone()));
        let again = read(contract.to_pulse());
        prop_assert_eq!(rendered(&again), "");
        let again = again.contract.map(|contract| contract.to_json());
        prop_assert_eq!(again, Some(contract.to_json()));
    }
    Ok(())
}
