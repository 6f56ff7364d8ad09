//! Users, groups, roles, permissions and policies.

use super::made::Made;
use super::question::{Ask, Change, Needs, Otherwise, Question, Reading, When};

pub const QUESTIONS: &[Question] = &[
    Question {
        id: "system-permission",
        asks: "Is GRANT EXPLAIN RLS TO ROLE taken as a statement of its own?",
        page: "r_GRANT",
        needs: Needs::Warehouse,
        makes: &[Made::Role("first_hour_system_permission")],
        before: &["CREATE ROLE first_hour_system_permission"],
        ask: Ask::One("GRANT EXPLAIN RLS TO ROLE first_hour_system_permission"),
        assumed: Reading { when: When::Nothing, means: "yes" },
        otherwise: &[Otherwise {
            reading: Reading { when: When::Refused(&[]), means: "no" },
            changes: Change {
                place: "jobs/migration/src/statement/grant_system_privilege.rs",
                to_do: "roles lose EXPLAIN RLS, IGNORE RLS and EXPLAIN MASKING, and the plan ends with failed steps; send the words \
                        that the message asks for",
            },
        }],
    },
    Question {
        id: "default-privileges-in-transaction",
        asks: "Do ALTER DEFAULT PRIVILEGES and a GRANT on its schema go in one transaction?",
        page: "r_ALTER_DEFAULT_PRIVILEGES, r_SVL_MULTI_STATEMENT_VIOLATIONS",
        needs: Needs::Warehouse,
        makes: &[
            Made::Schema("first_hour_default_privileges_in_transaction"),
            Made::DefaultPrivileges("first_hour_default_privileges_in_transaction"),
            Made::User("first_hour_default_privileges_in_transaction"),
        ],
        before: &[
            "CREATE SCHEMA first_hour_default_privileges_in_transaction",
            "CREATE USER first_hour_default_privileges_in_transaction PASSWORD DISABLE",
            "BEGIN",
            "GRANT CREATE ON SCHEMA first_hour_default_privileges_in_transaction TO \
             first_hour_default_privileges_in_transaction",
        ],
        ask: Ask::One(
            "ALTER DEFAULT PRIVILEGES FOR USER first_hour_default_privileges_in_transaction IN SCHEMA \
             first_hour_default_privileges_in_transaction GRANT SELECT ON TABLES TO PUBLIC",
        ),
        assumed: Reading { when: When::Nothing, means: "yes" },
        otherwise: &[Otherwise {
            reading: Reading { when: When::Refused(&[]), means: "no" },
            changes: Change {
                place: "jobs/migration/src/plan/default_privileges/create.rs",
                to_do: "default privileges of users who may not create fail; send GRANT, ALTER and REVOKE one by one, and let the \
                        next start take the right back",
            },
        }],
    },
    Question {
        id: "federated-superuser",
        asks: "Can a user whose password is disabled, as that of a role, be made a superuser?",
        page: "r_ALTER_USER, r_CREATE_USER",
        needs: Needs::Warehouse,
        makes: &[Made::User("IAMR:first_hour_federated_superuser")],
        before: &["CREATE USER \"IAMR:first_hour_federated_superuser\" PASSWORD DISABLE"],
        ask: Ask::One("ALTER USER \"IAMR:first_hour_federated_superuser\" CREATEUSER"),
        assumed: Reading { when: When::Refused(&[]), means: "no: it takes a password with it" },
        otherwise: &[Otherwise {
            reading: Reading { when: When::Nothing, means: "yes" },
            changes: Change {
                place: "jobs/job/src/connection.rs",
                to_do: "nothing breaks: what is said to a login that is no superuser need not speak of a password",
            },
        }],
    },
    Question {
        id: "group-case",
        asks: "Does a group's name in quotes keep its case in a session that does not ask for it?",
        page: "r_enable_case_sensitive_identifier",
        needs: Needs::Warehouse,
        makes: &[Made::Group("first_hour_group_case"), Made::Group("first_hour_group_Case")],
        before: &["SET enable_case_sensitive_identifier TO false", "CREATE GROUP \"first_hour_group_Case\""],
        ask: Ask::One("SELECT groname FROM pg_group WHERE LOWER(groname) = 'first_hour_group_case'"),
        assumed: Reading { when: When::Value(&["first_hour_group_Case"]), means: "yes, as a user's does" },
        otherwise: &[Otherwise {
            reading: Reading { when: When::Value(&["first_hour_group_case"]), means: "no: it is folded" },
            changes: Change {
                place: "tests/redshift-local/src/statement/fold.rs",
                to_do: "nothing breaks: the plan takes such names to fold, and names that differ by case alone stop it; have \
                        redshift-local fold them",
            },
        }],
    },
    Question {
        id: "role-case",
        asks: "Does a role's name in quotes keep its case in a session that does not ask for it?",
        page: "r_enable_case_sensitive_identifier",
        needs: Needs::Warehouse,
        makes: &[Made::Role("first_hour_role_case"), Made::Role("first_hour_role_Case")],
        before: &["SET enable_case_sensitive_identifier TO false", "CREATE ROLE \"first_hour_role_Case\""],
        ask: Ask::One("SELECT role_name FROM svv_roles WHERE LOWER(role_name) = 'first_hour_role_case'"),
        assumed: Reading { when: When::Value(&["first_hour_role_Case"]), means: "yes, as a user's does" },
        otherwise: &[Otherwise {
            reading: Reading { when: When::Value(&["first_hour_role_case"]), means: "no: it is folded" },
            changes: Change {
                place: "tests/redshift-local/src/statement/fold.rs",
                to_do: "nothing breaks: the plan takes such names to fold, and names that differ by case alone stop it; have \
                        redshift-local fold them",
            },
        }],
    },
    Question {
        id: "superuser-rows",
        asks: "Does a superuser see all rows of a table with row-level security?",
        page: "t_rls",
        needs: Needs::Warehouse,
        makes: &[Made::RowPolicy("first_hour_superuser_rows"), Made::Schema("first_hour_superuser_rows")],
        before: &[
            "CREATE SCHEMA first_hour_superuser_rows",
            "CREATE TABLE first_hour_superuser_rows.t (a VARCHAR(20))",
            "INSERT INTO first_hour_superuser_rows.t VALUES ('plain')",
            "CREATE RLS POLICY first_hour_superuser_rows WITH (a VARCHAR(20)) USING (a <> 'plain')",
            "ATTACH RLS POLICY first_hour_superuser_rows ON first_hour_superuser_rows.t TO PUBLIC",
            "ALTER TABLE first_hour_superuser_rows.t ROW LEVEL SECURITY ON",
        ],
        ask: Ask::One("SELECT COUNT(*) FROM first_hour_superuser_rows.t"),
        assumed: Reading { when: When::Value(&["1"]), means: "yes" },
        otherwise: &[Otherwise {
            reading: Reading {
                when: When::Value(&["0"]),
                means: "no: the policy holds for superusers as well",
            },
            changes: Change {
                place: "jobs/migration/src/plan/blockers/masks.rs",
                to_do: "UNLOAD leaves rows behind, and counts on the source leave them out, too; block tables with policies on rows as \
                        those with masks",
            },
        }],
    },
    Question {
        id: "superuser-masks",
        asks: "Does a mask for PUBLIC hold for a superuser?",
        page: "ddm-example, t_ddm-considerations",
        needs: Needs::Warehouse,
        makes: &[
            Made::MaskingPolicy("first_hour_superuser_masks"),
            Made::Schema("first_hour_superuser_masks"),
        ],
        before: &[
            "CREATE SCHEMA first_hour_superuser_masks",
            "CREATE TABLE first_hour_superuser_masks.t (a VARCHAR(20))",
            "INSERT INTO first_hour_superuser_masks.t VALUES ('plain')",
            "CREATE MASKING POLICY first_hour_superuser_masks WITH (a VARCHAR(20)) USING ('masked'::VARCHAR(20))",
            "ATTACH MASKING POLICY first_hour_superuser_masks ON first_hour_superuser_masks.t (a) TO PUBLIC",
        ],
        ask: Ask::One("SELECT a FROM first_hour_superuser_masks.t"),
        assumed: Reading { when: When::Value(&["masked"]), means: "yes" },
        otherwise: &[Otherwise {
            reading: Reading { when: When::Value(&["plain"]), means: "no" },
            changes: Change {
                place: "jobs/migration/src/plan/blockers/masks.rs",
                to_do: "nothing is lost, but tables with masks stop a run that could go on: the blocker may go",
            },
        }],
    },
    Question {
        id: "policy-without-columns",
        asks: "What does SVV_RLS_POLICY show for the columns of a policy that has none?",
        page: "r_SVV_RLS_POLICY",
        needs: Needs::Warehouse,
        makes: &[Made::RowPolicy("first_hour_policy_without_columns")],
        before: &["CREATE RLS POLICY first_hour_policy_without_columns USING (CURRENT_USER = 'nobody')"],
        ask: Ask::One(
            "SELECT polatts FROM svv_rls_policy WHERE polname = 'first_hour_policy_without_columns'",
        ),
        assumed: Reading { when: When::Value(&["NULL", "", "[]"]), means: "NULL, nothing or an empty list" },
        otherwise: &[Otherwise {
            reading: Reading { when: When::Rows, means: "something else" },
            changes: Change {
                place: "jobs/redshift/src/read_catalog/policies.rs",
                to_do: "the policy is listed as unread and not carried over; let decode_columns take this for none",
            },
        }],
    },
    Question {
        id: "mask-expression",
        asks: "Does SVV_MASKING_POLICY show the expression of a policy?",
        page: "r_SVV_MASKING_POLICY",
        needs: Needs::Warehouse,
        makes: &[Made::MaskingPolicy("first_hour_mask_expression")],
        before: &["CREATE MASKING POLICY first_hour_mask_expression WITH (a VARCHAR(20)) USING (UPPER(a))"],
        ask: Ask::One(
            "SELECT policy_expression FROM svv_masking_policy WHERE policy_name = 'first_hour_mask_expression'",
        ),
        assumed: Reading {
            when: When::Text("upper("),
            means: "yes, plain or in a JSON list of \"expr\" and \"type\"",
        },
        otherwise: &[Otherwise {
            reading: Reading { when: When::Rows, means: "not so that it can be read" },
            changes: Change {
                place: "jobs/redshift/src/read_catalog/policies.rs",
                to_do: "CREATE MASKING POLICY is refused on the target, and the tables that it should guard get no mask; list such \
                        policies instead",
            },
        }],
    },
    Question {
        id: "assume-role-all",
        asks: "How does SVV_IAM_PRIVILEGES list ASSUMEROLE ON ALL?",
        page: "r_SVV_IAM_PRIVILEGES, r_GRANT",
        needs: Needs::Warehouse,
        makes: &[Made::AssumedRoles("first_hour_assume_role_all"), Made::User("first_hour_assume_role_all")],
        before: &[
            "CREATE USER first_hour_assume_role_all PASSWORD DISABLE",
            "GRANT ASSUMEROLE ON ALL TO first_hour_assume_role_all FOR COPY",
        ],
        ask: Ask::One(
            "SELECT iam_arn FROM svv_iam_privileges WHERE identity_name = 'first_hour_assume_role_all'",
        ),
        assumed: Reading { when: When::Value(&["default"]), means: "as \"default\"" },
        otherwise: &[
            Otherwise {
                reading: Reading {
                    when: When::Value(&["default-aws-iam-role"]),
                    means: "as the default role",
                },
                changes: Change {
                    place: "jobs/migration/src/catalog/assume_role.rs",
                    to_do: "a right on every role arrives as one on the default role alone; read \
                     PG_GET_IAM_ROLE_BY_USER besides",
                },
            },
            Otherwise {
                reading: Reading { when: When::Rows, means: "as another text" },
                changes: Change {
                    place: "jobs/migration/src/catalog/assume_role.rs",
                    to_do: "the GRANT is refused on the target, as this text is no role's ARN; have EVERY be this text",
                },
            },
        ],
    },
    Question {
        id: "assume-role-default",
        asks: "How does SVV_IAM_PRIVILEGES list ASSUMEROLE ON DEFAULT?",
        page: "r_SVV_IAM_PRIVILEGES, r_GRANT",
        needs: Needs::Warehouse,
        makes: &[
            Made::AssumedRoles("first_hour_assume_role_default"),
            Made::User("first_hour_assume_role_default"),
        ],
        before: &[
            "CREATE USER first_hour_assume_role_default PASSWORD DISABLE",
            "GRANT ASSUMEROLE ON DEFAULT TO first_hour_assume_role_default FOR COPY",
        ],
        ask: Ask::One(
            "SELECT iam_arn FROM svv_iam_privileges WHERE identity_name = 'first_hour_assume_role_default'",
        ),
        assumed: Reading {
            when: When::Value(&["default-aws-iam-role"]),
            means: "as \"default-aws-iam-role\"",
        },
        otherwise: &[
            Otherwise {
                reading: Reading { when: When::Value(&["default"]), means: "as \"default\"" },
                changes: Change {
                    place: "jobs/migration/src/catalog/assume_role.rs",
                    to_do: "a right on the default role arrives as one on every role, which is wider: let such rights \
                     stop the run until it can be told from ON ALL",
                },
            },
            Otherwise {
                reading: Reading { when: When::Rows, means: "as another text" },
                changes: Change {
                    place: "jobs/migration/src/catalog/assume_role.rs",
                    to_do: "the GRANT is refused on the target, as this text is no role's ARN; have DEFAULT be this text",
                },
            },
        ],
    },
];
