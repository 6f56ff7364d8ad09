//! The command's arguments.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use redshift_local::{CURRENT_PATCH, EmptyUnload, Kind, Options};

/// A strict local stand-in for Amazon Redshift.
///
/// The superuser's password comes from `REDSHIFT_LOCAL_PASSWORD`, the credentials for S3 from the `AWS_*` variables.
/// Prints `ready port=<port> socket=<directory>` once clients can connect; runs until SIGTERM or SIGINT.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Arguments {
    /// Which system relations there are
    #[arg(long, value_enum)]
    kind: KindArgument,
    /// Directory of the data, the socket and the log
    #[arg(long)]
    directory: PathBuf,
    /// TCP port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Directory that holds `PostgreSQL`'s bin, lib and share
    #[arg(long)]
    postgres: PathBuf,
    /// The server's certificate chain, PEM
    #[arg(long)]
    certificate: PathBuf,
    /// The certificate's private key, PEM
    #[arg(long)]
    key: PathBuf,
    /// Name of the superuser
    #[arg(long)]
    user: String,
    /// Name of the database
    #[arg(long)]
    database: String,
    /// The warehouse's region
    #[arg(long)]
    region: String,
    /// Id of the namespace; one is made and kept, if not given
    #[arg(long)]
    namespace: Option<String>,
    /// URL where S3 and the APIs of Redshift answer, if not AWS itself
    #[arg(long)]
    aws_endpoint: Option<String>,
    /// The cluster or workgroup at that endpoint whose associated IAM roles COPY and UNLOAD may use; any role, if not given
    #[arg(long)]
    identifier: Option<String>,
    /// How many slices a parallel UNLOAD has
    #[arg(long, default_value_t = 2)]
    slices: usize,
    /// What an UNLOAD of no rows leaves in S3
    #[arg(long, value_enum, default_value_t)]
    empty_unload: EmptyUnload,
    /// Redshift's patch level
    #[arg(long, default_value_t = CURRENT_PATCH)]
    patch: u16,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum KindArgument {
    Provisioned,
    Serverless,
}

impl TryFrom<Arguments> for Options {
    type Error = anyhow::Error;

    /// Fails when the environment holds no password.
    fn try_from(arguments: Arguments) -> Result<Self> {
        Ok(Self {
            kind: match arguments.kind {
                KindArgument::Provisioned => Kind::Provisioned,
                KindArgument::Serverless => Kind::Serverless,
            },
            directory: arguments.directory,
            port: arguments.port,
            postgres: arguments.postgres,
            certificate: arguments.certificate,
            key: arguments.key,
            user: arguments.user,
            password: std::env::var("REDSHIFT_LOCAL_PASSWORD")
                .context("REDSHIFT_LOCAL_PASSWORD is not set: give the superuser's password in it")?,
            database: arguments.database,
            namespace: arguments.namespace,
            aws_endpoint: arguments.aws_endpoint,
            identifier: arguments.identifier,
            slices: arguments.slices.max(1),
            empty_unload: arguments.empty_unload,
            region: arguments.region,
            patch: arguments.patch,
        })
    }
}
