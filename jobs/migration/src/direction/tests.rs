use super::{
    Allowed, Directions, KnownWarehouse, Place, Refusal, Role, Route, RunDirection, Side, Site, check_route,
};

const NOTHING: Allowed = Allowed { reverse: false, new_warehouse: false, same_warehouse: false };
const REVERSE: Allowed = Allowed { reverse: true, ..NOTHING };
const NEW: Allowed = Allowed { new_warehouse: true, ..NOTHING };
const SAME: Allowed = Allowed { same_warehouse: true, ..NOTHING };

/// A database, written `namespace/database`, reached by a host of its own name.
fn site(text: &str) -> Site {
    let (namespace, database) = text.split_once('/').unwrap();
    let place = Place { namespace: namespace.to_owned(), database: database.to_owned() };
    Site { host: format!("{namespace}.example"), place }
}

fn check(source: &str, target: &str, known: &[(&str, Role)], allowed: Allowed) -> Result<(), Box<Refusal>> {
    let known: Vec<_> = known
        .iter()
        .map(|(namespace, role)| KnownWarehouse {
            name: format!("the-{namespace}"),
            role: *role,
            namespace: (*namespace).to_owned(),
        })
        .collect();
    let (source, target) = (site(source), site(target));
    let known = (!known.is_empty()).then_some(&known[..]);
    check_route(&Route { source: &source, target: &target }, known, allowed)
}

#[test]
fn one_database_is_never_both() {
    let everything = Allowed { reverse: true, new_warehouse: true, same_warehouse: true };
    let refusal = check("a/dev", "a/dev", &[], everything).unwrap_err();
    assert!(matches!(*refusal, Refusal::OnePlace { .. }), "{refusal}");
    let refusal = check("a/dev", "a/test", &[], NOTHING).unwrap_err();
    assert!(matches!(*refusal, Refusal::OneWarehouse { .. }), "{refusal}");
    assert_eq!(check("a/dev", "a/test", &[], SAME), Ok(()));
    assert_eq!(check("a/dev", "b/dev", &[], NOTHING), Ok(()));
}

#[test]
fn a_role_is_never_overridden() {
    let everything = Allowed { reverse: true, new_warehouse: true, same_warehouse: true };
    let known = [("a", Role::Source), ("b", Role::Target), ("c", Role::Both)];
    for (source, target) in [("a/d", "b/d"), ("a/d", "c/d"), ("c/d", "b/d"), ("c/d", "c/e"), ("A/d", "B/d")] {
        assert_eq!(check(source, target, &known, everything), Ok(()), "{source} {target}");
    }
    for (source, target, wrong) in
        [("b/d", "a/d", Side::Source), ("c/d", "a/d", Side::Target), ("b/d", "c/d", Side::Source)]
    {
        let refusal = check(source, target, &known, everything).unwrap_err();
        assert!(matches!(*refusal, Refusal::WrongRole { side, .. } if side == wrong), "{refusal}");
    }
    for (source, target) in [("x/d", "b/d"), ("a/d", "x/d")] {
        let refusal = check(source, target, &known, everything).unwrap_err();
        assert!(matches!(*refusal, Refusal::Unlisted { .. }), "{refusal}");
    }
}

/// What becomes of a route of a tenant whose runs took `known` ones: `remembered`, `nothing new`, or the refusal's name.
fn judged(known: &[(&str, &str)], source: &str, target: &str, allowed: Allowed) -> &'static str {
    let mut directions = Directions::of("acme");
    for (source, target) in known {
        let (source, target) = (site(source), site(target));
        let route = Route { source: &source, target: &target };
        directions.pairs.insert(route.pair());
    }
    let (source, target) = (site(source), site(target));
    match directions.judge(&Route { source: &source, target: &target }, allowed) {
        Ok(None) => "nothing new",
        Ok(Some(more)) => {
            assert_eq!(more.pairs.len(), directions.pairs.len() + 1);
            "remembered"
        }
        Err(refusal) => match *refusal {
            Refusal::Opposite { .. } => "opposite",
            Refusal::NewWarehouse { .. } => "new warehouse",
            other => panic!("{other}"),
        },
    }
}

#[test]
fn the_first_run_gives_the_direction() {
    assert_eq!(judged(&[], "a/d", "b/d", NOTHING), "remembered");
    assert_eq!(judged(&[("a/d", "b/d")], "a/d", "b/d", NOTHING), "nothing new");
    assert_eq!(judged(&[("a/d", "b/d")], "a/e", "b/e", NOTHING), "remembered");
}

#[test]
fn the_way_back_must_be_asked_for_each_time() {
    let known = [("a/d", "b/d")];
    for (source, target) in [("b/d", "a/d"), ("b/e", "a/e")] {
        assert_eq!(judged(&known, source, target, NOTHING), "opposite");
        assert_eq!(judged(&known, source, target, NEW), "opposite");
        assert_eq!(judged(&known, source, target, REVERSE), "nothing new");
    }
    let chain = [("a/d", "b/d"), ("b/d", "c/d")];
    assert_eq!(judged(&chain, "c/d", "a/d", NOTHING), "opposite");
    assert_eq!(judged(&chain, "a/d", "c/d", NOTHING), "remembered");
    let tree = [("a/d", "b/d"), ("a/d", "c/d")];
    assert_eq!(judged(&tree, "b/d", "c/d", NOTHING), "remembered", "siblings have no order yet");
}

#[test]
fn within_a_warehouse_its_databases_count() {
    let known = [("a/d", "a/e")];
    assert_eq!(judged(&known, "a/e", "a/d", SAME), "opposite");
    assert_eq!(judged(&known, "a/d", "a/f", SAME), "remembered");
    assert_eq!(judged(&known, "a/e", "a/f", SAME), "remembered");
}

#[test]
fn a_warehouse_that_no_run_knows_is_refused() {
    let known = [("a/d", "b/d")];
    for (source, target) in [("a/d", "x/d"), ("x/d", "b/d"), ("x/d", "y/d")] {
        assert_eq!(judged(&known, source, target, NOTHING), "new warehouse");
        assert_eq!(judged(&known, source, target, REVERSE), "new warehouse");
        assert_eq!(judged(&known, source, target, NEW), "remembered");
    }
}

#[test]
fn a_run_keeps_to_the_places_that_it_began_with() {
    let (a, b, c) = (site("a/d"), site("b/d"), site("c/d"));
    let began = RunDirection::of("acme", "r", &Route { source: &a, target: &b });
    assert_eq!(began.check(&Route { source: &a, target: &b }), Ok(()));
    for route in [Route { source: &a, target: &c }, Route { source: &c, target: &b }] {
        assert!(matches!(*began.check(&route).unwrap_err(), Refusal::OtherRun { .. }));
    }
}

#[test]
fn a_refusal_names_both_warehouses_and_what_would_allow_it() {
    let (source, target) = (site("a/dev"), site("b/dev"));
    let route = Route { source: &source, target: &target };
    let known = vec![Route { source: &target, target: &source }.pair()];
    let roles = vec![
        KnownWarehouse { name: "old".to_owned(), role: Role::Source, namespace: "c".to_owned() },
        KnownWarehouse { name: "new".to_owned(), role: Role::Both, namespace: "d".to_owned() },
    ];
    let both = || (source.clone(), target.clone());
    let refusals = [
        {
            let (source, target) = both();
            Refusal::OnePlace { source, target }
        },
        {
            let (source, target) = both();
            Refusal::OneWarehouse { source, target }
        },
        Refusal::Unlisted { site: source.clone(), side: Side::Source, known: roles },
        {
            let (source, target) = both();
            Refusal::WrongRole { source, target, name: "old".to_owned(), side: Side::Target }
        },
        {
            let (source, target) = both();
            Refusal::Opposite { source, target, known: known[0].clone() }
        },
        {
            let (source, target) = both();
            Refusal::NewWarehouse { source, target, known }
        },
        {
            let (source, target) = both();
            let known = Route { source: &target, target: &source }.pair();
            Refusal::OtherRun { source, target, known }
        },
        Refusal::Moved {
            before: route.source.clone(),
            now: Site { host: source.host.clone(), ..target.clone() },
        },
    ];
    insta::assert_snapshot!(refusals.map(|refusal| refusal.to_string()).join("\n"));
}
