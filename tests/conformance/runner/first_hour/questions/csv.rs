//! UNLOAD to CSV and COPY from it, with the options of the jobs.

/// UNLOAD of columns of a table to a folder.
macro_rules! unload_csv {
    ($columns:literal, $table:literal, $folder:literal) => {
        concat!(
            "UNLOAD ('SELECT ",
            $columns,
            " FROM ",
            $table,
            "') TO '${S3}/",
            $folder,
            "/' IAM_ROLE '${IAM_ROLE}' FORMAT AS CSV ZSTD NULL AS '@null@' MANIFEST VERBOSE"
        )
    };
}

/// COPY to a table of what a folder's manifest lists, with what stands for NULL.
macro_rules! copy_csv {
    ($table:literal, $folder:literal, $null:literal) => {
        concat!(
            "COPY ",
            $table,
            " FROM '${S3}/",
            $folder,
            "/manifest' IAM_ROLE '${IAM_ROLE}' MANIFEST FORMAT AS CSV ZSTD NULL AS '",
            $null,
            "' COMPUPDATE OFF"
        )
    };
}

pub(super) use {copy_csv, unload_csv};
