//! REFRESH of materialized views.

use crate::apply_plan::attempt;
use crate::session::{Batch, Session, SqlError};
use migration::name::{Identifier, QualifiedName};
use migration::statement;
use std::num::NonZeroU32;

/// Refreshes a materialized view as its owner, who alone may; each statement in a message and transaction of
/// its own. The outer error means that the session is gone.
pub async fn refresh_view<S: Session>(
    session: &mut S,
    view: &QualifiedName,
    owner: &Identifier,
    attempts: NonZeroU32,
) -> Result<Result<(), SqlError>, SqlError> {
    let mut statements = statement::act_as(owner, &view.schema);
    statements.push(statement::refresh_materialized_view(view));
    statements.extend(statement::act_as_oneself());
    let batches: Vec<Batch> = statements.into_iter().map(Batch::from).collect();
    let refreshed = attempt(session, &batches, &statement::act_as_oneself(), attempts).await?;
    Ok(refreshed.map_err(|error| error.of_definition("REFRESH MATERIALIZED VIEW")))
}
