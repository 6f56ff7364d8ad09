/** What the endpoints' function asks of EC2: the edge at which the tests put a double. */

/** Where an endpoint is in its life; one that is gone is not listed (EC2 API Reference, VpcEndpoint: `state`). */
export type State = 'available' | 'pending' | 'leaving' | 'failed';

/** An endpoint, as far as it matters here. */
export interface Endpoint {
  readonly id: string;
  readonly service: string;
  readonly kind: 'interface' | 'gateway';
  readonly state: State;
  /** Why it failed, or an empty text. */
  readonly failure: string;
  /** Whether the clients' usual host names lead to it: a gateway's do, an interface endpoint's with private DNS alone. */
  readonly isReached: boolean;
  readonly securityGroups: readonly string[];
  readonly routeTables: readonly string[];
  readonly tags: ReadonlyMap<string, string>;
}

/** What a new endpoint needs. */
export interface NewEndpoint {
  readonly service: string;
  readonly vpc: string;
  readonly tags: ReadonlyMap<string, string>;
  readonly placement: InterfacePlacement | GatewayPlacement;
}

export interface InterfacePlacement {
  readonly subnets: readonly string[];
  readonly securityGroup: string;
  /** Left out where the service takes none. */
  readonly policy: string | undefined;
}

export interface GatewayPlacement {
  readonly routeTables: readonly string[];
}

/** A change of an endpoint's security groups or route tables. */
export interface Change {
  readonly addSecurityGroup?: string;
  readonly removeSecurityGroup?: string;
  readonly addRouteTables?: readonly string[];
  readonly removeRouteTables?: readonly string[];
}

export interface Subnet {
  readonly id: string;
  readonly zone: string;
}

/** How a service is offered in the Region. */
export interface Offer {
  readonly zones: readonly string[];
  readonly takesPolicy: boolean;
}

export interface Ec2 {
  /** The endpoints of a VPC. */
  endpoints(vpc: string): Promise<readonly Endpoint[]>;
  /** The subnets of these ids. */
  subnets(ids: readonly string[]): Promise<readonly Subnet[]>;
  /** The route tables of these subnets, the main one for those without their own. */
  routeTables(vpc: string, subnets: readonly string[]): Promise<readonly string[]>;
  /** Those of these services that the Region offers by interface endpoints. */
  offers(services: readonly string[]): Promise<ReadonlyMap<string, Offer>>;
  /** Lets every address of the VPC in at the port of HTTPS; what is let in already is not asked for again. */
  admitVpc(securityGroup: string, vpc: string): Promise<void>;
  /** Returns the id of the endpoint, which soon works. */
  create(endpoint: NewEndpoint): Promise<string>;
  change(id: string, change: Change): Promise<void>;
  tag(id: string, key: string, value: string): Promise<void>;
  untag(id: string, key: string): Promise<void>;
  /** Begins to delete all of these; an error names each that is refused. */
  delete(ids: readonly string[]): Promise<void>;
}
