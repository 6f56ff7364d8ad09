//! The certificate authority of all tests of the binary: every warehouse's certificate is by it, every client trusts it.

use crate::environment::fresh_folder;
use anyhow::{Result, anyhow};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// An authority that exists as long as the tests run.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    file: PathBuf,
}

impl Authority {
    /// The authority, made when it is first asked for.
    pub fn shared() -> Result<&'static Self> {
        static SHARED: OnceLock<Result<Authority, String>> = OnceLock::new();
        let shared = SHARED.get_or_init(|| Self::make().map_err(|error| format!("{error:#}")));
        shared.as_ref().map_err(|error| anyhow!("no certificate authority: {error}"))
    }

    fn make() -> Result<Self> {
        let mut parameters = CertificateParams::default();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // A certificate whose issuer has its own name would be taken for self-signed.
        parameters.distinguished_name.push(DnType::CommonName, "redshift-local test authority");
        let issuer = CertifiedIssuer::self_signed(parameters, KeyPair::generate()?)?;
        let file = fresh_folder("authority")?.join("authority.pem");
        std::fs::write(&file, issuer.pem())?;
        Ok(Self { issuer, file })
    }

    /// Its certificate, PEM: what a client is to trust.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Writes a certificate for these host names and its key into a directory; gives both files' paths.
    pub fn certify(&self, names: Vec<String>, directory: &Path) -> Result<(PathBuf, PathBuf)> {
        let key = KeyPair::generate()?;
        let certificate = CertificateParams::new(names)?.signed_by(&key, &self.issuer)?;
        let files = (directory.join("certificate.pem"), directory.join("key.pem"));
        std::fs::write(&files.0, certificate.pem())?;
        std::fs::write(&files.1, key.serialize_pem())?;
        Ok(files)
    }
}
