import { GraphSession } from '../administrator/index.js';
import { textAt } from '../expect/index.js';
import { deviceSchema, type FlowStep, merge, type Mutation, tenantSchema } from '../format/index.js';
import { type Stage } from './flow.js';
import { furnish } from './furnish.js';
import { traitsOf } from './traits.js';

type Verb = Exclude<FlowStep, string>;

/** A step that is no phase (reference 05, C.1). */
export async function doVerb(verb: FlowStep, stage: Stage): Promise<void> {
  const { device, bench } = stage;
  if (typeof verb === 'string') return;
  if ('wait' in verb) await device.context.clock.wait(verb.wait, 'the scenario waits');
  else if ('reboot' in verb) device.restartAt(verb.reboot);
  else if ('mutate' in verb) await mutate(verb.mutate, stage);
  else if ('reset' in verb) device.reset();
  else if ('clear_faults' in verb) {
    await bench.clear();
    changeTraits(stage);
  } else if ('graph' in verb) await callGraph(verb.graph, stage);
}

async function mutate(mutation: Mutation, stage: Stage): Promise<void> {
  const { control, tenant, serial, scenario } = stage;
  if (mutation.target === 'device') {
    stage.scenario = { ...scenario, device: deviceSchema.parse(merge(scenario.device, mutation.set)) };
    changeTraits(stage);
  } else if (mutation.target === 'tenant') await changeTenant(merge(scenario.tenant, mutation.set), stage);
  else if (mutation.target === 'app') {
    const apps = scenario.tenant.apps.map((app) => (app.id === mutation.id ? { ...app, ...mutation.set } : app));
    await changeTenant({ ...scenario.tenant, apps }, stage);
  } else await control.changeRecord(tenant.id, serial, mutation);
}

async function changeTenant(wanted: unknown, stage: Stage): Promise<void> {
  const before = stage.scenario.tenant;
  stage.scenario = { ...stage.scenario, tenant: tenantSchema.parse(wanted) };
  await furnish(stage, stage.scenario.tenant, before);
}

/** What makes the PC unique comes from the seed, and so stays as it is. */
function changeTraits({ device, scenario, bench, tenant, serial }: Stage): void {
  const traits = traitsOf({
    device: scenario.device,
    seed: scenario.seed,
    tenantId: tenant.id,
    serial,
    network: bench.network(),
  });
  device.change(traits);
}

async function callGraph({ method, path, body }: Extract<Verb, { graph: unknown }>['graph'], stage: Stage): Promise<void> {
  const { office, tenant, control, serial } = stage;
  const records = await control.records(tenant.id, serial);
  const filled = path.replace(/\{\{([\w.]+)\}\}/g, (whole, name: string) => textAt(records, name) ?? whole);
  const graph = await GraphSession.open((request) => office.http(request), {
    tenantId: tenant.id,
    clientId: tenant.clientId,
    clientSecret: tenant.clientSecret,
  });
  await graph.call({
    operation: 'ScenarioStep',
    method,
    path: /^\/(beta|v1\.0)\//.test(filled) ? filled : `/beta${filled}`,
    ...(body ? { body } : {}),
  });
}
