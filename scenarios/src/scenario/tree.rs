//! Scenarios form a tree: from a file to the chain of scenarios that it builds on, first ancestor first.

use std::path::{Path, PathBuf};

use super::file::ScenarioFile;
use super::library;
use super::problem::{Place, ScenarioError, nearest};

/// How many scenarios may build on each other.
pub const CHAIN_LENGTH_MAX: usize = 32;

/// A scenario file with its text.
#[derive(Clone, Debug)]
pub struct Written {
    /// What errors call it: its path, or its name in the library.
    pub file: String,
    /// The text, byte for byte.
    pub text: String,
    /// What it says.
    pub scenario: ScenarioFile,
    /// The folder that paths in it begin from; empty for a library scenario.
    pub folder: PathBuf,
}

/// A scenario and all that it builds on, first ancestor first; never empty.
#[derive(Clone, Debug)]
pub struct Chain(Vec<Written>);

/// Why a scenario cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TreeError {
    /// There is no such file and no such library scenario.
    #[error("{from}there is no scenario '{name}': it is neither a file nor in the library ({}){}", library::names().join(", "), .nearest.map(|name| format!("; did you mean '{name}'?")).unwrap_or_default())]
    NotFound {
        /// Who asks for it: empty, or a file and line.
        from: String,
        /// What was asked for.
        name: String,
        /// The library scenario most like it.
        nearest: Option<&'static str>,
    },
    /// The file cannot be read.
    #[error("{file}: {error}")]
    Unreadable {
        /// The file.
        file: String,
        /// Why.
        error: std::io::Error,
    },
    /// The file is not text in UTF-8.
    #[error("{file}: line {line} is not UTF-8 text; save the file as UTF-8")]
    NotUtf8 {
        /// The file.
        file: String,
        /// The first line that is not, from 1.
        line: usize,
    },
    /// The file is wrong.
    #[error(transparent)]
    Wrong(#[from] ScenarioError),
    /// Parents lead back to a scenario that they began with.
    #[error("{file}:{place}: the parents loop: {}; remove the parent of one of them", .names.join(" → "))]
    Loop {
        /// The file whose parent closes the loop.
        file: String,
        /// Where it names it.
        place: Place,
        /// The names around the loop.
        names: Vec<String>,
    },
    /// Too many generations.
    #[error("{file}: more than {CHAIN_LENGTH_MAX} scenarios build on each other; merge some of them")]
    TooLong {
        /// The file where the search stopped.
        file: String,
    },
}

impl Chain {
    /// Reads a scenario, by the path of its file or its name in the library, and all that it builds on.
    ///
    /// # Errors
    /// [`TreeError`] where one is missing or wrong, or parents loop.
    pub fn read(scenario: &str) -> Result<Self, TreeError> {
        let mut place = Location::find(scenario, Path::new(""), String::new())?;
        let mut chain: Vec<Written> = Vec::new();
        let mut seen = vec![place.identity()];
        loop {
            let (file, text) = place.read()?;
            let folder = place.folder().to_owned();
            let written = Written { scenario: ScenarioFile::parse(&file, &text)?, file, text, folder };
            let parent = written.scenario.parent.clone();
            chain.push(written);
            let (Some(parent), Some(last)) = (parent, chain.last()) else { break };
            let at = Place::at(&last.text, parent.span().start);
            let next = Location::find(parent.get_ref(), place.folder(), format!("{}:{at}: ", last.file))?;
            if let Some(first) = seen.iter().position(|identity| *identity == next.identity()) {
                let mut names: Vec<String> =
                    chain[first..].iter().map(|written| written.scenario.name.get_ref().clone()).collect();
                names.push(names[0].clone());
                return Err(TreeError::Loop { file: last.file.clone(), place: at, names });
            }
            if chain.len() == CHAIN_LENGTH_MAX {
                return Err(TreeError::TooLong { file: last.file.clone() });
            }
            seen.push(next.identity());
            place = next;
        }
        chain.reverse();
        Ok(Self(chain))
    }

    /// A chain of texts that were read before, first ancestor first, each with the name that errors call it.
    ///
    /// # Errors
    /// [`TreeError::Wrong`] where one cannot be read, [`TreeError::NotFound`] where there is none.
    pub fn of_texts(texts: Vec<(String, String)>) -> Result<Self, TreeError> {
        let chain: Result<Vec<Written>, ScenarioError> = texts
            .into_iter()
            .map(|(file, text)| {
                let folder = Path::new(&file).parent().unwrap_or(Path::new("")).to_owned();
                Ok(Written { scenario: ScenarioFile::parse(&file, &text)?, file, text, folder })
            })
            .collect();
        let chain = chain?;
        if chain.is_empty() {
            return Err(TreeError::NotFound { from: String::new(), name: String::new(), nearest: None });
        }
        Ok(Self(chain))
    }

    /// The chain with another text in the scenario's place: what a sweep makes of its template. Ancestors and the folder that
    /// paths begin from stay; `file` is what errors call the text.
    ///
    /// # Errors
    /// [`ScenarioError`] where the text is no scenario.
    pub fn with_leaf(&self, file: String, text: String) -> Result<Self, ScenarioError> {
        let scenario = ScenarioFile::parse(&file, &text)?;
        let mut chain = self.0.clone();
        if let Some(leaf) = chain.last_mut() {
            *leaf = Written { file, text, scenario, folder: leaf.folder.clone() };
        }
        Ok(Self(chain))
    }

    /// All files, first ancestor first.
    #[must_use]
    pub fn files(&self) -> &[Written] {
        &self.0
    }

    /// The scenario itself.
    #[must_use]
    pub fn leaf(&self) -> &Written {
        self.0.last().unwrap_or_else(|| unreachable!("a chain is never empty"))
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.leaf().scenario.name.get_ref()
    }

    /// The folder of the city that it is made for, where it names one.
    #[must_use]
    pub fn city(&self) -> Option<PathBuf> {
        let leaf = self.leaf();
        leaf.scenario.city.as_ref().map(|city| leaf.folder.join(city.get_ref()))
    }

    /// How many seeds a run of it draws, where it says so.
    #[must_use]
    pub fn seed_count(&self) -> Option<u32> {
        self.leaf().scenario.seeds.as_ref().map(|seeds| *seeds.get_ref())
    }

    /// The year that it is about, where it says so; what its ancestors say is about them.
    #[must_use]
    pub fn horizon(&self) -> Option<i16> {
        self.leaf().scenario.horizon.as_ref().map(|horizon| *horizon.get_ref())
    }

    /// Whether nothing is edited along the whole chain: a base.
    #[must_use]
    pub fn is_base(&self) -> bool {
        self.0.iter().all(|written| written.scenario.edit_count() == 0)
    }
}

/// Where a scenario is.
enum Location {
    Library(&'static str, &'static str),
    File(PathBuf),
}

impl Location {
    /// A path, relative to `folder`, or a name of the library. What looks like a path (a suffix, a separator) is one.
    fn find(name: &str, folder: &Path, from: String) -> Result<Self, TreeError> {
        let path = folder.join(name);
        let looks_like_path = name.contains(['/', '\\']) || name.ends_with(".toml");
        if looks_like_path || path.is_file() {
            if !path.exists() && from.is_empty() {
                return Ok(Self::File(path));
            }
            return if path.exists() { Ok(Self::File(path)) } else { Err(not_found(name, from)) };
        }
        library::text(name).map(|(name, text)| Self::Library(name, text)).ok_or_else(|| not_found(name, from))
    }

    fn read(&self) -> Result<(String, String), TreeError> {
        match self {
            Self::Library(name, text) => Ok((format!("library/{name}.toml"), (*text).to_owned())),
            Self::File(path) => {
                let file = path.display().to_string();
                let text = read_text(path)?;
                Ok((file, text))
            }
        }
    }

    fn folder(&self) -> &Path {
        match self {
            Self::Library(..) => Path::new(""),
            Self::File(path) => path.parent().unwrap_or(Path::new("")),
        }
    }

    fn identity(&self) -> PathBuf {
        match self {
            Self::Library(name, _) => PathBuf::from(format!("library:{name}")),
            Self::File(path) => path.canonicalize().unwrap_or_else(|_| path.clone()),
        }
    }
}

/// The text of a file.
///
/// # Errors
/// [`TreeError::Unreadable`], or [`TreeError::NotUtf8`] with the line.
pub(crate) fn read_text(path: &Path) -> Result<String, TreeError> {
    let file = path.display().to_string();
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => return Err(TreeError::Unreadable { file, error }),
    };
    String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        TreeError::NotUtf8 { file, line: 1 + good.iter().filter(|&&byte| byte == b'\n').count() }
    })
}

fn not_found(name: &str, from: String) -> TreeError {
    TreeError::NotFound { from, name: name.to_owned(), nearest: nearest(name, library::names()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, name: &str, parent: &str) {
        let text =
            format!("format = 1\nname = \"{name}\"\ntitle = {{ it = \"x\", en = \"x\" }}\nparent = \"{parent}\"\n");
        std::fs::write(folder.join(format!("{name}.toml")), text).expect("a file");
    }

    #[test]
    fn ancestors_come_first() {
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path(), "child", "parent.toml");
        write(folder.path(), "parent", "base");
        let chain = Chain::read(&folder.path().join("child.toml").display().to_string()).expect("a chain");
        let names: Vec<&str> = chain.files().iter().map(|file| file.scenario.name.get_ref().as_str()).collect();
        assert_eq!(names, ["base", "parent", "child"]);
        assert!(chain.is_base());
    }

    #[test]
    fn a_loop_of_parents_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path(), "a", "b.toml");
        write(folder.path(), "b", "a.toml");
        let told = Chain::read(&folder.path().join("a.toml").display().to_string()).expect_err("a loop").to_string();
        assert!(told.contains("b.toml:4:10") && told.contains("a → b → a"), "{told}");
    }

    #[test]
    fn a_missing_scenario_names_the_nearest() {
        let told = Chain::read("ztl-cento").expect_err("missing").to_string();
        assert!(told.contains("did you mean 'ztl-centro'?"), "{told}");
    }

    #[test]
    fn every_library_scenario_can_be_read() {
        for name in library::names() {
            assert_eq!(Chain::read(name).expect("a library scenario").name(), name);
        }
    }
}
