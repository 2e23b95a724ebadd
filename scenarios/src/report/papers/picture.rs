//! Drawings of the page as files of their own: what they refer to is in them, and so are the rules that draw them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::markup::{Element, Node, escaped, read};
use crate::report::palette;

/// The drawings of a paper, each once.
pub(super) struct Pictures {
    /// What drawings refer to, by name.
    shared: BTreeMap<String, Element>,
    /// The rules that every drawing needs.
    rules: String,
    /// Each drawing's number.
    numbers: BTreeMap<String, usize>,
}

/// A drawing in its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Picture {
    /// Name of its file.
    pub(super) file: String,
    /// Width and height, in page units.
    pub(super) size: [f64; 2],
    /// What it shows, in words; none where it says nothing that the text beside it does not.
    pub(super) told: Option<String>,
}

impl Pictures {
    /// No drawing yet; `definitions` is markup of what drawings may refer to.
    pub(super) fn new(definitions: &str) -> Self {
        let mut shared = BTreeMap::new();
        for node in read(definitions) {
            collect(&node, &mut shared);
        }
        Self { shared, rules: palette::drawing_on_paper(), numbers: BTreeMap::new() }
    }

    /// Adds a drawing and tells where it is.
    pub(super) fn add(&mut self, svg: &Element) -> Picture {
        let view_box = svg.attribute("viewBox").unwrap_or("0 0 1 1");
        let mut numbers = view_box.split(' ').skip(2).map(|number| number.parse().unwrap_or(1.0));
        let size = [numbers.next().unwrap_or(1.0), numbers.next().unwrap_or(1.0)];
        let next = self.numbers.len();
        let drawn = self.standalone(svg, view_box, size);
        let number = *self.numbers.entry(drawn).or_insert(next);
        let label = svg.attribute("aria-label").map(str::to_owned);
        let described = svg.elements().find(|element| element.tag == "desc").map(Element::text);
        let told = label.map(|label| described.map_or_else(|| label.clone(), |more| format!("{label}. {more}")));
        Picture { file: file(number), size, told }
    }

    /// The files, each with its name.
    pub(super) fn into_files(self) -> Vec<(String, Vec<u8>)> {
        self.numbers.into_iter().map(|(drawn, number)| (file(number), drawn.into_bytes())).collect()
    }

    fn standalone(&self, svg: &Element, view_box: &str, [width, height]: [f64; 2]) -> String {
        let class = svg.attribute("class").unwrap_or("");
        let mut drawn = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"{class}\" viewBox=\"{view_box}\" width=\"{width}\" \
             height=\"{height}\"><style>{}</style>",
            self.rules
        );
        for child in &svg.children {
            self.write(child, &mut drawn);
        }
        drawn.push_str("</svg>");
        drawn
    }

    fn write(&self, node: &Node, drawn: &mut String) {
        let element = match node {
            Node::Text(text) => return drawn.push_str(&escaped(text)),
            Node::Element(element) => element,
        };
        match element.tag.as_str() {
            "desc" | "title" => {}
            "use" => {
                let name = element.attribute("href").unwrap_or("").trim_start_matches('#');
                if let Some(shared) = self.shared.get(name) {
                    self.write_element(shared, drawn);
                }
            }
            _ => self.write_element(element, drawn),
        }
    }

    fn write_element(&self, element: &Element, drawn: &mut String) {
        let _ = write!(drawn, "<{}", element.tag);
        for (name, value) in &element.attributes {
            if name != "id" && !name.starts_with("aria-") {
                let _ = write!(drawn, " {name}=\"{}\"", escaped(value));
            }
        }
        drawn.push('>');
        for child in &element.children {
            self.write(child, drawn);
        }
        let _ = write!(drawn, "</{}>", element.tag);
    }
}

fn file(number: usize) -> String {
    format!("picture-{number}.svg")
}

/// Every element with a name in a piece of markup.
fn collect(node: &Node, found: &mut BTreeMap<String, Element>) {
    let Node::Element(element) = node else { return };
    if let Some(name) = element.attribute("id") {
        found.insert(name.to_owned(), element.clone());
    }
    for child in &element.children {
        collect(child, found);
    }
}

#[cfg(test)]
mod tests {
    use maud::html;

    use super::*;

    #[test]
    fn a_drawing_stands_alone_with_what_it_refers_to_and_explicit_colours() {
        let shared = html! { svg { defs { g id="ground" { path.street d="M0 0l1 1" {} } } } };
        let map = html! { svg.map role="img" aria-label="A < B" viewBox="0 0 20 10" { desc { "More." } use href="#ground" {} } };
        let mut pictures = Pictures::new(&shared.into_string());
        let nodes = read(&map.into_string());
        let svg = nodes[0].element().expect("a drawing");
        let picture = pictures.add(svg);
        assert_eq!(picture, pictures.add(svg), "each once");
        assert_eq!((picture.size, picture.told.as_deref()), ([20.0, 10.0], Some("A < B. More.")));
        let files = pictures.into_files();
        assert_eq!((files.len(), files[0].0.as_str()), (1, "picture-0.svg"));
        let drawn = String::from_utf8(files[0].1.clone()).expect("text");
        assert!(drawn.contains("<path class=\"street\" d=\"M0 0l1 1\">"), "{drawn}");
        assert!(!drawn.contains("var(") && !drawn.contains("<use") && !drawn.contains("<desc"), "{drawn}");
    }
}
