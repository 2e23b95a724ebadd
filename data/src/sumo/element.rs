//! Elements and attributes of XML, as SUMO writes them: everything stands in attributes, text between elements says nothing.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::Event;
use quick_xml::events::attributes::Attributes;

use super::error::SumoFault;
use super::source::{At, Blame, Place, Sources};

/// How deep elements may be nested; SUMO's own files go to six.
const DEPTH_MAX: usize = 64;
/// Attributes that an element may have.
const ATTRIBUTES_MAX: usize = 256;
/// The longest time that is believed, in seconds: some three hundred years.
pub(super) const TIME_MAX_S: f64 = 1e10;

/// A start tag.
pub(super) struct Element<'a> {
    pub(super) name: &'a str,
    pub(super) attributes: Vec<(&'a str, Cow<'a, str>)>,
    pub(super) place: Place,
}

/// What is told of a file's elements, in their order.
pub(super) trait Handler<'a> {
    /// An element begins. `depth` is how many elements it stands in.
    fn start(&mut self, element: &Element<'a>, depth: usize) -> Result<(), Blame>;

    /// An element ends; one without content right after its beginning. `depth` is that of its beginning.
    fn end(&mut self, _name: &str, _depth: usize) -> Result<(), Blame> {
        Ok(())
    }
}

/// Tells a handler all elements of a file.
pub(super) fn walk<'a>(sources: &'a Sources, file: u32, handler: &mut impl Handler<'a>) -> Result<(), Blame> {
    let text = sources.text(file);
    let mut reader = Reader::from_str(text);
    let mut element = Element { name: "", attributes: Vec::new(), place: Place { file, byte: 0 } };
    let mut depth = 0;
    loop {
        let from = reader.buffer_position() as usize;
        let place = Place { file, byte: from as u32 };
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                let place = Place { file, byte: reader.error_position() as u32 };
                return Err(Blame { place, fault: SumoFault::Xml(error.to_string()) });
            }
        };
        match event {
            Event::Start(tag) => {
                element.read(text, from, tag.name().as_ref().len(), tag.len(), place).at(place)?;
                handler.start(&element, depth)?;
                depth += 1;
                if depth > DEPTH_MAX {
                    return Err(SumoFault::TooDeep(DEPTH_MAX)).at(place);
                }
            }
            Event::Empty(tag) => {
                element.read(text, from, tag.name().as_ref().len(), tag.len(), place).at(place)?;
                handler.start(&element, depth)?;
                handler.end(element.name, depth)?;
            }
            Event::End(tag) => {
                depth -= 1;
                handler.end(tag.name().as_ref(), depth)?;
            }
            Event::Eof if depth > 0 => return Err(SumoFault::CutOff).at(place),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

impl<'a> Element<'a> {
    /// Takes over the tag that begins with `<` at `from` and has `length` bytes inside its brackets.
    fn read(
        &mut self,
        text: &'a str,
        from: usize,
        name_length: usize,
        length: usize,
        place: Place,
    ) -> Result<(), SumoFault> {
        let inside = &text[from + 1..from + 1 + length];
        self.name = &inside[..name_length];
        self.place = place;
        self.attributes.clear();
        for attribute in Attributes::new(inside, name_length) {
            let attribute = attribute.map_err(|error| SumoFault::Xml(error.to_string()))?;
            if self.attributes.len() == ATTRIBUTES_MAX {
                return Err(SumoFault::TooMany { what: "attributes in one element", most: ATTRIBUTES_MAX as u64 });
            }
            let value = match attribute.value {
                Cow::Borrowed(raw) if raw.contains('&') => {
                    quick_xml::escape::unescape(raw).map_err(|error| SumoFault::Xml(error.to_string()))?
                }
                raw => raw,
            };
            self.attributes.push((attribute.key.into_inner(), value));
        }
        Ok(())
    }

    /// The value of an attribute, if it is there.
    pub(super) fn get(&self, name: &str) -> Option<&Cow<'a, str>> {
        self.attributes.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// The value of an attribute that must be there.
    pub(super) fn text(&self, name: &'static str) -> Result<&Cow<'a, str>, Blame> {
        let missing = || SumoFault::Missing { element: self.name.to_owned(), attribute: name };
        self.get(name).ok_or_else(missing).at(self.place)
    }

    /// A number that must be there.
    pub(super) fn number(&self, name: &'static str) -> Result<f64, Blame> {
        number(name, self.text(name)?).at(self.place)
    }

    /// A number, if it is there.
    pub(super) fn optional_number(&self, name: &'static str) -> Result<Option<f64>, Blame> {
        self.get(name).map(|value| number(name, value)).transpose().at(self.place)
    }

    /// A whole number from 0 that must be there.
    pub(super) fn count(&self, name: &'static str) -> Result<u32, Blame> {
        count(name, self.text(name)?).at(self.place)
    }

    /// Yes or no; `absent` where it is not said.
    pub(super) fn flag(&self, name: &'static str, absent: bool) -> Result<bool, Blame> {
        self.get(name).map_or(Ok(absent), |value| flag(name, value)).at(self.place)
    }
}

/// A number that is finite.
pub(super) fn number(name: &str, value: &str) -> Result<f64, SumoFault> {
    let parsed = value.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    parsed.ok_or_else(|| wrong(name, value, "a number"))
}

/// A whole number from 0.
pub(super) fn count(name: &str, value: &str) -> Result<u32, SumoFault> {
    value.trim().parse().map_err(|_| wrong(name, value, "a whole number from 0"))
}

/// Yes or no, in the words that SUMO takes.
pub(super) fn flag(name: &str, value: &str) -> Result<bool, SumoFault> {
    match value.trim() {
        "1" | "true" | "True" | "yes" | "on" | "x" | "t" => Ok(true),
        "0" | "false" | "False" | "no" | "off" | "-" | "f" => Ok(false),
        _ => Err(wrong(name, value, "'true' or 'false'")),
    }
}

/// A time in seconds, given in seconds or as `[days:]hours:minutes:seconds`.
pub(super) fn time_s(name: &str, value: &str) -> Result<f64, SumoFault> {
    const EXPECTED: &str = "a time in seconds or as hours:minutes:seconds";
    let wrong = || wrong(name, value, EXPECTED);
    let fields: Vec<&str> = value.trim().split(':').collect();
    let number = |text: &str| number(name, text).map_err(|_| wrong());
    let seconds = match fields[..] {
        [seconds] => number(seconds)?,
        [hours, minutes, seconds] => (number(hours)? * 60.0 + number(minutes)?) * 60.0 + number(seconds)?,
        [days, hours, minutes, seconds] => {
            ((number(days)? * 24.0 + number(hours)?) * 60.0 + number(minutes)?) * 60.0 + number(seconds)?
        }
        _ => return Err(wrong()),
    };
    if seconds.abs() <= TIME_MAX_S { Ok(seconds) } else { Err(wrong()) }
}

/// The fault of a value that is not what is expected.
pub(super) fn wrong(name: &str, value: &str, expected: &'static str) -> SumoFault {
    /// As much of a value as one needs to find it.
    const SHOWN: usize = 80;
    let value = value.char_indices().nth(SHOWN).map_or(value.to_owned(), |(end, _)| format!("{}…", &value[..end]));
    SumoFault::Value { attribute: name.to_owned(), value, expected }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_seconds_or_clock_times() {
        let times = [("12.5", 12.5), ("01:00:30", 3630.0), ("1:00:00:01", 86401.0), ("-1", -1.0)];
        for (text, seconds) in times {
            assert_eq!(time_s("depart", text).unwrap(), seconds, "{text}");
        }
        for text in ["", "1:2", "now", "NaN", "inf", "1e300"] {
            let told = time_s("depart", text).expect_err(text).to_string();
            assert!(told.contains("is not a time in seconds or as hours:minutes:seconds"), "{told}");
        }
    }
}
