//! What can be wrong with a scenario file, and where.

use std::fmt;

/// A place in a text file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl Place {
    /// The place of a byte of the text.
    #[must_use]
    pub fn at(text: &str, byte: usize) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        Self { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Something wrong with a scenario file, known from the file alone.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FileProblem {
    /// It is not TOML, or not a scenario.
    #[error("{0}")]
    Unreadable(String),
    /// It was written for a newer program.
    #[error("format {found} is newer than this program, which reads up to {newest}; update gemello")]
    Newer {
        /// The file's format.
        found: u32,
        /// The newest that is read.
        newest: u32,
    },
    /// A number is outside what it can be.
    #[error("{field} is {value}; it must be from {low} to {high}")]
    Range {
        /// The field.
        field: &'static str,
        /// What stands there.
        value: f64,
        /// Least.
        low: f64,
        /// Most.
        high: f64,
    },
    /// The scenario's name is no plain name.
    #[error("name '{0}' must be of lower-case letters, digits and hyphens, as in 'ztl-centro'")]
    Name(String),
    /// A selection gives nothing that selects.
    #[error("this selects no links; give at least one of links, street, quarter, polygon")]
    EmptySelection,
    /// An edit that edits nothing.
    #[error("this sets nothing; give {0}")]
    NothingSet(&'static str),
    /// A list that names nobody and nothing.
    #[error("{0} is an empty list; name at least one, or leave {0} out")]
    EmptyList(&'static str),
    /// Hours of what?
    #[error("hours say when classes may pass, but no classes are given; add classes or remove hours")]
    HoursWithoutClasses,
    /// The hours are empty.
    #[error(
        "from and to are the same time, so that the rule never holds; leave hours out for a rule that always holds"
    )]
    NoHours,
    /// Two fields that exclude each other.
    #[error("{} and {} are both given; give only one", .0[0], .0[1])]
    Both([&'static str; 2]),
    /// A limited-traffic zone without an area, or with two.
    #[error("a limited-traffic zone is either a quarter or a polygon; give exactly one of them")]
    QuarterOrPolygon,
    /// Of several fields one must be given.
    #[error("give exactly one of {0}")]
    ExactlyOne(&'static str),
    /// Shares that are no whole.
    #[error("the shares sum to {0}; they must sum to 1")]
    SharesSum(f64),
    /// A word that is not known.
    #[error("'{word}' is no {what}; write one of {of}")]
    Word {
        /// What it should be.
        what: &'static str,
        /// The word.
        word: String,
        /// What there is.
        of: &'static str,
    },
    /// Something can only be said, not denied.
    #[error("{0} can only be true; leave it out and name what is meant instead")]
    OnlyTrue(&'static str),
    /// Too few streets to meet.
    #[error("name two streets at least that meet there")]
    FewStreets,
    /// All signals are set twice.
    #[error("all signals are set twice, first in line {0}; keep one of them")]
    AllTwice(usize),
    /// What must not be more is more.
    #[error("{} is more than {}; swap them", .fields[0], .fields[1])]
    Order {
        /// The field that must not be more, and the one that it must not exceed.
        fields: [&'static str; 2],
    },
    /// A field of another kind of signal.
    #[error("{field} is of signals of kind {of}, but this is of kind {kind}; remove it or change the kind")]
    NotOfKind {
        /// The field.
        field: &'static str,
        /// The kinds that have it.
        of: &'static str,
        /// The kind.
        kind: &'static str,
    },
    /// Too few stages, or too many.
    #[error("green_s names {found} stages; a signal has from 1 to {most}")]
    Stages {
        /// How many there are.
        found: usize,
        /// How many there may be.
        most: usize,
    },
    /// No time is left between greens.
    #[error("the greens sum to {sum} s, which leaves nothing of the cycle of {cycle} s for the times between them")]
    GreensFillCycle {
        /// The sum.
        sum: f64,
        /// The cycle.
        cycle: f64,
    },
    /// Two edits of a kind have one name.
    #[error("{what} '{name}' is named twice, first in line {other_line}; choose another name")]
    NamedTwice {
        /// What has the name.
        what: &'static str,
        /// The name.
        name: String,
        /// Where else.
        other_line: usize,
    },
    /// Too few places of a line, or too many.
    #[error("the line passes {found} places; name from 2 to {most}")]
    Calls {
        /// How many there are.
        found: usize,
        /// How many there may be.
        most: usize,
    },
    /// A line's end is no stop.
    #[error("a line begins and ends at a stop; remove stop = false")]
    EndWithoutStop,
    /// Too few points, or too many.
    #[error("{found} points are given; there must be from {least} to {most}")]
    Points {
        /// How many there are.
        found: usize,
        /// How many there must be.
        least: usize,
        /// How many there may be.
        most: usize,
    },
    /// A point that is no place.
    #[error(
        "[{x}, {y}] is no longitude and latitude in degrees; write coordinates = \"metres\" for metres of the city's reference system"
    )]
    Coordinates {
        /// First coordinate.
        x: f64,
        /// Second.
        y: f64,
    },
    /// A polygon that is no area.
    #[error("the polygon crosses itself: sides {first} and {second} meet; put its corners in order")]
    CrossesItself {
        /// The side that begins at this corner, from 1.
        first: usize,
        /// The other side.
        second: usize,
    },
}

/// Everything wrong with a scenario file.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{}", self.told())]
pub struct ScenarioError {
    file: String,
    problems: Vec<(Place, FileProblem)>,
}

impl ScenarioError {
    pub(super) fn new(file: &str, mut problems: Vec<(Place, FileProblem)>) -> Self {
        problems.sort_by_key(|problem| problem.0);
        Self { file: file.to_owned(), problems }
    }

    /// What the TOML reader said, with the nearest known field where it found an unknown one.
    pub(super) fn unreadable(file: &str, text: &str, error: &toml::de::Error) -> Self {
        let mut message = error.message().trim().replace('\n', "; ");
        if let Some(nearest) = nearest_expected(&message) {
            message = format!("{message}; did you mean `{nearest}`?");
        }
        if message == "invalid type: map, expected a sequence" {
            message += "; there may be several of these: write the name in double brackets, as in [[close]]";
        }
        let place = Place::at(text, error.span().map_or(0, |span| span.start));
        Self::new(file, vec![(place, FileProblem::Unreadable(message))])
    }

    fn told(&self) -> String {
        let lines: Vec<String> =
            self.problems.iter().map(|(place, problem)| format!("{}:{place}: {problem}", self.file)).collect();
        lines.join("\n")
    }
}

/// Of "unknown field `a`, expected one of `b`, `c`" the expected word that is most like the unknown one.
fn nearest_expected(message: &str) -> Option<&str> {
    if !message.starts_with("unknown ") {
        return None;
    }
    let mut quoted = message.split('`').skip(1).step_by(2);
    let unknown = quoted.next()?;
    nearest(unknown, quoted)
}

/// The candidate most like a word, if any is like it at all.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&lower, &candidate.to_lowercase()), candidate))
        .filter(|&(likeness, _)| likeness > 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, candidate)| candidate)
}
