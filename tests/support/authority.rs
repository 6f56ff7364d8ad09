//! The certificate authority of all tests: every warehouse's certificate is by it, every client trusts it.

use crate::environment::{fresh_folder, shared_folder};
use anyhow::{Result, anyhow};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Where it is kept.
const FOLDER: &str = "authority";
const CERTIFICATE: &str = "authority.pem";
const KEY: &str = "authority-key.pem";

/// An authority that exists as long as the tests run.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    file: PathBuf,
}

impl Authority {
    /// The authority: the tests' common one, or one that is made when it is first asked for.
    pub fn shared() -> Result<&'static Self> {
        static SHARED: OnceLock<Result<Authority, String>> = OnceLock::new();
        let shared = SHARED.get_or_init(|| {
            let found = shared_folder(FOLDER).map_or_else(Self::make, |folder| Self::read(&folder));
            found.map_err(|error| format!("{error:#}"))
        });
        shared.as_ref().map_err(|error| anyhow!("no certificate authority: {error}"))
    }

    fn make() -> Result<Self> {
        let (folder, key) = (fresh_folder(FOLDER)?, KeyPair::generate()?);
        std::fs::write(folder.join(CERTIFICATE), parameters().self_signed(&key)?.pem())?;
        std::fs::write(folder.join(KEY), key.serialize_pem())?;
        Self::read(&folder)
    }

    fn read(folder: &Path) -> Result<Self> {
        let key = KeyPair::from_pem(&std::fs::read_to_string(folder.join(KEY))?)?;
        Ok(Self { issuer: Issuer::new(parameters(), key), file: folder.join(CERTIFICATE) })
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

fn parameters() -> CertificateParams {
    let mut parameters = CertificateParams::default();
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    // A certificate whose issuer has its own name would be taken for self-signed.
    parameters.distinguished_name.push(DnType::CommonName, "redshift-local test authority");
    parameters
}
