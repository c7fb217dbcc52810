//! A contract in the JSON form of Barrister, with the sum that Barrister makes of it.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::index::bare;
use super::{Contract, Enum, Interface, Method, Struct, System, Type, Unportable, md5};
use crate::json::write;
use crate::names::sort;

/// The version of Barrister whose form this is.
const VERSION: &str = "0.1.6";

impl Contract {
    /// The form of Barrister on one line. Its `meta` says when it was made: `date_generated`, in milliseconds since
    /// 1970, or 0.
    ///
    /// Definitions of the root file have bare names, as on the wire, unless it has a namespace and only types: that
    /// is what Barrister can import, and names with the namespace.
    ///
    /// # Errors
    /// Everything that Barrister does not have: [`Contract::portable`].
    pub fn to_barrister(&self, date_generated: Option<u64>) -> Result<String, Vec<Unportable>> {
        let refused = self.portable(System::Barrister);
        if !refused.is_empty() {
            return Err(refused);
        }
        let form = Form { contract: self, bare_root: !self.interfaces.is_empty() };
        let mut out = Vec::from(b"[");
        self.interfaces.iter().for_each(|item| form.interface(&mut out, item));
        // What has no namespace reads as the root file, which comes first.
        for bare in [true, false] {
            let structs = self.structs.iter().filter(|item| form.is_bare(&item.namespace) == bare);
            structs.for_each(|item| form.structure(&mut out, item));
            let enums = self.enums.iter().filter(|item| form.is_bare(&item.namespace) == bare);
            enums.for_each(|item| form.enumeration(&mut out, item));
        }
        open(&mut out);
        text(&mut out, "type", "meta");
        text(&mut out, "barrister_version", VERSION);
        key(&mut out, "date_generated");
        out.extend_from_slice(date_generated.unwrap_or(0).to_string().as_bytes());
        text(&mut out, "checksum", &form.checksum());
        out.extend_from_slice(b"}]");
        Ok(String::from_utf8(out).unwrap_or_default())
    }
}

/// How names are written.
struct Form<'a> {
    contract: &'a Contract,
    bare_root: bool,
}

type Out = Vec<u8>;

impl Form<'_> {
    fn interface(&self, out: &mut Out, item: &Interface) {
        self.head(out, "interface", &item.name, &item.namespace, &item.comment);
        list(out, "functions", &item.methods, |out, method| {
            text(out, "name", &method.name);
            text(out, "comment", &method.comment);
            list(out, "params", &method.parameters, |out, parameter| {
                text(out, "name", &parameter.name);
                self.ty(out, &parameter.ty, &item.namespace);
            });
            if let Some(ty) = &method.returns {
                key(out, "returns");
                out.push(b'{');
                self.ty(out, ty, &item.namespace);
                flag(out, "optional", method.returns_optional);
                out.push(b'}');
            }
        });
        out.push(b'}');
    }

    fn structure(&self, out: &mut Out, item: &Struct) {
        self.head(out, "struct", &item.name, &item.namespace, &item.comment);
        text(out, "extends", &self.parent(item));
        list(out, "fields", &item.fields, |out, field| {
            text(out, "name", &field.name);
            self.ty(out, &field.ty, &item.namespace);
            flag(out, "optional", field.optional);
            text(out, "comment", &field.comment);
        });
        out.push(b'}');
    }

    fn enumeration(&self, out: &mut Out, item: &Enum) {
        self.head(out, "enum", &item.name, &item.namespace, &item.comment);
        list(out, "values", &item.values, |out, value| {
            text(out, "value", &value.name);
            text(out, "comment", &value.comment);
        });
        out.push(b'}');
    }

    fn head(&self, out: &mut Out, kind: &str, name: &str, namespace: &str, comment: &str) {
        open(out);
        text(out, "type", kind);
        text(out, "name", &self.name(bare(name, namespace), namespace));
        text(out, "comment", comment);
    }

    fn ty(&self, out: &mut Out, ty: &Type, namespace: &str) {
        let (name, is_array) = self.type_name(ty, namespace);
        text(out, "type", &name);
        flag(out, "is_array", is_array);
    }

    /// What the type, or the elements of the list, are called, and whether it is a list.
    fn type_name(&self, ty: &Type, namespace: &str) -> (String, bool) {
        match ty {
            Type::Array(inner) => (self.type_name(inner, namespace).0, true),
            Type::String => ("string".to_string(), false),
            Type::Int => ("int".to_string(), false),
            Type::Float => ("float".to_string(), false),
            Type::Bool => ("bool".to_string(), false),
            Type::Named(name) => (self.reference(name, namespace), false),
            // Refused before.
            Type::Map(inner) => self.type_name(inner, namespace),
        }
    }

    fn parent(&self, item: &Struct) -> String {
        item.extends.as_ref().map_or(String::new(), |parent| self.reference(parent, &item.namespace))
    }

    fn reference(&self, reference: &str, namespace: &str) -> String {
        let found = self.contract.find(reference, namespace);
        let (name, namespace) =
            found.map_or((reference, ""), |(list, item)| self.contract.name_of(list, item));
        self.name(bare(name, namespace), namespace)
    }

    fn name(&self, bare: &str, namespace: &str) -> String {
        if self.is_bare(namespace) { bare.to_string() } else { format!("{namespace}.{bare}") }
    }

    fn is_bare(&self, namespace: &str) -> bool {
        namespace.is_empty() || (self.bare_root && namespace == self.contract.namespace)
    }
}

/// The sum: MD5 over a list of lines, one for each definition, as Python writes it in JSON. It sees the order of
/// parameters, and neither their names nor comments nor any other order.
impl Form<'_> {
    fn checksum(&self) -> String {
        let contract = self.contract;
        let mut lines: Vec<String> = Vec::new();
        lines.extend(contract.interfaces.iter().map(|item| self.interface_line(item)));
        lines.extend(contract.structs.iter().map(|item| self.struct_line(item)));
        lines.extend(contract.enums.iter().map(|item| {
            let values = sorted(&item.values, |value| value.name.as_str());
            let values: String = values.iter().map(|value| format!("\t{}", value.name)).collect();
            format!("enum\t{}{values}\n", self.name(bare(&item.name, &item.namespace), &item.namespace))
        }));
        sort(&mut lines, |a, b| a.cmp(b));
        let mut out = Vec::from(b"[");
        for (i, line) in lines.iter().enumerate() {
            out.extend_from_slice(if i > 0 { b", ".as_slice() } else { b"" });
            write::string(&mut out, line);
        }
        out.push(b']');
        md5::hex(&String::from_utf8(out).unwrap_or_default())
    }

    fn interface_line(&self, item: &Interface) -> String {
        let name = self.name(bare(&item.name, &item.namespace), &item.namespace);
        let methods = sorted(&item.methods, |method| &method.name);
        let methods: String =
            methods.iter().map(|method| self.method_part(method, &item.namespace)).collect();
        format!("interface\t{name}{methods}\n")
    }

    fn method_part(&self, method: &Method, namespace: &str) -> String {
        let ty = |ty| {
            let (name, is_array) = self.type_name(ty, namespace);
            format!("{name}\t{}", python(is_array))
        };
        let parameters = method.parameters.iter().map(|parameter| format!("\t{}", ty(&parameter.ty)));
        let mut part = format!("[{}{}", method.name, parameters.collect::<String>());
        if let Some(returns) = &method.returns {
            part += &format!("({}\t{})]", ty(returns), python(method.returns_optional));
        }
        part
    }

    fn struct_line(&self, item: &Struct) -> String {
        let fields = sorted(&item.fields, |field| &field.name);
        let fields = fields.into_iter().map(|field| {
            let (ty, is_array) = self.type_name(&field.ty, &item.namespace);
            format!("\t{}\t{ty}\t{}\t{}", field.name, python(is_array), python(field.optional))
        });
        let name = self.name(bare(&item.name, &item.namespace), &item.namespace);
        format!("struct\t{name}\t{}\t{}\n", self.parent(item), fields.collect::<String>())
    }
}

fn sorted<T>(items: &[T], name: fn(&T) -> &str) -> Vec<&T> {
    let mut sorted: Vec<&T> = items.iter().collect();
    sort(&mut sorted, |a, b| name(a).cmp(name(b)));
    sorted
}

fn python(flag: bool) -> &'static str {
    if flag { "True" } else { "False" }
}

/// Starts an element of the list.
fn open(out: &mut Out) {
    out.extend_from_slice(if out.len() > 1 { b",{".as_slice() } else { b"{" });
}

fn key(out: &mut Out, name: &str) {
    if out.last() != Some(&b'{') {
        out.push(b',');
    }
    write::string(out, name);
    out.push(b':');
}

fn text(out: &mut Out, name: &str, text: &str) {
    key(out, name);
    write::string(out, text);
}

fn flag(out: &mut Out, name: &str, flag: bool) {
    key(out, name);
    out.extend_from_slice(if flag { b"true".as_slice() } else { b"false" });
}

/// Objects, whose members `write` writes. Unlike in the form of PulseRPC, an empty list is there.
fn list<T>(out: &mut Out, name: &str, items: &[T], write: impl Fn(&mut Out, &T)) {
    key(out, name);
    out.push(b'[');
    for (i, item) in items.iter().enumerate() {
        out.extend_from_slice(if i > 0 { b",{".as_slice() } else { b"{" });
        write(out, item);
        out.push(b'}');
    }
    out.push(b']');
}
