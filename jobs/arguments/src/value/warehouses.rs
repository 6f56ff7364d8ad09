//! The warehouses of an environment.

use migration::direction::{KnownWarehouse, Role};

use crate::value::ValueError;

/// Reads `name=role:namespace,…`, as the deployment writes it from the environment's file: each name and each namespace
/// once.
///
/// # Errors
/// An unknown role, a name or a namespace that is missing or comes twice.
pub fn parse_warehouses(text: &str) -> Result<Vec<KnownWarehouse>, ValueError> {
    let mut known: Vec<KnownWarehouse> = Vec::new();
    for (position, item) in text.split(',').enumerate() {
        let is_new = |found: &KnownWarehouse| {
            known.iter().all(|known| known.name != found.name && known.namespace != found.namespace)
        };
        let Some(warehouse) = warehouse(item).filter(is_new) else {
            return Err(ValueError::new(
                format!("has no new warehouse with role and namespace at place {}", position + 1),
                "give name=role:namespace for each, the role source, target or both, with commas between",
            ));
        };
        known.push(warehouse);
    }
    Ok(known)
}

fn warehouse(text: &str) -> Option<KnownWarehouse> {
    let (name, rest) = text.split_once('=')?;
    let (role, namespace) = rest.split_once(':')?;
    let role = match role {
        "source" => Role::Source,
        "target" => Role::Target,
        "both" => Role::Both,
        _ => return None,
    };
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    (is_word(name) && is_word(namespace)).then(|| KnownWarehouse {
        name: name.to_owned(),
        role,
        namespace: namespace.to_ascii_lowercase(),
    })
}

#[cfg(test)]
mod tests {
    use super::parse_warehouses;
    use migration::direction::{KnownWarehouse, Role};

    #[test]
    fn each_warehouse_has_a_role_and_a_namespace_of_its_own() {
        let known = |name: &str, role, namespace: &str| KnownWarehouse {
            name: name.to_owned(),
            role,
            namespace: namespace.to_owned(),
        };
        assert_eq!(
            parse_warehouses("old=source:86b5169f-01DC,new_1=both:0-1").unwrap(),
            [known("old", Role::Source, "86b5169f-01dc"), known("new_1", Role::Both, "0-1")]
        );
        for text in [
            "",
            "old",
            "old=source",
            "old=source:",
            "=source:1",
            "old=reader:1",
            "old=source:1,",
            "old=source:1,old=target:2",
            "old=source:a,new=target:A",
            "old=source:a b",
        ] {
            assert!(parse_warehouses(text).is_err(), "{text}");
        }
    }
}
