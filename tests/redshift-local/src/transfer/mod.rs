//! UNLOAD and COPY: rows between the session's backend and CSV files in S3, streamed, so that the memory they take does
//! not depend on how many there are.

mod column;
mod copy;
mod csv;
mod data_file;
mod faulty_http;
mod inflate;
mod load_error;
mod manifest;
mod s3;
mod source;
mod target;
mod text_rows;
mod unload;
mod upload;
mod value;

pub use copy::copy;
pub use s3::S3;
pub use unload::unload;
