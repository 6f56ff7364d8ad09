//! Reading CSV (`copy-parameters-data-format`, "CSV"), from chunks that may end anywhere.

/// The longest row that COPY takes (`r_COPY`: 4 MB), which also bounds the memory that one row takes.
const MAX_ROW_BYTES: usize = 4 * 1024 * 1024;

/// The two characters that a file is written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// Between fields.
    pub delimiter: u8,
    /// Around fields; doubled inside them.
    pub quote: u8,
}

/// Why a row cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// A quote inside an unquoted field, text behind a closing quote, or no closing quote.
    Quoting,
    /// A row longer than 4 MB.
    RowTooLong,
}

/// A reader that is fed with a file's bytes and keeps no more than one row.
#[derive(Debug)]
pub struct Decoder {
    dialect: Dialect,
    state: State,
    /// The current row's fields one after another, without quotes.
    values: Vec<u8>,
    /// Where in `values` each finished field ends.
    ends: Vec<usize>,
    /// White space at the beginning of a field, kept until it shows whether a quote follows.
    blanks: Vec<u8>,
    /// The line on which the current row began, and the one that is being read, both from 1: a row in quotes may have several.
    row_line: u64,
    line: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Before the first byte of a row.
    RowStart,
    /// Before a field, or in the white space at its beginning.
    FieldStart,
    Unquoted,
    Quoted,
    /// Behind a quote inside a quoted field: it ends the field, or the next one is a doubled one.
    QuoteSeen,
    /// Behind the closing quote and white space.
    Closed,
}

impl Decoder {
    /// A reader at the beginning of a file.
    pub fn new(dialect: Dialect) -> Self {
        let (values, ends, blanks) = (Vec::new(), Vec::new(), Vec::new());
        Self { dialect, state: State::RowStart, values, ends, blanks, row_line: 1, line: 1 }
    }

    /// The line on which the current row began, which after an error is the row at fault.
    pub fn row_line(&self) -> u64 {
        self.row_line
    }

    /// Reads on, and hands every row that ends in `chunk` to `row`, field by field. Stops at the first error, of its
    /// own or of `row`.
    pub fn feed<E: From<Malformed>>(
        &mut self,
        chunk: &[u8],
        row: &mut impl FnMut(&[&[u8]]) -> Result<(), E>,
    ) -> Result<(), E> {
        for byte in chunk {
            let ended = self.byte(*byte)?;
            self.line += u64::from(*byte == b'\n');
            if ended {
                self.emit(row)?;
                self.row_line = self.line;
            }
        }
        Ok(())
    }

    /// Ends the file; a last row need not have a line end.
    pub fn finish<E: From<Malformed>>(
        &mut self,
        row: &mut impl FnMut(&[&[u8]]) -> Result<(), E>,
    ) -> Result<(), E> {
        match self.state {
            State::RowStart => Ok(()),
            State::Quoted => Err(Malformed::Quoting.into()),
            State::FieldStart | State::Unquoted | State::QuoteSeen | State::Closed => {
                self.end_field();
                self.emit(row)
            }
        }
    }

    /// Takes a byte; true if it ended a row.
    fn byte(&mut self, byte: u8) -> Result<bool, Malformed> {
        let Dialect { delimiter, quote } = self.dialect;
        if self.values.len() + self.blanks.len() >= MAX_ROW_BYTES {
            return Err(Malformed::RowTooLong);
        }
        match self.state {
            State::Quoted if byte == quote => self.state = State::QuoteSeen,
            State::Quoted => self.values.push(byte),
            State::QuoteSeen if byte == quote => {
                self.values.push(byte);
                self.state = State::Quoted;
            }
            _ if byte == delimiter => {
                self.end_field();
                self.state = State::FieldStart;
            }
            _ if byte == b'\n' => {
                self.drop_carriage_return();
                self.end_field();
                self.state = State::RowStart;
                return Ok(true);
            }
            State::QuoteSeen | State::Closed if is_blank(byte) => self.state = State::Closed,
            State::QuoteSeen | State::Closed => return Err(Malformed::Quoting),
            State::RowStart | State::FieldStart if byte == quote => {
                self.blanks.clear();
                self.state = State::Quoted;
            }
            State::RowStart | State::FieldStart if is_blank(byte) => {
                self.blanks.push(byte);
                self.state = State::FieldStart;
            }
            State::Unquoted if byte == quote => return Err(Malformed::Quoting),
            State::RowStart | State::FieldStart | State::Unquoted => {
                self.values.append(&mut self.blanks);
                self.values.push(byte);
                self.state = State::Unquoted;
            }
        }
        Ok(false)
    }

    /// A carriage return before the line feed is part of the line end, unless it stands in quotes.
    fn drop_carriage_return(&mut self) {
        match self.state {
            State::Unquoted => {
                self.values.pop_if(|last| *last == b'\r');
            }
            State::RowStart | State::FieldStart => {
                self.blanks.pop_if(|last| *last == b'\r');
            }
            State::Quoted | State::QuoteSeen | State::Closed => {}
        }
    }

    /// Ends the current field.
    fn end_field(&mut self) {
        self.values.append(&mut self.blanks);
        self.ends.push(self.values.len());
    }

    fn emit<E>(&mut self, row: &mut impl FnMut(&[&[u8]]) -> Result<(), E>) -> Result<(), E> {
        let mut start = 0;
        let fields: Vec<&[u8]> = self
            .ends
            .iter()
            .map(|end| {
                let field = &self.values[start..*end];
                start = *end;
                field
            })
            .collect();
        let result = row(&fields);
        self.values.clear();
        self.ends.clear();
        result
    }
}

/// White space around a quoted field is ignored; a delimiter is never taken for it.
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::encode::{end_row, write_field};
    use super::{Decoder, Dialect, Malformed};

    const COMMAS: Dialect = Dialect { delimiter: b',', quote: b'"' };

    /// The rows of a file that is read in chunks of `size` bytes.
    fn rows(file: &[u8], size: usize) -> Result<Vec<Vec<Vec<u8>>>, Malformed> {
        let mut rows = Vec::new();
        let mut take = |fields: &[&[u8]]| {
            rows.push(fields.iter().map(|field| field.to_vec()).collect());
            Ok::<(), Malformed>(())
        };
        let mut decoder = Decoder::new(COMMAS);
        for chunk in file.chunks(size) {
            decoder.feed(chunk, &mut take)?;
        }
        decoder.finish(&mut take)?;
        Ok(rows)
    }

    fn texts(file: &str) -> Result<Vec<Vec<String>>, Malformed> {
        let to_text = |field: Vec<u8>| String::from_utf8(field).unwrap();
        Ok(rows(file.as_bytes(), 3)?.into_iter().map(|row| row.into_iter().map(to_text).collect()).collect())
    }

    #[test]
    fn fields_quoted_and_not() {
        assert_eq!(
            texts("1,\"a \"\"b\"\", c\n\",,\" x \" , y \r\n").unwrap(),
            [vec!["1", "a \"b\", c\n", "", " x ", " y "]]
        );
    }

    #[test]
    fn an_empty_line_is_a_row_and_the_last_line_end_is_optional() {
        assert_eq!(texts("a\n\nb").unwrap(), [["a"], [""], ["b"]]);
        assert_eq!(texts("a,\nb,").unwrap(), [["a", ""], ["b", ""]]);
        assert_eq!(texts("").unwrap(), [[""; 0]; 0]);
    }

    #[test]
    fn quotes_out_of_place_are_refused() {
        for file in ["a\"b\n", "\"a\"b\n", "\"a", "\"a\" \"b\"\n"] {
            assert_eq!(texts(file), Err(Malformed::Quoting), "{file}");
        }
    }

    #[test]
    fn lines_in_quotes_count() {
        let mut decoder = Decoder::new(COMMAS);
        let mut rows = 0;
        let mut third = |_: &[&[u8]]| {
            rows += 1;
            if rows == 3 { Err(Malformed::Quoting) } else { Ok(()) }
        };
        assert!(decoder.feed(b"1,\"a\n\nb\"\n2,c\n3,\"d\ne\"\n4,f\n", &mut third).is_err());
        assert_eq!(decoder.row_line(), 5);
    }

    #[test]
    fn a_row_has_its_limit() {
        let long = vec![b'x'; 4 * 1024 * 1024 + 1];
        assert_eq!(rows(&long, 1 << 16), Err(Malformed::RowTooLong));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            table in proptest::collection::vec(proptest::collection::vec("[a,\"\n\r \\\\é\t']{0,5}", 1..4), 0..5),
            size in 1_usize..9,
        ) {
            let mut file = Vec::new();
            for row in &table {
                for (at, field) in row.iter().enumerate() {
                    write_field(&mut file, field.as_bytes(), b',', at == 0);
                }
                end_row(&mut file);
            }
            let expected: Vec<Vec<Vec<u8>>> =
                table.iter().map(|row| row.iter().map(|field| field.as_bytes().to_vec()).collect()).collect();
            prop_assert_eq!(rows(&file, size).unwrap(), expected);
        }
    }
}
