//! Routines as they are listed: what creates them again, and what only an earlier Redshift creates.

use anyhow::Result;
use migration_tests::answer::value;
use migration_tests::warehouse::TestWarehouse;

/// `r_SHOW_PROCEDURE`
#[tokio::test(flavor = "multi_thread")]
async fn what_show_procedure_prints_creates_the_procedure_again() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    let client = warehouse.connect().await?;
    for (name, options) in [
        ("defined", "SECURITY DEFINER SET query_group TO 'x y'"),
        ("pathed", "SET search_path TO s, public"),
        ("loose", "NONATOMIC"),
    ] {
        let create = format!(
            "CREATE PROCEDURE {name}(a int, b INOUT varchar, OUT c int) {options} AS $$ BEGIN b := nvl(b, '\\'$'); END $$ LANGUAGE plpgsql"
        );
        // NONATOMIC comes before the body, the others after it.
        let create = match options {
            "NONATOMIC" => create,
            _ => create.replace(&format!(" {options}"), "") + " " + options,
        };
        client.simple_query(&create).await?;
        let show = format!("SHOW PROCEDURE {name}(int, varchar)");
        let shown = value(&client, &show).await?;
        client.simple_query(&format!("DROP PROCEDURE {name}(int, varchar)")).await?;
        client.simple_query(&shown).await?;
        assert_eq!(value(&client, &show).await?, shown);
        assert_eq!(value(&client, &format!("CALL {name}(1, NULL)")).await?, "'$");
    }
    warehouse.stop().await
}

/// Management Guide, `cluster-versions`: from patch 198 on no Python function can be created; those that there are stay.
#[tokio::test(flavor = "multi_thread")]
async fn python_functions_are_kept_where_they_can_still_be_created() -> Result<()> {
    let warehouse = TestWarehouse::start_at_patch(197).await?;
    let client = warehouse.connect().await?;
    assert!(value(&client, "SELECT version()").await?.ends_with("Redshift 1.0.179517"));
    let create = |arguments: &str| {
        format!("CREATE FUNCTION f({arguments}) RETURNS float STABLE AS $$ return a $$ LANGUAGE plpythonu")
    };
    client.simple_query(&create("a float, b float")).await?;
    assert_eq!(value(&client, "SELECT prosrc FROM pg_proc WHERE proname = 'f'").await?, " return a ");
    let ran = client.simple_query("SELECT f(1, 2)").await.expect_err("it runs on Redshift only");
    assert_eq!(
        ran.as_db_error().expect("the server's").message(),
        "redshift-local: running this function is not supported"
    );
    // udf-data-types; r_CREATE_FUNCTION: arguments of Python functions have names.
    for arguments in ["float", "a super", "a timestamptz"] {
        assert!(client.simple_query(&create(arguments)).await.is_err(), "{arguments}");
    }
    warehouse.stop().await
}
