//! Where texts lie in the memory of a module.

use pintle_core::Contract;

use super::Language;
use super::template::Values;
use super::{NOT_IMPLEMENTED, methods, names, not_implemented, whole};

/// Bytes of a page of memory.
const PAGE: usize = 65536;

/// The addresses that the template names: of each method its name and its answer, each with a zero behind it; `heap`, where
/// they end, and `pages`, which hold them.
pub(super) fn layout(contract: &Contract, values: Values) -> Values {
    let mut end = 16;
    let mut place = |text: &str| {
        let at = end;
        end = (end + text.len() + 1).next_multiple_of(16);
        at.to_string()
    };
    let functions = names::methods(contract, Language::Wat);
    let placed: Vec<Values> = methods(contract)
        .zip(functions)
        .map(|((interface, method), names)| {
            let name = whole(interface, method);
            // Names of contracts need no escapes, neither here nor in JSON.
            let message = not_implemented(&name);
            let answer = format!("{{\"error\":{{\"code\":{NOT_IMPLEMENTED},\"message\":\"{message}\"}}}}");
            Values::default()
                .text("name_at", place(&name))
                .text("answer_at", place(&answer))
                .text("method", name)
                .text("answer", answer.replace('"', "\\\""))
                .text("function", names.function)
        })
        .collect();
    let pages = end / PAGE + 1;
    values.text("heap", end.to_string()).text("pages", pages.to_string()).list("placed", placed)
}
