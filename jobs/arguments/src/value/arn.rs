//! Amazon Resource Names: an IAM role's, a secret's, a KMS key's.
//!
//! Source: IAM User Guide, page `reference-arns` (`arn:partition:service:region:account:resource`).

use std::fmt;
use std::str::FromStr;

use crate::value::region::is_region;
use crate::value::{Region, ValueError};

/// The partitions in which Redshift is offered to the public.
const PARTITIONS: [&str; 3] = ["aws", "aws-cn", "aws-us-gov"];

/// The ARN of an IAM role, such as `arn:aws:iam::123456789012:role/path/name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IamRoleArn(String);

impl IamRoleArn {
    /// The ARN.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for IamRoleArn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for IamRoleArn {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        // A comma may stand in a role's name; behind one of these it is a list that is not understood.
        let ends_list = text.ends_with(',') || text.ends_with(",default");
        let is_role = !ends_list
            && Parts::of(text).is_some_and(|arn| {
                // IAM is global: its ARNs name no Region.
                arn.service == "iam"
                    && arn.region.is_empty()
                    && names_one(arn.resource, "role/", is_role_character)
            });
        if is_role {
            Ok(Self(text.to_owned()))
        } else {
            Err(ValueError::new(
                "is not the ARN of an IAM role",
                "give it as arn:aws:iam::ACCOUNT:role/NAME, with aws-cn or aws-us-gov in those partitions",
            ))
        }
    }
}

/// The role that a warehouse assumes, or a chain of roles: it assumes the first, and each role the next one, for a bucket of another
/// account (Management Guide, `authorizing-redshift-service-chaining-roles`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IamRoleChain {
    text: String,
    first: IamRoleArn,
}

impl IamRoleChain {
    /// The ARNs as COPY and UNLOAD take them, with commas between.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The role that is to be associated with the warehouses.
    pub fn first(&self) -> &IamRoleArn {
        &self.first
    }
}

impl FromStr for IamRoleChain {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let roles = parse_roles(text)?;
        let arns: Vec<&str> = roles.iter().map(IamRoleArn::as_str).collect();
        let text = arns.join(",");
        let first = roles.into_iter().next().expect("a text has a first part");
        Ok(Self { text, first })
    }
}

/// Reads the ARNs of roles, with commas between.
///
/// # Errors
/// One of them is none.
pub fn parse_roles(text: &str) -> Result<Vec<IamRoleArn>, ValueError> {
    // A role's name may hold commas, but no colon.
    let starts = text.match_indices(",arn:").map(|(at, _)| at + 1);
    let ends = starts.clone().map(|start| start - 1).chain([text.len()]);
    std::iter::once(0).chain(starts).zip(ends).map(|(start, end)| text[start..end].trim().parse()).collect()
}

/// The ARN of a secret, such as `arn:aws:secretsmanager:eu-central-1:123456789012:secret:name-AbCdEf`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretArn {
    text: String,
    region: Region,
}

impl SecretArn {
    /// The ARN.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The Region that holds the secret, which need not be the job's.
    pub fn region(&self) -> &Region {
        &self.region
    }
}

impl fmt::Display for SecretArn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl FromStr for SecretArn {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        Parts::of(text)
            .filter(|arn| arn.service == "secretsmanager" && is_region(arn.region))
            .filter(|arn| names_one(arn.resource, "secret:", is_secret_character))
            .and_then(|arn| arn.region.parse().ok())
            .map(|region| Self { text: text.to_owned(), region })
            .ok_or_else(|| {
                ValueError::new(
                    "is not the ARN of a secret",
                    "give it as Secrets Manager shows it: arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME",
                )
            })
    }
}

/// The ARN of a key of AWS KMS or of an alias: `arn:aws:kms:eu-central-1:123456789012:key/1234abcd-…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KmsKeyArn(String);

impl KmsKeyArn {
    /// The ARN.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KmsKeyArn {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let is_key = Parts::of(text).is_some_and(|arn| {
            arn.service == "kms"
                && is_region(arn.region)
                && ["key/", "alias/"].iter().any(|kind| names_one(arn.resource, kind, is_key_character))
        });
        if is_key {
            Ok(Self(text.to_owned()))
        } else {
            Err(ValueError::new(
                "is not the ARN of a KMS key",
                "give it as arn:aws:kms:REGION:ACCOUNT:key/ID, or with alias/NAME",
            ))
        }
    }
}

/// The parts of an ARN of a known partition and with an account.
struct Parts<'a> {
    service: &'a str,
    region: &'a str,
    resource: &'a str,
}

impl<'a> Parts<'a> {
    /// Splits an ARN; `None` when it is none.
    fn of(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let mut next = || parts.next();
        let (arn, partition, service, region, account, resource) =
            (next()?, next()?, next()?, next()?, next()?, next()?);
        let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        (arn == "arn" && PARTITIONS.contains(&partition) && is_account).then_some(Self {
            service,
            region,
            resource,
        })
    }
}

/// Whether a resource is the prefix and then a name of allowed characters only.
fn names_one(resource: &str, prefix: &str, allowed: fn(char) -> bool) -> bool {
    resource.strip_prefix(prefix).is_some_and(|name| !name.is_empty() && name.chars().all(allowed))
}

/// A character of a role's path and name (IAM User Guide, `reference_iam-quotas`; of a path only what needs
/// no escape).
fn is_role_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || "+=,.@_-/".contains(character)
}

/// A character of a secret's name (Secrets Manager API Reference, `CreateSecret`).
fn is_secret_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || "/_+=.@!-".contains(character)
}

/// A character of a key's id and of an alias (KMS API Reference, `CreateAlias`).
fn is_key_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || "/_-".contains(character)
}

#[cfg(test)]
mod tests {
    use super::{IamRoleArn, IamRoleChain, KmsKeyArn, SecretArn};

    #[test]
    fn knows_a_key_and_an_alias() {
        let key = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
        assert_eq!(key.parse::<KmsKeyArn>().unwrap().as_str(), key);
        assert!("arn:aws:kms:eu-central-1:123456789012:alias/tenants".parse::<KmsKeyArn>().is_ok());
        for text in
            ["", "alias/tenants", "arn:aws:kms::123456789012:key/x", "arn:aws:iam::123456789012:role/x"]
        {
            assert!(text.parse::<KmsKeyArn>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_chain_of_roles_begins_with_the_one_that_warehouses_have() {
        let (one, other) = ("arn:aws:iam::123456789012:role/a,b", "arn:aws:iam::210987654321:role/b");
        let chain = format!("{one},{other}");
        let parsed: IamRoleChain = chain.parse().unwrap();
        assert_eq!((parsed.first().as_str(), parsed.as_str()), (one, &*chain));
        let alone: IamRoleChain = one.parse().unwrap();
        assert_eq!((alone.first().as_str(), alone.as_str()), (one, one));
        for text in [
            "",
            "default",
            "arn:aws:iam::123456789012:role/a,default",
            ",arn:aws:iam::123456789012:role/a",
            "arn:aws:iam::123456789012:role/a,arn:",
        ] {
            assert!(text.parse::<IamRoleChain>().is_err(), "{text}");
        }
    }

    #[test]
    fn knows_a_role_in_every_partition() {
        for text in [
            "arn:aws:iam::123456789012:role/RedshiftS3",
            "arn:aws-cn:iam::123456789012:role/service-role/a.b@c",
            "arn:aws-us-gov:iam::123456789012:role/x",
        ] {
            assert_eq!(text.parse::<IamRoleArn>().unwrap().as_str(), text);
        }
        for text in [
            "",
            "RedshiftS3",
            "default",
            "arn:aws:iam::123456789012:user/x",
            "arn:aws:iam::123456789012:role/",
            "arn:aws:iam::12345:role/x",
            "arn:aws:iam:eu-central-1:123456789012:role/x",
            "arn:awx:iam::123456789012:role/x",
            "arn:aws:iam::123456789012:role/x'y",
            "arn:aws:iam::123456789012:role/a,arn:aws:iam::123456789012:role/b",
        ] {
            assert!(text.parse::<IamRoleArn>().is_err(), "{text}");
        }
    }

    #[test]
    fn knows_a_secret_and_its_region() {
        let secret: SecretArn =
            "arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/source!x-AbCdEf".parse().unwrap();
        assert_eq!(secret.region().as_str(), "eu-central-1");
        for text in [
            "",
            "prod/source",
            "arn:aws:secretsmanager::123456789012:secret:x",
            "arn:aws:ssm:eu-central-1:123456789012:parameter/x",
            "arn:aws:secretsmanager:eu-central-1:123456789012:secret:",
        ] {
            assert!(text.parse::<SecretArn>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_error_does_not_hold_the_value() {
        let error = r#"{"password":"Hunter2"}"#.parse::<SecretArn>().unwrap_err();
        assert!(!error.to_string().contains("Hunter2"));
    }
}
