//! Materialized views that take in a stream (`materialized-view-streaming-ingestion`): a new one begins with what the stream
//! still keeps, so that older rows would be lost.

use super::super::{BlockedObject, Context, Draft, Subject};
use crate::catalog::{ExternalSource, SchemaKind};
use crate::name::Identifier;
use crate::scope::schemas_named;

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    for (name, view) in context.source.materialized_views.iter().filter(|(name, _)| context.scope.holds(name))
    {
        let streams = schemas_named(&view.definition).iter().any(|schema| is_stream(context, schema));
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
