//! The fields of `ErrorResponse` and `NoticeResponse`.

use std::io;

use bytes::{Buf, BufMut, Bytes, BytesMut};

use super::message::{Message, put_text, take_text};
use crate::statement::StatementError;

/// The fields in the order they came, each with its one-letter code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields(Vec<(u8, String)>);

impl Fields {
    /// The fields of an error that this program raises.
    pub fn of_error(severity: &str, error: &StatementError) -> Self {
        let mut fields =
            vec![(b'S', severity.to_owned()), (b'C', error.sqlstate.clone()), (b'M', error.message.clone())];
        fields.extend(error.detail.iter().map(|detail| (b'D', detail.clone())));
        fields.extend(error.hint.iter().map(|hint| (b'H', hint.clone())));
        Self(fields)
    }

    /// Reads the body of an `ErrorResponse` or `NoticeResponse`.
    pub fn decode(mut body: Bytes) -> io::Result<Self> {
        let mut fields = Vec::new();
        while body.has_remaining() {
            match body.get_u8() {
                0 => break,
                code => fields.push((code, take_text(&mut body)?)),
            }
        }
        Ok(Self(fields))
    }

    /// The message with these fields: `E` or `N`.
    pub fn encode(&self, tag: u8) -> Message {
        let mut body = BytesMut::new();
        for (code, value) in &self.0 {
            body.put_u8(*code);
            put_text(&mut body, value);
        }
        body.put_u8(0);
        Message::new(tag, body.freeze())
    }

    /// A field's value.
    pub fn get(&self, code: u8) -> Option<&str> {
        self.0.iter().find(|(found, _)| *found == code).map(|(_, value)| value.as_str())
    }

    /// The same fields, each rewritten by `change`; a field for which it gives nothing is left out.
    #[must_use]
    pub fn map(self, change: impl Fn(u8, String) -> Option<String>) -> Self {
        Self(
            self.0
                .into_iter()
                .filter_map(|(code, value)| change(code, value).map(|value| (code, value)))
                .collect(),
        )
    }
}

impl From<&Fields> for StatementError {
    fn from(fields: &Fields) -> Self {
        Self {
            sqlstate: fields.get(b'C').unwrap_or("XX000").to_owned(),
            message: fields.get(b'M').unwrap_or_default().to_owned(),
            detail: fields.get(b'D').map(str::to_owned),
            hint: fields.get(b'H').map(str::to_owned),
            context: fields.get(b'W').map(str::to_owned),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_survives_the_way_through_its_fields() {
        let error = StatementError::new("42P01", "relation does not exist").with_hint("create it");
        let message = Fields::of_error("ERROR", &error).encode(b'E');
        assert_eq!(StatementError::from(&Fields::decode(message.body).unwrap()), error);
    }
}
