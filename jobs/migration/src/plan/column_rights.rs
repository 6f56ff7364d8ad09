//! Rights on columns: one statement grants a grantee all that it may on the columns of one relation.

use super::rights::needs;
use super::{Context, Draft, Phase, Step, StepId, Transaction};
use crate::catalog::{Grantee, Privilege, Securable};
use crate::name::{Identifier, QualifiedName};
use crate::statement;
use crate::words::list;
use std::collections::{BTreeMap, BTreeSet};

/// What is to be granted on columns, by relation and grantee.
#[derive(Default)]
pub(super) struct OnColumns<'a> {
    missing: BTreeMap<(&'a QualifiedName, &'a Grantee), BTreeMap<&'a Privilege, BTreeSet<&'a Identifier>>>,
}

impl<'a> OnColumns<'a> {
    pub(super) fn add(
        &mut self,
        relation: &'a QualifiedName,
        column: &'a Identifier,
        grantee: &'a Grantee,
        privileges: BTreeSet<&'a Privilege>,
    ) {
        let of_grantee = self.missing.entry((relation, grantee)).or_default();
        for privilege in privileges {
            of_grantee.entry(privilege).or_default().insert(column);
        }
    }

    pub(super) fn grant(self, context: &Context, draft: &mut Draft) {
        for ((relation, grantee), privileges) in self.missing {
            let securable = Securable::Relation(relation.clone());
            let names = privileges.iter().map(|(privilege, columns)| {
                format!("{privilege} ({})", list(columns.iter().map(|column| column.as_str())))
            });
            let names = list(names);
            let sql = statement::grant_on_columns(&privileges, relation, grantee);
            draft.steps.extend(sql.map(|sql| Step {
                id: StepId::GrantOnColumns { relation: relation.clone(), to: grantee.clone() },
                stage: context.stage_of(&securable),
                phase: Phase::Rights,
                object: format!("{names} on {} to {}", relation.plain(), grantee.plain()),
                needs: needs(context, &securable, grantee),
                transaction: Transaction::Batched,
                sql: vec![sql],
            }));
        }
    }
}
