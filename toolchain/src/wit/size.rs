//! Types that are too large for a component.

use std::collections::HashMap;

use pintle_core::Contract;
use pintle_core::contract::{Definition, Type};

use crate::GenerateError;
use crate::fields::{Cycles, fields};

/// What all types of a component may weigh together, each written out with everything that it holds. Runtimes refuse
/// 1,000,000, and count some of what they find more than once.
const MOST: u64 = 400_000;

/// Refuses a contract whose types would be too large: structs that hold the same struct twice double it at every step.
pub(super) fn check(contract: &Contract) -> Result<(), GenerateError> {
    let cycles = Cycles::new(contract, |_| true);
    let mut sizes: HashMap<&str, u64> = HashMap::new();
    let mut total: u64 = 0;
    for item in cycles.held_first().iter().filter_map(|&at| contract.structs().get(at)) {
        let mut size = 1;
        if !cycles.contains(item) {
            for owned in fields(contract, item) {
                size += 1 + weight(contract, &owned.field.ty, owned.namespace, &sizes);
            }
        }
        total += size;
        if total > MOST {
            return Err(GenerateError::TypeTooLarge(item.name.clone()));
        }
        sizes.insert(&item.name, size);
    }
    for interface in contract.interfaces() {
        for method in &interface.methods {
            let parameters = method.parameters.iter().map(|parameter| &parameter.ty);
            for ty in parameters.chain(&method.returns) {
                total += 3 + weight(contract, ty, &interface.namespace, &sizes);
            }
            if total > MOST {
                return Err(GenerateError::TypeTooLarge(format!("{}.{}", interface.name, method.name)));
            }
        }
    }
    Ok(())
}

fn weight(contract: &Contract, ty: &Type, namespace: &str, sizes: &HashMap<&str, u64>) -> u64 {
    match ty {
        Type::String | Type::Int | Type::Float | Type::Bool => 1,
        Type::Array(inner) => 1 + weight(contract, inner, namespace, sizes),
        Type::Map(inner) => 3 + weight(contract, inner, namespace, sizes),
        Type::Named(name) => match contract.definition(name, namespace) {
            Some(Definition::Struct(item)) => sizes.get(item.name.as_str()).copied().unwrap_or(1),
            Some(Definition::Enum(_)) | None => 1,
        },
    }
}
