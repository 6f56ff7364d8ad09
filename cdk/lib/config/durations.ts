/** What the times of an environment's file must be to each other. */

import type { BucketSettings, JobSettings } from './environment.ts';
import type { Problems } from './fields.ts';

/** A run that fails is started once more. */
const STARTS = 2;
const HOURS_OF_A_DAY = 24;
/** Of the report. */
const REPORT_HOURS = 1;

export function checkDurations(bucket: BucketSettings, jobs: JobSettings, problems: Problems): void {
  // Else a lifecycle rule takes files between UNLOAD and COPY.
  if (bucket.kind === 'create' && bucket.unloadDays * HOURS_OF_A_DAY <= STARTS * jobs.tableHours) {
    problems.push(
      `bucket.unloadDays is not what it should be: longer than two runs of a table, ${STARTS * jobs.tableHours} hours by ` +
        `jobs.tableHours; it is ${bucket.unloadDays}, ${bucket.unloadDays * HOURS_OF_A_DAY} hours`,
    );
  }
  const least = jobs.schemaHours + jobs.tableHours + jobs.viewsHours + REPORT_HOURS;
  if (jobs.migrationHours <= least) {
    problems.push(
      `jobs.migrationHours is not what it should be: longer than one run of each job, ${least} hours by schemaHours, tableHours, ` +
        `viewsHours and the report; it is ${jobs.migrationHours}`,
    );
  }
}
