//! Passwords as Redshift keeps plain ones: an MD5 hash salted with the user's name, compared by the `md5` exchange.

use std::fmt::Write;

use md5::{Digest, Md5};

/// What the catalog keeps of a password: `md5` and the hash of password and user name (`r_CREATE_USER`).
pub fn stored_hash(password: &str, user: &str) -> String {
    format!("md5{}", hex_digest(&[password.as_bytes(), user.as_bytes()]))
}

/// What a client must answer to this salt to show that it knows the password behind the stored hash.
pub fn expected_answer(stored: &str, salt: [u8; 4]) -> Option<String> {
    Some(format!("md5{}", hex_digest(&[stored.strip_prefix("md5")?.as_bytes(), &salt])))
}

fn hex_digest(parts: &[&[u8]]) -> String {
    let mut digest = Md5::new();
    for part in parts {
        digest.update(part);
    }
    digest.finalize().iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_the_documentation() {
        assert_eq!(stored_hash("ez", "user1"), "md5153c434b4b77c89e6b94f12c5393af5b");
    }

    #[test]
    fn a_password_kept_otherwise_has_no_answer() {
        assert_eq!(expected_answer("SCRAM-SHA-256$4096", [0; 4]), None);
    }
}
