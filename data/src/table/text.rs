//! A table as comma-separated values (RFC 4180), for programs and people that do not read Parquet.

use super::{Kind, Table};

impl Table {
    /// The table as CSV with a head: numbers as short as brings the same number back, with a point; no value is an empty cell.
    /// Columns of bytes are left out, and so are notes. Equal tables give equal bytes.
    ///
    /// # Panics
    /// Never: writing to memory cannot fail.
    #[must_use]
    pub fn to_csv(&self) -> Vec<u8> {
        let columns: Vec<(&str, Vec<String>)> =
            self.columns().into_iter().filter_map(|(name, kind)| Some((name, self.cells(name, kind)?))).collect();
        let mut writer = csv::Writer::from_writer(Vec::new());
        let heads = columns.iter().map(|(name, _)| name);
        writer.write_record(heads).expect("memory takes the head");
        for row in 0..self.row_count() {
            let cells = columns.iter().map(|(_, cells)| &cells[row]);
            writer.write_record(cells).expect("memory takes every row");
        }
        writer.into_inner().expect("memory takes the end")
    }

    /// The cells of a column in words; none of bytes.
    fn cells(&self, column: &str, kind: Kind) -> Option<Vec<String>> {
        fn words<T: ToString>(cells: Vec<Option<T>>) -> Vec<String> {
            cells.into_iter().map(|cell| cell.map_or_else(String::new, |cell| cell.to_string())).collect()
        }
        let read = "a column of the table is of its kind";
        Some(match kind {
            Kind::F64 => words(self.column::<Option<f64>>("", column).expect(read)),
            Kind::U32 => words(self.column::<Option<u32>>("", column).expect(read)),
            Kind::I64 => words(self.column::<Option<i64>>("", column).expect(read)),
            Kind::Bool => words(self.column::<Option<bool>>("", column).expect(read)),
            Kind::Str => words(self.column::<Option<&str>>("", column).expect(read)),
            Kind::Binary => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_by_a_reader_of_csv() {
        let table = Table::new()
            .with("street", ["Via \"Roma\", 1", "a\nb"])
            .with("flow_vph", [Some(0.1 + 0.2), None])
            .with("links", [1_u32, 2])
            .with("shape", [&b"x"[..], b"y"]);
        let bytes = table.to_csv();
        let mut reader = csv::Reader::from_reader(&bytes[..]);
        assert_eq!(reader.headers().expect("a head"), vec!["street", "flow_vph", "links"]);
        let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("rows");
        assert_eq!(rows[0], vec!["Via \"Roma\", 1", "0.30000000000000004", "1"]);
        assert_eq!(rows[1], vec!["a\nb", "", "2"]);
        assert_eq!(bytes, table.to_csv());
    }
}
