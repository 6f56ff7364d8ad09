//! ATTACH RLS POLICY (`r_ATTACH_RLS_POLICY`).

use super::{Sql, policy_grantee};
use crate::catalog::AttachedRowPolicy;
use crate::name::QualifiedName;

/// Attaches a row-level security policy to a relation for one grantee; none for a group, which policies do not know.
pub fn attach_row_policy(relation: &QualifiedName, attached: &AttachedRowPolicy) -> Option<Sql> {
    let to = policy_grantee(&attached.grantee)?;
    Some(Sql::rendered(format!("ATTACH RLS POLICY {} ON TABLE {relation} TO {to}", attached.policy)))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{id, qualified};
    use super::*;
    use crate::catalog::Grantee;

    #[test]
    fn a_policy_is_for_a_user_a_role_or_everybody() {
        let attach = |grantee| {
            attach_row_policy(&qualified("s", "t"), &AttachedRowPolicy { policy: id("p"), grantee })
        };
        insta::assert_snapshot!(attach(Grantee::Public).unwrap(), @r#"ATTACH RLS POLICY "p" ON TABLE "s"."t" TO PUBLIC"#);
        insta::assert_snapshot!(
            attach(Grantee::User(id("u x"))).unwrap(),
            @r#"ATTACH RLS POLICY "p" ON TABLE "s"."t" TO "u x""#
        );
        insta::assert_snapshot!(
            attach(Grantee::Role(id("r"))).unwrap(),
            @r#"ATTACH RLS POLICY "p" ON TABLE "s"."t" TO ROLE "r""#
        );
        assert_eq!(attach(Grantee::Group(id("g"))), None);
    }
}
