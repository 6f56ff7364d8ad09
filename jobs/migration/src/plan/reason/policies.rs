//! Causes of notes on row-level security and masking, and on what would show guarded rows too early.

use crate::catalog::{Conjunction, Grantee, Securable};
use crate::name::{Identifier, QualifiedName};
use crate::words::list;

causes! {
    /// Notes on policies.
    PolicyCause {
        ComputedByOwner { relation: QualifiedName } =>
            format!("it reads {}, and is computed with the rows that its owner may see there", relation.plain()),
            "compare its rows; GRANT IGNORE RLS to its owner, if it is to hold all";
        MasksAPath { masked: Vec<String> } =>
            format!("it masks {}, which is no column but a path into one", list(masked)),
            "ATTACH MASKING POLICY on the target by hand, and start the job again";
        DecidesByAnother { another: Securable } =>
            format!(
                "it decides by {}, which is missing on the target, or has another definition or owner there",
                another.plain()
            ),
            "make both sides alike and start the job again: until then nothing is granted on what the policy guards";
        NotListed =>
            "the source attaches it and does not list it",
            "create and attach it on the target by hand";
        OtherDefinitionAttached { relations: Vec<QualifiedName> } =>
            format!(
                "the target attaches one of another definition to {}, and shows other rows or values",
                list(relations.iter().map(QualifiedName::plain))
            ),
            "detach and drop it on the target, or make both alike";
        PrivilegesNotListed { names: Vec<String> } =>
            format!("it names {}, and no catalog tells what was granted TO RLS POLICY", list(names)),
            "GRANT SELECT ON … or EXECUTE ON FUNCTION … TO RLS POLICY on the target, where it was granted on the source";
        ConjunctionDiffers { source: Conjunction, target: Conjunction } =>
            format!(
                "its conjunction type is {} on the source and {} on the target",
                source.keyword(),
                target.keyword()
            ),
            "ALTER TABLE … ROW LEVEL SECURITY ON CONJUNCTION TYPE … on one of both";
        OnOnTarget =>
            "it is on on the target and off on the source: users see fewer rows",
            "ALTER TABLE … ROW LEVEL SECURITY OFF on the target";
        AttachedOnTarget =>
            "the target attaches it and the source does not: others may see other rows or values",
            "detach it on the target, or attach it on the source";
        GranteeNotThere =>
            "the grantee is neither moved nor on the target",
            "create the grantee on the target and attach the policy there";
        MayMaskUnload { policy: Identifier, grantee: Grantee } =>
            format!(
                "the masking policy {} for {} may hold for the login of the jobs, who would unload masked values",
                policy.as_str(),
                grantee.plain()
            ),
            "DETACH MASKING POLICY on the source while the tenant moves, or attach it to a role that the login does not hold";
    }
}

fn shows(relation: &QualifiedName) -> String {
    format!("it would show {} before the policies that guard it are attached on the target", relation.plain())
}

causes! {
    /// What the target grants already, and would show.
    Exposure {
        Granted { relation: QualifiedName } =>
            shows(relation),
            "REVOKE it on the target and start the job again, which grants what the source grants once they are attached";
        GrantedByDefault { relation: QualifiedName } =>
            shows(relation),
            "ALTER DEFAULT PRIVILEGES … REVOKE on the target; grant it again after the run";
    }
}
