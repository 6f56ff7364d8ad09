/** What an environment's file says, once it has been read: see cdk/README.md for each key. */

/** One environment: an account, a Region, and the warehouses between which tenants move. */
export interface Environment {
  /** The file's name without `.json`; names the stack. */
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** On every resource that can have some, besides the app's own. */
  readonly tags: ReadonlyMap<string, string>;
  /** Bounds what every role of the stack may do; left out, only the roles' own policies do. */
  readonly permissionsBoundaryArn: string | undefined;
  readonly network: NetworkSettings;
  /** The only secrets that the jobs may read. */
  readonly secrets: readonly SecretSettings[];
  readonly warehouses: readonly WarehouseSettings[];
  readonly bucket: BucketSettings;
  readonly jobs: JobSettings;
  readonly operations: OperationSettings;
}

/** Where the jobs run. Each id may be given as `ssm:/name/of/a/parameter` instead. */
export interface NetworkSettings {
  readonly vpcId: string;
  readonly subnets: readonly SubnetSettings[];
  readonly endpoints: EndpointsChoice;
  /** Where the jobs may go on port 443; left out, anywhere. */
  readonly egress: EgressSettings | undefined;
}

/** How the jobs reach AWS's services: in a way of the VPC's own, by endpoints that are there, or by new ones where none is. */
export const ENDPOINTS_CHOICES = ['none', 'join', 'create'] as const;
export type EndpointsChoice = (typeof ENDPOINTS_CHOICES)[number];

export interface EgressSettings {
  /** The addresses of S3 in the Region, or undefined where S3 is reached at one of `cidrs`. */
  readonly s3PrefixList: string | undefined;
  readonly cidrs: readonly string[];
}

export interface SubnetSettings {
  readonly subnetId: string | PlaceInList;
  readonly availabilityZone: string;
}

/** An item of a parameter of the type StringList. */
export interface PlaceInList {
  /** As `ssm:/name/of/a/parameter`. */
  readonly parameter: string;
  /** From 0. */
  readonly at: number;
}

export interface SecretSettings {
  readonly arn: string;
  /** The customer-managed key that encrypts it; left out for `aws/secretsmanager`. */
  readonly kmsKeyArn: string | undefined;
  /** The name of the warehouse that it logs in to. */
  readonly warehouse: string;
}

/** What a warehouse may be in a migration. */
export const WAREHOUSE_ROLES = ['source', 'target', 'both'] as const;
export type WarehouseRole = (typeof WAREHOUSE_ROLES)[number];

/** A warehouse on either side. */
export type WarehouseSettings = ProvisionedSettings | ServerlessSettings;

interface AnyWarehouse {
  /** The name by which secrets and messages refer to it. */
  readonly name: string;
  readonly role: WarehouseRole;
  /** Ends in the id that the warehouse itself answers for CURRENT_NAMESPACE. */
  readonly namespaceArn: string;
  readonly port: number;
  /** Its security group, or a parameter with it, which is opened for the jobs, or the addresses where it listens. */
  readonly reachedAt: string;
}

export interface ProvisionedSettings extends AnyWarehouse {
  readonly kind: 'provisioned';
  readonly clusterIdentifier: string;
}

export interface ServerlessSettings extends AnyWarehouse {
  readonly kind: 'serverless';
  readonly workgroupArn: string;
  /** Roles that the namespace has already: UpdateNamespace takes the whole list, so the schema job must be allowed to pass them. */
  readonly associatedRoleArns: readonly string[];
}

/** The data bucket: made by the stack, or one that is there, whose own settings are never touched. */
export type BucketSettings = CreatedBucketSettings | ImportedBucketSettings;

export interface CreatedBucketSettings {
  readonly kind: 'create';
  /** Days after which what a dead job left below `unload/` and `temporary/` goes. */
  readonly unloadDays: number;
}

export interface ImportedBucketSettings {
  readonly kind: 'import';
  readonly bucketName: string;
  /** Begins every key, without slashes at its ends. */
  readonly prefix: string;
  readonly kmsKeyArn: string | undefined;
  /** Roles through which UNLOAD and COPY come to it, each assumed by the one before, the first by the stack's own; none for a bucket of the account. */
  readonly chainedRoleArns: readonly string[];
}

export interface JobSettings {
  /** What Glue starts the launcher with. */
  readonly engine: 'python-shell' | 'spark';
  /** Runs of the data job of one tenant at the same time. */
  readonly concurrentTables: number;
  /** Tenants that may migrate at the same time without one being refused for Glue's limit of a job's runs. */
  readonly tenantsAtOnce: number;
  /** A migration of which more than this share of the tables failed has failed. */
  readonly toleratedFailurePercentage: number;
  readonly schemaHours: number;
  readonly tableHours: number;
  readonly viewsHours: number;
  /** After so many hours Step Functions ends a migration, with all that is under way. */
  readonly migrationHours: number;
  /** Before a run that failed is started once more, and before the first repeat of one that could not start. */
  readonly secondsBeforeRetry: number;
}

export interface OperationSettings {
  readonly logDays: number;
  /** Who is told of ends and alarms; left out, the topic has no subscriber. */
  readonly email: string | undefined;
}
