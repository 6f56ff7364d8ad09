//! How a namespace writes its roles: `IamRole(applyStatus=in-sync, iamRoleArn=arn:…)`, a form that no page
//! describes but every answer has. What cannot be read is an error, for a role left out of the next update
//! would be taken away.

use migration::outcome::ErrorKind;

use super::{ApplyStatus, Association};
use crate::AwsError;

/// Reads one role of a namespace; a bare ARN counts as in use.
pub(super) fn parse_namespace_role(text: &str, warehouse: &str) -> Result<Association, AwsError> {
    if text.starts_with("arn:") {
        return Ok(Association { role: text.to_owned(), status: ApplyStatus::InSync });
    }
    let fields = text.strip_prefix("IamRole(").and_then(|rest| rest.strip_suffix(')'));
    let field = |name: &str| {
        let pairs = fields?.split(',').filter_map(|pair| pair.trim().split_once('='));
        pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    };
    match (field("iamRoleArn"), field("applyStatus")) {
        (Some(role), Some(status)) => {
            Ok(Association { role: role.to_owned(), status: ApplyStatus::from_word(status, warehouse)? })
        }
        _ => Err(AwsError::new(
            ErrorKind::Unsupported,
            format!(
                "a role of {warehouse} is written in a form that is not known; associate the role by hand"
            ),
        )),
    }
}

impl ApplyStatus {
    /// Reads a status.
    pub(super) fn from_word(word: &str, warehouse: &str) -> Result<Self, AwsError> {
        match word {
            "in-sync" => Ok(Self::InSync),
            "adding" => Ok(Self::Adding),
            "removing" => Ok(Self::Removing),
            _ => Err(AwsError::new(
                ErrorKind::Unsupported,
                format!("a role of {warehouse} has the unknown status {word}; associate the role by hand"),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ApplyStatus, parse_namespace_role};

    #[test]
    fn reads_both_forms() {
        let role = "arn:aws:iam::123456789012:role/x=y@z";
        for (text, status) in [
            (format!("IamRole(applyStatus=in-sync, iamRoleArn={role})"), ApplyStatus::InSync),
            (format!("IamRole(iamRoleArn={role}, applyStatus=adding)"), ApplyStatus::Adding),
            (format!("IamRole(applyStatus=removing,iamRoleArn={role})"), ApplyStatus::Removing),
            (role.to_owned(), ApplyStatus::InSync),
        ] {
            let association = parse_namespace_role(&text, "w").unwrap();
            assert_eq!((association.role.as_str(), association.status), (role, status), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        for text in
            ["", "IamRole()", "IamRole(iamRoleArn=arn:x)", "IamRole(applyStatus=odd, iamRoleArn=arn:x)", "x"]
        {
            assert!(parse_namespace_role(text, "w").is_err(), "{text}");
        }
    }
}
