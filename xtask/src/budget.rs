//! What the modules may weigh.

use std::path::Path;

use crate::Outcome;
use crate::setup::command;

/// A limit that a module was built under. One that goes beyond it gives the bytes back elsewhere, or raises it and says
/// for what; one that has become smaller lowers it.
pub(crate) struct Budget {
    /// Bytes of the file.
    raw: usize,
    /// Bytes that are sent, by `gzip -9`.
    gzip: usize,
    /// What the limit is made of, and where it should be.
    why: &'static str,
}

pub(crate) const EMBED: Budget = Budget {
    raw: 191_100,
    gzip: 85_400,
    why: "what was reached, and the commands that a shell answers; an embedded module should have 150,000 bytes",
};

pub(crate) const BINDING: Budget = Budget {
    raw: 246_800,
    gzip: 106_700,
    why: "what was reached with clients, sessions and indices (4,300 bytes by gzip), and 1 %; a page should load 60,000 bytes by gzip",
};

pub(crate) const SLIM: Budget = Budget {
    raw: 151_300,
    gzip: 65_400,
    why: "what was reached with clients, sessions and indices (4,300 bytes by gzip), and 1 %; a page should load 35,000 bytes by gzip",
};

pub(crate) const DIALECTS: Budget = Budget {
    raw: 280_000,
    gzip: 120_300,
    why: "what was reached, and 1 %; the dialects should add no more than 15,000 bytes by gzip to a page's module",
};

impl Budget {
    /// Weighs `module`.
    pub(crate) fn check(&self, module: &Path) -> Outcome {
        // Node.js has what gzip is made of, and is there: wasm-opt ran in it.
        const WEIGH: &str = "const module = require('fs').readFileSync(process.argv[1]); \
            console.log(module.length, require('zlib').gzipSync(module, { level: 9 }).length)";
        let mut node = command("node", "-e");
        let out =
            node.arg(WEIGH).arg(module).output().map_err(|why| format!("could not start node: {why}"))?;
        let text = String::from_utf8_lossy(&out.stdout);
        let numbers: Vec<usize> = text.split_whitespace().filter_map(|number| number.parse().ok()).collect();
        let [raw, gzip] = numbers[..] else {
            return Err(format!(
                "{} could not be weighed: {}",
                module.display(),
                String::from_utf8_lossy(&out.stderr)
            ));
        };
        let Budget { raw: most_raw, gzip: most_gzip, why } = self;
        let weight =
            format!("{}: {raw} bytes of {most_raw}, by gzip {gzip} of {most_gzip} ({why})", module.display());
        println!("{weight}");
        if raw <= *most_raw && gzip <= *most_gzip {
            Ok(())
        } else {
            Err(format!("too large: {weight}\nthe limits are in xtask/src/budget.rs"))
        }
    }
}
