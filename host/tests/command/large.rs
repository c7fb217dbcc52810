//! A module that takes its compiler a while.

/// A plugin that answers `null`, with this many functions of `instructions` beside, and a data segment.
pub(crate) fn module(functions: u32, instructions: u32, data: usize) -> Vec<u8> {
    let mut module = b"\0asm\x01\0\0\0".to_vec();
    let mut section = |id: u8, content: &[u8]| {
        module.push(id);
        number(&mut module, content.len() as u64);
        module.extend_from_slice(content);
    };
    // alloc and the functions: (i32) -> i32; call: (i32, i32, i32, i32) -> i64
    section(1, b"\x02\x60\x01\x7f\x01\x7f\x60\x04\x7f\x7f\x7f\x7f\x01\x7e");
    let mut types = Vec::new();
    number(&mut types, u64::from(functions) + 2);
    types.push(0);
    types.push(1);
    types.resize(types.len() + functions as usize, 0);
    section(3, &types);
    let pages = (data as u64 >> 16) + 2;
    let mut memory = vec![1, 0];
    number(&mut memory, pages);
    section(5, &memory);
    section(6, b"\x01\x7f\0\x41\x01\x0b");
    let mut exports = vec![4];
    for (name, kind, index) in
        [("memory", 2, 0), ("pintle_abi_1", 3, 0), ("pintle_alloc", 0, 0), ("pintle_call", 0, 1)]
    {
        exports.push(name.len() as u8);
        exports.extend_from_slice(name.as_bytes());
        exports.extend_from_slice(&[kind, index]);
    }
    section(7, &exports);
    let mut code = Vec::new();
    number(&mut code, u64::from(functions) + 2);
    let mut body = |content: &[u8]| {
        number(&mut code, content.len() as u64);
        code.extend_from_slice(content);
    };
    // i32.const 1024, and i64.const (16 << 32 | 15)
    body(b"\0\x41\x80\x08\x0b");
    body(b"\0\x42\x8f\x80\x80\x80\x80\x02\x0b");
    for function in 0..functions {
        let mut content = vec![0, 0x20, 0];
        for step in 0..instructions {
            // i32.const, then add, xor or multiply: nothing that could be left out.
            content.push(0x41);
            signed(&mut content, i64::from(function * 31 + step * 17) & 0xfffff | 1);
            content.push([0x6a, 0x73, 0x6c][step as usize % 3]);
        }
        content.push(0x0b);
        body(&content);
    }
    section(10, &code);
    let mut segments = b"\x02\0\x41\x10\x0b\x0f{\"result\":null}\0\x41\x80\x10\x0b".to_vec();
    number(&mut segments, data as u64);
    segments.extend((0..data).map(|at| ((at * 2_654_435_761) >> 7) as u8 | 1));
    section(11, &segments);
    module
}

/// Unsigned LEB128.
fn number(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Signed LEB128.
fn signed(out: &mut Vec<u8>, mut value: i64) {
    while !(-64..64).contains(&value) {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8 & 0x7f);
}
