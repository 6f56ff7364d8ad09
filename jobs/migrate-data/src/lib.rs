//! Glue job `migrate-data`: moves the rows of tables through S3.
//!
//! [`run`] is the job, with all that it reaches handed in. It selects the tables (`select`), and `pipeline` drives them
//! through two halves: `unload` and `load` do the work of one table and return what came of it, `table_move` is the one
//! place that turns this into outcomes (`ledger`) and writes those of tables on their way. What the tenant has loaded into a table
//! is written within the load, before its COMMIT (`old_rows`).

mod lane;
mod ledger;
mod load;
mod moment;
mod moving;
mod old_rows;
mod pipeline;
mod places;
mod progress;
mod run;
mod select;
mod spread;
mod table_move;
#[cfg(test)]
mod tests;
mod unload;

pub use run::run;
