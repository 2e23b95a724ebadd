//! Workbooks of typed cells as Excel's XLSX (Office Open XML, ISO/IEC 29500), for those who go on computing.
//!
//! A sheet is a table: one frozen row of heads, a filter, columns as wide as what is in them needs, numbers as numbers with as
//! many decimals as make sense. Text is text, also where it begins like a formula. Equal workbooks give equal bytes: the date
//! that the format asks for is always the same. What it leaves out: formulas, charts, and everything that a sheet could do.

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook as Xlsx, Worksheet, XlsxError,
};

/// The widest a column gets, in characters; longer text is wrapped.
const WIDTH_MAX: usize = 60;
/// The narrowest.
const WIDTH_MIN: usize = 8;
/// A head may be wrapped into lines of so many characters.
const HEAD_WIDTH: usize = 16;
/// The most characters that the format allows in a cell.
const TEXT_MAX: usize = 32_767;
/// Ground and line of heads.
const HEAD_COLOURS: [u32; 2] = [0xF1_EE_E6, 0x1D_4F_6E];

/// Sheets of one file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Workbook {
    /// What it is about.
    pub title: String,
    /// Its sheets.
    pub sheets: Vec<Sheet>,
}

/// A table of a workbook.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// Its name: at most 31 characters, none of `[]:*?/\`.
    pub name: String,
    /// The heads of its columns, with units.
    pub heads: Vec<String>,
    /// Its rows, each of as many cells as there are heads.
    pub rows: Vec<Vec<Cell>>,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text.
    Text(String),
    /// A number, shown with so many decimals and kept whole.
    Number(f64, u8),
    /// A number whose sign is always shown.
    Signed(f64, u8),
}

impl Cell {
    /// Text; nothing where it is empty.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// A number where there is one that is finite.
    #[must_use]
    pub fn number(value: Option<f64>, decimals: u8) -> Self {
        value.filter(|value| value.is_finite()).map_or(Self::Empty, |value| Self::Number(value, decimals))
    }

    /// A number with its sign where there is one that is finite.
    #[must_use]
    pub fn signed(value: Option<f64>, decimals: u8) -> Self {
        value.filter(|value| value.is_finite()).map_or(Self::Empty, |value| Self::Signed(value, decimals))
    }

    /// How many characters it takes.
    fn width(&self) -> usize {
        match self {
            Self::Empty => 0,
            Self::Text(text) => text.chars().count(),
            Self::Number(value, decimals) | Self::Signed(value, decimals) => {
                let digits = format!("{value:.0$}", usize::from(*decimals)).len();
                digits + digits / 4 + 1
            }
        }
    }
}

/// Why a workbook cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("the sheet '{sheet}' cannot be written: {source}")]
pub struct SpreadsheetError {
    /// The sheet.
    sheet: String,
    /// What the format's library says.
    source: XlsxError,
}

/// The workbook as the bytes of an XLSX file.
///
/// # Errors
/// [`SpreadsheetError`] where a sheet's name or size is not one that the format allows.
pub fn write(workbook: &Workbook) -> Result<Vec<u8>, SpreadsheetError> {
    let mut xlsx = Xlsx::new();
    let failed = |sheet: &str| {
        let sheet = sheet.to_owned();
        move |source| SpreadsheetError { sheet, source }
    };
    // The format asks for a date. That of nothing in particular is the same in every file.
    let date = ExcelDateTime::from_ymd(2000, 1, 1).map_err(failed(&workbook.title))?;
    xlsx.set_properties(&DocProperties::new().set_title(&workbook.title).set_creation_datetime(&date));
    for sheet in &workbook.sheets {
        fill(xlsx.add_worksheet(), sheet).map_err(failed(&sheet.name))?;
    }
    xlsx.save_to_buffer().map_err(failed(&workbook.title))
}

fn fill(worksheet: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    let [ground, line] = HEAD_COLOURS.map(Color::RGB);
    let head = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_background_color(ground)
        .set_border_bottom(FormatBorder::Medium)
        .set_border_bottom_color(line);
    let text = Format::new().set_align(FormatAlign::Top).set_text_wrap();
    worksheet.set_name(&sheet.name)?.set_landscape().set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?;
    for (column, name) in (0..).zip(&sheet.heads) {
        worksheet.write_string_with_format(0, column, name, &head)?;
        worksheet.set_column_width(column, width(sheet, usize::from(column)))?;
    }
    for (row, cells) in (1..).zip(&sheet.rows) {
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Empty => {}
                Cell::Text(words) => {
                    let words: String = words.chars().take(TEXT_MAX).collect();
                    worksheet.write_string_with_format(row, column, words, &text)?;
                }
                Cell::Number(value, decimals) => {
                    worksheet.write_number_with_format(row, column, *value, &number(*decimals, false))?;
                }
                Cell::Signed(value, decimals) => {
                    worksheet.write_number_with_format(row, column, *value, &number(*decimals, true))?;
                }
            }
        }
    }
    let (rows, columns) = (u32::try_from(sheet.rows.len()), u16::try_from(sheet.heads.len()));
    if let (Ok(last_row @ 1..), Ok(columns @ 1..)) = (rows, columns) {
        worksheet.autofilter(0, 0, last_row, columns - 1)?;
    }
    Ok(())
}

/// As wide as the longest cell, within bounds; as the head's longest word or half of it.
#[expect(clippy::cast_precision_loss, reason = "a count of characters")]
fn width(sheet: &Sheet, column: usize) -> f64 {
    let cells = sheet.rows.iter().filter_map(|row| row.get(column)).map(Cell::width).max().unwrap_or(0);
    let head = sheet.heads.get(column).map_or("", String::as_str);
    let word = head.split_whitespace().map(|word| word.chars().count()).max().unwrap_or(0);
    let head = head.chars().count().min(HEAD_WIDTH).max(word) + 2;
    cells.max(head).clamp(WIDTH_MIN, WIDTH_MAX) as f64 + 1.0
}

/// `#,##0.00`; with its sign `+#,##0.00;-#,##0.00;0.00`.
fn number(decimals: u8, is_signed: bool) -> Format {
    let tail = if decimals == 0 { String::new() } else { format!(".{}", "0".repeat(usize::from(decimals))) };
    let format = if is_signed { format!("+#,##0{tail};-#,##0{tail};0{tail}") } else { format!("#,##0{tail}") };
    Format::new().set_num_format(format).set_align(FormatAlign::Top)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use quick_xml::Reader;
    use quick_xml::events::Event;

    use super::*;

    fn workbook() -> Workbook {
        let row = |name: &str, value: f64| {
            vec![Cell::text(name), Cell::number(Some(value), 2), Cell::signed(Some(-value), 0)]
        };
        let odd = "=1+1 #*$\\\"<&>";
        Workbook {
            title: "Titolo".to_owned(),
            sheets: vec![Sheet {
                name: "Indicatori".to_owned(),
                heads: ["Nome", "Valore, km/h", "Differenza"].map(str::to_owned).to_vec(),
                rows: vec![row(odd, 1_234.567_891), row("", f64::NAN)],
            }],
        }
    }

    fn part(bytes: &[u8], name: &str) -> String {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a ZIP archive");
        let mut text = String::new();
        archive.by_name(name).expect("the part").read_to_string(&mut text).expect("text");
        text
    }

    /// The text inside all elements of that name.
    fn texts(xml: &str, name: &str) -> Vec<String> {
        let mut reader = Reader::from_str(xml);
        let (mut found, mut depth) = (Vec::new(), 0);
        loop {
            match reader.read_event().expect("XML") {
                Event::Eof => return found,
                Event::Start(start) if start.name().as_ref() == name => {
                    depth += 1;
                    found.push(String::new());
                }
                Event::End(end) if end.name().as_ref() == name => depth -= 1,
                Event::Text(text) if depth > 0 => {
                    found.last_mut().expect("an open element").push_str(&text);
                }
                Event::GeneralRef(name) if depth > 0 => {
                    let written = format!("&{};", &*name);
                    let text = quick_xml::escape::unescape(&written).expect("an entity");
                    found.last_mut().expect("an open element").push_str(&text);
                }
                _ => {}
            }
        }
    }

    #[test]
    fn cells_come_back_as_they_were_to_the_last_bit() {
        let bytes = write(&workbook()).expect("a workbook");
        let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
        let values: Vec<f64> =
            texts(&sheet, "v").iter().skip(4).map(|value| value.parse().expect("a number")).collect();
        assert_eq!(values, [1_234.567_891, -1_234.567_891], "after three heads and a name");
        let strings = texts(&part(&bytes, "xl/sharedStrings.xml"), "t");
        assert_eq!(strings, ["Nome", "Valore, km/h", "Differenza", "=1+1 #*$\\\"<&>"]);
        assert!(texts(&sheet, "f").is_empty(), "no formula");
        assert!(sheet.contains("state=\"frozen\"") && sheet.contains("<autoFilter"), "{sheet}");
    }

    #[test]
    fn equal_workbooks_give_equal_bytes() {
        assert_eq!(write(&workbook()).expect("a workbook"), write(&workbook()).expect("a workbook"));
        assert!(part(&write(&workbook()).expect("a workbook"), "docProps/core.xml").contains("2000-01-01T00:00:00Z"));
    }

    #[test]
    fn a_sheet_that_the_format_does_not_allow_is_told_by_name() {
        let mut wrong = workbook();
        wrong.sheets[0].name = "a/b".to_owned();
        assert!(write(&wrong).unwrap_err().to_string().starts_with("the sheet 'a/b' cannot be written"));
    }
}
