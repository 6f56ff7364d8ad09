//! How a table's rows travel: the marker for NULL and the manifest of the files.

mod manifest;
mod null_marker;

pub use manifest::{Manifest, ManifestError};
pub use null_marker::NullMarker;
