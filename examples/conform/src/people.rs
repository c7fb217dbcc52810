//! Who there is.

use crate::conform::Person;
use crate::conform::shared::Kind;

/// Everybody, in order of their names.
pub(crate) fn all() -> Vec<Person> {
    let person = |name: &str, kind, email: Option<&str>, children| Person {
        name: name.to_owned(),
        kind,
        email: email.map(str::to_owned),
        children,
    };
    let bo = person("Bo", Kind::Friend, None, None);
    let cleo = person("Cleo", Kind::Stranger, None, Some(Vec::new()));
    vec![
        person("Ada", Kind::Friend, Some("ada@example.com"), Some(vec![bo, cleo])),
        person("Zoë", Kind::Stranger, None, None),
    ]
}
