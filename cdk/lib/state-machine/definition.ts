/**
 * The state machine's definition: what runs after what, and what decides.
 *
 * Glue tells only whether a run succeeded; the documents that the jobs write say what was done. So after a job the
 * machine reads its document, whether the run succeeded or not, and goes by that. Every way that begins a job ends with
 * the report, whose verdict the execution ends with.
 */

import type { JobSettings } from '../config/environment.ts';
import { REPORT_HOURS } from '../jobs.ts';
import { argumentsFromInput, inputOfRetried, isRetry, leavesRestToRun, problems } from './input.ts';
import { type State, type States, jsonata, literal, when } from './language.ts';
import { LEDGER_RETRIES, LOOK_RETRIES } from './retries.ts';
import { type Run, failureOfRun, run } from './runs.ts';
import { migrateTables } from './tables.ts';
import { type Names, readObject } from './tasks.ts';

/** Enough for what follows `"status"` in a job's document: the tenant's name, of at most 127 bytes. */
const STATUS_TAIL_BYTES = 1024;

/** Glue's arguments have their limits; a cause that is longer is in the ledger. */
const FAILURE_CHARACTERS = 2000;

/** Statuses of the schema job's document after which rows can move (`migration::outcome::Status`); any other is the report's. */
const GOES_ON = ['finished', 'partial'];

/** The whole definition. */
export function definition(names: Names, settings: JobSettings): object {
  return {
    Comment: 'Moves one tenant from one Amazon Redshift to another',
    QueryLanguage: 'JSONata',
    StartAt: 'CheckInput',
    // An execution without a limit never times out, and its alarm never fires.
    TimeoutSeconds: settings.migrationHours * 3600,
    States: {
      ...input(names),
      ...retriedTables(names),
      ...schema(names, settings),
      MigrateTables: migrateTables(names, settings, { next: 'RefreshMaterializedViews', onFailure: 'CollectReport' }),
      ...views(names, settings),
      ...report(names, settings),
    },
  };
}

/** Bad input ends the execution before any job; good input becomes the jobs' arguments. */
function input(names: Names): States {
  const wrong = problems(names.directions);
  const isGood = when(`$count(${wrong}) = 0`, 'FillDefaults');
  return {
    CheckInput: { Type: 'Choice', Choices: [when(isRetry, 'ReadRetriedRun'), isGood], Default: 'RefuseInput' },
    ReadRetriedRun: {
      Type: 'Task',
      Resource: names.integration('aws-sdk:sfn:describeExecution'),
      Arguments: {
        ExecutionArn: jsonata(
          '$replace($states.context.StateMachine.Id, ":stateMachine:", ":execution:") & ":" & $states.input.RETRY_RUN',
        ),
      },
      Assign: {
        asked: jsonata('$states.input.RETRY_RUN'),
        refusal: jsonata('$states.result.Status = "RUNNING" ? "still runs: wait for its end, or stop it" : ""'),
      },
      Output: jsonata(inputOfRetried),
      Retry: LOOK_RETRIES,
      Catch: [
        {
          ErrorEquals: ['States.ALL'],
          Assign: {
            asked: jsonata('$states.input.RETRY_RUN'),
            // A run whose jobs were started by hand is none: its input is given as a whole.
            refusal: jsonata(
              `${leavesRestToRun} ? "is no execution that Step Functions remembers; give the whole input with it: " & $states.errorOutput.Error : ""`,
            ),
          },
          Output: jsonata('$states.input'),
          Next: 'CheckRetried',
        },
      ],
      Next: 'CheckRetried',
    },
    CheckRetried: {
      Type: 'Choice',
      Choices: [
        when('$refusal != ""', 'RefuseRetry'),
        // It was a retry itself.
        when('$asked != $states.input.RETRY_RUN', 'ReadRetriedRun'),
        isGood,
      ],
      Default: 'RefuseInput',
    },
    RefuseInput: { Type: 'Fail', Error: 'BadInput', Cause: jsonata(`"nothing was done: " & $join(${wrong}, "; ")`) },
    RefuseRetry: {
      Type: 'Fail',
      Error: 'BadInput',
      Cause: jsonata('"nothing was done: RETRY_RUN: " & $asked & " " & $refusal'),
    },
    FillDefaults: {
      Type: 'Pass',
      Assign: {
        ...runAndLedger(names),
        schemaArguments: jsonata(argumentsFromInput('migrate-schema')),
        dataArguments: jsonata(argumentsFromInput('migrate-data')),
        viewsArguments: jsonata(argumentsFromInput('refresh-views')),
        reportArguments: jsonata(argumentsFromInput('collect-report')),
        failure: jsonata('""'),
        began: jsonata('$states.context.State.EnteredTime'),
      },
      Next: 'WhereToBegin',
    },
    WhereToBegin: {
      Type: 'Choice',
      Choices: [when('$exists($states.input.tables)', 'ReadSchemaOutcome')],
      Default: 'CreateSchemaObjects',
    },
  };
}

/**
 * A run has the name of the execution that began it, so that a second start of a job goes on where the first one ended.
 * `items` is the document whose items the map takes, below the run's folder.
 */
function runAndLedger(names: Names): Record<'run' | 'ledger' | 'items' | 'execution', string> {
  const run = '($exists($states.input.RETRY_RUN) ? $states.input.RETRY_RUN : $states.context.Execution.Name)';
  const execution = encoded('$states.context.Execution.Name');
  const folder = `${literal(`${names.prefix}runs/`)} & ${encoded('$states.input.TENANT_NAME')} & "/" & ${encoded(run)} & "/"`;
  return {
    run: jsonata(`{"--RUN_ID": ${run}}`),
    execution: jsonata(execution),
    ledger: jsonata(folder),
    items: jsonata(`$exists($states.input.tables) ? "retry/" & ${execution} & ".json" : "tables.json"`),
  };
}

/** The tables of a retry file become items of the map, each a run of its own; they are few, for an input has its limits. */
function retriedTables(names: Names): States {
  const quoted = (name: string) => `'"' & $replace($table.${name}, '"', '""') & '"'`;
  const item = `{"format": 1, "name": ${quoted('schema')} & "." & ${quoted('table')}}`;
  return {
    ListTables: {
      Type: 'Task',
      Resource: names.integration('aws-sdk:s3:putObject'),
      Arguments: {
        Bucket: names.bucketName,
        Key: jsonata('$ledger & $items'),
        Body: jsonata(`[$map($states.input.tables, function($table) { ${item} })]`),
      },
      Output: {},
      Retry: LEDGER_RETRIES,
      Catch: [
        {
          ErrorEquals: ['States.ALL'],
          Assign: { failure: jsonata('"listing the tables of the retry file: " & $states.errorOutput.Error') },
          Next: 'CollectReport',
        },
      ],
      Next: 'MigrateTables',
    },
  };
}

function schema(names: Names, settings: JobSettings): States {
  return {
    ...run(
      {
        name: 'CreateSchemaObjects',
        job: names.jobs['migrate-schema'],
        args: '$merge([$schemaArguments, $run])',
        hours: settings.schemaHours,
        again: 'schemaAgain',
        ...thenReads('ReadSchemaOutcome'),
      },
      names,
      settings,
    ),
    ReadSchemaOutcome: readOutcome(names, 'schema.json', 'SchemaDecides'),
    SchemaDecides: {
      Type: 'Choice',
      // What failed is left out of the list of tables, as is all that needs it.
      Choices: [
        when(`$status in ${literal(GOES_ON)} and $exists($states.input.tables)`, 'ListTables'),
        when(`$status in ${literal(GOES_ON)}`, 'MigrateTables'),
      ],
      Default: 'CollectReport',
    },
  };
}

function views(names: Names, settings: JobSettings): States {
  return {
    ...run(
      {
        name: 'RefreshMaterializedViews',
        job: names.jobs['refresh-views'],
        args: '$merge([$viewsArguments, $run])',
        hours: settings.viewsHours,
        again: 'viewsAgain',
        ...thenReads('ReadViewsOutcome'),
      },
      names,
      settings,
    ),
    ReadViewsOutcome: readOutcome(names, 'views.json', 'CollectReport'),
  };
}

/** The report, and the execution's end by its verdict. */
function report(names: Names, settings: JobSettings): States {
  const failure = `$failure = "" ? {} : {"--FAILURE": $substring($failure, 0, ${FAILURE_CHARACTERS})}`;
  // Not the failure of the migration, which a report that is tried again still tells.
  const without = (what: string) => ({
    reportFailure: jsonata(
      `${literal(what)} & ": " & $states.errorOutput.Error & ": " & $string($states.errorOutput.Cause) & ($failure = "" ? "" : "; before that: " & $failure)`,
    ),
  });
  return {
    ...run(
      {
        name: 'CollectReport',
        job: names.jobs['collect-report'],
        args: `$merge([$reportArguments, $run, ${failure}])`,
        hours: REPORT_HOURS,
        again: 'reportAgain',
        succeeded: { Output: {}, Next: 'ReadVerdict' },
        failed: { assign: without('no report could be made'), next: 'ReportFailed' },
      },
      names,
      settings,
    ),
    ReadVerdict: {
      ...readObject(names, '$ledger & "run.json"'),
      Output: jsonata('$merge([$parse($states.result.Body), {"ledger": $ledger}])'),
      Catch: [{ ErrorEquals: ['States.ALL'], Assign: without('the report left no verdict'), Next: 'ReportFailed' }],
      Next: 'Verdict',
    },
    Verdict: { Type: 'Choice', Choices: [when('$states.input.status = "failed"', 'MigrationFailed')], Default: 'Migrated' },
    Migrated: { Type: 'Succeed' },
    MigrationFailed: {
      Type: 'Fail',
      Error: 'MigrationFailed',
      Cause: jsonata('$states.input.summary & "; see " & $states.input.report'),
    },
    ReportFailed: { Type: 'Fail', Error: 'ReportFailed', Cause: jsonata('$reportFailure & "; see " & $ledger') },
  };
}

/** After a run its document is read, whether it succeeded or not. */
function thenReads(next: string): Pick<Run, 'succeeded' | 'failed'> {
  return {
    succeeded: { Output: jsonata('$states.input'), Next: next },
    failed: { assign: { failure: failureOfRun }, next },
  };
}

/**
 * Reads the status from the end of a job's document. The whole may be larger than a state takes (256 KiB); its keys are
 * sorted, and a line break inside a text is escaped, so that this line is the document's own. Where the job wrote it, that
 * tells all there is to tell; one from before this execution is not this run's, and the failure stands.
 */
function readOutcome(names: Names, document: string, next: string): State {
  const isOurs = '$toMillis($states.result.LastModified) >= $toMillis($began) - 1000';
  return {
    ...readObject(names, `$ledger & ${literal(document)}`, `bytes=-${STATUS_TAIL_BYTES}`),
    Assign: {
      status: jsonata(String.raw`$match($states.result.Body, /\n  "status": "([a-z]+)"/)[0].groups[0]`),
      failure: jsonata(`${isOurs} ? "" : $failure`),
    },
    Output: jsonata('$states.input'),
    Catch: [
      {
        ErrorEquals: ['States.ALL'],
        Assign: {
          failure: jsonata(
            `($failure = "" ? "" : $failure & "; ") & ${literal(`it left no ${document}: `)} & $states.errorOutput.Error`,
          ),
        },
        Next: 'CollectReport',
      },
    ],
    Next: next,
  };
}

/** A name as a segment of a key: each byte but letters, digits, `_` and `-` in hexadecimal after `!`, as `migration::name::S3KeySegment` does. */
export function encoded(text: string): string {
  const left = { '!': '%21', "'": '%27', '(': '%28', ')': '%29', '*': '%2A', '.': '%2E', '~': '%7E' };
  const percents = Object.entries(left).reduce(
    (expression, [character, code]) => `$replace(${expression}, ${literal(character)}, ${literal(code)})`,
    `$encodeUrlComponent(${text})`,
  );
  return `$replace(${percents}, "%", "!")`;
}
