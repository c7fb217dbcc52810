//! What a contract is served with, as JSON: the keys of the server's configuration file where it has them.
//!
//! | key | value | default |
//! | --- | --- | --- |
//! | `strict` | refuse fields that the contract does not name | `false` |
//! | `safe_ints` | refuse integers that a double may not hold exactly, from 2^53 on | `false` |
//! | `errors` | which errors handlers may answer with: `"any"`, or only `"declared"` ones | `"any"` |
//! | `commands` | answer `ping`, `echo`, `functions_list`, `documentation` | `false` |
//! | `info`, `kill` | give out `server_info` and `kill_actor` as calls of these names | `false` |
//! | `admission` | ask before each call | `false` |
//! | `separator` | between the segments of a method's name | `"."` |
//! | `serves` | the interfaces that have a handler | all |
//! | `mounts` | `[{"at": path, "interface": name}]`: the path replaces the name | every interface under its name |
//! | `limits` | `{"body", "depth", "batch", "reply", "id", "problems"}`: whole numbers | those of the core |

use pintle_core::contract::{Parameter, Type};
use pintle_core::json::{Value, write_string};
use pintle_core::{Builder, Builtin, Engine, ErrorPolicy, Limits};
use std::borrow::Cow;
use std::sync::Arc;

/// What the list of functions says about the commands that a shell answers.
const SERVER_INFO: &str = "Tells about the server and its plugins.";
const KILL_ACTOR: &str = "Stops the plugin instance with the id aid, which server_info tells.";

/// The options that are true or false.
const FLAGS: [&str; 6] = ["strict", "safe_ints", "commands", "admission", "info", "kill"];
const LIMITS: [&str; 6] = ["body", "depth", "batch", "reply", "id", "problems"];

/// The engine of `builder`, served as `json` says. What `json` does not name is at its default.
pub(crate) fn configure(mut builder: Builder, json: &str) -> Result<Arc<Engine>, String> {
    let options = object(json)?;
    let mut flags = [false; FLAGS.len()];
    for (key, value) in members(&options) {
        if let Some(known) = named(&FLAGS, &mut flags, key) {
            *known = value.as_bool().ok_or_else(|| wrong(key, "true or false"))?;
            continue;
        }
        builder = match &**key {
            "errors" => builder.errors(match value.as_str() {
                Some("any") => ErrorPolicy::Any,
                Some("declared") => ErrorPolicy::Declared,
                _ => return Err(wrong(key, "\"any\" or \"declared\"")),
            }),
            "separator" => match text(key, value)? {
                "" => return Err(wrong(key, "a string that is not empty")),
                separator => builder.separator(separator),
            },
            "serves" => {
                let names: Result<Vec<&str>, String> =
                    list(key, value)?.iter().map(|name| text(key, name)).collect();
                builder.serves(names?)
            }
            "mounts" => {
                for mount in list(key, value)? {
                    let (at, interface) =
                        parts(mount).ok_or_else(|| wrong(key, "objects of at and interface"))?;
                    builder = builder.mount(at, interface);
                }
                builder
            }
            "limits" => {
                let members = value.as_object().ok_or_else(|| wrong(key, "an object"))?;
                builder.limits(limits(members)?)
            }
            _ => return Err(unknown(key)),
        };
    }
    let [strict, safe_ints, commands, admission, info, kill] = flags;
    builder = builder.strict(strict).safe_ints(safe_ints).commands(commands).admission(admission);
    if info {
        builder = builder.builtin(Builtin::shell("server_info", SERVER_INFO, Vec::new()));
    }
    if kill {
        let aid = Parameter { name: "aid".into(), ty: Type::String, optional: false };
        builder = builder.builtin(Builtin::shell("kill_actor", KILL_ACTOR, vec![aid]));
    }
    builder.build().map_err(|why| why.to_string())
}

/// The value beside the name that is `key`.
fn named<'v, T>(names: &[&str], values: &'v mut [T], key: &str) -> Option<&'v mut T> {
    values.get_mut(names.iter().position(|name| *name == key)?)
}

type Members<'a> = [(Cow<'a, str>, Value<'a>)];

/// A JSON object; one without members for empty text.
pub(crate) fn object(json: &str) -> Result<Value<'_>, String> {
    if json.is_empty() {
        return Ok(Value::Object(Vec::new()));
    }
    match Value::read(json) {
        Ok(object @ Value::Object(_)) => Ok(object),
        Ok(_) => Err("expected a JSON object".into()),
        Err(why) => Err(format!("not JSON: {why}")),
    }
}

fn members<'v, 'a>(object: &'v Value<'a>) -> &'v Members<'a> {
    object.as_object().unwrap_or_default()
}

fn limits(members: &Members<'_>) -> Result<Limits, String> {
    let default = Limits::default();
    let mut numbers =
        [default.body, default.depth, default.batch, default.reply, default.id, default.problems];
    for (key, value) in members {
        let number = named(&LIMITS, &mut numbers, key).ok_or_else(|| unknown(&["limits.", key].concat()))?;
        let given = value.as_int().and_then(|number| usize::try_from(number).ok());
        *number = given.ok_or_else(|| wrong(key, "a whole number that fits"))?;
    }
    let [body, depth, batch, reply, id, problems] = numbers;
    if (1..=Limits::MAX_DEPTH).contains(&depth) {
        Ok(Limits { body, depth, batch, reply, id, problems })
    } else {
        Err(wrong("depth", &format!("1 to {}", Limits::MAX_DEPTH)))
    }
}

fn text<'v>(key: &str, value: &'v Value<'_>) -> Result<&'v str, String> {
    value.as_str().ok_or_else(|| wrong(key, "a string"))
}

fn list<'v, 'a>(key: &str, value: &'v Value<'a>) -> Result<&'v [Value<'a>], String> {
    value.as_array().ok_or_else(|| wrong(key, "a list"))
}

/// `at` and `interface` of a mount that has nothing else.
fn parts<'v>(mount: &'v Value<'_>) -> Option<(&'v str, &'v str)> {
    mount.as_object().filter(|members| members.len() == 2)?;
    Some((mount.get("at")?.as_str()?, mount.get("interface")?.as_str()?))
}

fn unknown(key: &str) -> String {
    let mut out = b"unknown option ".to_vec();
    write_string(&mut out, key);
    String::from_utf8(out).unwrap_or_default()
}

fn wrong(key: &str, expected: &str) -> String {
    ["option ", key, ": expected ", expected].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn served(json: &str) -> Result<Arc<Engine>, String> {
        let text = "namespace a\ninterface S { f(x int) int }";
        configure(crate::source::from_text("a.pulse", text, &Value::Null).unwrap(), json)
    }

    #[test]
    fn commands_of_the_shell_come_as_calls() {
        let engine = served(r#"{"info": true, "kill": true}"#).unwrap();
        let reply = |method: &str, params: &str, answer: &'static str| {
            let body = format!(r#"{{"jsonrpc":"2.0","method":"{method}","params":{params},"id":1}}"#);
            String::from_utf8(engine.handle(body, |_, _| Ok(answer)).unwrap()).unwrap()
        };
        let good = r#"{"jsonrpc":"2.0","result":{"a": [1]},"id":1}"#;
        assert_eq!(reply("server_info", "[]", "{\"a\":\n[1]}"), good);
        assert_eq!(reply("kill_actor", "[\"a-1\"]", "true"), r#"{"jsonrpc":"2.0","result":true,"id":1}"#);
        assert!(reply("kill_actor", "[1]", "true").contains("-32602"));
        assert!(reply("server_info", "[]", "{").contains("-32603"), "what is no JSON is no result");
        let plain = served(r#"{"commands": true, "info": false}"#).unwrap();
        let body = r#"{"jsonrpc":"2.0","method":"server_info","id":1}"#;
        assert!(String::from_utf8(plain.handle(body, |_, _| Ok("1")).unwrap()).unwrap().contains("-32601"));
    }

    #[test]
    fn every_option_is_taken() {
        let engine = served(
            r#"{"strict": true, "safe_ints": true, "errors": "declared", "commands": true, "admission": false, "separator": "/",
                "serves": ["S"], "mounts": [{"at": "x/y", "interface": "S"}],
                "limits": {"body": 1000, "depth": 3, "batch": 2, "reply": 900, "id": 9, "problems": 1}}"#,
        )
        .unwrap();
        let limits = Limits { body: 1000, depth: 3, batch: 2, reply: 900, id: 9, problems: 1 };
        assert_eq!(engine.limits(), &limits);
        let reply =
            engine.handle(r#"{"jsonrpc":"2.0","method":"x/y/f","params":[1],"id":1}"#, |_, _| Ok("2"));
        assert_eq!(reply.unwrap(), br#"{"jsonrpc":"2.0","result":2,"id":1}"#);
        assert!(served("").is_ok() && served("{}").is_ok());
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (json, expected) in [
            (r#"{"strikt": true}"#, "unknown option \"strikt\""),
            (r#"{"limits": {"size": 1}}"#, "unknown option \"limits.size\""),
            (r#"{"limits": {"body": -1}}"#, "option body: expected a whole number that fits"),
            (r#"{"limits": {"depth": 0}}"#, "option depth: expected 1 to 128"),
            (r#"{"limits": 3}"#, "option limits: expected an object"),
            (r#"{"strict": 1}"#, "option strict: expected true or false"),
            (r#"{"errors": "some"}"#, "option errors: expected \"any\" or \"declared\""),
            (r#"{"separator": ""}"#, "option separator: expected a string that is not empty"),
            (r#"{"serves": [1]}"#, "option serves: expected a string"),
            (r#"{"serves": ["T"]}"#, "the contract has no interface T"),
            (r#"{"mounts": {}}"#, "option mounts: expected a list"),
            (r#"{"mounts": [{"at": "x"}]}"#, "option mounts: expected objects of at and interface"),
            ("[]", "expected a JSON object"),
        ] {
            assert_eq!(served(json).unwrap_err(), expected, "{json}");
        }
        assert!(served("{").unwrap_err().starts_with("not JSON: "));
    }
}
