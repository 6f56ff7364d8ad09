//! How tables' rows travel: which tables together, where a move goes on from, the format by a table's columns, the marker for NULL,
//! the manifest of the files, their size, whether the target takes the rows, and what may be told of a load that was refused.

mod beyond_parquet;
mod data_type;
mod file_size;
mod format;
mod groups;
mod load_error;
mod manifest;
mod marked;
mod next_step;
mod null_marker;
mod refusal;
mod target_columns;

pub use beyond_parquet::BeyondParquet;
pub use data_type::{Carriage, DataType};
pub use file_size::{MaxFileSize, max_file_size};
pub use format::{Format, NotCarried};
pub use groups::{groups, largest_first};
pub use load_error::LoadError;
pub use manifest::{Manifest, ManifestError, ManifestFile};
pub(crate) use marked::varbyte_length;
pub use marked::{Marked, MarkedValue, marked};
pub use next_step::{NextStep, next_step};
pub use null_marker::NullMarker;
pub use refusal::{tellable, tellable_of_definition};
pub use target_columns::{TargetColumn, TargetMisfit, check_target_columns};
