//! The traits of an interface: one for its handler, one for its client.

use std::collections::HashSet;

use pintle_core::contract::{Interface, Method};

use super::comment;
use super::layout::{Code, signature};
use super::names::value_name;
use super::types::Types;
use crate::case::Scope;
use crate::namespaces::bare;

/// Parameters that a tuple can hold for serde.
const TUPLE: usize = 16;

/// Names of what the traits have beside the methods of the contract.
const OWN: [&str; 2] = ["call", "dispatch"];

/// A method with its names in Rust.
struct Named<'a> {
    method: &'a Method,
    name: String,
    parameters: Vec<String>,
}

impl<'a> Named<'a> {
    fn all(interface: &'a Interface) -> Vec<Named<'a>> {
        let mut scope = Scope::without(OWN);
        let named = |method: &'a Method| {
            let name = value_name(&mut scope, &method.name);
            let mut scope = Scope::default();
            let parameters =
                method.parameters.iter().map(|parameter| value_name(&mut scope, &parameter.name)).collect();
            Named { method, name, parameters }
        };
        interface.methods.iter().map(named).collect()
    }

    fn arguments(&self) -> Vec<Code> {
        self.parameters.iter().map(Code::text).collect()
    }
}

impl<'a> Types<'a> {
    /// What serves an interface.
    pub(super) fn handler(&self, out: &mut String, interface: &'a Interface) {
        let rpc = self.rpc();
        opening(out, &interface.comment, &format!("Serves `{}`.", interface.name));
        out.extend(["pub trait ", self.names.local(&interface.name), " {\n"]);
        out.push_str("    /// The interface's name in the contract.\n");
        let constant = Code::text(format!("const INTERFACE: &'static str = \"{}\"", interface.name));
        constant.line(out, 4, ";");
        let methods = Named::all(interface);
        for named in &methods {
            out.push('\n');
            self.method_comment(out, interface, named.method);
            let result = self.names.standard("std::result::Result", self.here);
            let returns =
                vec![self.returned(named.method, interface), Code::text(format!("{rpc}::RpcError"))];
            let parameters = named.method.parameters.iter().zip(&named.parameters);
            let parameters = parameters.map(|(parameter, name)| {
                let ty = self.owned(&parameter.ty, &interface.namespace, parameter.optional);
                Code::Row(vec![Code::text(format!("{name}: ")), ty])
            });
            let parameters = std::iter::once(Code::text("&self")).chain(parameters).collect();
            signature(out, 4, &named.name, parameters, Code::generic(result, returns), ";");
        }

        let c = self.names.free("C", self.here);
        out.push_str("\n    /// Runs one call with the method that it names.\n");
        out.push_str(&format!("    fn dispatch<{c}: {rpc}::Call>(&self, call: {c}) -> {c}::Answer {{\n"));
        if methods.is_empty() {
            out.push_str("        call.unknown()\n    }\n}\n");
            return;
        }
        out.push_str("        match call.method() {\n");
        for named in &methods {
            self.arm(out, interface, named);
        }
        out.push_str("            _ => call.unknown(),\n        }\n    }\n}\n");
    }

    /// The trait of [`Types::handler`], implemented by methods that answer an error.
    pub(super) fn skeleton(&self, out: &mut String, interface: &'a Interface, handler: &str) {
        let path = self.names.path(&interface.name, &interface.namespace, self.here);
        let result = self.names.standard("std::result::Result", self.here);
        let err = self.names.standard("std::result::Result::Err", self.here);
        out.push_str(&format!("impl {path} for {handler} {{"));
        for (at, named) in Named::all(interface).iter().enumerate() {
            out.push_str(if at > 0 { "\n\n" } else { "\n" });
            let returns =
                vec![self.returned(named.method, interface), Code::text(format!("{}::RpcError", self.rpc()))];
            let parameters = named.method.parameters.iter().zip(&named.parameters);
            let parameters = parameters.map(|(parameter, name)| {
                let ty = self.owned(&parameter.ty, &interface.namespace, parameter.optional);
                // Nothing uses it yet.
                Code::Row(vec![Code::text(format!("_{}: ", name.trim_start_matches("r#"))), ty])
            });
            let parameters = std::iter::once(Code::text("&self")).chain(parameters).collect();
            signature(out, 4, &named.name, parameters, Code::generic(result, returns), " {");
            let message = format!("\"{}.{} is not implemented\"", interface.name, named.method.name);
            Code::text(format!("let why = {message}")).line(out, 8, ";");
            Code::text(format!("{err}({}::RpcError::new(501, why))", self.rpc())).line(out, 8, "");
            out.push_str("    }");
        }
        out.push_str("\n}\n");
    }

    /// What calls an interface.
    pub(super) fn client(&self, out: &mut String, interface: &'a Interface) {
        let rpc = self.rpc();
        let name = self.names.client(&interface.name);
        opening(out, &interface.comment, &format!("Calls `{}` over any transport.", interface.name));
        out.push_str(&format!("pub trait {name}: {rpc}::Transport {{"));
        out.push_str(if interface.methods.is_empty() { "" } else { "\n" });
        for (at, named) in Named::all(interface).iter().enumerate() {
            if at > 0 {
                out.push('\n');
            }
            let method = named.method;
            self.method_comment(out, interface, method);
            let parameters = method.parameters.iter().zip(&named.parameters).map(|(parameter, name)| {
                let ty = self.passed(&parameter.ty, &interface.namespace, parameter.optional);
                Code::Row(vec![Code::text(format!("{name}: ")), ty])
            });
            let answer = Code::generic("Self::Answer", vec![self.returned(method, interface)]);
            let parameters = std::iter::once(Code::text("&self")).chain(parameters).collect();
            signature(out, 4, &named.name, parameters, answer, " {");
            let params = if method.parameters.is_empty() {
                Code::text("[(); 0]")
            } else if method.parameters.len() <= TUPLE {
                Code::tuple(named.arguments())
            } else {
                let types = method
                    .parameters
                    .iter()
                    .map(|parameter| self.passed(&parameter.ty, &interface.namespace, parameter.optional));
                let types: Vec<String> = types.map(|ty| ty.flat().replace('&', "&'a ")).collect();
                let name = self.names.free("Params", self.here);
                let lifetime = if types.iter().any(|ty| ty.contains('&')) { "<'a>" } else { "" };
                let types = types.into_iter().map(Code::text).collect();
                long_list(out, 8, "Serialize", &format!("{name}{lifetime}"), types);
                Code::call(name, named.arguments())
            };
            let method = Code::text(format!("\"{}.{}\"", interface.name, method.name));
            Code::call("self.call", vec![method, params]).line(out, 8, "");
            out.push_str("    }\n");
        }
        out.push_str(&format!("}}\n\nimpl<T: {rpc}::Transport + ?Sized> {name} for T {{}}\n"));
    }

    fn returned(&self, method: &Method, interface: &Interface) -> Code {
        match &method.returns {
            None => Code::text("()"),
            Some(ty) => self.owned(ty, &interface.namespace, method.returns_optional),
        }
    }

    fn method_comment(&self, out: &mut String, interface: &Interface, method: &Method) {
        comment::write(out, 4, &method.comment);
        if method.raises.is_empty() {
            return;
        }
        if !method.comment.is_empty() {
            out.push_str("    ///\n");
        }
        let errors = method.raises.iter().filter_map(|error| {
            let error = self.contract.resolve_error(error, &interface.namespace)?;
            Some(format!("`{}` ({})", bare(&error.name), error.code))
        });
        let mut errors: Vec<String> = errors.collect();
        // One error can be written in two ways.
        let mut seen = HashSet::new();
        errors.retain(|error| seen.insert(error.clone()));
        out.extend(["    /// Errors: ", &errors.join(", "), ".\n"]);
    }

    /// One arm of the match over methods.
    fn arm(&self, out: &mut String, interface: &Interface, named: &Named<'a>) {
        let arm = format!("\"{}\" => ", named.method.name);
        let method = Code::call(format!("self.{}", named.name), named.arguments());
        let pattern = if named.parameters.is_empty() {
            Code::text("[]: [(); 0]")
        } else {
            Code::pattern(named.arguments())
        };
        let is_tuple = named.parameters.len() <= TUPLE;
        let run = Code::text(format!("call.run(|{}| {})", pattern.flat(), method.flat()));
        let line = Code::Row(vec![Code::text(&arm), run.clone()]);
        if is_tuple && method.fits(0) && line.fits(13) {
            return line.line(out, 12, ",");
        }
        if named.parameters.is_empty() {
            out.push_str(&format!("            {arm}{{\n"));
            run.line(out, 16, "");
            out.push_str("            }\n");
            return;
        }
        // A closure of two statements has only one form, however long its names are.
        Code::text(arm + "call.run(|params| {").line(out, 12, "");
        let whole = if is_tuple {
            pattern
        } else {
            let types = named.method.parameters.iter();
            let types = types.map(|p| self.owned(&p.ty, &interface.namespace, p.optional));
            let name = self.names.free("Params", self.here);
            long_list(out, 16, "Deserialize", &name, types.collect());
            Code::Row(vec![Code::text(name), pattern])
        };
        Code::Row(vec![Code::text("let "), whole]).line(out, 16, " = params;");
        method.line(out, 16, "");
        out.push_str("            }),\n");
    }
}

/// The comment above a trait: the interface's, then what the trait is for.
fn opening(out: &mut String, comment: &str, purpose: &str) {
    comment::write(out, 0, comment);
    if !comment.is_empty() {
        out.push_str("///\n");
    }
    out.extend(["/// ", purpose, "\n"]);
}

/// More parameters than serde knows tuples for: a struct of their types.
fn long_list(out: &mut String, indent: usize, derive: &str, name: &str, types: Vec<Code>) {
    let pad = " ".repeat(indent);
    out.push_str(&format!("{pad}#[derive(serde::{derive})]\n{pad}struct {name}(\n"));
    for ty in types {
        ty.line(out, indent + 4, ",");
    }
    out.push_str(&format!("{pad});\n"));
}
