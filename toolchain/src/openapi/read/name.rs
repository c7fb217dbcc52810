//! Text of a document as names and comments of a contract.

use crate::case;

/// Characters of a name that is put together here. Names that are good as they stand are kept, however long.
const MAX_NAME: usize = 64;

/// What a name is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Noun {
    Namespace,
    Type,
    Interface,
    Method,
    Parameter,
    Field,
    Value,
}

impl Noun {
    pub(super) fn word(self) -> &'static str {
        match self {
            Noun::Namespace => "namespace",
            Noun::Type => "type",
            Noun::Interface => "interface",
            Noun::Method => "method",
            Noun::Parameter => "parameter",
            Noun::Field => "field",
            Noun::Value => "value",
        }
    }
}

/// IDENT of the contract language.
pub(super) fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// `text` if it is an identifier, else one that is like it.
pub(super) fn identifier(text: &str, noun: Noun) -> String {
    if is_identifier(text) {
        return text.to_owned();
    }
    // Words, with one `_` between.
    let mut plain = String::new();
    for c in text.chars().take(4 * MAX_NAME) {
        if c.is_ascii_alphanumeric() {
            plain.push(c);
        } else if !plain.is_empty() && !plain.ends_with('_') {
            plain.push('_');
        }
    }
    let plain = plain.trim_end_matches('_');
    let mut name = match noun {
        Noun::Type | Noun::Interface => case::pascal(plain),
        Noun::Method | Noun::Parameter => case::camel(plain),
        Noun::Namespace => case::snake(plain),
        // These are on the wire: as near to the text as can be.
        Noun::Field | Noun::Value => plain.to_owned(),
    };
    name.truncate(MAX_NAME);
    if !is_identifier(&name) {
        let word = match noun {
            Noun::Type | Noun::Interface => case::pascal(noun.word()),
            _ => noun.word().to_owned(),
        };
        name.insert_str(0, &word);
    }
    name
}

/// The name of a part: `Order` and `shipping_address` come to `OrderShippingAddress`.
pub(super) fn joined(owner: &str, part: &str) -> String {
    let mut name = owner.to_owned();
    name.truncate(MAX_NAME);
    name += &case::pascal(&identifier(part, Noun::Field));
    name.truncate(MAX_NAME);
    name
}

/// Text as the comment of a contract carries it: lines without outer white space and without control characters, no
/// empty line first or last.
pub(super) fn comment(text: &str) -> String {
    let lines = text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']);
    let plain = |line: &str| line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    let lines: Vec<String> = lines.map(|line| plain(line).trim().to_owned()).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_comes_to_an_identifier() {
        for (text, noun, name) in [
            ("__proto__", Noun::Field, "__proto__"),
            ("../../x", Noun::Type, "X"),
            ("*/", Noun::Type, "Type"),
            ("", Noun::Method, "method"),
            ("first-name", Noun::Field, "first_name"),
            ("2fa", Noun::Field, "field2fa"),
            ("Größe", Noun::Field, "Gr_e"),
            ("pets.list all", Noun::Method, "petsListAll"),
            ("Swagger Petstore - 3.0", Noun::Namespace, "swagger_petstore_3_0"),
            ("in stock", Noun::Value, "in_stock"),
        ] {
            assert_eq!(identifier(text, noun), name, "{text}");
        }
        assert!(is_identifier(&identifier(&"é9".repeat(1000), Noun::Type)));
        assert_eq!(joined("Order", "shipping-address"), "OrderShippingAddress");
    }

    #[test]
    fn comments_are_lines() {
        assert_eq!(comment("\n\n a\r\n  b\u{2028}c\t\u{1b}d \n\n"), "a\n\nb\nc  d");
    }
}
