//! Decompression of a file as it comes, or of nothing where it is not compressed.

use std::borrow::Cow;
use std::io::{self, Write};

use flate2::write::MultiGzDecoder;

/// The decompressor of one file.
#[derive(Debug)]
pub struct Inflate(Option<MultiGzDecoder<Vec<u8>>>);

impl Inflate {
    /// At the beginning of a file.
    pub fn new(gzip: bool) -> Self {
        Self(gzip.then(|| MultiGzDecoder::new(Vec::new())))
    }

    /// What `piece` adds to the plain text.
    pub fn feed<'a>(&mut self, piece: &'a [u8]) -> io::Result<Cow<'a, [u8]>> {
        match &mut self.0 {
            None => Ok(Cow::Borrowed(piece)),
            Some(decoder) => {
                decoder.write_all(piece)?;
                Ok(Cow::Owned(std::mem::take(decoder.get_mut())))
            }
        }
    }

    /// What is left of the plain text. Fails if the file was cut off.
    pub fn finish(self) -> io::Result<Vec<u8>> {
        self.0.map_or(Ok(Vec::new()), MultiGzDecoder::finish)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::Inflate;

    fn compressed(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn inflated(file: &[u8], size: usize) -> std::io::Result<Vec<u8>> {
        let mut inflate = Inflate::new(true);
        let mut plain = Vec::new();
        for piece in file.chunks(size) {
            plain.extend_from_slice(&inflate.feed(piece)?);
        }
        plain.extend_from_slice(&inflate.finish()?);
        Ok(plain)
    }

    #[test]
    fn members_one_after_another_are_one_text() {
        let text: Vec<u8> =
            (0..100_000_u32).flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        let file = compressed(&text);
        for size in [3, 4096, file.len() - 1, file.len()] {
            assert_eq!(inflated(&file, size).unwrap(), text);
        }
        assert_eq!(inflated(&[compressed(b"a\n"), compressed(b"b\n")].concat(), 3).unwrap(), b"a\nb\n");
    }

    #[test]
    fn a_file_cut_off_or_not_compressed_is_an_error() {
        let file = compressed(b"a,b,c\n");
        assert!(inflated(&file[..file.len() - 4], 3).is_err());
        assert!(inflated(b"1,2,3 and so on, as plain text\n", 3).is_err());
    }
}
