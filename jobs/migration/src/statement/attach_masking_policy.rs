//! ATTACH MASKING POLICY (`r_ATTACH_MASKING_POLICY`).

use super::{Sql, column_list, policy_grantee};
use crate::catalog::AttachedMask;
use crate::name::{Identifier, QualifiedName};

/// Attaches a masking policy to columns of a relation for one grantee, with its priority.
///
/// None where the grantee is a group, which policies do not know, or a column is no name.
pub fn attach_masking_policy(relation: &QualifiedName, mask: &AttachedMask) -> Option<Sql> {
    let to = policy_grantee(&mask.grantee)?;
    let columns = |names: &[String]| names.iter().map(|name| Identifier::new(name.as_str()).ok()).collect();
    let (masked, inputs): (Vec<_>, Vec<_>) = Option::zip(columns(&mask.masked), columns(&mask.inputs))?;
    Some(Sql::rendered(format!(
        "ATTACH MASKING POLICY {} ON {relation} ({}) USING ({}) TO {to} PRIORITY {}",
        mask.policy,
        column_list(&masked),
        column_list(&inputs),
        mask.priority
    )))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{id, qualified};
    use super::*;
    use crate::catalog::Grantee;

    #[test]
    fn names_what_is_masked_and_what_is_taken() {
        let mask = AttachedMask {
            policy: id("m"),
            grantee: Grantee::Role(id("r")),
            masked: vec!["card".into()],
            inputs: vec!["card".into(), "a b".into()],
            priority: 10,
        };
        insta::assert_snapshot!(
            attach_masking_policy(&qualified("s", "t"), &mask).unwrap(),
            @r#"ATTACH MASKING POLICY "m" ON "s"."t" ("card") USING ("card", "a b") TO ROLE "r" PRIORITY 10"#
        );
        let group = AttachedMask { grantee: Grantee::Group(id("g")), ..mask.clone() };
        assert_eq!(attach_masking_policy(&qualified("s", "t"), &group), None);
        let nameless = AttachedMask { masked: vec![String::new()], ..mask };
        assert_eq!(attach_masking_policy(&qualified("s", "t"), &nameless), None);
    }
}
