//! Causes of notes on schemas and what lies in them.

use crate::catalog::{Collation, RoutineName, SchemaKind};
use crate::name::{Identifier, QualifiedName};
use crate::plan::schemas::describe;
use crate::statement::Sql;

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
        CannotBeWritten =>
            "the catalog says of it what this version cannot write; its owner and rights are left out with it",
            "create it on the target by hand (CREATE EXTERNAL SCHEMA)";
        OfAnAccount { create: Sql } =>
            "it names a role, a secret or a catalog of an AWS account, which the target may not have or should not use; its \
             owner and rights are left out with it",
            format!("with what the target may use in their place, run there: {create}");
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

causes! {
    /// Notes on functions and procedures.
    RoutineCause {
        Unreadable => "its body cannot be read from the source's catalog", BY_HAND;
        UnknownLanguage { language: String } =>
            format!("its language is {language}, which this version does not know"),
            BY_HAND;
        CallsLambda { create: Sql } =>
            "it calls AWS Lambda by way of an IAM role of the source, which the target may not have",
            format!("create it on the target with a role of the target's, then start the job again: {create}");
        IsPython =>
            "it is written in Python, and Redshift creates no Python functions any more",
            "create a function of this name and these argument types on the target, in SQL or as a Lambda function, or drop it \
             on the source";
        // SECURITY DEFINER excludes NONATOMIC alone (`r_CREATE_PROCEDURE`).
        ClausesNotListed { procedures: Vec<RoutineName> } =>
            format!(
                "no catalog says whether a procedure has them; created without: {}",
                procedures.iter().map(RoutineName::plain).collect::<Vec<_>>().join("; ")
            ),
            "SHOW PROCEDURE on the source; replace on the target those that have one";
    }
}

causes! {
    /// Notes on views and materialized views.
    ViewCause {
        Unreadable => "its definition cannot be read from the source's catalog", BY_HAND;
        OwnerNotThere { owner: Identifier } =>
            format!("its owner {} is neither moved nor on the target", owner.as_str()),
            "give it to a user of the tenant on the source, or create it on the target by hand";
        OwnerLacksCreate { owner: Identifier, schema: Identifier } =>
            lacks(owner, &format!("CREATE on schema {}", schema.as_str())),
            GRANT_TO_OWNER;
        OwnerLacksSelect { owner: Identifier, relation: QualifiedName } =>
            lacks(owner, &format!("SELECT on {}", relation.plain())),
            GRANT_TO_OWNER;
        ReadsNothing { relation: QualifiedName } =>
            format!("it reads {}, which is neither moved nor on the target", relation.plain()),
            "move that schema too, or create the relation on the target, and start the job again";
    }
}

const GRANT_TO_OWNER: &str =
    "GRANT it on the source and start the job again, or create the view on the target by hand";

fn lacks(owner: &Identifier, privilege: &str) -> String {
    format!(
        "its owner {} holds no {privilege} on the source, and needs it to create the view",
        owner.as_str()
    )
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
    }
}
