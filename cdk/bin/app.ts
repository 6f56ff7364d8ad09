/** `cdk synth -c env=<name>`: the stack of the environment that `environments/<name>.json` describes. */

import { fileURLToPath } from 'node:url';
import { addStack, checkedApp } from '../lib/app.ts';
import { readEnvironment } from '../lib/config/read-environment.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const app = checkedApp();
const name: unknown = app.node.tryGetContext('env');
if (typeof name !== 'string') {
  throw new Error('which environment? give -c env=<name>, the name of a file in cdk/environments');
}
/** A directory that -c names, or the usual one. */
const directory = (key: string, usual: string): string => {
  const given: unknown = app.node.tryGetContext(key);
  return typeof given === 'string' ? given : at(usual);
};
addStack(app, readEnvironment(directory('environments', '../environments'), name), directory('dist', '../../dist'));
