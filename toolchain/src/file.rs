/// One file of an output, not written anywhere yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Relative, `/` between segments, made of names of the contract and fixed names: never `..`, never absolute.
    pub path: String,
    /// The whole content.
    pub text: String,
}

impl File {
    /// A file with this content.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> File {
        File { path: path.into(), text: text.into() }
    }
}
