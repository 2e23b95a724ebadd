//! Typed columnar tables and their Parquet bytes.
//!
//! What every file of Gemello that holds rows is made of: named columns of one length, each of numbers, truth values,
//! text or bytes. Equal tables give equal bytes: rows stay in the caller's order, in one chunk, in row groups of
//! [`ROW_GROUP_ROWS`], compressed with Zstandard at one level, and nothing of the moment or the machine is written. Reading
//! and writing one table takes one thread and never starts the thread pool of the Parquet library; whoever has
//! several tables works on them in parallel.

mod claims;
mod text;

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use polars::prelude::{
    BinaryChunked, BooleanChunked, Column, DataFrame, DataType, Float64Chunked, Int64Chunked, IntoColumn, IntoSeries,
    KeyValueMetadata, NewChunkedArray, ParallelStrategy, ParquetCompression, ParquetReader, ParquetWriter, SerReader,
    Series, StringChunked, UInt32Chunked,
};

/// Rows in each row group but the last.
pub const ROW_GROUP_ROWS: usize = 131_072;

/// Named columns of one length, and notes about the file as a whole.
#[derive(Clone, Debug, Default)]
pub struct Table {
    frame: DataFrame,
    notes: Vec<(String, String)>,
}

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 64-bit floating-point numbers.
    F64,
    /// Unsigned 32-bit numbers.
    U32,
    /// Signed 64-bit numbers.
    I64,
    /// True or false.
    Bool,
    /// Text.
    Str,
    /// Bytes.
    Binary,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::F64 => "f64",
            Self::U32 => "u32",
            Self::I64 => "i64",
            Self::Bool => "bool",
            Self::Str => "text",
            Self::Binary => "binary",
        })
    }
}

/// Why a table cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The file cannot be opened, read or written.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The bytes are not Parquet, or are damaged.
    #[error("{name}: not a readable Parquet file ({reason}); make it again from its source")]
    Damaged {
        /// The file.
        name: String,
        /// What the Parquet library says.
        reason: String,
    },
    /// A column is missing.
    #[error("{name}: column '{column}' is missing")]
    Missing {
        /// The file.
        name: String,
        /// The column.
        column: String,
    },
    /// A column holds something else.
    #[error("{name}: column '{column}' holds {found}, not {expected}")]
    Kind {
        /// The file.
        name: String,
        /// The column.
        column: String,
        /// What it holds.
        found: String,
        /// What it should hold.
        expected: Kind,
    },
    /// A cell that must have a value has none.
    #[error("{name}: column '{column}' has no value in row {row}")]
    Empty {
        /// The file.
        name: String,
        /// The column.
        column: String,
        /// The row, from 1.
        row: usize,
    },
}

/// A value that a cell can hold: a number, a truth value, text, bytes, or an `Option` of these.
pub trait Cell<'a>: Sized {
    /// What a column of such cells holds.
    const KIND: Kind;
    #[doc(hidden)]
    fn write(name: &str, cells: impl Iterator<Item = Self>) -> Series;
    /// The cells; or the first row without a value where there must be one.
    #[doc(hidden)]
    fn read(series: &'a Series) -> Result<Vec<Self>, usize>;
}

macro_rules! cell {
    ($type:ty, $kind:expr, $chunked:ty, $of_series:ident) => {
        impl<'a> Cell<'a> for $type {
            const KIND: Kind = $kind;
            fn write(name: &str, cells: impl Iterator<Item = Self>) -> Series {
                <$chunked>::from_iter_values(name.into(), cells).into_series()
            }
            fn read(series: &'a Series) -> Result<Vec<Self>, usize> {
                let cells = series.$of_series().expect("the caller checked the kind");
                cells.iter().enumerate().map(|(row, cell)| cell.ok_or(row)).collect()
            }
        }
        impl<'a> Cell<'a> for Option<$type> {
            const KIND: Kind = $kind;
            fn write(name: &str, cells: impl Iterator<Item = Self>) -> Series {
                <$chunked>::from_iter_options(name.into(), cells).into_series()
            }
            fn read(series: &'a Series) -> Result<Vec<Self>, usize> {
                Ok(series.$of_series().expect("the caller checked the kind").iter().collect())
            }
        }
    };
}

cell!(f64, Kind::F64, Float64Chunked, f64);
cell!(u32, Kind::U32, UInt32Chunked, u32);
cell!(i64, Kind::I64, Int64Chunked, i64);
cell!(bool, Kind::Bool, BooleanChunked, bool);
cell!(&'a str, Kind::Str, StringChunked, str);
cell!(&'a [u8], Kind::Binary, BinaryChunked, binary);

impl Table {
    /// A table without columns.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The table with one more column to the right.
    ///
    /// # Panics
    /// Where the table has a column of that name, or columns of another length.
    #[must_use]
    pub fn with<'a, T: Cell<'a>>(mut self, name: &str, cells: impl IntoIterator<Item = T>) -> Self {
        assert!(self.frame.column(name).is_err(), "two columns are named '{name}'");
        let column = T::write(name, cells.into_iter()).into_column();
        self.frame.with_column(column).expect("columns of a table are of one length");
        self
    }

    /// The table with a note: a name and a text about the file as a whole, such as GeoParquet's `geo`.
    #[must_use]
    pub fn with_note(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.notes.push((name.into(), text.into()));
        self
    }

    /// The note of that name.
    #[must_use]
    pub fn note(&self, name: &str) -> Option<&str> {
        self.notes.iter().find(|(key, _)| key == name).map(|(_, text)| text.as_str())
    }

    /// How many rows.
    #[must_use]
    pub fn row_count(&self) -> usize {
        self.frame.height()
    }

    /// The columns' names and what they hold, from left to right; columns of other kinds, which Gemello does not write, are
    /// left out.
    #[must_use]
    pub fn columns(&self) -> Vec<(&str, Kind)> {
        let columns = self.frame.columns().iter();
        columns.filter_map(|column| Some((column.name().as_str(), kind_of(column.dtype())?))).collect()
    }

    /// The cells of a column, from top to bottom. `name` is the table's, for the error.
    ///
    /// # Errors
    /// [`TableError`] where the column is missing, holds something else, or has no value where there must be one.
    pub fn column<'a, T: Cell<'a>>(&'a self, name: &str, column: &str) -> Result<Vec<T>, TableError> {
        let named = || (name.to_owned(), column.to_owned());
        let Some(series) = self.frame.column(column).ok().map(Column::as_materialized_series) else {
            let (name, column) = named();
            return Err(TableError::Missing { name, column });
        };
        if kind_of(series.dtype()) != Some(T::KIND) {
            let (name, column) = named();
            return Err(TableError::Kind { name, column, found: series.dtype().to_string(), expected: T::KIND });
        }
        T::read(series).map_err(|row| {
            let (name, column) = named();
            TableError::Empty { name, column, row: row + 1 }
        })
    }

    /// The table as Parquet bytes: equal tables, equal bytes.
    ///
    /// # Panics
    /// Never for tables made by this module: writing to memory cannot fail for its kinds of columns.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut writer = ParquetWriter::new(&mut bytes)
            .with_compression(ParquetCompression::Zstd(None))
            .with_key_value_metadata(
                (!self.notes.is_empty()).then(|| KeyValueMetadata::from_static(self.notes.clone())),
            )
            .set_parallel(false)
            .batched(self.frame.schema())
            .expect("every kind of column has a Parquet type");
        let rows = self.frame.height();
        for first in (0..rows).step_by(ROW_GROUP_ROWS) {
            let first_row = i64::try_from(first).expect("row numbers fit");
            let group = self.frame.slice(first_row, ROW_GROUP_ROWS.min(rows - first));
            writer.write_batch(&group).expect("memory takes every row group");
        }
        writer.finish().expect("memory takes the footer");
        drop(writer);
        bytes
    }

    /// The table in the bytes. `name` is the file's, for errors.
    ///
    /// # Errors
    /// [`TableError::Damaged`] where the bytes are not Parquet.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self, TableError> {
        let damaged = |reason: String| TableError::Damaged { name: name.to_owned(), reason };
        if !claims::footer_is_possible(bytes) {
            return Err(damaged("its footer is cut off or claims more than it can hold".to_owned()));
        }
        // The Parquet library panics on some damaged files where it should return an error. Nothing of its state is used
        // afterwards, so that it may be left as it is.
        let read = catch_unwind(AssertUnwindSafe(|| Self::read_bytes(bytes)));
        match read {
            Ok(Ok(table)) => Ok(table),
            Ok(Err(error)) => Err(damaged(error.to_string())),
            Err(_panic) => Err(damaged("its parts contradict each other".to_owned())),
        }
    }

    fn read_bytes(bytes: &[u8]) -> polars::prelude::PolarsResult<Self> {
        let mut reader = ParquetReader::new(Cursor::new(bytes)).read_parallel(ParallelStrategy::None);
        let metadata = reader.get_metadata()?;
        // Sizes that a damaged footer claims are not to be allocated: without memory the program would end at once.
        let groups = metadata.row_groups.iter();
        let rows: usize = groups.clone().map(|group| group.num_rows().min(ROW_GROUP_ROWS)).sum();
        let is_whole = groups.clone().all(|group| {
            let mut columns = group.parquet_columns().iter();
            columns.all(|column| {
                let (from, to) = (column.byte_range().start, column.byte_range().end);
                let place = usize::try_from(from).unwrap_or(usize::MAX)..usize::try_from(to).unwrap_or(usize::MAX);
                let pages = bytes.get(place);
                usize::try_from(column.num_values()) == Ok(group.num_rows())
                    && pages.is_some_and(|pages| claims::pages_are_possible(pages, group.num_rows() as u64))
            })
        });
        if rows != metadata.num_rows || !is_whole {
            return Err(polars::prelude::polars_err!(ComputeError: "its sizes contradict each other"));
        }
        let notes = metadata.key_value_metadata.as_ref().map_or_else(Vec::new, |notes| {
            let notes = notes.iter().filter(|note| note.key != "ARROW:schema");
            notes.filter_map(|note| Some((note.key.clone(), note.value.clone()?))).collect()
        });
        let mut frame = reader.finish()?;
        frame.rechunk_mut();
        Ok(Self { frame, notes })
    }

    /// Writes the table to a file.
    ///
    /// # Errors
    /// [`TableError::File`] where the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), TableError> {
        std::fs::write(path, self.to_bytes()).map_err(|source| TableError::File { path: path.to_owned(), source })
    }

    /// Reads a table from a file.
    ///
    /// # Errors
    /// [`TableError`] where the file cannot be read or is not Parquet.
    pub fn read(path: &Path) -> Result<Self, TableError> {
        let bytes = std::fs::read(path).map_err(|source| TableError::File { path: path.to_owned(), source })?;
        Self::from_bytes(&path.display().to_string(), &bytes)
    }
}

fn kind_of(dtype: &DataType) -> Option<Kind> {
    Some(match dtype {
        DataType::Float64 => Kind::F64,
        DataType::UInt32 => Kind::U32,
        DataType::Int64 => Kind::I64,
        DataType::Boolean => Kind::Bool,
        DataType::String => Kind::Str,
        DataType::Binary => Kind::Binary,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_kind() -> Table {
        Table::new()
            .with("flow_vph", [1.5, f64::NAN, f64::INFINITY])
            .with("link", [0_u32, 7, u32::MAX])
            .with("year", [Some(2026_i64), None, Some(i64::MIN)])
            .with("open", [true, false, true])
            .with("name", [Some("Spalto Marengo"), None, Some("")])
            .with("geometry", [&[1_u8, 2][..], &[], &[0]])
            .with_note("geo", "{}")
    }

    #[test]
    fn a_table_survives_its_bytes() {
        let bytes = every_kind().to_bytes();
        let read = Table::from_bytes("t", &bytes).expect("readable");
        let flows: Vec<f64> = read.column("t", "flow_vph").expect("numbers");
        assert_eq!(flows.iter().map(|flow| flow.to_bits()).collect::<Vec<_>>(), {
            [1.5, f64::NAN, f64::INFINITY].map(f64::to_bits)
        });
        assert_eq!(read.column::<u32>("t", "link").expect("numbers"), [0, 7, u32::MAX]);
        assert_eq!(read.column::<Option<i64>>("t", "year").expect("years"), [Some(2026), None, Some(i64::MIN)]);
        assert_eq!(read.column::<bool>("t", "open").expect("truth"), [true, false, true]);
        let names: Vec<Option<&str>> = read.column("t", "name").expect("text");
        assert_eq!(names, [Some("Spalto Marengo"), None, Some("")]);
        assert_eq!(read.column::<&[u8]>("t", "geometry").expect("bytes"), [&[1_u8, 2][..], &[], &[0]]);
        assert_eq!(read.note("geo"), Some("{}"));
        assert_eq!(read.columns(), every_kind().columns());
    }

    #[test]
    fn equal_tables_give_equal_bytes_also_after_reading() {
        let bytes = every_kind().to_bytes();
        assert_eq!(bytes, every_kind().to_bytes());
        assert_eq!(bytes, Table::from_bytes("t", &bytes).expect("readable").to_bytes());
    }

    #[test]
    fn rows_beyond_a_group_begin_the_next_and_none_is_lost() {
        let count = u32::try_from(ROW_GROUP_ROWS).expect("fits") + 3;
        let table = Table::new().with("n", 0..count);
        let read = Table::from_bytes("t", &table.to_bytes()).expect("readable");
        assert_eq!(read.column::<u32>("t", "n").expect("numbers"), (0..count).collect::<Vec<_>>());
        assert_eq!(read.to_bytes(), table.to_bytes());
    }

    #[test]
    fn a_table_of_one_row_or_none_keeps_its_columns() {
        let table = Table::new().with("n", [7.5]).with("name", ["one"]);
        let read = Table::from_bytes("t", &table.to_bytes()).expect("readable");
        assert_eq!(read.column::<f64>("t", "n").expect("numbers"), [7.5]);
        let table = Table::new().with("n", Vec::<f64>::new()).with("name", Vec::<&str>::new());
        let read = Table::from_bytes("t", &table.to_bytes()).expect("readable");
        assert_eq!((read.row_count(), read.columns()), (0, vec![("n", Kind::F64), ("name", Kind::Str)]));
    }

    #[test]
    fn what_a_column_lacks_is_named() {
        let table = every_kind();
        let told = |error: TableError| error.to_string();
        assert_eq!(told(table.column::<f64>("t", "speed").expect_err("missing")), "t: column 'speed' is missing");
        assert_eq!(told(table.column::<f64>("t", "link").expect_err("kind")), "t: column 'link' holds u32, not f64");
        assert_eq!(
            told(table.column::<i64>("t", "year").expect_err("no year")),
            "t: column 'year' has no value in row 2"
        );
        assert!(matches!(Table::from_bytes("t", b"PAR1"), Err(TableError::Damaged { .. })));
        let nowhere = Table::read(Path::new("nowhere.parquet")).expect_err("no file");
        assert!(nowhere.to_string().starts_with("nowhere.parquet: "), "{nowhere}");
    }

    /// `--threads` holds because the pool of the Parquet library is never there.
    #[cfg(target_os = "linux")]
    #[test]
    fn the_parquet_library_starts_no_thread() {
        let table = Table::new().with("n", 0..300_000_u32).with("m", 0..300_000_u32);
        let read = Table::from_bytes("t", &table.to_bytes()).expect("readable");
        assert_eq!(read.row_count(), 300_000);
        let threads = std::fs::read_dir("/proc/self/task").expect("Linux lists threads");
        for thread in threads {
            // A thread that has just ended has no name.
            let name = std::fs::read_to_string(thread.expect("listed").path().join("comm")).unwrap_or_default();
            assert!(!name.starts_with("polars"), "thread {name}");
        }
    }

    /// Without a look at the claim the library would ask for half a terabyte, and the program would end.
    #[test]
    fn a_footer_that_claims_two_thousand_million_columns_is_an_error() {
        let footer = [0x15, 0x02, 0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07, 0x00];
        let length = u32::try_from(footer.len()).expect("short").to_le_bytes();
        let bytes = [b"PAR1", &footer[..], &length, b"PAR1"].concat();
        assert!(matches!(Table::from_bytes("t", &bytes), Err(TableError::Damaged { .. })));
    }

    #[test]
    fn a_table_that_was_cut_short_is_an_error() {
        let whole = every_kind().to_bytes();
        for length in 0..whole.len() {
            assert!(Table::from_bytes("t", &whole[..length]).is_err(), "{length} bytes");
        }
    }
}
