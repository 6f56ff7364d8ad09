import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import aslValidator from 'asl-validator';
import { argumentOf, JOB_NAMES } from '../lib/contract.ts';
import { definition } from '../lib/state-machine/definition.ts';
import { inputKeysOf, inputOfRetried, OPTIONAL_KEYS, REQUIRED_KEYS, unusedKeys } from '../lib/state-machine/input.ts';
import { type Names, integrationsOf } from '../lib/state-machine/tasks.ts';
import { evaluated, evaluatedText } from './evaluated.ts';
import { exampleContent, exampleEnvironment } from './example.ts';

const ENVIRONMENT_FILE = 'cdk/environments/example.json';
const NAMES: Names = {
  jobs: { 'migrate-schema': 'schema', 'migrate-data': 'data', 'refresh-views': 'views', 'collect-report': 'report' },
  bucketName: 'bucket',
  prefix: '',
  directions: { ...exampleEnvironment(), environmentFile: ENVIRONMENT_FILE },
  integration: integrationsOf('aws'),
};
const settings = exampleEnvironment().jobs;
const machine = definition(NAMES, settings) as { QueryLanguage: string; States: Record<string, any> };

/** Every state, also of the map, by its name. */
const states = (of: Record<string, any>): [string, any][] =>
  Object.entries(of).flatMap(([name, state]) => [[name, state], ...states(state.ItemProcessor?.States ?? {})]);
const all = states(machine.States);

describe('the definition', () => {
  it('is valid Amazon States Language', () => {
    const { isValid, errorsText } = aslValidator(machine);
    assert.ok(isValid, errorsText(''));
  });

  it('ends after the hours of a migration, which its alarm tells', () => {
    assert.equal((machine as unknown as { TimeoutSeconds: number }).TimeoutSeconds, settings.migrationHours * 3600);
  });

  it('names the integrations of its partition alone', () => {
    for (const partition of ['aws-us-gov', 'aws-cn']) {
      const text = JSON.stringify(definition({ ...NAMES, integration: integrationsOf(partition) }, settings));
      assert.deepEqual(new Set(text.match(/arn:[^:]+:states:::/g)), new Set([`arn:${partition}:states:::`]));
      assert.equal(text.match(/"Resource":/g)?.length, text.match(/arn:[^:]+:states:::/g)?.length);
    }
  });

  it('is in JSONata throughout', () => {
    assert.equal(machine.QueryLanguage, 'JSONata');
    assert.doesNotMatch(JSON.stringify(machine), /"(\w+\.\$|Parameters|ResultPath|ResultSelector|InputPath|OutputPath)":/);
  });

  it('catches every error of every task and of the map', () => {
    const tasks = all.filter(([, state]) => ['Task', 'Map'].includes(state.Type));
    assert.equal(tasks.length, 11);
    for (const [name, state] of tasks) {
      assert.ok(
        state.Catch.some((it: any) => it.ErrorEquals.includes('States.ALL')),
        name,
      );
    }
  });

  it('tries every task again', () => {
    for (const [name, state] of all.filter(([, it]) => it.Type === 'Task')) {
      assert.ok(state.Retry.length > 0, name);
    }
  });

  it('starts every job, and waits for it', () => {
    const started = all.filter(([, state]) => state.Resource?.includes('glue')).map(([, state]) => state);
    assert.deepEqual(started.map((state) => state.Arguments.JobName).sort(), ['data', 'report', 'schema', 'views']);
    assert.ok(started.every((state) => state.Resource === 'arn:aws:states:::glue:startJobRun.sync'));
  });

  it('starts a job once more when what failed may pass, and only then', async () => {
    const ended = (message: string | undefined) => ({
      Error: 'States.TaskFailed',
      Cause: JSON.stringify({ JobName: 'exit code 3', JobRunState: 'FAILED', ErrorMessage: message }),
    });
    const failures: [string, boolean, object][] = [
      ['it failed by what is wrong with it', false, ended('Command failed with exit code 1: 7 steps failed')],
      ['its arguments are wrong', false, ended('Command failed with exit code 2')],
      ['a warehouse was out of reach', true, ended('Command failed with exit code 3: cannot reach localhost:1')],
      ['the message of a warehouse says a status', true, ended('Command failed with exit code 3: it said: exit code 1')],
      ['it was killed', true, ended('Command failed with exit code 137: ')],
      ['its twin status is no status', true, ended('Command failed with exit code 12')],
      ['its worker was lost', true, ended('Internal service error')],
      ['nothing is said of its end', true, ended(undefined)],
      [
        'an operator stopped it',
        false,
        { Error: 'States.TaskFailed', Cause: JSON.stringify({ JobRunState: 'STOPPED' }, null, 1) },
      ],
      ['an operator is stopping it', false, { Error: 'States.TaskFailed', Cause: JSON.stringify({ JobRunState: 'STOPPING' }) }],
      ['the cause is no document', true, { Error: 'States.TaskFailed', Cause: 'lost' }],
      ['there is no cause', true, { Error: 'States.TaskFailed' }],
      ['it could not start, for all of its tries', false, { Error: 'Glue.ThrottlingException', Cause: 'exit code 3' }],
      ['it never ended', false, { Error: 'States.Timeout', Cause: '' }],
    ];
    const jobs = all.filter(([, state]) => state.Resource?.includes('glue'));
    assert.equal(jobs.length, JOB_NAMES.length);
    for (const [name, state] of jobs) {
      const [{ Assign, Next }, ...others] = state.Catch;
      assert.equal(others.length, 0);
      const decides = all.find(([it]) => it === Next)?.[1];
      const again = decides.Choices[0].Condition.match(/\$(\w+)/)[1];
      const scope = (errorOutput: object) => ({ errorOutput, input: {}, context: { State: { EnteredTime: '' } } });
      for (const [what, expected, errorOutput] of failures) {
        assert.equal(await evaluated(Assign[again], scope(errorOutput)), expected, `${name}: ${what}`);
        // The second time it is left at that, whatever it was.
        for (const before of [true, false]) {
          assert.equal(await evaluated(Assign[again], scope(errorOutput), { [again]: before }), false, `${name}: ${what}`);
        }
      }
      const waits = all.find(([it]) => it === decides.Choices[0].Next)?.[1];
      assert.deepEqual([waits.Type, waits.Seconds, waits.Next], ['Wait', settings.secondsBeforeRetry, name]);
    }
  });

  it('tells the last line of a job that failed, and of anything else the error', async () => {
    const assigned = machine.States['CreateSchemaObjects'].Catch[0].Assign.failure;
    const cause = JSON.stringify({ ErrorMessage: 'Command failed with exit code 1: why' });
    const said = (errorOutput: object) => evaluated(assigned, { errorOutput });
    assert.equal(await said({ Error: 'States.TaskFailed', Cause: cause }), 'Command failed with exit code 1: why');
    assert.equal(await said({ Error: 'Glue.ThrottlingException', Cause: 'slow' }), 'Glue.ThrottlingException: slow');
    assert.equal(await said({ Error: 'States.TaskFailed', Cause: 'lost' }), 'States.TaskFailed: lost');
  });

  it('records since when a table was tried, both runs included', async () => {
    const child = machine.States['MigrateTables'].ItemProcessor.States;
    const { since } = child.MigrateTable.Catch[0].Assign;
    const context = { State: { EnteredTime: 'now' } };
    assert.equal(await evaluated(since, { context }), 'now');
    assert.equal(await evaluated(since, { context }, { since: 'before' }), 'before');
  });

  it('does not hold a report that failed at first against the migration', () => {
    const { CollectReport, ReportFailed } = machine.States;
    const assigned = Object.keys(CollectReport.Catch[0].Assign);
    assert.ok(!assigned.includes('failure') && CollectReport.Arguments.Arguments.includes('$failure'));
    assert.ok(assigned.some((name) => ReportFailed.Cause.includes(`$${name} `)));
  });

  it('assigns within the map no variable that the machine assigns', () => {
    const assigned = (of: Record<string, any>) =>
      Object.values(of).flatMap((state: any) =>
        [state, ...(state.Catch ?? [])].flatMap((it: any) => Object.keys(it.Assign ?? {})),
      );
    const outer = assigned(machine.States);
    const inner = assigned(machine.States['MigrateTables'].ItemProcessor.States);
    assert.ok(inner.length > 0 && outer.length > 0);
    assert.deepEqual(
      inner.filter((name) => outer.includes(name)),
      [],
    );
  });

  it('moves rows only after a schema job that finished, and succeeds with what a dry run found', async () => {
    const decided = async (choice: any, states: object, variables: Record<string, unknown>) => {
      for (const { Condition, Next } of choice.Choices) {
        if (await evaluated(Condition, states, variables)) {
          return Next;
        }
      }
      return choice.Default;
    };
    const { SchemaDecides, Verdict, Migrated } = machine.States;
    const statuses = ['running', 'planned', 'blocked', 'failed', 'finished', 'partial'];
    for (const status of statuses) {
      const goesOn = ['finished', 'partial'].includes(status);
      assert.equal(await decided(SchemaDecides, { input: {} }, { status }), goesOn ? 'MigrateTables' : 'CollectReport');
      const input = { status, summary: '', report: '' };
      assert.equal(await decided(Verdict, { input }, {}), status === 'failed' ? 'MigrationFailed' : 'Migrated');
    }
    assert.equal(Migrated.Type, 'Succeed');
  });

  it('waits longer for a run than Glue lets it take', () => {
    const data = all.find(([name]) => name === 'MigrateTable')?.[1];
    assert.ok(data.TimeoutSeconds > settings.tableHours * 3600);
  });

  it('begins no job that is not followed by the report', () => {
    const next = (state: any): string[] => [
      ...(state.Next ? [state.Next] : []),
      ...(state.Default ? [state.Default] : []),
      ...[...(state.Choices ?? []), ...(state.Catch ?? [])].map((it: any) => it.Next),
    ];
    const endsOf = (name: string, seen: string[] = []): string[] => {
      const to = next(machine.States[name]).filter((it) => !seen.includes(it) && it !== 'CollectReport');
      const isEnd = next(machine.States[name]).length === 0;
      return isEnd ? [name] : to.flatMap((it) => endsOf(it, [...seen, name]));
    };
    for (const job of ['CreateSchemaObjects', 'MigrateTables', 'RefreshMaterializedViews']) {
      assert.deepEqual(endsOf(job), [], `${job} has a way past the report`);
    }
  });

  it('stops the map only for what is no matter of tables', () => {
    const map = machine.States['MigrateTables'];
    assert.equal(map.ToleratedFailurePercentage, 100);
    assert.equal(map.ToleratedFailureCount, 100);
  });
});

/** What CheckInput says of an input: nothing of one that is good. */
async function refusal(given: object, content = exampleContent()): Promise<string> {
  const names = { ...NAMES, directions: { ...exampleEnvironment(content), environmentFile: ENVIRONMENT_FILE } };
  const { States } = definition(names, settings) as { States: Record<string, any> };
  const isGood = States['CheckInput'].Choices.find((it: any) => it.Next === 'FillDefaults');
  if (await evaluated(isGood.Condition, { input: given })) {
    return '';
  }
  return (await evaluatedText(States['RefuseInput'].Cause, { input: given })).replace('nothing was done: ', '');
}

describe('the input', () => {
  const [{ arn: source }, { arn: target }] = exampleContent().secrets;
  const good = { TENANT_NAME: 'acme', SCHEMAS: 'a,b', SOURCE_SECRET_ARN: source, TARGET_SECRET_ARN: target };
  const exchanged = { ...good, SOURCE_SECRET_ARN: target, TARGET_SECRET_ARN: source };

  it('has only keys that a job takes', () => {
    assert.deepEqual(unusedKeys(), []);
  });

  it('is taken by the keys that callers know', () => {
    const known = [
      'SCHEMAS',
      'SOURCE_SECRET_ARN',
      'TARGET_SECRET_ARN',
      'TENANT_NAME',
      'CONSUMER_SECRET_ARN',
      'TENANT_STACK_NAME',
    ];
    for (const job of JOB_NAMES.filter((it) => it !== 'collect-report')) {
      assert.deepEqual(
        known.filter((key) => !inputKeysOf(job).includes(key)),
        [],
        job,
      );
    }
    assert.ok(inputKeysOf('migrate-schema').includes('DRY_RUN'));
    assert.ok(REQUIRED_KEYS.every((key) => known.includes(key)));
  });

  it('is good with what is required, and with any value that a job takes', async () => {
    assert.equal(await refusal(good), '');
    const more = { VERIFY: 'checksum', RETRY: 10, LOAD_THREADS: '32', STRICT: true, CONSISTENT: 'false', REPLACE: 'all' };
    assert.equal(await refusal({ ...good, ...more, REVERSE: true, NEW_WAREHOUSE: true, SAME_WAREHOUSE: true }), '');
  });

  it('is refused with exchanged secrets, by what the environment says of their warehouses', async () => {
    assert.equal(
      await refusal(exchanged),
      'SOURCE_SECRET_ARN is a secret of the warehouse new, whose role is target: exchange SOURCE_SECRET_ARN and ' +
        `TARGET_SECRET_ARN, or change the role of new in ${ENVIRONMENT_FILE} and deploy; ` +
        'TARGET_SECRET_ARN is a secret of the warehouse old, whose role is source: exchange SOURCE_SECRET_ARN and ' +
        `TARGET_SECRET_ARN, or change the role of old in ${ENVIRONMENT_FILE} and deploy`,
    );
    // No argument allows it: only the environment does.
    const all = { REPLACE: 'all', REVERSE: true, NEW_WAREHOUSE: true, SAME_WAREHOUSE: true };
    assert.match(await refusal({ ...exchanged, ...all }), /whose role is source/);
    const content = exampleContent();
    content.warehouses[0].role = 'both';
    const said = await refusal(exchanged, content);
    assert.match(said, /^SOURCE_SECRET_ARN is a secret of the warehouse new/);
    assert.doesNotMatch(said, /^TARGET_SECRET_ARN is|; TARGET_SECRET_ARN is/);
    content.warehouses[1].role = 'both';
    assert.equal(await refusal(exchanged, content), '');
  });

  it('is refused with two secrets of one warehouse, unless it says that they are meant', async () => {
    const content = exampleContent();
    const other = source.replace('old', 'other');
    content.secrets.push({ arn: other, kmsKeyArn: null, warehouse: 'old' });
    content.warehouses[0].role = 'both';
    const within = { ...good, TARGET_SECRET_ARN: other };
    for (const given of [within, { ...within, SAME_WAREHOUSE: false }, { ...within, SAME_WAREHOUSE: 'false' }]) {
      assert.match(
        await refusal(given, content),
        /^SOURCE_SECRET_ARN and TARGET_SECRET_ARN are secrets of one warehouse, old, whose role is both: .*SAME_WAREHOUSE/,
      );
    }
    assert.equal(await refusal({ ...within, SAME_WAREHOUSE: true }, content), '');
    assert.equal(await refusal({ ...within, SAME_WAREHOUSE: 'true' }, content), '');
    assert.match(
      await refusal({ ...good, TARGET_SECRET_ARN: source, SAME_WAREHOUSE: true }, content),
      /SOURCE_SECRET_ARN and TARGET_SECRET_ARN are the same/,
    );
  });

  it('is refused with a value that no job would take', async () => {
    const wrong: [string, unknown, string][] = [
      ['VERIFY', 'all', 'VERIFY is not one of none, count, checksum'],
      ['VERIFY', null, 'VERIFY is not one of none, count, checksum'],
      ['OWNERS', 'Keep', 'OWNERS is not one of keep, target-admin'],
      ['PASSWORDS', true, 'PASSWORDS is not one of disable, generate, hash'],
      ['SUPERUSERS', [], 'SUPERUSERS is not one of ordinary, keep'],
      ...[0, 11, 1.5, '1.5', 'three', '', true, null, [3], {}].map((value): [string, unknown, string] => [
        'RETRY',
        value,
        'RETRY is not a whole number from 1 to 10',
      ]),
      ['LOAD_THREADS', 33, 'LOAD_THREADS is not a whole number from 1 to 32'],
      ...['DRY_RUN', 'STRICT', 'CONSISTENT', 'KEEP_UNLOADED', 'REVERSE', 'NEW_WAREHOUSE', 'SAME_WAREHOUSE'].map(
        (key): [string, unknown, string] => [key, 'yes', `${key} is neither true nor false`],
      ),
      ...['alias/tenants', '1234abcd', true, 'arn:aws:s3:::x'].map((value): [string, unknown, string] => [
        'KMS_KEY',
        value,
        'KMS_KEY is not the ARN of a KMS key or of an alias',
      ]),
      ['REPLACE', true, 'REPLACE is no text: name tables, or give "all"'],
    ];
    for (const [key, value, said] of wrong) {
      assert.equal(await refusal({ ...good, [key]: value }), said, `${key} ${JSON.stringify(value)}`);
    }
    for (const key of ['key/2f8d6a1c-0000-4000-8000-000000000001', 'alias/tenants']) {
      assert.equal(await refusal({ ...good, KMS_KEY: `arn:aws-us-gov:kms:us-gov-west-1:123456789012:${key}` }), '');
    }
    const types = new Set(OPTIONAL_KEYS.map((key) => argumentOf(`--${key}`).type));
    assert.deepEqual([...types].sort(), [
      'boolean',
      'choice',
      'integer',
      'kms-key-arn',
      'name',
      'secret-arn',
      'sha256',
      'table-list-or-all',
    ]);
  });

  it('of a retry takes over all but what was meant for one execution', async () => {
    const theirs = {
      ...good,
      RETRY_RUN: 'first',
      VERIFY: 'none',
      REVERSE: true,
      NEW_WAREHOUSE: true,
      SAME_WAREHOUSE: true,
      REPLACE: 'all',
      DRY_RUN: true,
      PLAN_SHA256: 'sum',
      format: 1,
      tables: [],
    };
    const { REPLACE: _, DRY_RUN: __, PLAN_SHA256: ___, format: ____, tables: _____, ...left } = theirs;
    const retry = (given: object) =>
      evaluated(`{% ${inputOfRetried} %}`, { input: given, result: { Input: JSON.stringify(theirs) } });
    assert.deepEqual(await retry({ RETRY_RUN: 'second' }), left);
    assert.deepEqual(await retry({ RETRY_RUN: 'second', REPLACE: 'a.b', VERIFY: 'count' }), {
      ...left,
      REPLACE: 'a.b',
      VERIFY: 'count',
    });
  });

  it('becomes the arguments of those jobs that know them', async () => {
    const arguments_ = async (variable: string, given: object): Promise<object> =>
      (await evaluated(machine.States['FillDefaults'].Assign[variable], { input: { ...good, ...given } })) as object;
    const given = { REPLACE: 'a.b', REVERSE: true, RETRY: 3, TABLE: 'x' };
    const { TENANT_NAME, SCHEMAS, SOURCE_SECRET_ARN, TARGET_SECRET_ARN } = good;
    const everywhere = {
      '--TENANT_NAME': TENANT_NAME,
      '--SCHEMAS': SCHEMAS,
      '--SOURCE_SECRET_ARN': SOURCE_SECRET_ARN,
      '--TARGET_SECRET_ARN': TARGET_SECRET_ARN,
      '--RETRY': '3',
      '--REVERSE': 'true',
    };
    assert.deepEqual(await arguments_('schemaArguments', given), { ...everywhere, '--REPLACE': 'a.b' });
    assert.deepEqual(await arguments_('dataArguments', given), { ...everywhere, '--REPLACE': 'a.b' });
    assert.deepEqual(await arguments_('viewsArguments', given), everywhere);
    assert.deepEqual(await arguments_('reportArguments', given), { '--TENANT_NAME': TENANT_NAME });
  });
});
