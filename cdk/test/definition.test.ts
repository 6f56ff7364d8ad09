import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import aslValidator from 'asl-validator';
import { JOB_NAMES } from '../lib/contract.ts';
import { definition } from '../lib/state-machine/definition.ts';
import { inputKeysOf, REQUIRED_KEYS, unusedKeys } from '../lib/state-machine/input.ts';
import type { Names } from '../lib/state-machine/tasks.ts';
import { exampleEnvironment } from './example.ts';

const NAMES: Names = {
  jobs: { 'migrate-schema': 'schema', 'migrate-data': 'data', 'refresh-views': 'views', 'collect-report': 'report' },
  bucketName: 'bucket',
  prefix: '',
  secretArns: ['arn:source', 'arn:target'],
  environmentFile: 'cdk/environments/example.json',
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

describe('the input', () => {
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
});
