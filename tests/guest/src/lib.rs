//! What the handlers of the black-box suite do.
//!
//! A method does what its name begins with, whatever interface it stands in, so one plugin serves every contract of
//! the suite: `echo…` answers its parameter as it came, `raw…` the JSON text in its string, `fail…` the error that
//! it is told (code, message, data as JSON text), `note…` and `update` count themselves, `noted` answers the
//! count; `add`, `sum` and `subtract` calculate; the rest answers `null`.

mod plugin;

use serde_json::value::RawValue;

/// What a handler answers: JSON text of its result, or the JSON text of an error object.
pub type Answer = Result<String, String>;

/// Runs `method` with its checked parameters; `count` is the service's memory.
pub fn behave(method: &str, params: &str, count: &mut i64) -> Answer {
    let name = method.rsplit('.').next().unwrap_or(method);
    let texts: Vec<&RawValue> = serde_json::from_str(params).unwrap_or_default();
    let text = |index: usize| texts.get(index).map_or("null", |value| value.get());
    let string = |index: usize| serde_json::from_str::<String>(text(index)).unwrap_or_default();
    let numbers = texts.iter().filter_map(|value| value.get().parse::<i64>().ok());
    Ok(match name {
        "noted" => count.to_string(),
        "update" => note(count),
        "subtract" => numbers.reduce(i64::wrapping_sub).unwrap_or(0).to_string(),
        "add" | "sum" => numbers.fold(0, i64::wrapping_add).to_string(),
        "get_data" => r#"["hello","5"]"#.into(),
        _ if name.starts_with("note") || name.starts_with("notify") => note(count),
        _ if name.starts_with("echo") => text(0).into(),
        _ if name.starts_with("raw") => string(0),
        _ if name.starts_with("fail") => {
            let mut error = format!("{{\"code\":{},\"message\":{}", text(0), text(1));
            if text(2) != "null" {
                error.push_str(",\"data\":");
                error.push_str(&string(2));
            }
            error.push('}');
            return Err(error);
        }
        _ => "null".into(),
    })
}

fn note(count: &mut i64) -> String {
    *count += 1;
    "null".into()
}

/// `answer` as the plugin ABI has it.
pub fn answer_object(answer: Answer) -> String {
    match answer {
        Ok(result) => format!("{{\"result\":{result}}}"),
        Err(error) => format!("{{\"error\":{error}}}"),
    }
}
