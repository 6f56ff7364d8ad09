//! Causes of notes on schemas and what lies in them.

use super::PrivilegeCause;
use crate::catalog::{Broken, Collation, Privilege, RoutineName, SchemaKind, Securable, in_place_of};
use crate::name::{Identifier, QualifiedName};
use crate::plan::schemas::describe;
use crate::statement::Sql;
use crate::words::list;
use std::collections::BTreeSet;
use std::fmt;

causes! {
    /// Notes on the database and its schemas.
    SchemaCause {
        CollationDiffers { source: Collation, target: Collation } =>
            format!(
                "the target's is {} and the source's {}: text would compare otherwise",
                target.keyword(),
                source.keyword()
            ),
            format!("move into a database created with COLLATE {}", source.keyword());
        CaseDiffers { kept_on_source: bool } =>
            format!(
                "enable_case_sensitive_identifier is {} on the source by default and {} on the target: the tenant's own sessions read \
                 names in quotes in another way there",
                if *kept_on_source { "on" } else { "off" },
                if *kept_on_source { "off" } else { "on" }
            ),
            "set it on the target as on the source, in its parameter group or workgroup, or with ALTER USER … SET";
        CannotBeWritten =>
            "the catalog says of it what this version cannot write; its owner and rights are left out with it",
            "create it on the target by hand (CREATE EXTERNAL SCHEMA)";
        OfAnAccount { create: Sql } =>
            "it names a role, a secret or a catalog of an AWS account, which the target may not have or should not use; its \
             owner and rights are left out with it",
            format!("with what the target may use in their place, run there: {create}");
        OfAnotherDatabase { create: Sql } =>
            "it shows a database of the source's warehouse, and one of that name on the target may be another; its owner and rights are left \
             out with it",
            format!("with the database that it is to show, run on the target: {create}");
        DefaultRole =>
            "it is created, and is read there with the IAM role that is the target's default: its users read what that role may",
            "see that the role may read no more than the source's default, or REVOKE USAGE on the schema";
        Differs { source: SchemaKind, target: SchemaKind } =>
            format!("it is {} on the target and {} on the source", describe(target), describe(source)),
            "ALTER SCHEMA … QUOTA, or create it anew, on the target; it is never changed by this tool";
    }
}

causes! {
    /// Notes on tables and their columns.
    TableCause {
        IdentityIsFull { column: Identifier } =>
            format!("its identity column {} has no room left past its values", column.as_str()),
            "widen the column to BIGINT on the source";
        BecomesCompound =>
            "its sort key is interleaved, which Serverless does not have: on the target it is a compound one of the same columns, as \
             where a cluster's snapshot is restored",
            "nothing, or ALTER TABLE … ALTER COMPOUND SORTKEY with the columns in the order in which queries filter by them";
        Differs { attribute: &'static str, source: String, target: String } =>
            format!("its {attribute} differs: {target} on the target, {source} on the source"),
            "ALTER the table on the target, or make it anew; this tool changes only what loses nothing";
    }
}

const SET_KEY: &str =
    "drop or add the key on the target, where it is meant to be as on the source; the planner trusts keys";

causes! {
    /// Notes on keys.
    KeyCause {
        PointsNowhere { referenced: QualifiedName } =>
            format!("it points at {}, which is neither moved nor on the target", referenced.plain()),
            "move that schema too, or create the table on the target";
        Differs { source: String, target: String } =>
            format!("it is {target} on the target and {source} on the source"),
            SET_KEY;
        LacksColumn { column: Identifier } =>
            format!("its column {} is nullable or not there on the target", column.as_str()),
            SET_KEY;
        OnlyOnTarget { clause: String } => format!("only the target has it: {clause}"), SET_KEY;
    }
}

const BY_HAND: &str = "create it on the target by hand";

const NAMES_OF_THERE: &str = "create it on the target by hand, with the names that these relations have there, and start the job again for what needs it";

fn names_databases(relations: &BTreeSet<String>) -> String {
    format!(
        "its text names {}, which on the target may be relations of another database than is meant",
        list(relations)
    )
}

causes! {
    /// Notes on functions and procedures.
    RoutineCause {
        Unreadable => "its body cannot be read from the source's catalog", BY_HAND;
        NamesDatabases { relations: BTreeSet<String> } => names_databases(relations), NAMES_OF_THERE;
        UnknownLanguage { language: String } =>
            format!("its language is {language}, which this version does not know"),
            BY_HAND;
        CallsLambda { create: Sql } =>
            "it calls AWS Lambda by way of an IAM role of the source, which the target may not have",
            format!("create it on the target with a role of the target's, then start the job again: {create}");
        IsPython =>
            "it is written in Python, and Redshift creates no Python functions since October 30, 2025",
            "create a function of this name and these argument types on the target, in SQL or as a Lambda function, and start the \
             job again, which then creates what needs it";
        OwnerIsNoSuperuser { owner: Identifier, lacks: Vec<Lack> } =>
            format!(
                "it acts with the rights of its owner (SECURITY DEFINER), and {}",
                match lacks.as_slice() {
                    [] => format!(
                        "{}, who is a superuser on the source, is none on the target, where statements that it puts together, \
                         or that act on more than relations, may be refused",
                        owner.as_str()
                    ),
                    lacks => format!("{}: its callers are refused", without_powers(owner, lacks)),
                }
            ),
            POWERS;
        UsesProvisionedOnly { relations: Vec<Identifier> } =>
            format!("{}: it is created, and fails when it gets there", provisioned_only("uses", relations)),
            instead("CREATE OR REPLACE it on the target", relations);
        ClausesNotListed { procedures: Vec<RoutineName> } =>
            format!(
                "SHOW PROCEDURE does not tell them in a way that is understood; created without: {}",
                procedures.iter().map(RoutineName::plain).collect::<Vec<_>>().join("; ")
            ),
            "look at what SHOW PROCEDURE prints on the source; replace on the target those that have one";
    }
}

causes! {
    /// Notes on views and materialized views.
    ViewCause {
        Unreadable => "its definition cannot be read from the source's catalog", BY_HAND;
        NamesDatabases { relations: BTreeSet<String> } => names_databases(relations), NAMES_OF_THERE;
        CannotBeRefreshed { broken: Broken } =>
            format!("the source cannot refresh it any more ({broken} in what it reads): its text may no longer fit what is moved"),
            "drop it on the source, create it again there if it is still wanted, and start the job again";
        AmbiguousName { name: Identifier, schema: Identifier } =>
            format!(
                "its text names {} without a schema, which both {} and public have: the search path of who created it decided \
                 which of them it reads, and no catalog keeps that",
                name.as_str(),
                schema.as_str()
            ),
            "create it on the target by hand, or on the source once more with the schema before the name";
        OwnerNotThere { owner: Identifier } =>
            format!("its owner {} is neither moved nor on the target", owner.as_str()),
            "give it to a user of the tenant on the source, or create it on the target by hand";
        OwnerLacks { owner: Identifier, lacks: Vec<Lack> } =>
            format!(
                "its owner {} holds no {} on the source, and needs it to create the view",
                owner.as_str(),
                list(lacks)
            ),
            "GRANT it on the source and start the job again, or create the view on the target by hand";
        CreatorIsNoSuperuser { owner: Identifier, lacks: Vec<Lack> } =>
            format!("{}, and needs it to create the view", without_powers(owner, lacks)),
            "GRANT it to the user on the target and start the job again; or start it with --OWNERS target-admin, or, where the \
             user is not on the target yet, with --SUPERUSERS keep and --PASSWORDS generate";
        OwnerIsNoSuperuser { owner: Identifier, lacks: Vec<Lack> } =>
            format!("it reads with the rights of its owner, and {}: its readers are refused", without_powers(owner, lacks)),
            POWERS;
        ReadsProvisionedOnly { relations: Vec<Identifier> } =>
            provisioned_only("reads", relations),
            format!("{}, or drop it on the source", instead("create it on the target", relations));
        ReadsNothing { relation: QualifiedName } =>
            format!("it reads {}, which is neither moved nor on the target", relation.plain()),
            "move that schema too, or create the relation on the target, and start the job again";
    }
}

/// A privilege that somebody needs and does not hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lack {
    /// The privilege.
    pub privilege: Privilege,
    /// On what.
    pub on: Securable,
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let schema = if matches!(self.on, Securable::Schema(_)) { "schema " } else { "" };
        write!(f, "{} on {schema}{}", self.privilege, self.on.plain())
    }
}

/// What helps an object whose owner is a superuser on the source alone.
const POWERS: &str = "GRANT that to the user on the target, or ALTER USER … CREATEUSER there; before it is created, --OWNERS \
                      target-admin helps, and, where the user is not on the target yet, --SUPERUSERS keep with --PASSWORDS generate";

fn without_powers(owner: &Identifier, lacks: &[Lack]) -> String {
    format!(
        "{}, who is a superuser on the source, is none on the target and holds no {} there",
        owner.as_str(),
        list(lacks)
    )
}

fn provisioned_only(verb: &str, relations: &[Identifier]) -> String {
    format!("it {verb} {}, which a workgroup does not have", list(relations.iter().map(Identifier::as_str)))
}

/// How to do without these.
fn instead(what: &str, relations: &[Identifier]) -> String {
    let replaced = relations.iter().map(|name| match in_place_of(name) {
        [] => format!("without {}", name.as_str()),
        views => format!("with {} in place of {}", views.join(" or "), name.as_str()),
    });
    format!("{what} {}", list(replaced))
}

causes! {
    /// Notes on comments.
    CommentCause {
        Differs { source: String, target: String } =>
            format!("it is {target:?} on the target and {source:?} on the source"),
            "COMMENT ON it on the target, or leave it: a comment is never replaced by this tool";
        OnlyOnTarget =>
            "only the target has one",
            "COMMENT ON … IS NULL on the target, where it is not meant to be there";
    }
}

causes! {
    /// Notes on owners.
    OwnerCause {
        TargetAdmin { owner: Identifier } =>
            format!(
                "--OWNERS target-admin leaves it with another user than {}, who has there only what is granted",
                owner.as_str()
            ),
            "start the job again with --OWNERS keep, or ALTER … OWNER TO on the target";
        OfMaterializedView { source: Identifier, target: Identifier } =>
            format!(
                "the materialized view is {}'s on the target and {}'s on the source",
                target.as_str(),
                source.as_str()
            ),
            "DROP it on the target and start the job again, where only its owner is to refresh it";
        NotThere { owner: Identifier } =>
            format!("its owner {} is neither moved nor on the target", owner.as_str()),
            "ALTER … OWNER TO on the target";
        WouldWiden { widens: PrivilegeCause } =>
            format!("who may use it on the target would gain by its owner: {}", widens.reason()),
            "ALTER … OWNER TO on the target, once you have seen who may use it there";
        HoldsAnothers { object: Securable, owner: Identifier } =>
            format!(
                "on the target the schema holds {} of {}, which the source does not have, and who owns the schema may drop it with that",
                object.plain(),
                owner.as_str()
            ),
            "ALTER SCHEMA … OWNER TO on the target, once you have seen that this may be";
    }
}
