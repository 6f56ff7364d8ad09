/**
 * The state machine's definition: what runs after what, and what decides.
 *
 * Glue tells only whether a run succeeded; the documents that the jobs write say what was done. So after a job the
 * machine reads its document, whether the run succeeded or not, and goes by that.
 */

import type { JobSettings } from '../config/environment.ts';
import type { JobName } from '../contract.ts';
import { argumentsFromInput, problems } from './input.ts';
import { type State, type States, jsonata, literal, when } from './language.ts';
import { READ_RETRIES, RUN_RETRIES } from './retries.ts';

/** The names that the definition is built on. */
export interface Names {
  readonly jobs: Readonly<Record<JobName, string>>;
  readonly bucketName: string;
  /** Begins every key: empty, or ending in a slash. */
  readonly prefix: string;
  readonly secretArns: readonly string[];
  /** The environment's file, for messages. */
  readonly environmentFile: string;
}

/** The map's name in ARNs of its runs. */
export const MAP_LABEL = 'MigrateTables';

/** Enough for what follows `"status"` in a job's document: the tenant's name, of at most 127 bytes. */
const STATUS_TAIL_BYTES = 1024;

/** Statuses of a job's document (`migration::outcome::Status`). */
const GOES_ON = ['finished', 'partial'];

/** The whole definition. */
export function definition(names: Names, settings: JobSettings): object {
  return {
    Comment: 'Moves one tenant from one Amazon Redshift to another',
    QueryLanguage: 'JSONata',
    StartAt: 'CheckInput',
    States: {
      ...start(names),
      ...schema(names, settings),
      MigrateTables: migrateTables(names, settings),
      ReadTablesOutcome: readTablesOutcome(names),
      ...views(names, settings),
      ...ends(),
    },
  };
}

/** Bad input ends the execution before any job; good input becomes the jobs' arguments. */
function start(names: Names): States {
  const wrong = problems(names.secretArns, names.environmentFile);
  return {
    CheckInput: {
      Type: 'Choice',
      Choices: [when(`$count(${wrong}) = 0`, 'FillDefaults')],
      Default: 'RefuseInput',
    },
    RefuseInput: { Type: 'Fail', Error: 'BadInput', Cause: jsonata(`"nothing was done: " & $join(${wrong}, "; ")`) },
    FillDefaults: {
      Type: 'Pass',
      Assign: {
        // A run of a job has the execution's name, so that a second start of it goes on where the first one ended.
        run: jsonata('{"--RUN_ID": $states.context.Execution.Name}'),
        schemaArguments: jsonata(argumentsFromInput('migrate-schema')),
        dataArguments: jsonata(argumentsFromInput('migrate-data')),
        viewsArguments: jsonata(argumentsFromInput('refresh-views')),
        ledger: jsonata(
          `${literal(`${names.prefix}runs/`)} & ${encoded('$states.input.TENANT_NAME')} & "/" & ${encoded('$states.context.Execution.Name')} & "/"`,
        ),
        failure: jsonata('""'),
      },
      Next: 'CreateSchemaObjects',
    },
  };
}

function schema(names: Names, settings: JobSettings): States {
  return {
    CreateSchemaObjects: runJob(
      names.jobs['migrate-schema'],
      '$merge([$schemaArguments, $run])',
      settings,
      settings.schemaHours,
      'ReadSchemaOutcome',
    ),
    ReadSchemaOutcome: readStatus(names, 'schema.json', 'schemaStatus', 'SchemaDecides', 'SchemaFailed'),
    SchemaDecides: {
      Type: 'Choice',
      Choices: [
        when('$schemaStatus = "planned"', 'Planned'),
        // What failed is left out of the list of tables, as is all that needs it.
        when(`$schemaStatus in ${literal(GOES_ON)}`, 'MigrateTables'),
      ],
      Default: 'SchemaFailed',
    },
  };
}

function migrateTables(names: Names, settings: JobSettings): State {
  return {
    Type: 'Map',
    Label: MAP_LABEL,
    ItemReader: {
      Resource: 'arn:aws:states:::s3:getObject',
      ReaderConfig: { InputType: 'JSON' },
      Arguments: { Bucket: names.bucketName, Key: jsonata('$ledger & "tables.json"') },
    },
    // A child knows none of our variables: all that its run takes goes with the item.
    ItemSelector: {
      // A run moves many tables. It fails if one of them does; what it moved stays moved, also when it is tried again.
      arguments: jsonata(
        '$merge([$dataArguments, $run, {"--STRICT": "true", "--TABLES": $states.context.Map.Item.Value.tables}])',
      ),
    },
    MaxConcurrency: settings.concurrentTables,
    ToleratedFailurePercentage: settings.toleratedFailurePercentage,
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: 'MigrateTable',
      States: {
        MigrateTable: {
          ...startRun(names.jobs['migrate-data'], '$states.input.arguments', settings, settings.tableHours),
          Output: { tables: jsonata('$states.input.arguments."--TABLES"') },
          Catch: [{ ErrorEquals: ['States.ALL'], Output: failureOfRun(), Next: 'TableFailed' }],
          End: true,
        },
        TableFailed: { Type: 'Fail', Error: 'TableFailed', Cause: jsonata('$states.input.failure') },
      },
    },
    ResultWriter: {
      Resource: 'arn:aws:states:::s3:putObject',
      Arguments: { Bucket: names.bucketName, Prefix: jsonata('$ledger & "map"') },
    },
    Catch: [
      {
        ErrorEquals: ['States.ALL'],
        Assign: { failure: jsonata('"moving tables: " & $states.errorOutput.Error & ": " & $states.errorOutput.Cause') },
        Next: 'TablesFailed',
      },
    ],
    Next: 'ReadTablesOutcome',
  };
}

/** Runs that failed within what is tolerated are told, too: the manifest of the map's results lists the files that name them. */
function readTablesOutcome(names: Names): State {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::aws-sdk:s3:getObject',
    Arguments: { Bucket: names.bucketName, Key: jsonata('$states.input.ResultWriterDetails.Key') },
    Assign: {
      tablesStatus: jsonata('$count($parse($states.result.Body).ResultFiles.FAILED) = 0 ? "finished" : "partial"'),
    },
    Output: {},
    Retry: READ_RETRIES,
    Catch: [
      {
        ErrorEquals: ['States.ALL'],
        Assign: { failure: jsonata('"the map left no list of its results: " & $states.errorOutput.Error') },
        Next: 'TablesFailed',
      },
    ],
    Next: 'RefreshMaterializedViews',
  };
}

function views(names: Names, settings: JobSettings): States {
  return {
    RefreshMaterializedViews: runJob(
      names.jobs['refresh-views'],
      '$merge([$viewsArguments, $run])',
      settings,
      settings.viewsHours,
      'ReadViewsOutcome',
    ),
    ReadViewsOutcome: readStatus(names, 'views.json', 'viewsStatus', 'ViewsDecide', 'ViewsFailed'),
    ViewsDecide: {
      Type: 'Choice',
      Choices: [when(`$viewsStatus in ${literal(GOES_ON)}`, 'Migrated')],
      Default: 'ViewsFailed',
    },
  };
}

function ends(): States {
  const where = '"; see " & $ledger';
  const failed = (error: string, cause: string): State => ({ Type: 'Fail', Error: error, Cause: jsonata(`${cause} & ${where}`) });
  const output = { ledger: jsonata('$ledger'), schema: jsonata('$schemaStatus') };
  return {
    Planned: { Type: 'Succeed', Output: output },
    Migrated: { Type: 'Succeed', Output: { ...output, tables: jsonata('$tablesStatus'), views: jsonata('$viewsStatus') } },
    SchemaFailed: failed('SchemaFailed', '"the schema job: " & $failure'),
    TablesFailed: failed('TooManyTablesFailed', '$failure'),
    ViewsFailed: failed('ViewsFailed', '"the views job: " & $failure'),
  };
}

/** A run of a job, after which its document is read, whether it succeeded or not. */
function runJob(job: string, args: string, settings: JobSettings, hours: number, next: string): State {
  return {
    ...startRun(job, args, settings, hours),
    Output: {},
    Catch: [{ ErrorEquals: ['States.ALL'], Assign: failureOfRun(), Output: {}, Next: next }],
    Next: next,
  };
}

function startRun(job: string, args: string, settings: JobSettings, hours: number): State {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::glue:startJobRun.sync',
    Arguments: { JobName: job, Arguments: jsonata(args) },
    // A little longer than Glue's own limit, which stops the run with a message of its own.
    TimeoutSeconds: hours * 3600 + 600,
    Retry: RUN_RETRIES(settings.secondsBeforeRetry),
  };
}

/** Of a failed run the job's last line, which names cause and remedy; of anything else what Step Functions says. */
function failureOfRun(): object {
  const cause = '$states.errorOutput.Cause';
  const isRun = `$states.errorOutput.Error = "States.TaskFailed" and $contains(${cause}, "ErrorMessage")`;
  return { failure: jsonata(`${isRun} ? $parse(${cause}).ErrorMessage : $states.errorOutput.Error & ": " & $string(${cause})`) };
}

/**
 * Reads the status from the end of a job's document. The whole may be larger than a state takes (256 KiB); its keys are
 * sorted, and a line break inside a text is escaped, so that this line is the document's own.
 */
function readStatus(names: Names, document: string, variable: string, next: string, otherwise: string): State {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::aws-sdk:s3:getObject',
    Arguments: {
      Bucket: names.bucketName,
      Key: jsonata(`$ledger & ${literal(document)}`),
      Range: `bytes=-${STATUS_TAIL_BYTES}`,
    },
    Assign: { [variable]: jsonata(String.raw`$match($states.result.Body, /\n  "status": "([a-z]+)"/)[0].groups[0]`) },
    Output: {},
    Retry: READ_RETRIES,
    Catch: [
      {
        ErrorEquals: ['States.ALL'],
        Assign: {
          failure: jsonata(
            `($failure = "" ? "" : $failure & "; ") & ${literal(`it left no ${document}: `)} & $states.errorOutput.Error`,
          ),
        },
        Next: otherwise,
      },
    ],
    Next: next,
  };
}

/** A name as a segment of a key: all but letters, digits, `_` and `-` percent-encoded, as `migration::name::S3KeySegment` does. */
export function encoded(text: string): string {
  const left = { '!': '%21', "'": '%27', '(': '%28', ')': '%29', '*': '%2A', '.': '%2E', '~': '%7E' };
  return Object.entries(left).reduce(
    (expression, [character, code]) => `$replace(${expression}, ${literal(character)}, ${literal(code)})`,
    `$encodeUrlComponent(${text})`,
  );
}
