//! Barrister itself, 0.1.6, beside what is said of it here: which texts it refuses, and what it makes of the others.

mod outside;

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs};

use pintle_core::contract::System;
use pintle_core::idl::{Loader, Parsed, parse};
use serde_json::Value;

/// Contracts as tokens, each with what stands before it: `|` is a space, `;` a line break, `:` nothing. What stands
/// there is then replaced here and there.
const TEXTS: [&str; 3] = [
    ":struct |Child |extends |Base |{ ;left |int ;right |[ :] :string |[ :optional :] ;kind |Kind ;} \
     ;struct |Base |{ |name |float |} ;enum |Kind |{ ;a |b ;c |} ;interface |Some |{ \
     ;find :( :id |int :, |all |[ :] :Kind :) |Base |[ :optional :] ;store :( :) |[ :] :Child ;last :( :x |int :) |bool |} :;",
    ":namespace |lib ;;struct |Pair |{ ;left |lib :. :Side ;right |[ :] :Side |[ :optional :] ;more |Side |} \
     ;;enum |Side |{ |x |_y |} ;struct |Two |extends |lib :. :Pair |{ |z |[ :] :lib :. :Pair |} :;",
    ":interface |string |{ ;struct :( :) |int ;enum :( :map |string |) |float ;} ;enum |errors |{ |raises |} :;",
];

/// What can stand between two tokens.
const GAPS: [&str; 10] = [" ", "\n", "", "\t", "\n\n", "\r\n", " // c\n", "\n// c\n", "  ", "\n// c\n\n"];

struct Text<'a>(&'a str);

impl Loader for Text<'_> {
    fn load(&mut self, _: &str) -> Result<String, String> {
        Ok(self.0.to_owned())
    }
}

struct Directory(std::path::PathBuf);

impl Loader for Directory {
    fn load(&mut self, key: &str) -> Result<String, String> {
        fs::read_to_string(self.0.join(key)).map_err(|why| why.to_string())
    }
}

/// Numbers without order, the same ones each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound
    }
}

/// `text` of [`TEXTS`], with about `changes` of its gaps replaced.
fn text(text: &str, changes: u64, numbers: &mut Numbers) -> String {
    let tokens: Vec<&str> = text.split_ascii_whitespace().collect();
    let mut out = String::new();
    for token in &tokens {
        let word = token.trim_start_matches(['|', ';', ':']);
        if numbers.below(tokens.len() as u64) < changes {
            out.push_str(GAPS[numbers.below(GAPS.len() as u64) as usize]);
        } else {
            let gap = &token[..token.len() - word.len()];
            gap.chars().for_each(|sign| match sign {
                '|' => out.push(' '),
                ';' => out.push('\n'),
                _ => {}
            });
        }
        out.push_str(word);
    }
    out
}

/// Asks Barrister about files.
fn ask(directory: &Path, files: &[String]) -> Vec<Option<Value>> {
    let answers = directory.join("answers.json");
    let mut jython = outside::jython();
    jython.current_dir(directory).arg(outside::beside("ask_barrister.py")).arg(&answers).args(files);
    outside::passes(jython);
    serde_json::from_str(&fs::read_to_string(answers).expect("answers")).expect("a list")
}

/// Elements by type and name, without comments: what one documents is another rule there.
fn elements(list: &Value) -> BTreeMap<String, Value> {
    let told = list.as_array().into_iter().flatten().filter(|element| element["type"] != "comment");
    let silent = |element: &Value| {
        let mut element = element.clone();
        for key in ["fields", "values", "functions"] {
            for member in element.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten() {
                member["comment"] = Value::Null;
            }
        }
        element["comment"] = Value::Null;
        element
    };
    told.map(|element| (format!("{} {}", element["type"], element["name"]), silent(element))).collect()
}

fn agree(name: &str, ours: &Parsed, theirs: Option<&Value>) {
    let refused: String =
        ours.portable(System::Barrister).iter().map(|refused| ours.sources.render(refused)).collect();
    let text = ours.sources.files().next().map(|file| ours.sources.text(file));
    assert_eq!(refused.is_empty(), theirs.is_some(), "{name}: {text:?}\n{refused}\n{theirs:?}");
    if let (Some(contract), Some(theirs)) = (&ours.contract, theirs) {
        let form = contract.to_barrister(None).unwrap_or_else(|why| panic!("{name}: {why:?}"));
        let form: Value = serde_json::from_str(&form).expect("JSON");
        assert_eq!(elements(&form), elements(theirs), "{name}: {text:?}");
    }
}

#[test]
fn barrister_refuses_what_is_said_to_be_refused_and_makes_the_same_of_the_rest() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("barrister");
    fs::create_dir_all(&directory).expect("a directory");
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let (mut files, mut parsed) = (Vec::new(), Vec::new());
    for number in 0..1500 {
        let text = text(TEXTS[number % TEXTS.len()], number as u64 % 4, &mut numbers);
        let ours = parse("a.idl", &mut Text(&text));
        // Where words ran together there is nothing to compare.
        if ours.contract.is_some() {
            let name = format!("{number}.idl");
            fs::write(directory.join(&name), text).expect("a file");
            files.push(name);
            parsed.push(ours);
        }
    }
    assert!(files.len() > 800, "{}", files.len());
    let answers = ask(&directory, &files);
    let accepted = answers.iter().flatten().count();
    assert!(accepted > 300 && files.len() - accepted > 300, "{accepted} of {}", files.len());
    for ((name, ours), theirs) in files.iter().zip(&parsed).zip(&answers) {
        agree(name, ours, theirs.as_ref());
    }
}

#[test]
fn barrister_agrees_about_the_cases_of_the_core() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/tests");
    for (directory, count) in [(tests.join("idl"), 6), (tests.join("portable"), 5)] {
        let mut roots: Vec<String> = Vec::new();
        for entry in fs::read_dir(&directory).expect("cases") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            if path.join("root.idl").exists() {
                roots.push(format!("{name}/root.idl"));
            } else if name.ends_with(".idl") && name.starts_with(|first: char| first.is_ascii_digit()) {
                roots.push(name);
            }
        }
        // Methods without a result came after 0.1.6.
        roots.retain(|root| !root.contains("notifications"));
        let read = |root: &String| parse(root, &mut Directory(directory.clone()));
        roots.retain(|root| read(root).contract.is_some());
        assert!(roots.len() >= count, "{roots:?}");
        let answers = {
            let paths: Vec<String> =
                roots.iter().map(|root| directory.join(root).display().to_string()).collect();
            let own = Path::new(env!("CARGO_TARGET_TMPDIR")).join("barrister-cases");
            fs::create_dir_all(&own).expect("a directory");
            ask(&own, &paths)
        };
        for (root, theirs) in roots.iter().zip(&answers) {
            agree(root, &read(root), theirs.as_ref());
        }
    }
}
