/** The app of one environment, as `bin/app.ts` and the tests make it. */

import { fileURLToPath } from 'node:url';
import { App, type AppProps, PermissionsBoundary, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { mark } from './belonging.ts';
import type { Environment } from './config/environment.ts';
import { readEnvironment } from './config/read-environment.ts';
import { MigrationStack } from './migration-stack.ts';

export function addStack(app: App, environment: Environment, dist: string): MigrationStack {
  const stack = new MigrationStack(app, `redshift-tenant-migration-${environment.name}`, {
    description: 'Redshift Tenant Migration',
    env: { account: environment.account, region: environment.region },
    ...(environment.permissionsBoundaryArn === undefined
      ? {}
      : { permissionsBoundary: PermissionsBoundary.fromArn(environment.permissionsBoundaryArn) }),
    environment,
    dist,
  });
  mark(stack, environment.name, environment.tags);
  return stack;
}

/** The stack of the environment that the app's context names: `-c env=<name>`. */
export function addNamedStack(app: App): MigrationStack {
  const name: unknown = app.node.tryGetContext('env');
  if (typeof name !== 'string') {
    throw new Error('which environment? give -c env=<name>, the name of a file in cdk/environments');
  }
  /** A directory that -c names, or the usual one. */
  const directory = (key: string, usual: string): string => {
    const given: unknown = app.node.tryGetContext(key);
    return typeof given === 'string' ? given : fileURLToPath(new URL(usual, import.meta.url));
  };
  return addStack(app, readEnvironment(directory('environments', '../environments'), name), directory('dist', '../../dist'));
}

/** An app whose synthesis fails on a finding of cdk-nag's AwsSolutions. */
export function checkedApp(props?: AppProps): App {
  const app = new App(props);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}
