//! Street names made comparable: the comune, OpenStreetMap and the postal service spell the same street differently.

/// Words that say what kind of way it is or join other words; they never tell two streets apart.
const FILLERS: [&str; 24] = [
    "via",
    "viale",
    "corso",
    "piazza",
    "piazzale",
    "piazzetta",
    "strada",
    "vicolo",
    "largo",
    "spalto",
    "salita",
    "borgo",
    "di",
    "del",
    "della",
    "dei",
    "degli",
    "delle",
    "dell",
    "in",
    "a",
    "e",
    "al",
    "lungo",
];

/// Numbers that OpenStreetMap writes in digits and the comune in words.
const NUMBERS: [(&str, &str); 8] = [
    ("4", "quattro"),
    ("18", "diciotto"),
    ("20", "venti"),
    ("24", "ventiquattro"),
    ("25", "venticinque"),
    ("28", "ventotto"),
    ("29", "ventinove"),
    ("100", "cento"),
];

/// Lower case without accents, punctuation or numerals: `Corso 4 Novembre` is `corso quattro novembre`.
pub(super) fn plain(name: &str) -> String {
    let folded: String = name
        .chars()
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            'à' | 'á' => 'a',
            'è' | 'é' => 'e',
            'ì' | 'í' => 'i',
            'ò' | 'ó' => 'o',
            'ù' | 'ú' => 'u',
            c if c.is_alphanumeric() => c,
            _ => ' ',
        })
        .collect();
    let words = folded.split_whitespace().map(|word| NUMBERS.iter().find(|n| n.0 == word).map_or(word, |n| n.1));
    words.collect::<Vec<_>>().join(" ")
}

/// The words of a name that tell it apart, without the hamlet that the comune appends (`Via Genova Di Spinetta Marengo`).
pub(super) fn telling_words(name: &str, quarter: &str) -> Vec<String> {
    let (name, quarter) = (plain(name), plain(quarter));
    let stem = ["di", "in"].iter().find_map(|join| name.strip_suffix(&format!(" {join} {quarter}"))).unwrap_or(&name);
    let words: Vec<String> =
        stem.split(' ').filter(|word| !FILLERS.contains(word) && word.len() > 1).map(str::to_owned).collect();
    if words.is_empty() { stem.split(' ').map(str::to_owned).collect() } else { words }
}

/// Whether two lists of telling words can be one street: the last word (the surname, the place) of one stands in the other.
pub(super) fn alike(a: &[String], b: &[String]) -> bool {
    let tells = |list: &[String], other: &[String]| list.last().is_some_and(|word| other.contains(word));
    tells(a, b) || tells(b, a)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_street_are_alike() {
        let pairs = [
            ("Corso 4 Novembre", "Corso Quattro Novembre"),
            ("Via Genova", "Via Genova Di Spinetta Marengo"),
            ("Via Faà di Bruno", "Via Faa' Di Bruno"),
            ("Via Moccagatta", "Via Vittorio Moccagatta"),
        ];
        for (osm, comune) in pairs {
            let (a, b) = (telling_words(osm, ""), telling_words(comune, "Spinetta Marengo"));
            assert!(alike(&a, &b), "{a:?} {b:?}");
        }
        assert!(!alike(&telling_words("Via Genova", ""), &telling_words("Via Tortona", "")));
    }
}
