//! Names of a contract in the case that another language writes.

use std::collections::BTreeMap;

/// The words of a name: split at `_` and `.`, before an upper-case letter that follows a lower-case one or a digit, and
/// before the last of several upper-case letters when a lower-case one follows (`HTTPServer` is `HTTP`, `Server`).
pub fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words = Vec::new();
    let mut word = String::new();
    for (at, &c) in chars.iter().enumerate() {
        if c == '_' || c == '.' {
            words.push(std::mem::take(&mut word));
            continue;
        }
        let before = at.checked_sub(1).map(|before| chars[before]);
        let after = chars.get(at + 1);
        let starts = c.is_ascii_uppercase()
            && before.is_some_and(|before| {
                before.is_ascii_lowercase()
                    || before.is_ascii_digit()
                    || (before.is_ascii_uppercase() && after.is_some_and(char::is_ascii_lowercase))
            });
        if starts {
            words.push(std::mem::take(&mut word));
        }
        word.push(c);
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// `getHTTPServer` → `get_http_server`
pub fn snake(name: &str) -> String {
    joined(name, "_", |_, word| word.to_ascii_lowercase())
}

/// `getHTTPServer` → `GET_HTTP_SERVER`
pub fn screaming(name: &str) -> String {
    joined(name, "_", |_, word| word.to_ascii_uppercase())
}

/// `getHTTPServer` → `get-http-server`
pub fn kebab(name: &str) -> String {
    joined(name, "-", |_, word| word.to_ascii_lowercase())
}

/// `credit_card` → `CreditCard`
pub fn pascal(name: &str) -> String {
    joined(name, "", |_, word| capital(word))
}

/// `credit_card` → `creditCard`
pub fn camel(name: &str) -> String {
    joined(name, "", |at, word| if at == 0 { word.to_ascii_lowercase() } else { capital(word) })
}

fn joined(name: &str, separator: &str, write: impl Fn(usize, &str) -> String) -> String {
    let words: Vec<String> = words(name).iter().enumerate().map(|(at, word)| write(at, word)).collect();
    words.join(separator)
}

fn capital(word: &str) -> String {
    let (first, rest) = word.split_at(usize::from(!word.is_empty()));
    first.to_ascii_uppercase() + &rest.to_ascii_lowercase()
}

/// Names that are taken in one scope of generated code.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// Each with the number to try next behind it, so that very many equal names stay cheap.
    taken: BTreeMap<String, usize>,
}

impl Scope {
    /// A scope in which these names cannot be given: keywords, names of the runtime.
    pub fn without<'a>(reserved: impl IntoIterator<Item = &'a str>) -> Scope {
        Scope { taken: reserved.into_iter().map(|name| (name.to_owned(), 1)).collect() }
    }

    /// Whether the name cannot be given again.
    pub fn has(&self, name: &str) -> bool {
        self.taken.contains_key(name)
    }

    /// Whether no name is taken.
    pub fn is_empty(&self) -> bool {
        self.taken.is_empty()
    }

    /// `name` if it is free, else with `_` behind, then with `_2`, `_3`, … behind. It is taken from then on.
    pub fn give(&mut self, name: &str) -> String {
        self.first_free(
            name,
            |number| if number == 1 { format!("{name}_") } else { format!("{name}_{number}") },
        )
    }

    /// `name` if it is free, else with `2`, `3`, … behind: for cases that have no `_`. It is taken from then on.
    pub fn give_numbered(&mut self, name: &str) -> String {
        self.first_free(name, |number| format!("{name}{}", number + 1))
    }

    fn first_free(&mut self, name: &str, other: impl Fn(usize) -> String) -> String {
        let mut given = name.to_owned();
        if let Some(&next) = self.taken.get(name) {
            let mut number = next;
            while self.taken.contains_key(&given) {
                given = other(number);
                number += 1;
            }
            self.taken.insert(name.to_owned(), number);
        }
        self.taken.insert(given.clone(), 1);
        given
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_other_cases() {
        assert_eq!(words("getHTTPServer2Name_x.Y"), ["get", "HTTP", "Server2", "Name", "x", "Y"]);
        assert_eq!(words("_a__b_"), ["a", "b"]);
        assert_eq!(snake("getHTTPServer"), "get_http_server");
        assert_eq!(screaming("zipCode"), "ZIP_CODE");
        assert_eq!(kebab("inc.Response"), "inc-response");
        assert_eq!(pascal("credit_card"), "CreditCard");
        assert_eq!(camel("CreditCard"), "creditCard");
    }

    #[test]
    fn a_name_is_given_once() {
        let mut scope = Scope::without(["type"]);
        assert_eq!(scope.give("type"), "type_");
        assert_eq!(scope.give("type"), "type_2");
        assert_eq!(scope.give("type_"), "type__");
        assert_eq!(scope.give("kind"), "kind");
        assert_eq!(scope.give_numbered("kind"), "kind2");
        assert_eq!(scope.give_numbered("kind"), "kind3");
        assert!(scope.has("kind3") && !scope.has("kind4"));
    }
}
