//! `pintle new LANGUAGE DIR --contract CONTRACT`

use std::fs;
use std::path::{Path, PathBuf};

use clap::builder::PossibleValue;
use pintle_toolchain::project;

use crate::cli::{self, Exit, Failure, Outcome};
use crate::command::{contract, output};

/// Start a plugin: a project that builds and passes its own test
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pintle new rust shop --contract checkout.pulse
  pintle new python shop --contract http://127.0.0.1:8080 --name corner-shop

The project's test calls every method through `pintle`, which must be on PATH
or be named by the environment variable PINTLE.")]
pub(crate) struct New {
    #[arg(value_enum)]
    language: Language,
    /// The directory to make; one that is there must be empty
    #[arg(value_name = "DIR")]
    directory: PathBuf,
    #[arg(long, help = contract::WHAT)]
    contract: String,
    /// What the project is called; the directory's name by default
    #[arg(long)]
    name: Option<String>,
    /// Name the files in one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy)]
struct Language(project::Language);

impl clap::ValueEnum for Language {
    fn value_variants<'a>() -> &'a [Self] {
        const ALL: [Language; project::Language::ALL.len()] = {
            let mut all = [Language(project::Language::Rust); project::Language::ALL.len()];
            let mut at = 0;
            while at < all.len() {
                all[at] = Language(project::Language::ALL[at]);
                at += 1;
            }
            all
        };
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.name()))
    }
}

impl New {
    pub(crate) fn run(self) -> Outcome {
        let Language(language) = self.language;
        let name = self.name()?;
        refuse_full(&self.directory)?;
        let contract = contract::load(&self.contract)?;
        let shown = contract::shown(&self.contract);
        if contract.interfaces().iter().all(|interface| interface.methods.is_empty()) {
            return Err(Failure::no(format!("{shown}: there is no method that a plugin could serve")));
        }
        let files = project::generate(&contract, language, &name);
        let files = files.map_err(|refusal| Failure::no(format!("{shown}: {refusal}")))?;
        let exit = output::write(&self.directory, &files, self.json)?;
        if exit == Exit::Yes {
            let directory = format!("cd {}", self.directory.display());
            let next = std::iter::once(directory.as_str()).chain(language.commands().iter().copied());
            let next: Vec<String> =
                next.chain(["pintle serve"]).map(|command| format!("  {command}")).collect();
            cli::tell(&format!("\nNext:\n{}", cli::visible(&next.join("\n"))));
        }
        Ok(exit)
    }

    fn name(&self) -> Result<String, Failure> {
        let name = match &self.name {
            Some(name) => name.clone(),
            None => {
                // `.` has a name, too.
                let whole = std::path::absolute(&self.directory);
                let whole = whole
                    .map_err(|error| Failure::cannot(format!("{}: {error}", self.directory.display())))?;
                whole.file_name().unwrap_or_default().to_string_lossy().into_owned()
            }
        };
        if project::is_name(&name) {
            return Ok(name);
        }
        Err(Failure::usage(format!(
            "a project cannot be called {name:?}: write a-z, 0-9 and single - in --name, a letter first"
        )))
    }
}

/// A project among other files would be hard to tell from them.
fn refuse_full(directory: &Path) -> Result<(), Failure> {
    let has_files = fs::read_dir(directory).is_ok_and(|mut entries| entries.next().is_some());
    match has_files {
        true => Err(Failure::no(format!("{}: is not empty", directory.display()))),
        false => Ok(()),
    }
}
