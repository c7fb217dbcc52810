//! `pintle new`: what it refuses, and that it writes all or nothing. What it writes is built in `tests/tests/languages.rs`.

mod command;

use std::fs;

use command::{file, run};
use tempfile::{TempDir, tempdir};

const CONTRACT: &str = "namespace shop\ninterface Shop {\n    find(id string) string [optional]\n}\n";
const LANGUAGES: [&str; 8] = ["rust", "c", "zig", "assemblyscript", "go", "javascript", "python", "wat"];

fn new(dir: &TempDir, language: &str, to: &str, more: &[&str]) -> (Option<i32>, String, String) {
    let contract = file(dir, "shop.pulse", CONTRACT);
    let to = dir.path().join(to);
    run(&[&["new", language, to.to_str().unwrap(), "--contract", contract.as_str()], more].concat(), "")
}

#[test]
fn a_project_holds_its_contract_and_its_test_in_every_language() {
    for language in LANGUAGES {
        let dir = tempdir().unwrap();
        let (code, out, err) = new(&dir, language, "my-shop", &[]);
        assert_eq!(code, Some(0), "{err}");
        let root = dir.path().join("my-shop");
        for needed in ["pintle.toml", "contract/shop.pulse", "test/requests.json", "test/replies.json"] {
            assert!(root.join(needed).is_file() && out.contains(needed), "{language}: {needed}\n{out}");
        }
        let next = err.split_once("Next:\n").expect("what to do next").1;
        assert!(next.trim_start().starts_with("cd ") && next.ends_with("pintle serve\n"), "{next}");
        let replies = fs::read_to_string(root.join("test/replies.json")).unwrap();
        assert!(replies.contains(r#""message":"Shop.find is not implemented""#), "{replies}");
    }
}

#[test]
fn an_unknown_language_lists_those_that_there_are() {
    let dir = tempdir().unwrap();
    let (code, _, err) = new(&dir, "cobol", "shop", &[]);
    assert_eq!(code, Some(2));
    for language in LANGUAGES {
        assert!(err.contains(language), "{language}\n{err}");
    }
}

#[test]
fn a_directory_with_files_is_left_alone() {
    let dir = tempdir().unwrap();
    fs::create_dir(dir.path().join("shop")).unwrap();
    let (code, _, err) = new(&dir, "c", "shop", &[]);
    assert_eq!(code, Some(0), "an empty one will do: {err}");
    let before = fs::read_dir(dir.path().join("shop")).unwrap().count();
    let (code, _, err) = new(&dir, "wat", "shop", &[]);
    assert_eq!(code, Some(1));
    assert!(err.contains("not empty"), "{err}");
    assert_eq!(fs::read_dir(dir.path().join("shop")).unwrap().count(), before);
    file(&dir, "taken", "");
    assert_eq!(new(&dir, "c", "taken", &[]).0, Some(3), "nor is a file a directory");
}

#[test]
fn a_project_needs_a_name_and_something_to_serve() {
    let dir = tempdir().unwrap();
    for (to, more) in [("My Shop", &[][..]), ("shop", &["--name", "../x"]), ("shop", &["--name", ""])] {
        let (code, _, err) = new(&dir, "go", to, more);
        assert_eq!(code, Some(2), "{to} {more:?}");
        assert!(err.contains("cannot be called"), "{err}");
        assert!(!dir.path().join(to).exists());
    }
    assert_eq!(new(&dir, "go", "My Shop", &["--name", "shop"]).0, Some(0));
    let empty = file(&dir, "empty.pulse", "namespace empty\nstruct A {\n    a int\n}\n");
    let (code, _, err) = run(&["new", "c", dir.path().join("e").to_str().unwrap(), "--contract", &empty], "");
    assert_eq!(code, Some(1));
    assert!(err.contains("no method"), "{err}");
    assert!(!dir.path().join("e").exists());
}
