//! What came out of a scenario, in the formats of SUMO 1.28, so that what reads SUMO's outputs reads these.
//!
//! Elements and attributes are those that SUMO writes for the same scenario, with its units and digits. What is not known here
//! is left out and not invented: each file says below what that is. Times are those of the beginning of a step, as SUMO counts
//! them.
//!
//! | file | SUMO's option | left out |
//! | --- | --- | --- |
//! | `trips` | `--tripinfo-output` | devices, how often meso changed a route, how long those stood who have stops |
//! | `edges` | `--edgedata-output` | occupancy, overlaps, lane changes |
//! | `loops` | `inductionLoop` | vehicles that change lanes over a loop |
//! | `positions` | `--fcd-output` | slope |

mod edges;
mod loops;
mod names;
mod positions;
mod trips;

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, Event};

pub use edges::write_edges;
pub use loops::{detector_loops, write_loops};
pub use names::Names;
pub use positions::PositionWriter;
pub use trips::write_trips;

/// A document with one root element of SUMO's.
struct Document<W: Write> {
    writer: Writer<W>,
    root: &'static str,
}

impl<W: Write> Document<W> {
    /// Begins a document of that root and schema.
    fn begin(out: W, root: &'static str, schema: &str) -> io::Result<Self> {
        let mut writer = Writer::new_with_indent(out, b' ', 4);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let schema = format!("http://sumo.dlr.de/xsd/{schema}");
        let attributes = [
            ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
            ("xsi:noNamespaceSchemaLocation", schema.as_str()),
        ];
        writer.write_event(Event::Start(BytesStart::new(root).with_attributes(attributes)))?;
        Ok(Self { writer, root })
    }

    fn open(&mut self, name: &str, attributes: &[(&str, String)]) -> io::Result<()> {
        self.writer.write_event(Event::Start(element(name, attributes)))
    }

    fn close(&mut self, name: &str) -> io::Result<()> {
        self.writer.write_event(Event::End(BytesEnd::new(name)))
    }

    fn empty(&mut self, name: &str, attributes: &[(&str, String)]) -> io::Result<()> {
        self.writer.write_event(Event::Empty(element(name, attributes)))
    }

    /// Ends the document.
    fn end(mut self) -> io::Result<W> {
        self.close(self.root)?;
        let mut out = self.writer.into_inner();
        out.write_all(b"\n")?;
        Ok(out)
    }
}

fn element<'a>(name: &'a str, attributes: &'a [(&str, String)]) -> BytesStart<'a> {
    BytesStart::new(name).with_attributes(attributes.iter().map(|(key, value)| (*key, value.as_str())))
}

/// A number with two digits, as SUMO writes them.
fn two(value: f64) -> String {
    // No negative zero.
    let value = if value.abs() < 0.005 { 0.0 } else { value };
    format!("{value:.2}")
}
