/** `cdk synth -c env=<name>`: the stack of the environment that `environments/<name>.json` describes. */

import { addNamedStack, checkedApp } from '../lib/app.ts';

addNamedStack(checkedApp());
