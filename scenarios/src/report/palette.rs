//! The colours of page and papers, which `colours.css` alone decides, and what drawings look like on paper.
//!
//! A page leaves it to its reader's browser to put the colours in. What is set by something that knows no variables gets them
//! from here: the light palette, on paper as white as a printer's.

use std::collections::BTreeMap;

/// The colours by theme, as the page has them.
pub(super) const COLOURS: &str = include_str!("colours.css");
/// The rules of drawings, which need nothing but the variables of `colours.css`.
pub(super) const DRAWING: &str = include_str!("drawing.css");
/// What printed pages and papers have in common: their ground.
const OF_PRINT: [&str; 4] = ["paper", "land", "panel", "rule"];
/// The typeface of drawings on paper.
const FAMILY: &str = "IBM Plex Sans";

/// The variables of paper by name, without their dashes.
pub(super) fn on_paper() -> BTreeMap<&'static str, &'static str> {
    let mut variables: BTreeMap<&str, &str> = variables(theme(COLOURS, ":root {")).collect();
    let print = COLOURS.split_once("@media print").map_or("", |(_, print)| print);
    variables.extend(self::variables(theme(print, ":root {")).filter(|(name, _)| OF_PRINT.contains(name)));
    variables.extend([("sans", FAMILY), ("serif", FAMILY)]);
    variables
}

/// The rules of drawings with the colours of paper in them, without the remark that they begin with.
pub(super) fn drawing_on_paper() -> String {
    let variables = on_paper();
    let (_, drawing) = DRAWING.split_once("*/\n").unwrap_or(("", DRAWING));
    let mut rules = String::with_capacity(drawing.len());
    let mut parts = drawing.split("var(--");
    rules.push_str(parts.next().unwrap_or(""));
    for part in parts {
        let (name, rest) = part.split_once(')').unwrap_or((part, ""));
        rules.push_str(variables.get(name).copied().unwrap_or("#000"));
        rules.push_str(rest);
    }
    rules
}

/// What stands between the braces of the first rule that begins so.
fn theme(css: &'static str, begin: &str) -> &'static str {
    let (_, after) = css.split_once(begin).unwrap_or(("", ""));
    after.split_once('}').map_or(after, |(rule, _)| rule)
}

fn variables(rule: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    rule.split(';').filter_map(|line| {
        let (name, value) = line.trim().strip_prefix("--")?.split_once(':')?;
        Some((name.trim(), value.trim()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_of_a_drawing_is_known_on_paper() {
        let variables = on_paper();
        for name in DRAWING.split("var(--").skip(1).filter_map(|part| part.split(')').next()) {
            assert!(variables.contains_key(name), "{name}");
        }
        assert!(!drawing_on_paper().contains("var("));
        assert_eq!((variables["paper"], variables["accent"]), ("#fff", "#1d4f6e"));
    }

    #[test]
    fn all_themes_have_the_same_colours() {
        let names = |rule| variables(rule).map(|(name, _)| name).collect::<Vec<_>>();
        let light = names(theme(COLOURS, ":root {"));
        let others = COLOURS.match_indices("@media").map(|(at, _)| &COLOURS[at..]);
        for other in others.map(|css| names(theme(css, ":root {"))) {
            assert_eq!(other[..], light[..other.len()], "only the typefaces are the same in all");
        }
    }
}
