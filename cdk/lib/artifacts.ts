/** The executables of `dist/` and their launcher, uploaded as assets: nothing is uploaded by hand. */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aws_s3_assets as assets } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { JobName } from './contract.ts';
import { JOB_NAMES } from './contract.ts';

export interface ArtifactsProps {
  /** The directory that `./build.sh` fills. */
  readonly directory: string;
}

/** An executable in S3, with the sum without which the launcher does not start it. */
export interface Executable {
  readonly asset: assets.Asset;
  readonly sha256: string;
}

export class Artifacts extends Construct {
  readonly launcher: assets.Asset;
  readonly executables: ReadonlyMap<JobName, Executable>;

  constructor(scope: Construct, id: string, props: ArtifactsProps) {
    super(scope, id);
    const sums = readSums(props.directory);
    const upload = (name: string) => new assets.Asset(this, name, { path: verified(props.directory, name, sums) });
    this.launcher = upload('launch.py');
    this.executables = new Map(JOB_NAMES.map((name) => [name, { asset: upload(name), sha256: sums.get(name) as string }]));
  }
}

/** SHA256SUMS as sha256sum writes it: a sum and a name a line. */
function readSums(directory: string): ReadonlyMap<string, string> {
  const file = join(directory, 'SHA256SUMS');
  if (!existsSync(file)) {
    throw new Error(`there is no ${file}: run ./build.sh first, or name another directory with -c dist=…`);
  }
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
}

function verified(directory: string, name: string, sums: ReadonlyMap<string, string>): string {
  const file = join(directory, name);
  if (!existsSync(file) || createHash('sha256').update(readFileSync(file)).digest('hex') !== sums.get(name)) {
    throw new Error(`${file} is missing or is not what SHA256SUMS says: run ./build.sh again`);
  }
  return file;
}
