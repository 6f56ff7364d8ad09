//! The only ways text enters SQL or an S3 key: each type checks and quotes itself.

mod identifier;
mod literal;
mod qualified_name;
mod s3_key_segment;

pub use identifier::{Identifier, NameError};
pub use literal::{DollarQuoted, Literal};
pub use qualified_name::QualifiedName;
pub use s3_key_segment::S3KeySegment;
