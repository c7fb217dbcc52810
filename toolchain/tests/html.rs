//! The HTML reference: what it looks like for two contracts, and what holds for every page of every contract.

mod outside;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use pintle_core::idl::{Loader, parse};
use pintle_core::{Contract, Engine};
use pintle_toolchain::File;
use pintle_toolchain::html::{MAX_ITEMS, MAX_NAME, Refusal, generate};

struct Text(String);

impl Loader for Text {
    fn load(&mut self, _key: &str) -> Result<String, String> {
        Ok(self.0.clone())
    }
}

fn contract(text: impl Into<String>) -> Contract {
    parse("a.pulse", &mut Text(text.into())).contract.expect("a contract")
}

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/html")
}

fn checkout() -> Contract {
    contract(include_str!("../../examples/checkout/checkout.pulse"))
}

fn hostile() -> Contract {
    Contract::from_json(include_str!("html/hostile.json")).expect("a contract")
}

/// Three hundred methods, a hundred structs, and inheritance.
fn large() -> Contract {
    let mut text = String::from("namespace large\n");
    for i in 0..30 {
        text += &format!("// Interface number {i}.\ninterface Service{i} {{\n");
        for m in 0..10 {
            let (request, reply) = ((i * 7 + m) % 100, (i * 3 + m * 11) % 100);
            text += &format!("// Does thing {m} of service {i}. It may take a while.\n");
            text += &format!("doThing{m}(request Struct{request}, limit int [optional]) []Struct{reply}\n");
        }
        text += "}\n";
    }
    for i in 0..100 {
        let parent = if i % 4 == 3 { format!(" extends Struct{}", i - 1) } else { String::new() };
        text += &format!("// Struct number {i}.\nstruct Struct{i}{parent} {{\n// Which one.\nid{i} string\n");
        text += &format!("count int\nratio float [optional]\nnext Struct{} [optional]\n}}\n", (i + 1) % 100);
    }
    contract(text)
}

/// The two of the goldens, a large one, and every good case of the language.
fn contracts() -> Vec<(String, Contract)> {
    let mut all =
        vec![("checkout".into(), checkout()), ("hostile".into(), hostile()), ("large".into(), large())];
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/tests/idl");
    for entry in fs::read_dir(cases).expect("cases exist") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let text = fs::read_to_string(&path).expect("a case");
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            all.push((name, Contract::from_json(&text).expect("a good case")));
        }
    }
    assert!(all.len() > 20);
    all
}

/// Every file of every contract, with its contract's name.
fn sites() -> Vec<(String, Vec<File>)> {
    contracts()
        .into_iter()
        .map(|(name, contract)| (name, generate(&contract).expect("a reference")))
        .collect()
}

fn is_page(file: &File) -> bool {
    file.path.ends_with(".html")
}

#[test]
fn two_contracts_have_the_pages_that_are_kept_here() {
    let mut differ = Vec::new();
    for (name, contract) in [("checkout", checkout()), ("hostile", hostile())] {
        let kept = here().join(name);
        // The style and the script are the same everywhere and are kept with the source.
        let mut made = generate(&contract).expect("a reference");
        made.retain(|file| !["style.css", "script.js"].contains(&file.path.as_str()));
        if env::var_os("PINTLE_ACCEPT").is_some() {
            drop(fs::remove_dir_all(&kept));
            fs::create_dir_all(&kept).expect("a directory");
            for file in &made {
                fs::write(kept.join(&file.path), &file.text).expect("the page can be written");
            }
        }
        let found = fs::read_dir(&kept).expect("pages").map(|entry| entry.expect("an entry").path());
        let found: BTreeMap<String, String> = found
            .map(|path| (path.file_name().expect("a name").to_string_lossy().into_owned(), path))
            .map(|(file, path)| (file, fs::read_to_string(path).expect("a page")))
            .collect();
        let made: BTreeMap<String, String> = made.into_iter().map(|file| (file.path, file.text)).collect();
        let files: BTreeSet<&String> = found.keys().chain(made.keys()).collect();
        differ.extend(files.into_iter().filter(|&file| found.get(file) != made.get(file)).cloned());
    }
    assert!(differ.is_empty(), "these differ (PINTLE_ACCEPT=1 keeps what is made): {differ:?}");
}

/// A start tag: its name and its attributes, as a browser would read what `maud` writes.
struct Tag<'a> {
    name: &'a str,
    attributes: Vec<(&'a str, &'a str)>,
}

fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    for (at, _) in html.match_indices('<') {
        let inside = &html[at + 1..];
        if inside.starts_with(['/', '!']) {
            continue;
        }
        let end = inside.find([' ', '>']).expect("a tag ends");
        let (name, mut rest) = inside.split_at(end);
        let mut attributes = Vec::new();
        while let Some(attribute) = rest.strip_prefix(' ') {
            let end = attribute.find(['=', ' ', '>']).expect("an attribute ends");
            let (key, behind) = attribute.split_at(end);
            let Some(quoted) = behind.strip_prefix("=\"") else {
                attributes.push((key, ""));
                rest = behind;
                continue;
            };
            let (value, behind) = quoted.split_once('"').expect("a quote is closed");
            attributes.push((key, value));
            rest = behind;
        }
        assert!(rest.starts_with('>'), "not a tag: <{}", inside.chars().take(80).collect::<String>());
        tags.push(Tag { name, attributes });
    }
    tags
}

#[test]
fn every_link_leads_somewhere_and_every_id_stands_once() {
    for (name, files) in sites() {
        let mut targets: BTreeSet<String> = BTreeSet::new();
        let mut links = Vec::new();
        for file in &files {
            assert!(targets.insert(file.path.clone()), "{name}: {} is written twice", file.path);
            for tag in tags(if is_page(file) { &file.text } else { "" }) {
                for (key, value) in tag.attributes {
                    match key {
                        "id" => {
                            let target = format!("{}#{value}", file.path);
                            assert!(targets.insert(target.clone()), "{name}: {target} is there twice");
                        }
                        "href" | "src" if value.starts_with('#') => {
                            links.push(format!("{}{value}", file.path))
                        }
                        "href" | "src" if !value.starts_with("data:") => links.push(value.to_owned()),
                        _ => {}
                    }
                }
            }
        }
        links.push("search-index.js".into());
        for link in links {
            assert!(targets.contains(&link), "{name}: nothing is at {link}");
        }
    }
}

#[test]
fn file_names_differ_by_more_than_case() {
    for (name, files) in sites() {
        let mut seen = BTreeSet::new();
        for file in files {
            assert!(seen.insert(file.path.to_ascii_lowercase()), "{name}: {}", file.path);
            let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
            assert!(file.path.chars().all(plain) && !file.path.starts_with('.'), "{name}: {}", file.path);
        }
    }
}

#[test]
fn the_search_finds_what_the_pages_name() {
    for (name, files) in sites() {
        let ids: BTreeSet<String> = files
            .iter()
            .filter(|file| is_page(file))
            .flat_map(|file| {
                tags(&file.text)
                    .into_iter()
                    .flat_map(move |tag| tag.attributes.into_iter().map(move |it| (file, it)))
            })
            .filter(|(_, (key, _))| *key == "id")
            .map(|(file, (_, id))| format!("{}#{id}", file.path))
            .collect();
        let index = files.iter().find(|file| file.path == "search-index.js").expect("an index");
        let (_, index) = index.text.split_once("const searchIndex = ").expect("an assignment");
        // JavaScript allows a comma behind the last item, JSON does not.
        let index = index.trim_end_matches(";\n").replace(",\n]", "\n]");
        let index: serde_json::Value = serde_json::from_str(&index).expect("a list");
        for page in index.as_array().expect("pages") {
            for entry in page[2].as_array().expect("entries") {
                let (file, anchor) =
                    (page[0].as_str().expect("a file"), entry[1].as_str().expect("an anchor"));
                let target = format!("{file}#{anchor}");
                assert!(anchor.is_empty() || ids.contains(&target), "{name}: nothing is at {target}");
            }
        }
    }
}

#[test]
fn a_contract_adds_no_tag_no_attribute_and_nothing_hidden() {
    let shape = |contract: &Contract| {
        let files = generate(contract).expect("a reference");
        let mut shape = BTreeSet::new();
        for file in files.iter().filter(|file| is_page(file)) {
            let tags = tags(&file.text);
            assert_eq!(tags.iter().filter(|tag| tag.name == "script").count(), 1);
            for tag in &tags {
                shape.insert(tag.name.to_owned());
                shape.extend(tag.attributes.iter().map(|(key, _)| format!("{} {key}", tag.name)));
            }
        }
        (shape, files)
    };
    let (mut known, _) = shape(&checkout());
    // What the checkout contract has no occasion for.
    known.extend(["ol", "ol start", "li", "ul", "h3", "dd", "p id"].map(String::from));
    let (found, files) = shape(&hostile());
    let foreign: Vec<_> = found.difference(&known).collect();
    assert!(foreign.is_empty(), "{foreign:?}");
    for file in files {
        let hidden = |c: char| {
            (c.is_control() && c != '\n')
                || "\u{202e}\u{202c}\u{200b}\u{feff}\u{ad}\u{e0041}\u{61c}\u{2028}".contains(c)
        };
        assert!(!file.text.contains(hidden), "{}", file.path);
    }
}

/// What `pre` elements show, by the titles of their figures.
fn examples(html: &str) -> Vec<(String, String)> {
    let figures = html.split("<figcaption>").skip(1);
    let mut examples = Vec::new();
    for figure in figures {
        let (title, rest) = figure.split_once("</figcaption>").expect("a title");
        let (inside, _) = rest.split_once("</figure>").expect("a figure ends");
        let Some((_, code)) = inside.split_once("<code>") else {
            examples.push((title.to_owned(), String::new()));
            continue;
        };
        let (code, _) = code.split_once("</code>").expect("code ends");
        let mut text = String::new();
        for (at, part) in code.split('<').enumerate() {
            text += if at == 0 { part } else { part.split_once('>').expect("a tag ends").1 };
        }
        for (entity, c) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")] {
            text = text.replace(entity, c);
        }
        examples.push((title.to_owned(), text));
    }
    examples
}

#[test]
fn every_example_is_a_call_and_its_reply() {
    let mut shown = 0;
    for (name, contract) in contracts() {
        let files = generate(&contract).expect("a reference");
        let engine = Engine::builder(contract).strict(true).build().expect("an engine");
        for file in files.iter().filter(|file| file.path.starts_with("interface.")) {
            for pair in examples(&file.text).chunks(2) {
                let [(_, request), (_, reply)] = pair else { panic!("{name}: a request and a reply") };
                if request.is_empty() || reply.is_empty() {
                    assert_eq!(name, "hostile", "{}: no example", file.path);
                    continue;
                }
                let reply: serde_json::Value = serde_json::from_str(reply).expect("JSON");
                let result = reply["result"].to_string();
                let answered = engine.handle(request.clone(), |_, _| Ok(&result)).expect("a reply");
                let answered: serde_json::Value = serde_json::from_slice(&answered).expect("JSON");
                assert_eq!(answered, reply, "{name} {}: {request}", file.path);
                shown += 1;
            }
        }
    }
    assert!(shown > 300);
}

#[test]
fn what_no_person_could_read_is_refused() {
    let long = "a".repeat(MAX_NAME + 1);
    let refused = |text: String| generate(&contract(text)).expect_err("no reference");
    assert_eq!(refused(format!("namespace a struct S {{ {long} int }}")), Refusal::LongName(long));
    assert!(generate(&contract(format!("namespace a struct S {{ {} int }}", "a".repeat(MAX_NAME)))).is_ok());
    let mut text = String::from("namespace a struct S0 {");
    for i in 0..5000 {
        text += &format!("f{i} int ");
    }
    text += "}";
    for i in 1..=MAX_ITEMS / 5000 {
        text += &format!(" struct S{i} extends S{} {{}}", i - 1);
    }
    assert_eq!(refused(text), Refusal::TooLarge);
}

#[test]
fn published_checkers_find_no_fault() {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("html");
    drop(fs::remove_dir_all(&dir));
    // The large one has no page that the others do not have.
    for (name, files) in sites().into_iter().filter(|(name, _)| name != "large") {
        let dir = dir.join(name);
        fs::create_dir_all(&dir).expect("a directory");
        for file in files {
            fs::write(dir.join(file.path), file.text).expect("a file");
        }
    }
    let mut checker = Command::new("java");
    checker.arg("-jar").arg(outside::node_dir().join("node_modules/vnu-jar/build/dist/vnu.jar"));
    // It takes the pages of a disk for foreign to each other, which browsers do not.
    checker.args(["--Werror", "--filterpattern", ".* blocked by .*", "--skip-non-html"]).arg(&dir);
    outside::passes(checker);
    let mut tsc = outside::node_program("tsc");
    tsc.args([
        "--noEmit",
        "--allowJs",
        "--checkJs",
        "--target",
        "es2022",
        "--lib",
        "es2022,dom,dom.iterable",
    ]);
    tsc.args(["script.js", "search-index.js"].map(|file| dir.join("hostile").join(file)));
    outside::passes(tsc);
}
