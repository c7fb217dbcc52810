//! Two sums of a contract: the checksum that peers exchange, and the fingerprint that tells contracts apart.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use base64ct::{Base64UrlUnpadded, Encoding};
use sha2::{Digest, Sha256};

use super::{Contract, Enum, Interface, List, Method, Struct, Type};
use crate::names::sort;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sum {
    /// As PulseRPC computes it: blind to the order of parameters and to the messages of errors.
    Checksum,
    /// The same text with parameters in their order and errors with their messages.
    Fingerprint,
}

impl Contract {
    /// The sum that PulseRPC computes for the same contract: SHA-256 in base64url without padding.
    ///
    /// It is blind to the order of parameters, so it identifies a contract to a peer and never says that two
    /// contracts are compatible.
    pub fn checksum(&self) -> String {
        self.sum(Sum::Checksum)
    }

    /// A sum in the same form that sees everything but comments and the order of definitions, fields and values.
    pub fn fingerprint(&self) -> String {
        self.sum(Sum::Fingerprint)
    }

    fn sum(&self, sum: Sum) -> String {
        let digest = Sha256::digest(self.sum_text(sum).as_bytes());
        Base64UrlUnpadded::encode_string(&digest)
    }

    fn sum_text(&self, sum: Sum) -> String {
        let mut text = format!("namespace:{}\n", self.namespace);
        for (name, interface) in sorted(&self.interfaces, |i| full_name(&i.namespace, &i.name)) {
            text.extend(["interface:", &name, "\n"]);
            self.sum_methods(&mut text, interface, sum);
        }
        for (name, item) in sorted(&self.structs, |s| full_name(&s.namespace, &s.name)) {
            text.extend(["struct:", &name, "\n"]);
            self.sum_fields(&mut text, item);
        }
        for (name, item) in sorted(&self.enums, |e| full_name(&e.namespace, &e.name)) {
            text.extend(["enum:", &name, "\n"]);
            sum_values(&mut text, item);
        }
        for (name, error) in sorted(&self.errors, |e| e.name.clone()) {
            text.extend(["error:", &name, ":", &error.code.to_string()]);
            if sum == Sum::Fingerprint {
                text.extend([":", &error.message]);
            }
            text.push('\n');
        }
        text
    }

    /// Whether two structs or enums of one name say the same, whatever their comments and the order of their members.
    pub(crate) fn same_type(&self, list: List, a: usize, b: usize) -> bool {
        let text = |item: usize| {
            let mut text = String::new();
            match list {
                List::Structs => self.sum_fields(&mut text, &self.structs[item]),
                List::Enums => sum_values(&mut text, &self.enums[item]),
                List::Interfaces | List::Errors => {}
            }
            text
        };
        let count = |item: usize| match list {
            List::Structs => self.structs[item].fields.len(),
            List::Enums => self.enums[item].values.len(),
            List::Interfaces | List::Errors => usize::MAX,
        };
        // With as many members, one that many others are compared with costs no more than they do.
        count(a) == count(b) && text(a) == text(b)
    }

    fn sum_methods(&self, text: &mut String, interface: &Interface, sum: Sum) {
        for (name, method) in sorted(&interface.methods, |m| m.name.clone()) {
            text.extend(["  method:", &name, "\n"]);
            self.sum_parameters(text, method, &interface.namespace, sum);
            text.push_str("    returns:");
            if let Some(ty) = &method.returns {
                self.sum_type(text, ty, &interface.namespace);
            }
            text.push('\n');
            if method.returns_optional {
                text.push_str("    returnOptional:true\n");
            }
            for (name, _) in sorted(&method.raises, String::clone) {
                text.extend(["    raises:", &name, "\n"]);
            }
        }
    }

    fn sum_parameters(&self, text: &mut String, method: &Method, namespace: &str, sum: Sum) {
        let mut parameters: Vec<_> = method.parameters.iter().collect();
        if sum == Sum::Checksum {
            sort(&mut parameters, |a, b| a.name.cmp(&b.name));
        }
        for parameter in parameters {
            text.extend(["    param:", &parameter.name, ":"]);
            self.sum_type(text, &parameter.ty, namespace);
            text.push_str(if parameter.optional { ":optional\n" } else { "\n" });
        }
    }

    fn sum_fields(&self, text: &mut String, item: &Struct) {
        if let Some(parent) = &item.extends {
            text.push_str("  extends:");
            self.sum_reference(text, parent, &item.namespace);
            text.push('\n');
        }
        let mut fields: Vec<_> = item.fields.iter().collect();
        sort(&mut fields, |a, b| a.name.cmp(&b.name));
        for field in fields {
            text.extend(["  field:", &field.name, ":"]);
            self.sum_type(text, &field.ty, &item.namespace);
            text.push_str(if field.optional { ":optional\n" } else { "\n" });
        }
    }

    fn sum_type(&self, text: &mut String, ty: &Type, namespace: &str) {
        let mut ty = ty;
        loop {
            match ty {
                Type::String => text.push_str("string"),
                Type::Int => text.push_str("int"),
                Type::Float => text.push_str("float"),
                Type::Bool => text.push_str("bool"),
                Type::Named(name) => self.sum_reference(text, name, namespace),
                Type::Array(inner) => {
                    text.push_str("[]");
                    ty = inner;
                    continue;
                }
                Type::Map(inner) => {
                    text.push_str("map[string]");
                    ty = inner;
                    continue;
                }
            }
            return;
        }
    }

    /// The peer looks a bare name up among the doubled names (`inc.inc.Response`) of imported definitions, where
    /// it never is: only the root file's own bare references are qualified.
    fn sum_reference(&self, text: &mut String, reference: &str, namespace: &str) {
        let is_own = !namespace.is_empty() && namespace == self.namespace;
        if !reference.contains('.') && is_own && self.find_in(namespace, reference).is_some() {
            text.extend([namespace, "."]);
        }
        text.push_str(reference);
    }
}

fn sum_values(text: &mut String, item: &Enum) {
    for (name, _) in sorted(&item.values, |v| v.name.clone()) {
        text.extend(["  value:", &name, "\n"]);
    }
}

/// The namespace before the name, even if the name carries it already: that is what the peer sums.
fn full_name(namespace: &str, name: &str) -> String {
    if namespace.is_empty() { name.to_string() } else { format!("{namespace}.{name}") }
}

fn sorted<T>(items: &[T], name: impl Fn(&T) -> String) -> Vec<(String, &T)> {
    let mut sorted: Vec<_> = items.iter().map(|item| (name(item), item)).collect();
    sort(&mut sorted, |a, b| a.0.cmp(&b.0));
    sorted
}
