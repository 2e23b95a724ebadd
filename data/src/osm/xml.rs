//! The text format `.osm` (OpenStreetMap wiki, "OSM XML"), of API 0.6, Overpass and JOSM.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use geo::Coord;

use super::OsmError;
use super::elements::{Extract, Member, MemberKind, Relation, Tags, Way};

/// An element whose end has not come yet.
enum Open {
    Node(i64, Coord<f64>),
    Way(i64, Vec<i64>),
    Relation(i64, Vec<Member>),
    /// A deleted element, or one of no interest.
    Ignored,
}

/// Reads an extract. `file` is its name, for errors.
///
/// # Errors
/// [`OsmError::Line`] where the text is not XML, ends too early, or an element lacks what it must have.
pub(super) fn read(file: &str, bytes: &[u8]) -> Result<Extract, OsmError> {
    let text = std::str::from_utf8(bytes).map_err(|error| OsmError::Line {
        file: file.to_owned(),
        line: line(bytes, error.valid_up_to()),
        reason: "the text is not UTF-8".to_owned(),
    })?;
    let mut reader = Reader::from_str(text);
    let mut parser = Parser { extract: Extract::default(), open: None, tags: Tags::default(), root: false };
    loop {
        let position = |reader: &Reader<&[u8]>| usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let before = position(&reader);
        let step = match reader.read_event() {
            Ok(Event::Start(element)) => parser.start(&element, false),
            Ok(Event::Empty(element)) => parser.start(&element, true),
            Ok(Event::End(element)) => {
                parser.end(element.name().as_ref());
                Ok(())
            }
            Ok(Event::Eof) if parser.open.is_some() => Err("the file ends inside an element; download it again".into()),
            Ok(Event::Eof) => break,
            Ok(_) => Ok(()),
            Err(error) => {
                let at = usize::try_from(reader.error_position()).unwrap_or(before);
                return Err(OsmError::Line { file: file.to_owned(), line: line(bytes, at), reason: error.to_string() });
            }
        };
        step.map_err(|reason| OsmError::Line { file: file.to_owned(), line: line(bytes, before), reason })?;
    }
    if !parser.root {
        let reason = "there is no <osm> element; this is not an OpenStreetMap file".to_owned();
        return Err(OsmError::Line { file: file.to_owned(), line: 1, reason });
    }
    Ok(Extract::joined(vec![parser.extract]))
}

/// The line of a byte, from 1.
fn line(bytes: &[u8], at: usize) -> usize {
    1 + bytes[..at.min(bytes.len())].iter().filter(|&&byte| byte == b'\n').count()
}

struct Parser {
    extract: Extract,
    open: Option<Open>,
    tags: Tags,
    root: bool,
}

impl Parser {
    fn start(&mut self, element: &BytesStart<'_>, is_empty: bool) -> Result<(), String> {
        let name = element.name();
        match name.as_ref() {
            "osm" => self.root = true,
            "node" | "way" | "relation" => {
                self.open = Some(Self::element(name.as_ref(), element)?);
                self.tags = Tags::default();
                if is_empty {
                    self.end(name.as_ref());
                }
            }
            "tag" if self.open.is_some() => {
                let (key, value) = (attribute(element, "k")?, attribute(element, "v")?);
                self.tags.add(&key, &value);
            }
            "nd" => {
                if let Some(Open::Way(_, nodes)) = &mut self.open {
                    nodes.push(number(element, "ref")?);
                }
            }
            "member" => {
                if let Some(Open::Relation(_, members)) = &mut self.open {
                    let kind = match attribute(element, "type")?.as_str() {
                        "node" => MemberKind::Node,
                        "way" => MemberKind::Way,
                        "relation" => MemberKind::Relation,
                        other => return Err(format!("a member is a '{other}', not a node, way or relation")),
                    };
                    let role = attribute(element, "role")?.into();
                    members.push(Member { kind, id: number(element, "ref")?, role });
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn element(name: &str, element: &BytesStart<'_>) -> Result<Open, String> {
        // JOSM marks what is deleted, histories what is not visible.
        let is = |name, value: &str| optional(element, name).is_ok_and(|found| found.as_deref() == Some(value));
        if is("action", "delete") || is("visible", "false") {
            return Ok(Open::Ignored);
        }
        let id = number(element, "id")?;
        Ok(match name {
            "node" => {
                let position: Coord<f64> = Coord { x: number(element, "lon")?, y: number(element, "lat")? };
                let on_globe = position.x.abs() <= 180.0 && position.y.abs() <= 90.0;
                if !on_globe {
                    return Err(format!("node {id} is off the globe: lon {}, lat {}", position.x, position.y));
                }
                Open::Node(id, position)
            }
            "way" => Open::Way(id, Vec::new()),
            _ => Open::Relation(id, Vec::new()),
        })
    }

    fn end(&mut self, name: &str) {
        if !matches!(name, "node" | "way" | "relation") {
            return;
        }
        let tags = std::mem::take(&mut self.tags);
        match self.open.take() {
            Some(Open::Node(id, position)) => {
                self.extract.nodes.push((id, position));
                if !tags.is_empty() {
                    self.extract.tagged_nodes.push((id, tags));
                }
            }
            Some(Open::Way(id, nodes)) => self.extract.ways.push(Way { id, nodes, tags }),
            Some(Open::Relation(id, members)) => self.extract.relations.push(Relation { id, members, tags }),
            Some(Open::Ignored) | None => {}
        }
    }
}

fn optional(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, String> {
    let found = element.try_get_attribute(name).map_err(|error| error.to_string())?;
    let text = found.map(|attribute| {
        quick_xml::escape::unescape(&attribute.value).map(|text| text.into_owned()).map_err(|error| error.to_string())
    });
    text.transpose()
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Result<String, String> {
    optional(element, name)?.ok_or_else(|| format!("<{}> has no attribute '{name}'", element.name().as_ref()))
}

fn number<T: std::str::FromStr>(element: &BytesStart<'_>, name: &str) -> Result<T, String> {
    let text = attribute(element, name)?;
    text.parse().map_err(|_| format!("{name}=\"{text}\" is not a number"))
}
