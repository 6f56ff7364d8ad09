//! A generated tenant of any size, in the proportions of a large one: for 1,000 tables 200 views, 50 routines, 200 users, 40 groups,
//! 20 roles and 10,000 grants.

use anyhow::Result;
use migration_tests::warehouse::TestWarehouse;

/// The tenant's schema, and the beginning of its principals' names.
pub const SCHEMA: &str = "big";

const GRANTS_A_TABLE: usize = 10;

/// Statements a message while loading: few round trips, and locks for far fewer tables than PostgreSQL has room for.
const STATEMENTS_A_MESSAGE: usize = 200;

/// Drops the tenant and its principals, a hundred relations a transaction.
pub const DROP: &str = "DO $$ DECLARE name text; done int := 0; BEGIN \
    FOR name IN SELECT format('%s IF EXISTS big.%I', CASE relkind WHEN 'r' THEN 'TABLE' ELSE 'VIEW' END, relname) \
        FROM pg_catalog.pg_class WHERE relnamespace = to_regnamespace('big') AND relkind IN ('r', 'v') LOOP \
        EXECUTE format('DROP %s CASCADE', name); done := done + 1; \
        IF done % 100 = 0 THEN COMMIT; END IF; \
    END LOOP; \
    DROP SCHEMA IF EXISTS big CASCADE; \
    FOR name IN SELECT rolname FROM pg_catalog.pg_roles WHERE rolname ~ '^((group|role) )?big_' LOOP \
        EXECUTE format('DROP OWNED BY %I', name); EXECUTE format('DROP ROLE %I', name); \
    END LOOP; END $$";

/// How large.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Tables; all else follows.
    pub tables: usize,
}

impl Size {
    fn views(self) -> usize {
        self.tables / 5
    }

    fn routines(self) -> usize {
        self.tables / 20
    }

    fn users(self) -> usize {
        self.tables / 5
    }

    fn groups(self) -> usize {
        self.tables / 25
    }

    fn roles(self) -> usize {
        self.tables / 50
    }

    /// Loads the tenant.
    pub async fn load(self, warehouse: &TestWarehouse) -> Result<()> {
        let client = warehouse.connect().await?;
        for message in self.statements().chunks(STATEMENTS_A_MESSAGE) {
            client.batch_execute(&message.join(";")).await?;
        }
        Ok(())
    }

    fn statements(self) -> Vec<String> {
        let mut sql = vec![format!("CREATE SCHEMA {SCHEMA}")];
        self.principals(&mut sql);
        for table in 0..self.tables {
            sql.push(format!(
                "CREATE TABLE {SCHEMA}.t{table} (id BIGINT IDENTITY(1, 1), name VARCHAR(40) ENCODE zstd, at TIMESTAMP ENCODE az64, \
                 price NUMERIC(12, 2), PRIMARY KEY (id)) DISTSTYLE KEY DISTKEY (id) COMPOUND SORTKEY (at, id)"
            ));
        }
        for view in 0..self.views() {
            sql.push(format!("CREATE VIEW {SCHEMA}.v{view} AS SELECT id, name FROM {SCHEMA}.t{view}"));
        }
        for routine in 0..self.routines() {
            sql.push(format!(
                "CREATE FUNCTION {SCHEMA}.f{routine} (INTEGER, INTEGER) RETURNS INTEGER STABLE AS $$ SELECT $1 + {routine} * $2 $$ \
                 LANGUAGE sql"
            ));
        }
        for table in 0..self.tables {
            sql.extend((0..GRANTS_A_TABLE).map(|grant| self.grant(table, grant)));
        }
        sql
    }

    fn principals(self, sql: &mut Vec<String>) {
        for user in 0..self.users() {
            sql.push(format!("CREATE USER {SCHEMA}_user_{user} PASSWORD 'Abcdefg1' CONNECTION LIMIT 5"));
        }
        for group in 0..self.groups() {
            let member = |at: usize| format!("{SCHEMA}_user_{}", (group * 5 + at) % self.users());
            let members: Vec<String> = (0..5).map(member).collect();
            sql.push(format!("CREATE GROUP {SCHEMA}_group_{group} WITH USER {}", members.join(", ")));
        }
        for role in 0..self.roles() {
            sql.push(format!("CREATE ROLE {SCHEMA}_role_{role}"));
            let user = (role * 10) % self.users();
            sql.push(format!("GRANT ROLE {SCHEMA}_role_{role} TO {SCHEMA}_user_{user}"));
        }
    }

    /// One right for one grantee: most to users, some to groups and roles.
    fn grant(self, table: usize, grant: usize) -> String {
        let at = table * GRANTS_A_TABLE + grant;
        let grantee = match grant {
            0 => format!("GROUP {SCHEMA}_group_{}", at % self.groups()),
            1 => format!("ROLE {SCHEMA}_role_{}", at % self.roles()),
            _ => format!("{SCHEMA}_user_{}", at % self.users()),
        };
        let privilege = ["SELECT", "INSERT", "UPDATE", "DELETE"][grant % 4];
        format!("GRANT {privilege} ON {SCHEMA}.t{table} TO {grantee}")
    }
}
