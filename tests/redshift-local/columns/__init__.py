"""Holds queries to `reference/columns.tsv`: sqlglot, a parser of another origin, finds the relation of every column."""
