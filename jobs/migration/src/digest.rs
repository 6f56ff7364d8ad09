//! SHA-256 sums as texts: of plans, manifests, and names that are too long.

use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The SHA-256 sum of some bytes, as 64 hexadecimal digits in lower case.
pub fn sha256(content: impl AsRef<[u8]>) -> String {
    Sha256::digest(content).iter().fold(String::new(), |mut digits, byte| {
        write!(digits, "{byte:02x}").expect("writing to a String cannot fail");
        digits
    })
}

#[cfg(test)]
mod tests {
    use super::sha256;

    #[test]
    fn the_sum_is_that_of_every_other_tool() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256("abc"), abc);
    }
}
