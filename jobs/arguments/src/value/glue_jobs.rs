//! Which Glue job runs which executable.

use crate::Job;
use crate::value::ValueError;

/// A job by the name that Glue knows it by: a deployment chooses that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GlueJob {
    /// The job.
    pub job: Job,
    /// Its name in Glue.
    pub name: String,
}

/// Reads `migrate-data=NAME,…`: each job at most once.
///
/// # Errors
/// An unknown job, one that comes twice, or one without a name.
pub fn parse_glue_jobs(text: &str) -> Result<Vec<GlueJob>, ValueError> {
    let mut jobs: Vec<GlueJob> = Vec::new();
    for (position, pair) in text.split(',').enumerate() {
        let (job, name) = pair.split_once('=').unwrap_or((pair, ""));
        let job = Job::ALL.into_iter().find(|known| known.name() == job.trim());
        match (job, name.trim()) {
            (Some(job), name) if !name.is_empty() && jobs.iter().all(|known| known.job != job) => {
                jobs.push(GlueJob { job, name: name.to_owned() });
            }
            _ => {
                return Err(ValueError::new(
                    format!("has no new job with its name in Glue at place {}", position + 1),
                    "give job=name for each, such as migrate-data=NAME, with commas between",
                ));
            }
        }
    }
    Ok(jobs)
}

#[cfg(test)]
mod tests {
    use super::{GlueJob, parse_glue_jobs};
    use crate::Job;

    #[test]
    fn each_job_has_a_name_of_its_own() {
        let jobs = parse_glue_jobs("migrate-data=Data-1, migrate-schema = Schema").unwrap();
        let glue = |job, name: &str| GlueJob { job, name: name.to_owned() };
        assert_eq!(jobs, [glue(Job::MigrateData, "Data-1"), glue(Job::MigrateSchema, "Schema")]);
        for text in [
            "",
            "migrate-data",
            "migrate-data=",
            "migrate=a",
            "migrate-data=a,migrate-data=b",
            "migrate-data=a,",
        ] {
            assert!(parse_glue_jobs(text).is_err(), "{text}");
        }
    }
}
