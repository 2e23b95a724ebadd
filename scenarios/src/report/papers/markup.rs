//! The page's own markup as a tree: what the papers set is what the page says.
//!
//! It reads what `maud` writes, and no more of HTML than that: names of elements and attributes in lower case, attributes in
//! double quotes, four entities, and elements without end that are named here. Nothing in it can fail: an end that no
//! beginning has is passed over, and what is not ended ends with its parent.

/// Elements that have neither content nor end.
const VOID: [&str; 3] = ["input", "meta", "br"];

/// A piece of markup.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// An element.
    Element(Element),
    /// Text, as it is read.
    Text(String),
}

/// An element with what is in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Element {
    pub(super) tag: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Node>,
}

impl Element {
    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether it is of that class.
    pub(super) fn is(&self, class: &str) -> bool {
        self.classes().any(|of| of == class)
    }

    /// Its classes.
    pub(super) fn classes(&self) -> impl Iterator<Item = &str> {
        self.attribute("class").unwrap_or("").split_ascii_whitespace()
    }

    /// The elements in it.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(Node::element)
    }

    /// All text in it.
    pub(super) fn text(&self) -> String {
        let of = |child: &Node| match child {
            Node::Element(element) => element.text(),
            Node::Text(text) => text.clone(),
        };
        self.children.iter().map(of).collect()
    }
}

impl Node {
    /// The element that it is.
    pub(super) fn element(&self) -> Option<&Element> {
        match self {
            Self::Element(element) => Some(element),
            Self::Text(_) => None,
        }
    }
}

/// The pieces that markup is made of.
pub(super) fn read(markup: &str) -> Vec<Node> {
    // The innermost element that is still open is the last; the first is no element but holds what stands at the top.
    let mut open = vec![Element::default()];
    let mut rest = markup;
    while let Some((text, tag_on)) = rest.split_once('<') {
        push_text(&mut open, text);
        let (tag, after) = tag_on.split_once('>').unwrap_or((tag_on, ""));
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            if let Some(depth) = open.iter().skip(1).rposition(|element| element.tag == name) {
                while open.len() > depth + 1 {
                    close(&mut open);
                }
            }
        } else if !tag.starts_with('!') {
            let element = element(tag);
            let is_void = VOID.contains(&element.tag.as_str());
            open.push(element);
            if is_void {
                close(&mut open);
            }
        }
    }
    push_text(&mut open, rest);
    while open.len() > 1 {
        close(&mut open);
    }
    open.pop().map_or_else(Vec::new, |top| top.children)
}

/// Puts the innermost open element into the one around it.
fn close(open: &mut Vec<Element>) {
    if let Some(element) = open.pop()
        && let Some(around) = open.last_mut()
    {
        around.children.push(Node::Element(element));
    }
}

fn push_text(open: &mut [Element], text: &str) {
    if let Some(around) = open.last_mut().filter(|_| !text.is_empty()) {
        around.children.push(Node::Text(unescaped(text)));
    }
}

/// `tag name="value" flag`.
fn element(tag: &str) -> Element {
    let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
    let mut element = Element { tag: name.to_owned(), ..Element::default() };
    while !rest.is_empty() {
        let name_end = rest.find(['=', ' ']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(name_end);
        let (value, after) = match after.strip_prefix("=\"") {
            Some(value) => value.split_once('"').unwrap_or((value, "")),
            // Past the sign that ended the name, which may be empty.
            None => ("", after.get(1..).unwrap_or("")),
        };
        element.attributes.push((name.to_owned(), unescaped(value)));
        rest = after.trim_start();
    }
    element
}

/// An ampersand is read last, so that what it is written before is not read twice.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// Text as it stands in markup.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use maud::html;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let nodes = read(
            &html! {
                p.lead id="a" { "Via " strong { "A & B" } " <#> " input type="radio" checked[true]; "end" }
                p { }
            }
            .into_string(),
        );
        let [Node::Element(lead), Node::Element(empty)] = &nodes[..] else { panic!("{nodes:?}") };
        assert_eq!((lead.tag.as_str(), lead.attribute("id"), lead.is("lead")), ("p", Some("a"), true));
        assert_eq!(lead.text(), "Via A & B <#> end");
        assert_eq!(lead.elements().map(|element| element.tag.as_str()).collect::<Vec<_>>(), ["strong", "input"]);
        assert_eq!((empty.tag.as_str(), empty.children.len()), ("p", 0));
    }

    #[test]
    fn what_does_not_fit_breaks_nothing() {
        assert_eq!(read("a</b>c"), [Node::Text("a".to_owned()), Node::Text("c".to_owned())]);
        assert_eq!(read("<p><b>c").len(), 1);
        assert_eq!(read("<p").len(), 1);
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in "\\PC+") {
            let nodes = read(&html! { p title=(text) { (text) } }.into_string());
            let element = nodes[0].element().expect("a paragraph");
            prop_assert_eq!(element.text(), text.clone());
            prop_assert_eq!(element.attribute("title"), Some(text.as_str()));
        }

        #[test]
        fn no_markup_makes_it_fail(markup in "[<>/a-c\"= &;!]{0,40}") {
            read(&markup);
        }
    }
}
