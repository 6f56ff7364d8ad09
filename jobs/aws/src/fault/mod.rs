//! From the SDK's errors to ours: which kind it is, and one line that says what to do.

use std::error::Error;

use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use migration::outcome::ErrorKind;

use crate::AwsError;

mod code;

use code::{Meaning, meaning};

/// A call to AWS, as an error message speaks of it.
pub(crate) struct Call<'a> {
    /// What is being done, with its object: "reading the secret arn:…".
    pub(crate) doing: &'a str,
    /// The service: "Secrets Manager".
    pub(crate) service: &'static str,
    /// The IAM action it needs: "secretsmanager:GetSecretValue".
    pub(crate) action: &'static str,
    /// What to do when the object is not there: "create it, or correct --SOURCE_SECRET_ARN".
    pub(crate) if_absent: &'static str,
}

impl Call<'_> {
    /// Turns the SDK's error into ours.
    pub(crate) fn failed<E>(&self, error: &SdkError<E, HttpResponse>) -> AwsError
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let (doing, service) = (self.doing, self.service);
        match error {
            SdkError::ServiceError(refusal) => {
                let status = refusal.raw().status().as_u16();
                self.refused(refusal.err().code(), refusal.err().message(), status)
            }
            SdkError::TimeoutError(_) => AwsError::new(
                ErrorKind::Unreachable,
                format!(
                    "{doing}: {service} did not answer in time; check the job's network and AWS_ENDPOINT_URL"
                ),
            ),
            SdkError::DispatchFailure(failure) if failure.is_other() || failure.is_user() => {
                AwsError::configuration(format!(
                    "{doing}: the request could not be made ({}); check the job's role, its AWS credentials and Region",
                    innermost(error)
                ))
            }
            SdkError::DispatchFailure(_) | SdkError::ResponseError(_) => AwsError::new(
                ErrorKind::Unreachable,
                format!(
                    "{doing}: {service} could not be reached ({}); check the job's network and AWS_ENDPOINT_URL",
                    innermost(error)
                ),
            ),
            _ => AwsError::configuration(format!(
                "{doing}: the request could not be made ({}); check the job's role, its AWS credentials and Region",
                innermost(error)
            )),
        }
    }

    /// The error for an answer that refuses.
    pub(crate) fn refused(&self, code: Option<&str>, message: Option<&str>, status: u16) -> AwsError {
        let Call { doing, service, action, if_absent } = self;
        let code =
            code.filter(|code| !code.is_empty()).map_or_else(|| format!("HTTP {status}"), str::to_owned);
        let said = match message {
            Some(message) if !message.is_empty() => format!("{code}: {}", on_one_line(message)),
            _ => code.clone(),
        };
        match meaning(&code, status) {
            Meaning::Absent => {
                AwsError::configuration(format!("{doing}: it is not there ({said}); {if_absent}"))
            }
            Meaning::Denied => AwsError::new(
                ErrorKind::Denied,
                format!("{doing}: access is denied ({said}); allow the job's role {action}"),
            ),
            Meaning::BadCredentials => AwsError::new(
                ErrorKind::Denied,
                format!(
                    "{doing}: {service} does not accept the job's AWS credentials ({said}); check the job's role"
                ),
            ),
            Meaning::Throttled => AwsError::new(
                ErrorKind::Throttled,
                format!("{doing}: too many requests to {service} ({said}); try again later"),
            ),
            Meaning::Conflict => AwsError::new(
                ErrorKind::Conflict,
                format!(
                    "{doing}: something else is being changed at the same time ({said}); try again later"
                ),
            ),
            Meaning::Outage => AwsError::new(
                ErrorKind::Unreachable,
                format!("{doing}: {service} failed ({said}); try again later"),
            ),
            Meaning::Other => AwsError::configuration(format!(
                "{doing}: {service} refuses it ({said}); correct what it names"
            )),
        }
    }
}

/// The last of a chain of causes: the one that says something ("Connection refused"). Of that its first
/// sentence: the search for credentials goes on to list every place where there were none.
fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    let text = on_one_line(&cause.to_string());
    text.split_once(". ").map_or(text.clone(), |(first, _)| first.to_owned())
}

/// A text with its line breaks made blanks and without its full stop: it becomes a part of our one line.
fn on_one_line(text: &str) -> String {
    text.trim_end_matches('.').split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use migration::outcome::ErrorKind;

    use super::Call;

    const CALL: Call<'static> = Call {
        doing: "reading the secret x",
        service: "Secrets Manager",
        action: "secretsmanager:GetSecretValue",
        if_absent: "create it",
    };

    #[test]
    fn a_refusal_is_one_line_with_cause_and_remedy() {
        let cases = [
            (
                Some("ResourceNotFoundException"),
                Some("can't find\nthe secret"),
                400,
                ErrorKind::Configuration,
            ),
            (Some("AccessDeniedException"), Some("not authorized"), 400, ErrorKind::Denied),
            (Some("ThrottlingException"), Some("Rate exceeded"), 400, ErrorKind::Throttled),
            (Some("InvalidClusterState"), None, 400, ErrorKind::Conflict),
            (None, None, 503, ErrorKind::Unreachable),
            (Some(""), Some(""), 403, ErrorKind::Denied),
            (Some("ValidationException"), Some("bad name"), 400, ErrorKind::Configuration),
            (Some("UnrecognizedClientException"), Some("bad token"), 400, ErrorKind::Denied),
        ];
        let mut lines = Vec::new();
        for (code, message, status, kind) in cases {
            let error = CALL.refused(code, message, status);
            assert_eq!(error.kind, kind, "{error}");
            assert_eq!(error.to_string().lines().count(), 1);
            lines.push(error.to_string());
        }
        insta::assert_snapshot!(lines.join("\n"));
    }
}
