/** The app of one environment, as `bin/app.ts` and the tests make it. */

import { App, type AppProps, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Environment } from './config/environment.ts';
import { MigrationStack } from './migration-stack.ts';

/** Every resource carries its environment, so that costs can be told apart. */
const ENVIRONMENT_TAG = 'redshift-tenant-migration:environment';

export function addStack(app: App, environment: Environment, dist: string): MigrationStack {
  const stack = new MigrationStack(app, `redshift-tenant-migration-${environment.name}`, {
    description: 'Redshift Tenant Migration',
    env: { account: environment.account, region: environment.region },
    environment,
    dist,
  });
  Tags.of(stack).add(ENVIRONMENT_TAG, environment.name);
  return stack;
}

/** An app whose synthesis fails on a finding of cdk-nag's AwsSolutions. */
export function checkedApp(props?: AppProps): App {
  const app = new App(props);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}
