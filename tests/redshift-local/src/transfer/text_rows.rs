//! PostgreSQL's text format of COPY, which is how rows travel between the backend and this program: tabs between
//! fields, `\N` for NULL, backslash escapes. It tells NULL from every text, whatever the CSV does.

use std::borrow::Cow;

/// The fields of one row as `COPY … TO STDOUT` sends it, with its line end or without.
pub fn fields(row: &[u8]) -> impl Iterator<Item = Option<Cow<'_, [u8]>>> {
    let row = row.strip_suffix(b"\n").unwrap_or(row);
    row.split(|byte| *byte == b'\t').map(|field| if field == br"\N" { None } else { Some(unescape(field)) })
}

/// Appends a field for `COPY … FROM STDIN`.
pub fn write_field(out: &mut Vec<u8>, field: Option<&[u8]>, first: bool) {
    if !first {
        out.push(b'\t');
    }
    let Some(field) = field else {
        out.extend_from_slice(br"\N");
        return;
    };
    for byte in field {
        match byte {
            b'\\' => out.extend_from_slice(br"\\"),
            b'\n' => out.extend_from_slice(br"\n"),
            b'\r' => out.extend_from_slice(br"\r"),
            b'\t' => out.extend_from_slice(br"\t"),
            other => out.push(*other),
        }
    }
}

/// Ends a row.
pub fn end_row(out: &mut Vec<u8>) {
    out.push(b'\n');
}

fn unescape(field: &[u8]) -> Cow<'_, [u8]> {
    if !field.contains(&b'\\') {
        return Cow::Borrowed(field);
    }
    let mut value = Vec::with_capacity(field.len());
    let mut bytes = field.iter();
    while let Some(byte) = bytes.next() {
        value.push(match byte {
            b'\\' => match bytes.next() {
                Some(b'b') => b'\x08',
                Some(b'f') => b'\x0c',
                Some(b'n') => b'\n',
                Some(b'r') => b'\r',
                Some(b't') => b'\t',
                Some(b'v') => b'\x0b',
                Some(other) => *other,
                None => b'\\',
            },
            other => *other,
        });
    }
    Cow::Owned(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{end_row, fields, write_field};

    #[test]
    fn null_is_no_text() {
        let row: Vec<_> = fields(b"a\\tb\t\\N\t\t\\\\N\\v\n")
            .map(|field| field.map(std::borrow::Cow::into_owned))
            .collect();
        assert_eq!(row, [Some(b"a\tb".to_vec()), None, Some(Vec::new()), Some(b"\\N\x0b".to_vec())]);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(row in proptest::collection::vec(proptest::option::of("[a\\\\\n\r\tNé]{0,6}"), 1..5)) {
            let mut out = Vec::new();
            for (at, field) in row.iter().enumerate() {
                write_field(&mut out, field.as_deref().map(str::as_bytes), at == 0);
            }
            end_row(&mut out);
            prop_assert_eq!(out.iter().position(|byte| *byte == b'\n'), Some(out.len() - 1));
            let read: Vec<_> = fields(&out).map(|field| field.map(|text| String::from_utf8(text.into_owned()).unwrap())).collect();
            prop_assert_eq!(read, row);
        }
    }
}
