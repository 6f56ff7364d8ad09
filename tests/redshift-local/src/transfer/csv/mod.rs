//! CSV as UNLOAD writes and COPY reads it. Own code, since the rules differ from any library's in what matters here:
//! an empty line is a row of one empty field, and an empty field is not quoted.

mod decode;
mod encode;
mod load;

pub use decode::{Decoder, Dialect, Malformed};
pub use encode::{end_row, write_field};
pub use load::{Failure, Loader};
