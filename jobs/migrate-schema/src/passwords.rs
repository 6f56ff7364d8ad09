//! The passwords of the users that this job creates: made or read, kept in a secret, and handed to the warehouse as a hash.

use arguments::{MigrateSchema, PasswordPolicy};
use aws::UserSecret;
use futures_util::{StreamExt, TryStreamExt, stream};
use job::{Effects, JobError, Run, Warehouses};
use migration::name::Identifier;
use migration::outcome::ErrorKind;
use migration::password::{PasswordHash, PasswordSource};
use migration::plan::{NewPassword, Passwords, Plan, Policy};
use migration::statement;
use migration::words::number_of;
use rand::SeedableRng;
use rand::distr::{Alphanumeric, SampleString};
use rand::rngs::StdRng;
use redshift::apply_plan::Confidential;
use redshift::read_password_hashes::read_password_hashes;
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;

/// Characters of a password. 8 to 64 are allowed (`r_CREATE_USER`); 40 letters and digits are 238 random bits, and need no
/// escape in a URL, a shell or a JDBC property.
const PASSWORD_CHARACTERS: usize = 40;

/// Secrets under way at once: a few, since Secrets Manager limits how many a second an account may create.
const SECRETS_AT_ONCE: usize = 8;

/// Where the passwords of new users come from.
pub enum NewPasswords {
    /// Nowhere.
    Disabled,
    /// They are made.
    Generated,
    /// The source shows these hashes.
    Hashed(BTreeMap<Identifier, PasswordHash>),
}

impl NewPasswords {
    /// What `--PASSWORDS` asks for; reads the source's hashes for that alone.
    pub async fn of<E: Effects>(
        arguments: &MigrateSchema,
        warehouses: &mut Warehouses<E>,
    ) -> Result<Self, JobError> {
        match arguments.passwords {
            PasswordPolicy::Disable => Ok(Self::Disabled),
            PasswordPolicy::Generate => Ok(Self::Generated),
            PasswordPolicy::Hash => {
                let read = async |session: &mut E::Session| {
                    let hashes = read_password_hashes(session).await;
                    hashes.map_err(|error| JobError::measuring("source", &error))
                };
                warehouses.source.read(read).await.map(Self::Hashed)
            }
        }
    }

    /// The same as the plan is told it.
    pub fn policy<E: Effects>(&self, arguments: &MigrateSchema, warehouses: &Warehouses<E>) -> Policy {
        let passwords = match self {
            Self::Disabled => Passwords::Disable,
            Self::Generated => Passwords::Generate,
            Self::Hashed(hashes) => Passwords::Hash(hashes.keys().cloned().collect()),
        };
        Policy {
            passwords,
            superusers: arguments.superusers,
            owners: arguments.owners,
            interleaved: arguments.interleaved,
            shares_principals: warehouses.direction.stays_in_warehouse(),
        }
    }

    /// The statements that give the plan's new users their passwords. A generated one is in its secret when this returns,
    /// before the warehouse hears of it: nobody has to guess it, whatever happens from here on.
    pub async fn statements<E: Effects>(
        &self,
        run: &Run<E>,
        arguments: &MigrateSchema,
        warehouses: &Warehouses<E>,
        plan: &Plan,
    ) -> Result<Confidential, JobError> {
        let target = warehouses.target.secret();
        let vault = run.effects.vault(target.arn.region(), arguments.password_kms_key.clone());
        let hash = |password: &NewPassword| {
            let password = password.clone();
            let (vault, tenant) = (&vault, run.tenant.as_str());
            async move {
                let user = password.user.as_str();
                let hash = match password.source {
                    PasswordSource::Generated => {
                        let text = UserSecret { tenant, user, target }
                            .password(vault, || generate(run.effects.random()))
                            .await?;
                        PasswordHash::of(text.expose_secret(), user)
                    }
                    PasswordSource::SourceHash => self.hash_of(&password.user)?,
                };
                let statement = statement::set_password(&password.user, &hash, password.superuser);
                Ok::<_, JobError>((password.step, statement))
            }
        };
        let hashes = stream::iter(plan.passwords.iter().map(hash));
        let statements: Confidential = hashes.buffer_unordered(SECRETS_AT_ONCE).try_collect().await?;
        let generated = |password: &&NewPassword| password.source == PasswordSource::Generated;
        let generated = plan.passwords.iter().filter(generated).count();
        if generated > 0 {
            log::info!("the passwords of {} are in Secrets Manager", number_of(generated, "new user"));
        }
        Ok(statements)
    }

    fn hash_of(&self, user: &Identifier) -> Result<PasswordHash, JobError> {
        let hash = match self {
            Self::Hashed(hashes) => hashes.get(user),
            Self::Disabled | Self::Generated => None,
        };
        hash.cloned().ok_or_else(|| {
            let cause = "the plan wants its hash, which was not read; report this as a defect";
            JobError::of(ErrorKind::Internal, format_args!("user {}", user.as_str()), cause)
        })
    }
}

/// A new password: letters of both cases and digits, as `r_CREATE_USER` wants them.
///
/// The seed is of bytes that nobody can guess, and the generator cryptographic.
fn generate(seed: [u8; 32]) -> SecretString {
    let mut random = StdRng::from_seed(seed);
    loop {
        let text = Alphanumeric.sample_string(&mut random, PASSWORD_CHARACTERS);
        let has = |class: fn(&u8) -> bool| text.bytes().any(|byte| class(&byte));
        if has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit) {
            return SecretString::from(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::generate;
    use secrecy::ExposeSecret;
    use std::collections::BTreeSet;

    #[test]
    fn passwords_are_what_redshift_takes_and_no_two_are_alike() {
        let seed = |number: u16| std::array::from_fn(|at| number.to_be_bytes()[at % 2]);
        let password = |number| generate(seed(number)).expose_secret().to_owned();
        let made: BTreeSet<String> = (0..1_000_u16).map(password).collect();
        assert_eq!(made.len(), 1_000);
        for password in made {
            assert_eq!(password.len(), 40);
            assert!(password.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{password}");
            assert!(password.bytes().any(|byte| byte.is_ascii_digit()), "{password}");
        }
    }
}
