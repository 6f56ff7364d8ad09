//! The two kinds of warehouse.

/// What a warehouse is; no catalog says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WarehouseKind {
    /// A provisioned cluster.
    Provisioned,
    /// A workgroup of Redshift Serverless.
    Serverless,
}
