//! What is said about one argument. The arguments themselves are in [`crate::table`].

use crate::Job;

/// One argument of one or several jobs.
#[derive(Debug, PartialEq, Eq)]
pub struct Argument {
    /// The name without the leading `--`, as DBAs know it: upper case.
    pub name: &'static str,
    /// What it means, in one sentence.
    pub meaning: &'static str,
    /// What its value looks like.
    pub kind: ArgumentType,
    /// The value when it is not given; `None` when there is none.
    pub default: Option<&'static str>,
    /// Whether a run without it is refused.
    pub required: bool,
    /// The jobs that take it.
    pub jobs: &'static [Job],
    /// The heading in `--help` under which it stands.
    pub heading: Heading,
}

impl Argument {
    /// Whether the job takes this argument.
    pub fn is_of(&self, job: Job) -> bool {
        self.jobs.contains(&job)
    }
}

/// The form of an argument's value. The form is checked when the argument is parsed; see [`crate::value`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgumentType {
    /// `true` or `false`; the bare flag means `true`.
    Boolean,
    /// One of these words, which stand between `|`.
    Choice(&'static str),
    /// An amount of US dollars.
    Dollars,
    /// `job=NAME`, one or several: jobs by their names in Glue.
    GlueJobList,
    /// The ARN of an IAM role.
    IamRoleArn,
    /// The ARNs of IAM roles, one or several.
    IamRoleArnList,
    /// A whole number from the first to the second.
    Integer(u32, u32),
    /// The ARN of a key of AWS KMS.
    KmsKeyArn,
    /// A name of the caller's choice.
    Name,
    /// An AWS Region.
    Region,
    /// `s3://bucket`, or with something after the bucket.
    S3Uri,
    /// One schema name or several.
    SchemaList,
    /// The ARN of a secret of AWS Secrets Manager.
    SecretArn,
    /// A SHA-256 sum as 64 hexadecimal digits.
    Sha256,
    /// `table` or `schema.table`, one or several.
    TableList,
    /// `all`, or the same as [`ArgumentType::TableList`].
    TableListOrAll,
    /// Words for people, which may begin with a dash.
    Text,
    /// `name=role:namespace`, one or several: the warehouses of an environment.
    WarehouseList,
}

impl ArgumentType {
    /// The name of the type in `arguments.json`.
    pub const fn name(self) -> &'static str {
        match self {
            ArgumentType::Boolean => "boolean",
            ArgumentType::Choice(_) => "choice",
            ArgumentType::Dollars => "dollars",
            ArgumentType::GlueJobList => "glue-job-list",
            ArgumentType::IamRoleArn => "iam-role-arn",
            ArgumentType::IamRoleArnList => "iam-role-arn-list",
            ArgumentType::Integer(..) => "integer",
            ArgumentType::KmsKeyArn => "kms-key-arn",
            ArgumentType::Name => "name",
            ArgumentType::Region => "region",
            ArgumentType::S3Uri => "s3-uri",
            ArgumentType::SchemaList => "schema-list",
            ArgumentType::SecretArn => "secret-arn",
            ArgumentType::Sha256 => "sha256",
            ArgumentType::TableList => "table-list",
            ArgumentType::TableListOrAll => "table-list-or-all",
            ArgumentType::Text => "text",
            ArgumentType::WarehouseList => "warehouse-list",
        }
    }

    /// What stands for the value in `--help`.
    pub const fn placeholder(self) -> &'static str {
        match self {
            ArgumentType::Boolean => "true|false",
            ArgumentType::Choice(words) => words,
            ArgumentType::Dollars => "USD",
            ArgumentType::GlueJobList => "JOB=NAME,…",
            ArgumentType::IamRoleArn | ArgumentType::KmsKeyArn | ArgumentType::SecretArn => "ARN",
            ArgumentType::IamRoleArnList => "ARN,…",
            ArgumentType::Integer(..) => "NUMBER",
            ArgumentType::Name => "NAME",
            ArgumentType::Region => "REGION",
            ArgumentType::S3Uri => "s3://BUCKET/PREFIX",
            ArgumentType::SchemaList => "SCHEMA,SCHEMA…",
            ArgumentType::Sha256 => "HEX",
            ArgumentType::TableList => "SCHEMA.TABLE,…",
            ArgumentType::TableListOrAll => "all|SCHEMA.TABLE,…",
            ArgumentType::Text => "TEXT",
            ArgumentType::WarehouseList => "NAME=ROLE:NAMESPACE,…",
        }
    }
}

/// The headings of `--help`, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heading {
    /// What is moved.
    What,
    /// From where to where, and through which bucket.
    Where,
    /// How the run goes.
    How,
    /// What the deployment sets and nobody types.
    Deployment,
}

impl Heading {
    /// The heading's text.
    pub const fn text(self) -> &'static str {
        match self {
            Heading::What => "What is moved",
            Heading::Where => "From where, to where, and through which bucket",
            Heading::How => "How the run goes",
            Heading::Deployment => "Set by the deployment, not by hand",
        }
    }
}
