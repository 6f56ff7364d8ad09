//! Writing CSV (`r_UNLOAD`, "FORMAT AS CSV").

/// Appends a field: in double quotation marks if it holds the delimiter, a double quotation mark, a line feed or a
/// carriage return, with double quotation marks inside doubled.
pub fn write_field(out: &mut Vec<u8>, field: &[u8], delimiter: u8, first: bool) {
    if !first {
        out.push(delimiter);
    }
    if field.iter().any(|byte| *byte == delimiter || matches!(byte, b'"' | b'\n' | b'\r')) {
        out.push(b'"');
        for byte in field {
            if *byte == b'"' {
                out.push(b'"');
            }
            out.push(*byte);
        }
        out.push(b'"');
    } else {
        out.extend_from_slice(field);
    }
}

/// Ends a row.
pub fn end_row(out: &mut Vec<u8>) {
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::{end_row, write_field};

    #[test]
    fn quotes_only_where_it_must() {
        let mut out = Vec::new();
        for (at, field) in ["1", "Columbus \"Crew\" Stadium", "", "a,b", "a\nb", "a\rb", " c ", "'\\", "ü"]
            .iter()
            .enumerate()
        {
            write_field(&mut out, field.as_bytes(), b',', at == 0);
        }
        end_row(&mut out);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "1,\"Columbus \"\"Crew\"\" Stadium\",,\"a,b\",\"a\nb\",\"a\rb\", c ,'\\,ü\n"
        );
    }

    #[test]
    fn another_delimiter_is_what_needs_quotes() {
        let mut out = Vec::new();
        write_field(&mut out, b"a,b", b'|', true);
        write_field(&mut out, b"a|b", b'|', false);
        assert_eq!(out, b"a,b|\"a|b\"");
    }
}
