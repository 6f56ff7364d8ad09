//! What `--PREFLIGHT` sends: the smallest UNLOAD and COPY (`r_UNLOAD`, `r_COPY`). The table is the session's own and goes with it
//! (`r_CREATE_TABLE_NEW`, TEMPORARY).

use super::Sql;
use crate::name::Literal;

/// The files of one row, and how a warehouse gets at them.
#[derive(Clone, Copy, Debug)]
pub struct Probe<'a> {
    /// The URL that the files' names begin with, ending in a slash.
    pub prefix_url: &'a str,
    /// The role that the warehouse writes or reads S3 with.
    pub iam_role: &'a str,
    /// The bucket's Region, where it is not the warehouse's.
    pub region: Option<&'a str>,
}

impl Probe<'_> {
    fn region(&self) -> String {
        self.region.map(|region| format!("\nREGION {}", Literal::text(region))).unwrap_or_default()
    }
}

/// Writes one row, with a manifest.
pub fn unload_probe(probe: Probe<'_>, kms_key: Option<&str>) -> Sql {
    let kms_key =
        kms_key.map(|key| format!("\nKMS_KEY_ID {} ENCRYPTED", Literal::text(key))).unwrap_or_default();
    Sql::rendered(format!(
        "UNLOAD ('SELECT 1 AS a')\nTO {}\nIAM_ROLE {}\nFORMAT AS CSV\nMANIFEST{}{kms_key}",
        Literal::text(probe.prefix_url),
        Literal::text(probe.iam_role),
        probe.region(),
    ))
}

/// Makes the table that the row goes into.
pub fn create_probe() -> Sql {
    Sql::constant("CREATE TEMPORARY TABLE redshift_tenant_migration_preflight (a INTEGER)")
}

/// Loads what [`unload_probe`] wrote.
pub fn copy_probe(probe: Probe<'_>) -> Sql {
    Sql::rendered(format!(
        "COPY redshift_tenant_migration_preflight\nFROM {}\nIAM_ROLE {}\nMANIFEST\nFORMAT AS CSV{}",
        Literal::text(format!("{}manifest", probe.prefix_url)),
        Literal::text(probe.iam_role),
        probe.region(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_row_goes_and_comes() {
        let here =
            Probe { prefix_url: "s3://b/o'x/", iam_role: "arn:aws:iam::123456789012:role/r", region: None };
        let elsewhere = Probe { region: Some("eu-west-1"), ..here };
        insta::assert_snapshot!(unload_probe(elsewhere, Some("arn:aws:kms:eu-west-1:123456789012:key/k")), @r"
        UNLOAD ('SELECT 1 AS a')
        TO 's3://b/o''x/'
        IAM_ROLE 'arn:aws:iam::123456789012:role/r'
        FORMAT AS CSV
        MANIFEST
        REGION 'eu-west-1'
        KMS_KEY_ID 'arn:aws:kms:eu-west-1:123456789012:key/k' ENCRYPTED
        ");
        insta::assert_snapshot!(copy_probe(here), @r"
        COPY redshift_tenant_migration_preflight
        FROM 's3://b/o''x/manifest'
        IAM_ROLE 'arn:aws:iam::123456789012:role/r'
        MANIFEST
        FORMAT AS CSV
        ");
        assert!(copy_probe(elsewhere).as_str().ends_with("\nREGION 'eu-west-1'"));
        assert!(unload_probe(here, None).as_str().ends_with("\nMANIFEST"));
    }
}
