//! The page's markup as the values that a template sets: elements with their classes, and drawings as files.
//!
//! What only a screen can do is undone here: panels behind switches get the switch's label as their title, and tables wider
//! than paper are told in parts that each begin with the first column.

use serde_json::{Map, Value, json};

use super::markup::{Element, Node, read};
use super::picture::Pictures;

/// Tables of more columns than this are told in parts.
const COLUMNS_MAX: usize = 8;
/// What a page has and paper has not: buttons, what is only for printing the page, the way past the contents.
const OF_SCREENS: [&str; 3] = ["print-only", "skip", "definitions"];

/// The pieces of some markup, with their drawings added to `pictures`.
pub(super) fn pieces(markup: &str, pictures: &mut Pictures) -> Vec<Value> {
    told(&read(markup), pictures)
}

fn told(nodes: &[Node], pictures: &mut Pictures) -> Vec<Value> {
    let mut pieces = Vec::new();
    // The label of a button, which stands before the panel that it shows.
    let mut label = None;
    for node in nodes {
        let element = match node {
            Node::Text(text) => {
                pieces.push(json!(text));
                continue;
            }
            Node::Element(element) => element,
        };
        match element.tag.as_str() {
            "input" | "nav" => {}
            _ if OF_SCREENS.iter().any(|class| element.is(class)) => {}
            "label" => label = Some(element.text()),
            "svg" => {
                let picture = pictures.add(element);
                let [width, height] = picture.size;
                let classes: Vec<&str> = element.classes().collect();
                pieces.push(json!({
                    "t": "picture", "c": classes, "file": picture.file, "w": width, "h": height, "alt": picture.told,
                }));
            }
            "table" => {
                for part in in_parts(element) {
                    pieces.push(piece(&part, None, pictures));
                }
            }
            _ => {
                let title = if element.is("panel") { label.take() } else { None };
                pieces.push(piece(element, title, pictures));
            }
        }
    }
    pieces
}

fn piece(element: &Element, label: Option<String>, pictures: &mut Pictures) -> Value {
    let classes: Vec<&str> = element.classes().collect();
    let mut piece = Map::from_iter([("t".to_owned(), json!(element.tag)), ("c".to_owned(), json!(classes))]);
    for name in ["id", "href", "rowspan"] {
        if let Some(value) = element.attribute(name) {
            piece.insert(name.to_owned(), json!(value));
        }
    }
    if let Some(label) = label {
        piece.insert("label".to_owned(), json!(label));
    }
    piece.insert("k".to_owned(), json!(told(&element.children, pictures)));
    Value::Object(piece)
}

/// A table as it is, or in parts that paper is wide enough for.
fn in_parts(table: &Element) -> Vec<Element> {
    let head = table.elements().find(|part| part.tag == "thead").and_then(|head| head.elements().next());
    let columns = head.map_or(0, |row| row.elements().count());
    if columns <= COLUMNS_MAX {
        return vec![table.clone()];
    }
    let others: Vec<usize> = (1..columns).collect();
    let parts = others.chunks(COLUMNS_MAX - 1);
    parts.map(|chosen| with_columns(table, chosen)).collect()
}

/// The table with the first column and those chosen.
fn with_columns(element: &Element, chosen: &[usize]) -> Element {
    let mut part = Element { children: Vec::new(), ..element.clone() };
    let mut column = 0;
    for child in &element.children {
        match child {
            Node::Element(cell) if element.tag == "tr" => {
                if column == 0 || chosen.contains(&column) {
                    part.children.push(Node::Element(cell.clone()));
                }
                column += 1;
            }
            Node::Element(child) if ["thead", "tbody", "tr"].contains(&child.tag.as_str()) => {
                part.children.push(Node::Element(with_columns(child, chosen)));
            }
            other => part.children.push(other.clone()),
        }
    }
    part
}

/// The names of all elements in some markup that may be referred to.
pub(super) fn names(pieces: &[Value]) -> Vec<&str> {
    let mut found = Vec::new();
    for piece in pieces {
        found.extend(piece["id"].as_str());
        if let Some(children) = piece["k"].as_array() {
            found.extend(names(children));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use maud::html;

    use super::*;

    fn of(markup: maud::Markup) -> Vec<Value> {
        pieces(&markup.into_string(), &mut Pictures::new(""))
    }

    #[test]
    fn what_a_switch_hides_is_shown_under_its_label() {
        let pieces = of(html! {
            div.switch {
                input type="radio"; label for="a" { "Before" } div.panel { h3.print-only { "Before" } p { "x" } }
                input type="radio"; label for="b" { "After" } div.panel { p { "y" } }
            }
        });
        let panels = pieces[0]["k"].as_array().expect("panels");
        assert_eq!(
            panels.iter().map(|panel| panel["label"].as_str()).collect::<Vec<_>>(),
            [Some("Before"), Some("After")]
        );
        assert_eq!(panels[0]["k"].as_array().map(Vec::len), Some(1));
    }

    #[test]
    fn a_table_that_is_too_wide_is_told_in_parts_with_every_column_once() {
        let pieces = of(html! {
            table.wide {
                thead { tr { @for column in 0..12 { th { (column) } } } }
                tbody { tr { @for column in 0..12 { td { (column) } } } }
            }
        });
        let heads: Vec<Vec<&str>> = pieces
            .iter()
            .map(|part| {
                let cells = part["k"][0]["k"][0]["k"].as_array().expect("a head");
                cells.iter().filter_map(|cell| cell["k"][0].as_str()).collect()
            })
            .collect();
        assert_eq!(heads, [vec!["0", "1", "2", "3", "4", "5", "6", "7"], vec!["0", "8", "9", "10", "11"]]);
    }

    #[test]
    fn what_may_be_referred_to_has_a_name() {
        let pieces = of(html! { section id="a" { h2 id="b" { "x" } } });
        assert_eq!(names(&pieces), ["a", "b"]);
    }
}
