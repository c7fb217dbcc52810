//! Two sums of a contract: the checksum that peers exchange, and the fingerprint that tells contracts apart.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use base64ct::{Base64UrlUnpadded, Encoding};
use sha2::{Digest, Sha256};

use super::{Contract, Enum, Interface, List, Method, Struct, Type};
use crate::names::{order, sort};

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
        for (name, at) in self.sorted(List::Interfaces) {
            text.extend(["interface:", &name, "\n"]);
            self.sum_methods(&mut text, &self.interfaces[at], sum);
        }
        for (name, at) in self.sorted(List::Structs) {
            text.extend(["struct:", &name, "\n"]);
            self.sum_fields(&mut text, &self.structs[at]);
        }
        for (name, at) in self.sorted(List::Enums) {
            text.extend(["enum:", &name, "\n"]);
            sum_values(&mut text, &self.enums[at]);
        }
        for (name, at) in self.sorted(List::Errors) {
            let error = &self.errors[at];
            text.extend(["error:", &name, ":", &error.code.to_string()]);
            if sum == Sum::Fingerprint {
                text.extend([":", &error.message]);
            }
            text.push('\n');
        }
        text
    }

    /// The names in a list as they are summed, and the positions of what they name, by name.
    fn sorted(&self, list: List) -> Vec<(String, usize)> {
        let name = |at: usize| match self.name_of(list, at) {
            (name, "") => name.to_string(),
            (name, _) if list == List::Errors => name.to_string(),
            // Even if the name carries its namespace already: that is what the peer sums.
            (name, namespace) => format!("{namespace}.{name}"),
        };
        let mut sorted: Vec<_> = (0..self.count(list)).map(|at| (name(at), at)).collect();
        sort(&mut sorted, |a, b| a.0.cmp(&b.0));
        sorted
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
        let names: Vec<&str> = interface.methods.iter().map(|method| method.name.as_str()).collect();
        for at in by_name(&names) {
            let method = &interface.methods[at];
            text.extend(["  method:", &method.name, "\n"]);
            self.sum_parameters(text, method, &interface.namespace, sum);
            text.push_str("    returns:");
            if let Some(ty) = &method.returns {
                self.sum_type(text, ty, &interface.namespace);
            }
            text.push('\n');
            if method.returns_optional {
                text.push_str("    returnOptional:true\n");
            }
            let raises: Vec<&str> = method.raises.iter().map(String::as_str).collect();
            for at in by_name(&raises) {
                text.extend(["    raises:", raises[at], "\n"]);
            }
        }
    }

    fn sum_parameters(&self, text: &mut String, method: &Method, namespace: &str, sum: Sum) {
        let names: Vec<&str> = method.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
        let order = if sum == Sum::Checksum { by_name(&names) } else { (0..names.len()).collect() };
        for at in order {
            let parameter = &method.parameters[at];
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
        let names: Vec<&str> = item.fields.iter().map(|field| field.name.as_str()).collect();
        for at in by_name(&names) {
            let field = &item.fields[at];
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
    let names: Vec<&str> = item.values.iter().map(|value| value.name.as_str()).collect();
    for at in by_name(&names) {
        text.extend(["  value:", names[at], "\n"]);
    }
}

/// The positions of names, sorted.
fn by_name(names: &[&str]) -> Vec<usize> {
    order(names.len(), &|a, b| names[a].cmp(names[b]))
}
