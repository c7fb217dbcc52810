//! What the core's built-in `documentation` answers is reStructuredText without a fault, whatever a contract says.

mod outside;

use std::fs;
use std::path::Path;

use pintle_core::{Contract, Engine};

/// Reads JSON from its input: a list of texts. Anything that docutils remarks on ends it.
const CHECK: &str = "
import json, sys
from docutils.core import publish_string
settings = {'report_level': 2, 'halt_level': 2, 'file_insertion_enabled': False, '_disable_config': True}
for text in json.load(open(sys.argv[1], encoding='utf-8')):
    read = publish_string(text, writer='pseudoxml', settings_overrides={**settings, 'output_encoding': 'unicode'})
    assert 'problematic' not in read and 'system_message' not in read, read
    assert '<line_block>' in read or '| ' not in text, read
";

fn documentation(contract: Contract) -> String {
    let engine = Engine::builder(contract).commands(true).build().expect("an engine");
    let call = r#"{"jsonrpc":"2.0","method":"documentation","id":1}"#;
    let reply = engine.handle(call, |_, _| Ok("1")).expect("a reply");
    let reply: serde_json::Value = serde_json::from_slice(&reply).expect("JSON");
    reply["result"].as_str().expect("text").to_owned()
}

/// A method for each comment that would be markup, and a name that would be a reference.
fn awkward() -> Contract {
    let comments = [
        "* a\\nb",
        "1. a\\n   b\\n\\n2) c",
        "Title\\n=====",
        ".. image:: x",
        ":field: x",
        ">>> x",
        "::\\n\\n  x",
        "ends with::",
        "`x",
        "**x",
        "|x| |y",
        "x_ `y`_ [1]_ _`z`",
        "+--+",
        "== ==\\nx",
        "-a  option",
        "| line",
        "\\\\",
        "http://example.com/_x*",
        "a\\r\\nb\\u0085c\\u2028d\\u000be",
        "  indented\\n more\\n\\n\\n less",
    ];
    let methods = comments.iter().enumerate().map(|(at, comment)| {
        format!(r#"{{"name":"m{at}_","comment":"{comment}","returnType":null,"raises":["E"]}}"#)
    });
    let methods: Vec<String> = methods.collect();
    let text = format!(
        r#"{{"rootNamespace":"a_","interfaces":[{{"name":"I_","namespace":"a_","comment":"x\n===","methods":[{}]}}],
        "errors":[{{"name":"a_.E","namespace":"a_","code":1,"message":"*x `y_"}}]}}"#,
        methods.join(",")
    );
    Contract::from_json(&text).expect("a contract")
}

#[test]
fn docutils_finds_no_fault() {
    let mut texts = vec![documentation(awkward())];
    for dir in ["tests/html", "../core/tests/idl"] {
        for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(dir)).expect("contracts") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|extension| extension == "json") {
                let text = fs::read_to_string(&path).expect("a contract");
                texts.push(documentation(Contract::from_json(&text).expect("a good one")));
            }
        }
    }
    assert!(texts.len() > 20);
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("documentation.json");
    fs::write(&file, serde_json::to_string(&texts).expect("JSON")).expect("a file");
    let mut python = outside::python();
    python.arg("-c").arg(CHECK).arg(file);
    outside::passes(python);
}
