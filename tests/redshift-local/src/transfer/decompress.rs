//! Decompression of a file as it comes, or of nothing where it is not compressed.

use std::borrow::Cow;
use std::io::{self, Write};

use flate2::write::MultiGzDecoder;
use zstd::stream::raw::{Decoder, InBuffer, Operation, OutBuffer};

use crate::statement::Compression;

/// The decompressor of one file.
pub enum Decompress {
    /// Of a plain file.
    None,
    /// Of GZIP members one after another.
    Gzip(MultiGzDecoder<Vec<u8>>),
    /// Of Zstandard frames one after another.
    Zstd {
        /// The decoder.
        decoder: Decoder<'static>,
        /// Whether a frame has begun and not ended.
        inside: bool,
    },
}

impl Decompress {
    /// At the beginning of a file.
    pub fn new(compression: Compression) -> io::Result<Self> {
        Ok(match compression {
            Compression::None => Self::None,
            Compression::Gzip => Self::Gzip(MultiGzDecoder::new(Vec::new())),
            Compression::Zstd => Self::Zstd { decoder: Decoder::new()?, inside: false },
        })
    }

    /// What `piece` adds to the plain text.
    pub fn feed<'a>(&mut self, piece: &'a [u8]) -> io::Result<Cow<'a, [u8]>> {
        match self {
            Self::None => Ok(Cow::Borrowed(piece)),
            Self::Gzip(decoder) => {
                decoder.write_all(piece)?;
                Ok(Cow::Owned(std::mem::take(decoder.get_mut())))
            }
            Self::Zstd { decoder, inside } => {
                let (mut plain, mut buffer) = (Vec::new(), [0; 8 * 1024]);
                let mut input = InBuffer::around(piece);
                loop {
                    let mut output = OutBuffer::around(&mut buffer[..]);
                    let read = input.pos();
                    let wanted = decoder.run(&mut input, &mut output)?;
                    let written = output.pos();
                    if input.pos() > read || written > 0 {
                        *inside = wanted != 0;
                    }
                    plain.extend_from_slice(&buffer[..written]);
                    if input.pos() == piece.len() && written < buffer.len() {
                        return Ok(Cow::Owned(plain));
                    }
                    if !*inside {
                        decoder.reinit()?;
                    }
                }
            }
        }
    }

    /// What is left of the plain text. Fails if the file was cut off.
    pub fn finish(self) -> io::Result<Vec<u8>> {
        match self {
            Self::None | Self::Zstd { inside: false, .. } => Ok(Vec::new()),
            Self::Gzip(decoder) => decoder.finish(),
            Self::Zstd { inside: true, .. } => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::write::GzEncoder;

    use super::Decompress;
    use crate::statement::Compression;

    fn compressed(text: &[u8], compression: Compression) -> Vec<u8> {
        match compression {
            Compression::None => text.to_vec(),
            Compression::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
                encoder.write_all(text).unwrap();
                encoder.finish().unwrap()
            }
            Compression::Zstd => zstd::encode_all(text, 0).unwrap(),
        }
    }

    fn decompressed(file: &[u8], size: usize, compression: Compression) -> std::io::Result<Vec<u8>> {
        let mut decompress = Decompress::new(compression)?;
        let mut plain = Vec::new();
        for piece in file.chunks(size) {
            plain.extend_from_slice(&decompress.feed(piece)?);
        }
        plain.extend_from_slice(&decompress.finish()?);
        Ok(plain)
    }

    #[test]
    fn parts_one_after_another_are_one_text() {
        let text: Vec<u8> =
            (0..100_000_u32).flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        for compression in [Compression::Gzip, Compression::Zstd] {
            let file = compressed(&text, compression);
            for size in [3, 4096, file.len() - 1, file.len()] {
                assert!(decompressed(&file, size, compression).unwrap() == text, "{compression:?} {size}");
            }
            let two = [compressed(b"a\n", compression), compressed(b"b\n", compression)].concat();
            for size in [3, two.len()] {
                assert_eq!(decompressed(&two, size, compression).unwrap(), b"a\nb\n");
            }
        }
    }

    #[test]
    fn a_file_cut_off_or_not_compressed_is_an_error() {
        for compression in [Compression::Gzip, Compression::Zstd] {
            let file = compressed(b"a,b,c\n", compression);
            assert!(decompressed(&file[..file.len() - 4], 3, compression).is_err());
            assert!(decompressed(b"1,2,3 and so on, as plain text\n", 3, compression).is_err());
        }
    }
}
