import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { type Template } from 'aws-cdk-lib/assertions';
import { exampleContent, exampleEnvironment, synthesized } from './example.ts';

/** The template of the example after a change of its network or its warehouses. */
function changed(change: (content: any) => void): Template {
  const content = exampleContent();
  change(content);
  return synthesized(exampleEnvironment(content));
}

const template = synthesized();
const none = changed(({ network }) => Object.assign(network, { endpoints: 'none', egress: null }));

/** What the custom resource is given, or nothing. */
const asked = (of: Template): any => Object.values(of.findResources('Custom::Endpoints'))[0]?.['Properties'];

/** A name in which the Region may be CloudFormation's. */
const name = (value: any): string =>
  value['Fn::Join']?.[1].map((it: any) => (it.Ref === undefined ? it : '<region>')).join('') ?? value;

/** The services that the custom resource is to make reachable, by the last part of their names. */
const services = (of: Template): string[] =>
  [...asked(of).InterfaceServices, ...asked(of).GatewayServices].map((it) => name(it).split('.').at(-1) as string);

/** Where the jobs' group lets them go, on which port: addresses, prefix lists and logical ids of groups. */
function egress(of: Template): { to: string; port: number; description: string }[] {
  const groups = Object.entries(of.findResources('AWS::EC2::SecurityGroup'));
  const [id, jobs] = groups.find(
    ([, { Properties }]) => Properties.GroupDescription === 'Jobs of Redshift Tenant Migration',
  ) as any;
  const apart = Object.values(of.findResources('AWS::EC2::SecurityGroupEgress')).map((it) => it['Properties']);
  const ofJobs = apart.filter((it) => it.GroupId['Fn::GetAtt'][0] === id);
  return [...(jobs.Properties.SecurityGroupEgress ?? []), ...ofJobs].map((rule) => ({
    to:
      rule.CidrIp ??
      rule.DestinationPrefixListId ??
      rule.DestinationSecurityGroupId?.['Fn::GetAtt']?.[0] ??
      rule.DestinationSecurityGroupId,
    port: rule.FromPort,
    description: rule.Description,
  }));
}

const ways = (of: Template): string[] =>
  egress(of)
    .filter(({ port }) => port === 443)
    .map(({ to }) => (typeof to === 'string' ? to : JSON.stringify(to)));

describe('the endpoints that an environment asks for', () => {
  it("are those of AWS's SDK that the executables are built with, and those that Glue itself calls", () => {
    const cargo = readFileSync(new URL('../../jobs/aws/Cargo.toml', import.meta.url), 'utf8');
    const crates = [...cargo.matchAll(/^aws-sdk-([a-z0-9]+)/gm)].map(([, name]) => name as string);
    assert.ok(crates.length >= 5);
    const expected = crates.map((name) => (name === 'redshiftserverless' ? 'redshift-serverless' : name));
    assert.deepEqual(services(template).sort(), [...expected, 'kms', 'logs'].sort());
  });

  it('leave out the API of a kind of warehouse that is not there', () => {
    const both = (kind: number) =>
      changed(({ warehouses }) => {
        const [kept, other] = [warehouses[kind], warehouses[1 - kind]];
        const namespaceArn = kept.namespaceArn.replace(/0$|.$/, '9');
        warehouses.splice(0, 2, { ...kept, role: 'both' }, { ...kept, name: other.name, role: 'both', namespaceArn });
      });
    assert.equal(services(both(0)).includes('redshift-serverless'), false);
    assert.equal(services(both(0)).includes('redshift'), true);
    assert.equal(services(both(1)).includes('redshift'), false);
  });

  it("have the partition's names", () => {
    const inChina = (text: string) => text.replaceAll('arn:aws:', 'arn:aws-cn:').replaceAll('eu-central-1', 'cn-north-1');
    const of = synthesized(exampleEnvironment(JSON.parse(inChina(JSON.stringify(exampleContent())))));
    assert.ok(asked(of).InterfaceServices.includes('cn.com.amazonaws.cn-north-1.redshift'), asked(of).InterfaceServices);
    assert.deepEqual(asked(of).GatewayServices.map(name), ['com.amazonaws.<region>.s3']);
  });

  it('are none at all where the VPC has another way: no function, no group, no right', () => {
    assert.equal(asked(none), undefined);
    assert.deepEqual(Object.keys(none.findResources('AWS::Lambda::Function')), []);
    assert.equal(Object.keys(none.findResources('AWS::EC2::SecurityGroup')).length, 1);
    assert.equal(JSON.stringify(none.toJSON()).includes('ec2:CreateVpcEndpoint'), false);
  });

  it('may be created only where the file says so', () => {
    const join = changed(({ network }) => (network.endpoints = 'join'));
    for (const [of, may] of [
      [template, true],
      [join, false],
    ] as const) {
      assert.equal(asked(of).Endpoints, may ? 'create' : 'join');
      assert.equal(JSON.stringify(of.toJSON()).includes('ec2:CreateVpcEndpoint'), may);
    }
  });

  it('are waited for an hour, by a function that ends, and so can be repeated, long before', () => {
    assert.equal(asked(template).ServiceTimeout, '3600');
    const [handler] = Object.values(template.findResources('AWS::Lambda::Function'));
    assert.equal(handler?.['Properties'].Timeout, 900);
  });

  it('have a group without rules of the template: whom it lets in, the VPC says', () => {
    const groups = Object.values(template.findResources('AWS::EC2::SecurityGroup')).map((it) => it['Properties']);
    const theirs = groups.find((it) => it.GroupDescription.startsWith('Endpoints'));
    assert.equal(theirs?.SecurityGroupIngress, undefined);
    // CDK's rule for a group that may go nowhere.
    assert.deepEqual(
      theirs?.SecurityGroupEgress.map((it: { CidrIp: string }) => it.CidrIp),
      ['255.255.255.255/32'],
    );
  });
});

describe('a parameter of SSM', () => {
  it('of the type StringList gives the subnets, in the order of their zones', () => {
    const zones = ['eu-central-1c', 'eu-central-1a'];
    const of = changed(({ network }) => (network.subnets = { parameter: 'ssm:/network/private', availabilityZones: zones }));
    const [id, parameter] = Object.entries(of.findParameters('*')).find(([, it]) => it['Default'] === '/network/private') as any;
    assert.equal(parameter.Type, 'AWS::SSM::Parameter::Value<List<String>>');
    const item = (at: number) => ({ 'Fn::Select': [at, { Ref: id }] });
    assert.deepEqual(asked(of).SubnetIds, [item(0), item(1)]);
    const places = Object.values(of.findResources('AWS::Glue::Connection')).map(
      (it) => it['Properties'].ConnectionInput.PhysicalConnectionRequirements,
    );
    assert.deepEqual(
      places.map((it) => [it.AvailabilityZone, it.SubnetId]),
      zones.map((zone, at) => [zone, item(at)]),
    );
  });

  it("gives a warehouse's security group, which is opened for the jobs", () => {
    const of = changed(({ warehouses }) => (warehouses[1].reachedAt = 'ssm:/warehouse/group'));
    const [id] = Object.entries(of.findParameters('*')).find(([, it]) => it['Default'] === '/warehouse/group') as any;
    const rules = Object.values(of.findResources('AWS::EC2::SecurityGroupIngress')).map((it) => it['Properties']);
    assert.ok(rules.some((it) => it.GroupId.Ref === id && it.FromPort === 5439));
    assert.ok(egress(of).some(({ to, port }) => port === 5439 && JSON.stringify(to).includes(id)));
  });
});

describe('the way out of the jobs', () => {
  it("leads to S3's prefix list and to the endpoints, and nowhere else", () => {
    const [s3, endpoints, ...others] = ways(template).sort().reverse();
    assert.equal(s3, 'pl-6ea54007');
    assert.match(endpoints as string, /^NetworkEndpointsGroup/);
    assert.deepEqual(others, []);
  });

  it('takes the prefix list from a parameter, too', () => {
    const of = changed(({ network }) => (network.egress.s3PrefixList = 'ssm:/network/s3'));
    assert.ok(
      ways(of).some((to) => to.includes('SsmParameterValuenetworks3')),
      ways(of).join(),
    );
  });

  it('leads to the addresses that the file names', () => {
    const egress = { s3PrefixList: null, cidrs: ['10.1.0.0/16', '10.2.0.0/16'] };
    const of = changed(({ network }) => Object.assign(network, { endpoints: 'none', egress }));
    assert.deepEqual(ways(of), egress.cidrs);
  });

  it('leads anywhere where the file names nothing, and says why', () => {
    assert.deepEqual(ways(none), ['0.0.0.0/0']);
    assert.match(egress(none).find(({ to }) => to === '0.0.0.0/0')?.description ?? '', /network\.egress names no prefix list/);
  });
});
