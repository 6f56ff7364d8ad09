//! What a warehouse's catalog did not tell.
//!
//! A part that a migration can do without is named. A row that cannot be read is named as well, and stops the run where it is about the
//! tenant: what it says would be lost, or a privilege that it takes back would stay. On the target a row of no schema stops it, too.

use super::{Context, Draft, Subject, UnreadCause};
use crate::catalog::{Section, Unread};

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    for unread in &context.source.unread {
        tell(context, unread, false, draft);
    }
    for unread in &context.target.unread {
        tell(context, unread, true, draft);
    }
}

fn tell(context: &Context, unread: &Unread, on_target: bool, draft: &mut Draft) {
    match unread {
        Unread::Section { section, error } => {
            let subject = Subject::Section(*section);
            match shown_by(*section) {
                Some(statement) => {
                    draft.leave(subject, UnreadCause::Shown { statement, on_target, error: error.clone() });
                }
                // What else the target does not tell is compared with nothing.
                None if on_target => {}
                None => draft.leave(subject, UnreadCause::Section { error: error.clone() }),
            }
        }
        Unread::Row { query, schema, object, error } => {
            let subject = Subject::CatalogRow { query, object: object.clone() };
            let cause = UnreadCause::Row { on_target, error: error.clone() };
            // On the target one without a schema may be of a privilege that holds in all of them.
            let concerns = schema.as_ref().map_or(on_target, |schema| context.scope.schemas.contains(schema));
            if concerns {
                draft.block(subject, cause);
            } else {
                draft.leave(subject, cause);
            }
        }
    }
}

/// The statement that tells a part, where it is no query.
fn shown_by(section: Section) -> Option<&'static str> {
    match section {
        Section::Collations => Some("SHOW COLUMNS"),
        Section::ProcedureClauses => Some("SHOW PROCEDURE"),
        Section::Backups | Section::Others(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Catalog, OtherKind};
    use crate::name::Identifier;
    use crate::plan::Note;
    use crate::plan::tests::{plan_onto, tenant};

    fn row(schema: Option<&str>) -> Unread {
        Unread::Row {
            query: "privileges",
            schema: schema.map(|schema| Identifier::new(schema).unwrap()),
            object: schema.map(|schema| format!("{schema}.t")).unwrap_or_default(),
            error: "column identity_name is NULL".to_owned(),
        }
    }

    fn words(notes: &[Note]) -> Vec<String> {
        let unread = notes
            .iter()
            .filter(|note| matches!(note.subject, Subject::Section(_) | Subject::CatalogRow { .. }));
        unread.map(|note| note.subject.to_string()).collect()
    }

    #[test]
    fn what_is_the_tenants_stops_the_run_and_the_rest_is_named() {
        let section =
            Unread::Section { section: Section::Others(OtherKind::CopyJob), error: "no".to_owned() };
        let unread = [row(Some("shop")), row(Some("other")), row(None), section];
        let source = Catalog { unread: unread.into(), ..tenant() };
        let plan = plan_onto(&source, &Catalog::default());
        assert_eq!(words(&plan.blockers), ["row of privileges.sql about shop.t"]);
        assert_eq!(
            words(&plan.not_carried_over),
            ["copy jobs", "row of privileges.sql", "row of privileges.sql about other.t"]
        );
        let unread = [row(Some("shop")), row(Some("other")), row(None)].into();
        let target = Catalog { unread, ..Catalog::default() };
        let blockers = plan_onto(&tenant(), &target).blockers;
        assert_eq!(words(&blockers), ["row of privileges.sql", "row of privileges.sql about shop.t"]);
        assert!(blockers[0].reason.to_string().contains("on the target"), "{}", blockers[0].reason);
    }
}
