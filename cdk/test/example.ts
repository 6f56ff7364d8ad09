/** The example environment, and executables that are none, for tests of what is synthesized. */

import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { addStack } from '../lib/app.ts';
import { JOB_NAMES } from '../lib/contract.ts';
import { parseEnvironment } from '../lib/config/read-environment.ts';
import type { Environment } from '../lib/config/environment.ts';

/** The content of example.json, anew for each caller, who may change it. */
export const exampleContent = (): any =>
  JSON.parse(readFileSync(new URL('../environments/example.json', import.meta.url), 'utf8'));

export const exampleEnvironment = (content = exampleContent(), name = 'example'): Environment =>
  parseEnvironment(name, content, `${name}.json`);

/** A directory as `./build.sh` leaves it, but for the contents. */
export function stubDist(): string {
  const directory = mkdtempSync(join(tmpdir(), 'dist-'));
  const sums = [...JOB_NAMES, 'launch.py'].map((name) => {
    writeFileSync(join(directory, name), name);
    return `${createHash('sha256').update(name).digest('hex')}  ${name}\n`;
  });
  writeFileSync(join(directory, 'SHA256SUMS'), sums.join(''));
  return directory;
}

/** The template of an environment. */
export function synthesized(environment = exampleEnvironment()): Template {
  // The function's bundle is made by `cdk synth`, and takes longer than all else.
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  return Template.fromStack(addStack(app, environment, stubDist()));
}
