import { serviceLoaders } from '@greenscreen/all/service-loaders';
import { servicePorts } from '@greenscreen/host/config';
import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { z } from 'zod';
import { isOfKubernetes, kubectlInstalled, type Manifest, problemsOf, rendered } from './kustomize.js';

const describeKubectl = kubectlInstalled ? describe : describe.skip;
const folder = (name: string): string => join(import.meta.dirname, '..', '..', 'charts', 'greenscreen', name);

const labels = z.record(z.string(), z.string());
const container = z.looseObject({
  args: z.array(z.string()),
  env: z.array(z.looseObject({ name: z.string(), value: z.string().optional() })),
  ports: z.array(z.looseObject({ name: z.string(), containerPort: z.number() })).default([]),
  readinessProbe: z.looseObject({}).optional(),
  livenessProbe: z.looseObject({}).optional(),
  startupProbe: z.looseObject({}).optional(),
  securityContext: z.looseObject({}),
  resources: z.looseObject({ requests: labels, limits: labels }),
});
const workload = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({
      metadata: z.looseObject({ labels }),
      spec: z.looseObject({ containers: z.tuple([container]), securityContext: z.looseObject({}) }),
    }),
  }),
});
const service = z.looseObject({
  spec: z.looseObject({ selector: labels, ports: z.array(z.looseObject({ port: z.number(), targetPort: z.string() })) }),
});
const autoscaler = z.looseObject({ spec: z.looseObject({ scaleTargetRef: z.looseObject({ name: z.string() }) }) });

describeKubectl.each(['external-postgres', 'cloudnative-pg'])('charts/greenscreen/%s (skipped without kubectl)', (overlay) => {
  const all = kubectlInstalled ? rendered(folder(overlay)) : [];
  const of = (kind: string): Manifest[] => all.filter((manifest) => manifest.kind === kind);
  const deployments = new Map(of('Deployment').map((manifest) => [manifest.metadata.name, workload.parse(manifest)]));
  const containerOf = (name: string) => deployments.get(name)?.spec.template.spec.containers[0];

  it.each(all.filter(isOfKubernetes).map((manifest) => [manifest.kind, manifest.metadata.name, manifest] as const))(
    'the API takes the %s %s',
    (_kind, _name, manifest) => expect(problemsOf(manifest)).toEqual([]),
  );

  it('has nothing else but the database cluster of the operator', () => {
    const others = all.filter((manifest) => !isOfKubernetes(manifest)).map(({ apiVersion, kind }) => `${apiVersion} ${kind}`);
    expect(others).toEqual(overlay === 'cloudnative-pg' ? ['postgresql.cnpg.io/v1 Cluster'] : []);
  });

  it('runs every service on its port, the gateway in front of them, and the name server', () => {
    expect([...deployments.keys()].sort()).toEqual([...serviceLoaders.keys(), 'gateway', 'dns'].sort());
    for (const name of serviceLoaders.keys()) {
      expect(containerOf(name)?.args).toEqual(['up', name]);
      expect(containerOf(name)?.ports.map(({ containerPort }) => containerPort)).toEqual([servicePorts[name]]);
    }
    const urls = containerOf('gateway')?.env.flatMap(({ name, value }) => (name.endsWith('_URLS') ? [value] : []));
    const emulated = [...serviceLoaders.keys()].filter((name) => name !== 'control');
    expect(urls).toEqual(emulated.map((name) => `http://${name}:${servicePorts[name]}`));
  });

  it('every service of the cluster leads to pods and ports that there are, every autoscaler to a deployment', () => {
    for (const { spec } of of('Service').map((manifest) => service.parse(manifest))) {
      const found = [...deployments.values()].filter(({ spec: { template } }) =>
        Object.entries(spec.selector).every(([name, value]) => template.metadata.labels[name] === value),
      );
      expect(found).toHaveLength(1);
      const ports = found[0]?.spec.template.spec.containers[0].ports.map(({ name }) => name);
      for (const { targetPort } of spec.ports) expect(ports).toContain(targetPort);
    }
    const scaled = of('HorizontalPodAutoscaler').map((manifest) => autoscaler.parse(manifest).spec.scaleTargetRef.name);
    expect(scaled.sort()).toEqual([...deployments.keys()].filter((name) => name !== 'control' && name !== 'dns').sort());
  });

  it('no pod has rights, all have probes and bounds', () => {
    for (const { spec } of [...deployments.values(), ...of('Job').map((manifest) => workload.parse(manifest))]) {
      const { securityContext, containers } = spec.template.spec;
      expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      expect(containers[0].securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(Object.keys(containers[0].resources.limits)).toContain('memory');
    }
    for (const name of deployments.keys())
      expect(containerOf(name)).toMatchObject({ readinessProbe: {}, livenessProbe: {}, startupProbe: { failureThreshold: 60 } });
  });

  it('the runs of the control API meet the cloud at its gateway', () => {
    expect(containerOf('control')?.env).toContainEqual({ name: 'GREENSCREEN_CONTROL_GATEWAY_URL', value: 'https://gateway' });
    const found = of('NetworkPolicy').find(({ metadata }) => metadata.name === 'runs');
    const gateway = { podSelector: { matchLabels: { 'app.kubernetes.io/component': 'gateway' } } };
    expect(found?.spec).toMatchObject({
      policyTypes: ['Egress'],
      egress: [{ to: [gateway], ports: [{ port: 'https' }, { port: 'http' }] }],
    });
  });

  it('nobody speaks to anybody unless a policy says so', () => {
    const policies = of('NetworkPolicy').map(({ metadata, ...rest }) => ({ name: metadata.name, ...rest }));
    expect(policies).toContainEqual(
      expect.objectContaining({ name: 'nothing', spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] } }),
    );
  });
});

describe('the check of manifests', () => {
  const deployment = (spec: object): Manifest => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x' }, spec });
  const good = {
    selector: { matchLabels: { a: 'b' } },
    template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'x', image: 'y', ports: [{ containerPort: 1 }] }] } },
  };

  it('takes a good one', () => expect(problemsOf(deployment(good))).toEqual([]));

  it('finds a wrong type and a missing member', () => {
    expect(problemsOf(deployment({ ...good, replicas: '2' }))).toEqual([expect.stringContaining('replicas must be integer')]);
    expect(problemsOf(deployment({ template: good.template }))).toEqual([expect.stringContaining('required property selector')]);
  });

  it('finds a misspelt member, deep in a list', () => {
    const container = { name: 'x', image: 'y', readynessProbe: {} };
    const template = { ...good.template, spec: { containers: [container] } };
    expect(problemsOf(deployment({ ...good, template }))).toEqual(['/spec/template/spec/containers/0/readynessProbe is not known']);
  });

  it('knows no kind that Kubernetes has not', () => {
    expect(problemsOf({ ...deployment(good), apiVersion: 'apps/v2' })).toEqual(['unknown kind apps/v2 Deployment']);
  });
});
