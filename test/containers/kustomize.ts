import { execFileSync, spawnSync } from 'node:child_process';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import { Job } from 'kubernetes-models/batch/v1/Job';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { Namespace } from 'kubernetes-models/v1/Namespace';
import { Secret } from 'kubernetes-models/v1/Secret';
import { Service } from 'kubernetes-models/v1/Service';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

export const kubectlInstalled = spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore' }).status === 0;

const manifest = z.looseObject({ apiVersion: z.string(), kind: z.string(), metadata: z.looseObject({ name: z.string() }) });
export type Manifest = z.output<typeof manifest>;

/** What `kubectl apply -k` would send. */
export function rendered(folder: string): Manifest[] {
  const text = execFileSync('kubectl', ['kustomize', folder], { encoding: 'utf8' });
  // Kustomize breaks the lines of base64, which Kubernetes ignores and schemas do not know of.
  const unbroken = (_name: unknown, value: unknown): unknown =>
    typeof value === 'string' && /^[\w+/=\n]+\n$/.test(value) ? value.replaceAll('\n', '') : value;
  return parseAllDocuments(text).map((document) => manifest.parse(document.toJS({ reviver: unbroken })));
}

/** Kinds of Kubernetes itself, with the JSON schemas of its API compiled. */
const kinds: Readonly<Record<string, { readonly prototype: { validate(this: unknown): void } }>> = {
  'apps/v1 Deployment': Deployment,
  'autoscaling/v2 HorizontalPodAutoscaler': HorizontalPodAutoscaler,
  'batch/v1 Job': Job,
  'networking.k8s.io/v1 NetworkPolicy': NetworkPolicy,
  'policy/v1 PodDisruptionBudget': PodDisruptionBudget,
  'v1 ConfigMap': ConfigMap,
  'v1 Namespace': Namespace,
  'v1 Secret': Secret,
  'v1 Service': Service,
};

export const isOfKubernetes = ({ apiVersion, kind }: Manifest): boolean => `${apiVersion} ${kind}` in kinds;

/** What the API would not take: wrong or missing members, as the schemas say, and members that no schema has looked at, such as misspelt ones. */
export function problemsOf(given: Manifest): string[] {
  const Kind = kinds[`${given.apiVersion} ${given.kind}`];
  if (!Kind) return [`unknown kind ${given.apiVersion} ${given.kind}`];
  const unread = new Set<string>();
  try {
    // Its own copy of the members would have been read already.
    Kind.prototype.validate.call(watched(given, '', unread));
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
  return [...unread].filter((path) => path !== '/apiVersion' && path !== '/kind').map((path) => `${path} is not known`);
}

/** Keeps the paths of members in `unread` until somebody reads them. */
function watched(value: unknown, path: string, unread: Set<string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, member]) => [name, watched(member, `${path}/${name}`, unread)] as const);
  if (Array.isArray(value)) return entries.map(([, member]) => member);
  for (const [name] of entries) unread.add(`${path}/${name}`);
  return new Proxy(Object.fromEntries(entries), {
    get: (target, name, receiver) => {
      if (typeof name === 'string') unread.delete(`${path}/${name}`);
      return Reflect.get(target, name, receiver) as unknown;
    },
  });
}
