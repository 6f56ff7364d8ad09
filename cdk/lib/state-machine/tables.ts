/** The map over the lists of tables: a Glue run for each, of which the failed ones leave a line in the ledger. */

import type { JobSettings } from '../config/environment.ts';
import { type State, type States, jsonata } from './language.ts';
import { LEDGER_RETRIES } from './retries.ts';
import { failureOfRun, run } from './runs.ts';
import type { Names } from './tasks.ts';

/** The map's name in ARNs of its runs. */
export const MAP_LABEL = 'MigrateTables';

/**
 * A map past so many failed runs stops: it is hardly the tables then, and hundreds of runs would be for nothing. Up to there
 * it goes on whatever the share is, since the verdict counts tables, and a run is one of them or two hundred.
 */
const MOST_FAILED_RUNS = 100;

/** The map; it ends in `onFailure` when it stopped, or could not read its items. */
export function migrateTables(names: Names, settings: JobSettings, to: { next: string; onFailure: string }): State {
  // An item is a list of tables, or the name of a table that is retried.
  const item = '$states.context.Map.Item.Value';
  const given = `$exists(${item}.tables) ? {"--TABLES": ${item}.tables} : {"--TABLE_NAME": ${item}.name}`;
  return {
    Type: 'Map',
    Label: MAP_LABEL,
    ItemReader: {
      Resource: names.integration('s3:getObject'),
      ReaderConfig: { InputType: 'JSON' },
      Arguments: { Bucket: names.bucketName, Key: jsonata('$ledger & $items') },
    },
    // A child knows none of our variables: all that its run takes goes with the item.
    ItemSelector: {
      arguments: jsonata(`$merge([$dataArguments, $run, ${given}])`),
      record: jsonata('$ledger & "failures/" & $execution & "-" & $string($states.context.Map.Item.Index) & ".json"'),
    },
    MaxConcurrency: settings.concurrentTables,
    ToleratedFailureCount: MOST_FAILED_RUNS,
    ToleratedFailurePercentage: 100,
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: 'MigrateTable',
      States: child(names, settings),
    },
    ResultWriter: {
      Resource: names.integration('s3:putObject'),
      Arguments: { Bucket: names.bucketName, Prefix: jsonata('$ledger & "map"') },
    },
    Output: {},
    Catch: [
      {
        ErrorEquals: ['States.ALL'],
        Assign: { failure: jsonata('"moving tables: " & $states.errorOutput.Error & ": " & $string($states.errorOutput.Cause)') },
        Output: {},
        Next: to.onFailure,
      },
    ],
    Next: to.next,
  };
}

/** A run, and the record of its failure (`migration::outcome::RunFailure`): what could not start writes none itself. */
function child(names: Names, settings: JobSettings): States {
  const given = '$states.input.arguments';
  const tables = jsonata(`$exists(${given}."--TABLES") ? ${given}."--TABLES" : ${given}."--TABLE_NAME"`);
  return {
    ...run(
      {
        name: 'MigrateTable',
        job: names.jobs['migrate-data'],
        args: given,
        hours: settings.tableHours,
        // No names that the machine itself assigns: an inner scope may not write to an outer one's.
        again: 'tableAgain',
        succeeded: { Output: { tables }, End: true },
        failed: {
          assign: { cause: failureOfRun, since: jsonata('$exists($since) ? $since : $states.context.State.EnteredTime') },
          next: 'RecordFailure',
        },
      },
      names,
      settings,
    ),
    RecordFailure: {
      Type: 'Task',
      Resource: names.integration('aws-sdk:s3:putObject'),
      Arguments: {
        Bucket: names.bucketName,
        Key: jsonata('$states.input.record'),
        Body: { format: 1, tables, began: jsonata('$since'), cause: jsonata('$cause') },
      },
      Retry: LEDGER_RETRIES,
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'TableFailed' }],
      Next: 'TableFailed',
    },
    TableFailed: { Type: 'Fail', Error: 'TableFailed', Cause: jsonata('$cause') },
  };
}
