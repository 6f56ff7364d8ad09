//! Materialized views that take in a stream (`materialized-view-streaming-ingestion`): a new one begins with what the stream
//! still keeps, so that older rows would be lost.

use super::super::{BlockedObject, Context, Draft, Subject};
use crate::catalog::{ExternalSource, SchemaKind};
use crate::name::Identifier;
use crate::text::{Reading, schemas_named};

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    for (name, view) in context.source.materialized_views.iter().filter(|(name, _)| context.scope.holds(name))
    {
        // A literal of its query is a value, such as a path into a message.
        let mut named = schemas_named(&view.definition, Reading::Sql).into_iter();
        let streams = named.any(|schema| is_stream(context, &schema));
        if streams && !context.target.materialized_views.contains_key(name) {
            draft.block(Subject::MaterializedView(name.clone()), BlockedObject::ReadsAStream);
        }
    }
}

fn is_stream(context: &Context, schema: &Identifier) -> bool {
    context.source.schemas.get(schema).is_some_and(|schema| match &schema.kind {
        SchemaKind::Local { .. } => false,
        SchemaKind::External(external) => match external.source {
            ExternalSource::Kinesis | ExternalSource::Kafka => true,
            ExternalSource::DataCatalog
            | ExternalSource::HiveMetastore
            | ExternalSource::Postgres
            | ExternalSource::LocalRedshift
            | ExternalSource::RemoteRedshift
            | ExternalSource::MySql
            | ExternalSource::Unknown(_) => false,
        },
    })
}
