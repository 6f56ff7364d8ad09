//! Temporary database credentials, for a warehouse whose secret has no password.
//!
//! Sources: Redshift API Reference, `GetClusterCredentials`; Redshift Serverless API Reference, `GetCredentials`; Management
//! Guide, page `generating-iam-credentials-cli-api`. They are fetched for each connection: they expire, a session does not.

use migration::outcome::ErrorKind;
use secrecy::SecretString;

use crate::fault::Call;
use crate::{AwsError, Config, Warehouse};

/// How long credentials are good for logging in: the shortest there is, since they are used at once.
const DURATION_SECONDS: i32 = 900;

/// A user and a password, as they came: the user's name has a prefix, such as `IAM:` or `IAMR:`, which belongs to it.
#[derive(Clone, Debug)]
pub struct TemporaryCredentials {
    /// Whom to log in as.
    pub user: String,
    /// With which password.
    pub password: SecretString,
}

/// Fetches credentials: of a cluster for its database user `user`, who must exist; of a workgroup for the job's own role.
///
/// # Errors
/// The service refuses or cannot be reached, or a cluster's user is not named.
pub async fn temporary_credentials(
    config: &Config,
    warehouse: &Warehouse,
    user: Option<&str>,
    database: &str,
) -> Result<TemporaryCredentials, AwsError> {
    let (user, password) = match warehouse {
        Warehouse::Cluster { identifier, region } => {
            let doing = format!("fetching temporary credentials of the cluster {identifier}");
            let Some(user) = user else {
                return Err(AwsError::configuration(format!(
                    "{doing}: its secret names neither a password nor a user; add username, or both"
                )));
            };
            let call = Call {
                doing: &doing,
                service: "Redshift",
                action: "redshift:GetClusterCredentials on the cluster's dbuser and dbname",
                if_absent: "correct cluster_identifier in the warehouse's secret, or add it",
            };
            let client = aws_sdk_redshift::Client::new(&config.sdk_in(region.as_ref()));
            let request = client
                .get_cluster_credentials()
                .cluster_identifier(identifier)
                .db_user(user)
                .db_name(database)
                .auto_create(false)
                .duration_seconds(DURATION_SECONDS);
            let answer = request.send().await.map_err(|error| call.failed(&error))?;
            (answer.db_user, answer.db_password)
        }
        Warehouse::Workgroup { name, region } => {
            let doing = format!("fetching temporary credentials of the workgroup {name}");
            let call = Call {
                doing: &doing,
                service: "Redshift Serverless",
                action: "redshift-serverless:GetCredentials on the workgroup",
                if_absent: "correct workgroup in the warehouse's secret, or add it",
            };
            let client = aws_sdk_redshiftserverless::Client::new(&config.sdk_in(region.as_ref()));
            let request = client.get_credentials().workgroup_name(name).db_name(database);
            let answer = request
                .duration_seconds(DURATION_SECONDS)
                .send()
                .await
                .map_err(|error| call.failed(&error))?;
            (answer.db_user, answer.db_password)
        }
    };
    match (user, password) {
        (Some(user), Some(password)) => {
            Ok(TemporaryCredentials { user, password: SecretString::from(password) })
        }
        (None, _) | (_, None) => Err(AwsError::new(
            ErrorKind::Internal,
            "temporary credentials came without a user or a password; report this as a defect",
        )),
    }
}
