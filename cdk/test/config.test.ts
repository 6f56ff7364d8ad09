import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'node:test';
import { readEnvironment } from '../lib/config/read-environment.ts';
import { exampleContent, exampleEnvironment } from './example.ts';

const DIRECTORY = fileURLToPath(new URL('../environments', import.meta.url));

/** What is said of the example after a change. */
function complaint(change: (content: any) => void): string {
  const content = exampleContent();
  change(content);
  try {
    exampleEnvironment(content);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

describe('an environment', () => {
  it('is read from its file', () => {
    const environment = readEnvironment(DIRECTORY, 'example');
    assert.equal(environment.name, 'example');
    assert.equal(environment.jobs.concurrentTables, 10);
  });

  it('without a file is refused with the names that there are', () => {
    assert.throws(() => readEnvironment(DIRECTORY, 'no-such'), /there is no .*no-such\.json; there are .*example/);
  });

  it('with a name that leads elsewhere is refused', () => {
    for (const name of ['../example', 'Example', '']) {
      assert.throws(() => readEnvironment(DIRECTORY, name), /lower case letters/, name);
    }
  });

  it('must hold every key, at every depth', () => {
    const left = (content: any, path: string[] = []): string[][] =>
      Object.entries(content).flatMap(([key, value]) => {
        const nested = typeof value === 'object' && value !== null && !Array.isArray(value);
        return [[...path, key], ...(nested ? left(value, [...path, key]) : [])];
      });
    const paths = left(exampleContent());
    assert.ok(paths.length > 15);
    for (const path of paths) {
      const said = complaint((content) => {
        const last = path.at(-1) as string;
        delete path.slice(0, -1).reduce((object, key) => object[key], content)[last];
      });
      assert.match(said, new RegExp(`${path.join('\\.')} is missing: .{8}`), path.join('.'));
    }
  });

  it('must hold no other key, also not in a list', () => {
    const said = complaint((content) => {
      content.warehouses[1].prot = 5439;
      content.network.subnets[0].id = 'x';
      content.regoin = 'x';
    });
    assert.match(said, /^ {2}warehouses\[1\]\.prot is unknown/m);
    assert.match(said, /^ {2}network\.subnets\[0\]\.id is unknown/m);
    assert.match(said, /^ {2}regoin is unknown/m);
  });

  it('names what a value should be', () => {
    const wrong: [string, (content: any) => void][] = [
      ['account is not what it should be: the id of the AWS account', (it) => (it.account = 123456789012)],
      ["secrets[0].arn is not what it should be: a secret's whole ARN", (it) => (it.secrets[0].arn += 'x')],
      ['secrets is not what it should be', (it) => (it.secrets = [])],
      ['jobs.concurrentTables is not what it should be: .* from 1 to 200', (it) => (it.jobs.concurrentTables = 0)],
      ['jobs.engine is not what it should be: .*python-shell, spark', (it) => (it.jobs.engine = 'bash')],
      ['operations.logDays is not what it should be', (it) => (it.operations.logDays = 8)],
      ['operations.email is not what it should be: .* or null', (it) => (it.operations.email = 'me')],
      ['network must be an object', (it) => (it.network = 'vpc-1')],
      ['warehouses\\[0\\] must be an object', (it) => (it.warehouses[0] = 'old')],
      ['warehouses[0].reachedAt is not what it should be', (it) => (it.warehouses[0].reachedAt = '10.0.0.1')],
      ['bucket.unloadDays is unknown', (it) => (it.bucket.kind = 'import')],
    ];
    for (const [expected, change] of wrong) {
      const pattern = expected.replaceAll(/\[(\d)\]/g, '\\[$1\\]').replaceAll('\\\\', '\\');
      assert.match(complaint(change), new RegExp(pattern));
    }
  });

  it('is told all that is wrong at once', () => {
    const said = complaint((content) => {
      delete content.region;
      content.jobs.viewsHours = 0;
    });
    assert.equal(said.split('\n').length, 3);
  });
});
