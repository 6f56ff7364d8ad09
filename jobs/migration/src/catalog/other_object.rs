//! Objects of kinds that are not moved, so that each can at least be named.

/// Such an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OtherObject {
    /// Its kind.
    pub kind: OtherKind,
    /// What ties it to a tenant, as the catalog has it: a schema, an object of it, or a statement; empty for nothing.
    pub place: String,
    /// Its name.
    pub name: String,
}

/// A kind of object that is not moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OtherKind {
    /// A machine learning model (`r_SVV_ML_MODEL_INFO`); its place is its schema.
    Model,
    /// A datashare that this database gives (`r_SVV_DATASHARE_OBJECTS`); its place is a schema or an object in it.
    Datashare,
    /// A COPY JOB, which loads files as they arrive (`SYS_COPY_JOB`); its place is its COPY statement.
    CopyJob,
    /// A library of Python functions (`r_PG_LIBRARY`), the whole database's.
    Library,
    /// A zero-ETL integration that fills this database (`r_SVV_INTEGRATION`), the whole database's.
    Integration,
    /// A template of options of COPY (`r_CREATE_TEMPLATE`); its place is its schema.
    Template,
}

impl OtherKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Model, Self::Datashare, Self::CopyJob, Self::Library, Self::Integration, Self::Template];

    /// Its name for people to read.
    pub fn name(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Datashare => "datashare",
            Self::CopyJob => "copy job",
            Self::Library => "library",
            Self::Integration => "integration",
            Self::Template => "template",
        }
    }
}
