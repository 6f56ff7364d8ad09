//! How large the files of an UNLOAD may become.

use super::Format;

/// MAXFILESIZE, in MB (`r_UNLOAD`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MaxFileSize(u64);

impl MaxFileSize {
    /// How many MB.
    pub fn megabytes(self) -> u64 {
        self.0
    }
}

/// The least that UNLOAD takes (`r_UNLOAD`, MAXFILESIZE).
const LEAST_MB: u64 = 5;

/// The size of a row group of Parquet: MAXFILESIZE is rounded down to a multiple of it (`r_UNLOAD`).
const ROW_GROUP_MB: u64 = 32;

/// Files should have at most 1 GB after compression (`t_splitting-data-files`).
const MOST_MB: u64 = 1024;

/// The size of a file of CSV for a workgroup: between 1 MB and 1 GB after compression (`t_splitting-data-files`).
const WORKGROUP_MB: u64 = 256;

/// The size at which the slices of the target share a table's files evenly: their number should be a multiple of that of the
/// slices, which read one file each at a time, since a compressed file is not split (`t_splitting-data-files`).
///
/// `table_mb` is `svv_table_info.size` on the source, where a table without rows is not listed, and `slices` is the number of rows of
/// `stv_slices` on the target, which a workgroup does not have: there files have a size at which many of its units of work have one. What
/// a table takes on disk is compressed, so it is about what its files take.
pub fn max_file_size(table_mb: Option<u64>, slices: Option<u64>, format: &Format) -> Option<MaxFileSize> {
    let Some(slices) = slices.filter(|slices| *slices > 0) else {
        return Some(MaxFileSize(match format {
            // COPY splits Parquet from 128 MB on, and CSV by ZSTD never (`c_best-practices-use-multiple-files`).
            Format::Parquet => 2 * WORKGROUP_MB,
            Format::Csv { .. } => WORKGROUP_MB,
        }));
    };
    let table = table_mb?;
    let share = table.div_ceil(slices);
    let least = match format {
        Format::Parquet => ROW_GROUP_MB,
        Format::Csv { .. } => LEAST_MB,
    };
    // With a share this small the files of the source's slices are many enough, or too small to matter.
    (share > least).then(|| MaxFileSize(share.min(MOST_MB)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::NullMarker;

    #[test]
    fn each_slice_of_the_target_gets_a_file_of_at_most_a_gigabyte() {
        let csv = Format::Csv { null_marker: NullMarker::from_bits(1) };
        let size = |mb, slices, format| max_file_size(mb, slices, format).map(MaxFileSize::megabytes);
        assert_eq!(size(Some(1600), Some(16), &csv), Some(100));
        assert_eq!(size(Some(1601), Some(16), &csv), Some(101));
        assert_eq!(size(Some(1_000_000), Some(16), &csv), Some(1024));
        assert_eq!(size(Some(80), Some(16), &csv), None);
        assert_eq!(size(Some(480), Some(16), &csv), Some(30));
        assert_eq!(size(Some(480), Some(16), &Format::Parquet), None);
        assert_eq!(size(Some(800), Some(16), &Format::Parquet), Some(50));
        assert_eq!(size(None, Some(16), &csv), None);
    }

    #[test]
    fn a_workgroup_gets_files_that_many_can_read_at_once() {
        let csv = Format::Csv { null_marker: NullMarker::from_bits(1) };
        let size = |slices, format| max_file_size(Some(1600), slices, format).map(MaxFileSize::megabytes);
        assert_eq!((size(None, &csv), size(Some(0), &csv)), (Some(256), Some(256)));
        assert_eq!(size(None, &Format::Parquet), Some(512));
    }
}
