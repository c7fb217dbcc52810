//! What a component imports and exports, as WIT.

use wit_parser::{Resolve, WorldItem, WorldKey};

pub(super) struct Wit {
    /// Its world and the packages that it brings along. Those of WASI are known, and long.
    pub(super) text: String,
    /// The functions that it imports: `interface::function`, without the interface's version.
    pub(super) imports: Vec<String>,
}

impl Wit {
    pub(super) fn read(component: &[u8]) -> anyhow::Result<Wit> {
        let decoded = wit_component::decode(component)?;
        let (resolve, root) = (decoded.resolve(), decoded.package());
        let brought = resolve.packages.iter();
        let brought = brought.filter(|(id, package)| *id != root && package.name.namespace != "wasi");
        let brought: Vec<_> = brought.map(|(id, _)| id).collect();
        let mut printer = wit_component::WitPrinter::default();
        printer.emit_docs(false).print(resolve, root, &brought)?;
        let worlds = resolve.packages.get(root).into_iter().flat_map(|package| package.worlds.values());
        let worlds = worlds.filter_map(|id| resolve.worlds.get(*id));
        let imports = worlds.flat_map(|world| &world.imports);
        let imports = imports.flat_map(|(key, item)| functions(resolve, key, item)).collect();
        Ok(Wit { text: printer.output.to_string(), imports })
    }
}

fn functions(resolve: &Resolve, key: &WorldKey, item: &WorldItem) -> Vec<String> {
    match item {
        WorldItem::Interface { id, .. } => {
            let name = resolve.name_world_key(key);
            let interface = name.split('@').next().unwrap_or_default();
            let functions = resolve.interfaces.get(*id).into_iter().flat_map(|item| item.functions.keys());
            functions.map(|function| format!("{interface}::{function}")).collect()
        }
        WorldItem::Function(function) => vec![function.name.clone()],
        WorldItem::Type { .. } => Vec::new(),
    }
}
