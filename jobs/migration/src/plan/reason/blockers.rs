//! Causes of notes on objects that the target cannot hold as they are, and on objects of kinds that are not moved.

use crate::transfer::NotCarried;
use crate::words::list;

causes! {
    /// What the target cannot hold as it is.
    BlockedObject {
        DiffersByCase =>
            "these names differ only by case, and on the target enable_case_sensitive_identifier is off: its sessions take \
             one for the other",
            "rename all but one on the source, or turn enable_case_sensitive_identifier on for the target";
        InterleavedSortKey =>
            "its sort key is interleaved, which Serverless does not have",
            "start the job with --INTERLEAVED compound, or ALTER TABLE … ALTER COMPOUND SORTKEY on the source";
        ProtectedWithCapitals { warehouse: &'static str } =>
            format!(
                "it has policies, and names with capitals: the {warehouse} lets such a table be read only in sessions whose \
                 enable_case_sensitive_identifier has its default, and by default that is off there"
            ),
            format!(
                "ALTER USER … SET enable_case_sensitive_identifier TO true for the login of the {warehouse}, or turn it on in its \
                 parameter group or workgroup"
            );
        ReadsAStream =>
            "it takes in a stream: the target's would lack the rows that the stream no longer keeps",
            "create it on the target first; what only the source's holds moves as a table made from it";
        TypeNotCarried { data_type: String } =>
            format!("no AWS page says that UNLOAD and COPY carry values of type {data_type}"),
            NotCarried::REMEDY;
    }
}

causes! {
    /// Objects of kinds that are not moved. A model is an object of the tenant, and functions and views call it. The others tell
    /// something outside to read or to fill the tenant: on the source they go on.
    NotMoved {
        Model =>
            "it is a machine learning model, which is not moved",
            "CREATE MODEL on the target under the same name, or DROP MODEL on the source";
        Datashare { objects: Vec<String> } =>
            format!(
                "it gives objects of the tenant to others, who go on reading the source's: {}",
                list(objects)
            ),
            "CREATE DATASHARE on the target, ALTER DATASHARE … ADD these, and GRANT USAGE to its consumers";
        CopyJob =>
            "it goes on loading on the source, and nothing loads on the target",
            "COPY … JOB CREATE on the target, once the data has moved";
        Library =>
            "Python functions may import it, which are not moved either",
            "nothing, where no function of the tenant needs it";
        Integration =>
            "it goes on filling the source's database, and nothing fills the target's",
            "create the integration with the target, where the tenant's tables are among what it fills";
        Template =>
            "statements of COPY may use it, those of the tenant's procedures too, which fail without it",
            "SHOW TEMPLATE on the source, and run on the target what it prints";
    }
}

causes! {
    /// Notes on what the catalog did not tell.
    UnreadCause {
        Section { error: String } =>
            format!("the source does not tell which there are: {}", error.trim_end_matches('.')),
            "look for those of the tenant on the source, and create them on the target by hand";
        Shown { statement: &'static str, on_target: bool, error: String } =>
            format!(
                "{statement} does not tell all of them on the {}: {}; {}",
                if *on_target { "target" } else { "source" },
                error.trim_end_matches('.'),
                if *on_target { "what stands there is not compared in them" } else { "what it does not tell of is created without" }
            ),
            format!("see what {statement} prints there and start the job again, or compare both warehouses by hand");
        Row { on_target: bool, error: String } =>
            format!(
                "on the {} the catalog says what this version cannot read: {error}",
                if *on_target { "target" } else { "source" }
            ),
            "put right on that warehouse what the row is about (a user that is gone may still hold privileges: REVOKE them), or \
             report what the query prints";
    }
}
