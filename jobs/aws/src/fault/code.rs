//! What an error code of AWS means.
//!
//! Source: the page "CommonErrors" of each service's API Reference, S3's "ErrorResponses", and the errors
//! listed with each action. The query protocol (Redshift) leaves the ending `Fault` or `Exception` off some
//! codes, the JSON protocol keeps it: both are known.

/// What a refusal means to the one who called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// What was named does not exist.
    Absent,
    /// The caller is known, but may not.
    Denied,
    /// The caller is not known.
    BadCredentials,
    /// Too many requests.
    Throttled,
    /// Something else changes it at the same time.
    Conflict,
    /// The service itself failed.
    Outage,
    /// Anything else: the request is not what the service wants.
    Other,
}

/// The meaning of a code, and of the HTTP status where the code tells nothing.
pub(super) fn meaning(code: &str, status: u16) -> Meaning {
    let code = code.trim_end_matches("Exception").trim_end_matches("Fault");
    match code {
        "AccessDenied"
        | "AccessDeniedByKMS"
        | "AllAccessDisabled"
        | "DecryptionFailure"
        | "NotAuthorized"
        | "UnauthorizedOperation" => Meaning::Denied,
        "ExpiredToken"
        | "IncompleteSignature"
        | "InvalidAccessKeyId"
        | "InvalidClientTokenId"
        | "InvalidSignature"
        | "MissingAuthenticationToken"
        | "OptInRequired"
        | "RequestExpired"
        | "SignatureDoesNotMatch"
        | "UnrecognizedClient" => Meaning::BadCredentials,
        "LimitExceeded"
        | "RequestLimitExceeded"
        | "SlowDown"
        | "Throttling"
        | "ThrottlingFailure"
        | "TooManyRequests" => Meaning::Throttled,
        "Conflict" | "InvalidClusterState" | "OperationAborted" | "ResourceInUse" => Meaning::Conflict,
        "InternalFailure"
        | "InternalServer"
        | "InternalServerError"
        | "InternalService"
        | "InternalServiceError"
        | "ServiceUnavailable" => Meaning::Outage,
        "ClusterNotFound" | "EntityNotFound" | "NoSuchBucket" | "NoSuchKey" | "NotFound"
        | "ResourceNotFound" => Meaning::Absent,
        _ => by_status(status),
    }
}

/// The meaning of an HTTP status.
fn by_status(status: u16) -> Meaning {
    match status {
        401 => Meaning::BadCredentials,
        403 => Meaning::Denied,
        404 => Meaning::Absent,
        409 => Meaning::Conflict,
        429 => Meaning::Throttled,
        500.. => Meaning::Outage,
        _ => Meaning::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::{Meaning, meaning};

    #[test]
    fn both_spellings_of_a_code_mean_the_same() {
        for code in [
            "ClusterNotFound",
            "ClusterNotFoundFault",
            "EntityNotFoundException",
            "ResourceNotFoundException",
        ] {
            assert_eq!(meaning(code, 400), Meaning::Absent, "{code}");
        }
        for code in ["InvalidClusterState", "InvalidClusterStateFault", "ConflictException"] {
            assert_eq!(meaning(code, 400), Meaning::Conflict, "{code}");
        }
    }

    #[test]
    fn an_unknown_code_is_judged_by_its_status() {
        assert_eq!(meaning("Strange", 404), Meaning::Absent);
        assert_eq!(meaning("Strange", 502), Meaning::Outage);
        assert_eq!(meaning("Strange", 400), Meaning::Other);
    }
}
