/** The map over the lists of tables: a Glue run for each, of which the failed ones leave a line in the ledger. */

import type { JobSettings } from '../config/environment.ts';
import { type State, type States, jsonata } from './language.ts';
import { LEDGER_RETRIES } from './retries.ts';
import { type Names, failureOfRun, startRun } from './tasks.ts';

/** The map's name in ARNs of its runs. */
export const MAP_LABEL = 'MigrateTables';

/**
 * A map past so many failed runs stops: it is not the tables then. Up to there it goes on whatever the share is, since the
 * verdict counts tables, and a run is one of them or two hundred.
 */
const MOST_FAILED_RUNS = 20;

/** The map; it ends in `onFailure` when it stopped, or could not read its items. */
export function migrateTables(names: Names, settings: JobSettings, to: { next: string; onFailure: string }): State {
  return {
    Type: 'Map',
    Label: MAP_LABEL,
    ItemReader: {
      Resource: 'arn:aws:states:::s3:getObject',
      ReaderConfig: { InputType: 'JSON' },
      Arguments: { Bucket: names.bucketName, Key: jsonata('$ledger & $items') },
    },
    // A child knows none of our variables: all that its run takes goes with the item.
    ItemSelector: {
      arguments: jsonata('$merge([$dataArguments, $run, {"--TABLES": $states.context.Map.Item.Value.tables}])'),
      failures: jsonata('$ledger & "failures/"'),
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
      Resource: 'arn:aws:states:::s3:putObject',
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
  const tables = '$states.input.arguments."--TABLES"';
  // Of `…/items/0001.json` the end: `items-0001.json`.
  const list = `$join($split(${tables}, "/")[[-2..-1]], "-")`;
  return {
    MigrateTable: {
      ...startRun(names.jobs['migrate-data'], '$states.input.arguments', settings, settings.tableHours),
      Output: { tables: jsonata(tables) },
      Catch: [
        {
          ErrorEquals: ['States.ALL'],
          // No name that the machine itself assigns: an inner scope may not write to an outer one's.
          Assign: { cause: failureOfRun },
          Output: jsonata('$states.input'),
          Next: 'RecordFailure',
        },
      ],
      End: true,
    },
    RecordFailure: {
      Type: 'Task',
      Resource: 'arn:aws:states:::aws-sdk:s3:putObject',
      Arguments: {
        Bucket: names.bucketName,
        Key: jsonata(`$states.input.failures & ${list}`),
        Body: { format: 1, tables: jsonata(tables), cause: jsonata('$cause') },
      },
      Retry: LEDGER_RETRIES,
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'TableFailed' }],
      Next: 'TableFailed',
    },
    TableFailed: { Type: 'Fail', Error: 'TableFailed', Cause: jsonata('$cause') },
  };
}
