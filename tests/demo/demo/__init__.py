"""The demo: from nothing to a migrated sample tenant, and the proof, by queries that know nothing of the product."""
