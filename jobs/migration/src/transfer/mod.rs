//! How a table's rows travel: the format by its columns, the marker for NULL, the manifest of the files, their size, and what may
//! be told of a load that was refused.

mod data_type;
mod file_size;
mod format;
mod load_error;
mod manifest;
mod null_marker;
mod refusal;
mod target_columns;

pub use data_type::{Carriage, DataType};
pub use file_size::{MaxFileSize, max_file_size};
pub use format::{Format, NotCarried};
pub use load_error::LoadError;
pub use manifest::{Manifest, ManifestError, ManifestFile};
pub use null_marker::NullMarker;
pub use refusal::tellable;
pub use target_columns::{TargetColumn, TargetMisfit, check_target_columns};
