//! Why a scenario cannot be used.

use std::path::PathBuf;

use engine::signals::ProgramFault;

/// Why a scenario cannot be used: what is wrong, and where.
#[derive(Debug, thiserror::Error)]
#[error("{}{}: {fault}", file.display(), line.map(|line| format!(", line {line}")).unwrap_or_default())]
pub struct SumoError {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1, where one is to blame.
    pub line: Option<usize>,
    /// What is wrong.
    pub fault: SumoFault,
}

/// What can be wrong with a scenario.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each message says what is wrong")]
pub enum SumoFault {
    #[error("cannot be read: {0}")]
    Read(#[from] std::io::Error),
    #[error("cannot be unpacked ({0}); copy it again")]
    Packed(String),
    #[error("is larger than 2 GiB unpacked; split it")]
    TooLarge,
    #[error("is no text in UTF-8; convert it")]
    NoText,
    #[error("is not XML here: {0}")]
    Xml(String),
    #[error("elements are nested more than {0} deep; is it a SUMO file?")]
    TooDeep(usize),
    #[error("the file ends inside an element; is it cut off?")]
    CutOff,
    #[error("there is no <{expected}>; is it {kind}?")]
    NoRoot { expected: &'static str, kind: &'static str },
    #[error("begins with <{root}>, which is what a configuration names; give the .sumocfg that names it")]
    NoConfiguration { root: String },
    #[error("the configuration names no net-file; add <net-file value=\"…\"/> to its <input>")]
    NoNet,
    #[error("there are more than {most} {what}; take fewer")]
    TooMany { what: &'static str, most: u64 },
    #[error("<{element}> lacks the attribute '{attribute}'")]
    Missing { element: String, attribute: &'static str },
    #[error("{attribute}=\"{value}\" is not {expected}")]
    Value { attribute: String, value: String, expected: &'static str },
    #[error("the {what} '{name}' is not defined; define it, or take the name out")]
    Unknown { what: &'static str, name: String },
    #[error("the {what} '{name}' is defined before; rename one of the two")]
    Twice { what: &'static str, name: String },
    #[error("the {what} '{name}': {reason}")]
    Bad { what: &'static str, name: String, reason: String },
    #[error("the signal '{name}': {fault}")]
    Program { name: String, fault: ProgramFault },
}
