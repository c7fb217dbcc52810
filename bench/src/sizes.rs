//! The core as a module: how large, and what it wants from its embedder.

use crate::{Outcome, report::Report, server};

pub(crate) fn run(report: &mut Report) -> Outcome {
    let file = server::built("embed/pintle_core.wasm")?;
    let module = std::fs::read(&file).map_err(|why| format!("{}: {why}", file.display()))?;
    let imports = imports(&module).ok_or_else(|| format!("{} is no module", file.display()))?;
    report.goal("the core as a module, before gzip", module.len() as f64 / 1000.0, "kB", "≤ 150 kB");
    report.goal("what it imports", imports as f64, "items", "0");
    Ok(())
}

/// The number of a module's imports; `None` if this is not one. WebAssembly core specification, section 5.5.
fn imports(module: &[u8]) -> Option<u32> {
    const IMPORTS: u8 = 2;
    let mut rest = module.strip_prefix(b"\0asm\x01\0\0\0")?;
    while let Some((&id, behind)) = rest.split_first() {
        let (size, behind) = unsigned(behind)?;
        let (section, behind) = behind.split_at_checked(size as usize)?;
        if id == IMPORTS {
            return Some(unsigned(section)?.0);
        }
        rest = behind;
    }
    Some(0)
}

/// A number in LEB128, and what follows it.
fn unsigned(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let mut value = 0u32;
    for (index, &byte) in bytes.iter().enumerate().take(5) {
        value |= u32::from(byte & 0x7F) << (7 * index);
        if byte < 0x80 {
            return Some((value, &bytes[index + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::imports;

    #[test]
    fn imports_are_counted() {
        let empty = b"\0asm\x01\0\0\0";
        assert_eq!(imports(empty), Some(0));
        // A custom section of two bytes, then one import: "a" "b" of type function 0.
        let one = [empty.as_slice(), b"\0\x02\x01x", b"\x01\x04\x01\x60\0\0", b"\x02\x07\x01\x01a\x01b\0\0"]
            .concat();
        assert_eq!(imports(&one), Some(1));
        assert_eq!(imports(&one[..one.len() - 1]), None);
        assert_eq!(imports(b"no module"), None);
    }
}
