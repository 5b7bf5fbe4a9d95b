import { type KeyPool } from '@greenscreen/crypto/keys';
import { ControlClient } from '@greenscreen/scenarios/cloud';
import { findScenario } from '@greenscreen/scenarios/format';
import { type MachineToCertify, machineToCertify } from '@greenscreen/scenarios/run';
import { performance } from 'node:perf_hooks';
import { type MeasuredCloud } from './measured-cloud.js';

export interface Attestations {
  readonly atOnce: number;
  readonly perSecond: number;
  /** Of the four exchanges with the AIK authority, at the device. */
  readonly p99Milliseconds: number;
  readonly serverCpuMilliseconds: number;
}

const AT_ONCE = 32;

/** So many TPMs are certified at once; each PC, its TPM and the keys that it will make are there before the clock starts. */
export async function measureAttestations(cloud: MeasuredCloud, keys: KeyPool): Promise<Attestations> {
  const control = new ControlClient(cloud.address.control);
  const { device } = findScenario('happy-entra-preprovision');
  const machines: MachineToCertify[] = [];
  try {
    // The authority of this vendor's chips is made when the first one asks.
    const first = await machineToCertify({ device, cloud: cloud.address, control, keys, number: 0 });
    machines.push(first);
    await first.certify();
    const measured: MachineToCertify[] = [];
    for (let number = 1; number <= AT_ONCE; number++)
      measured.push(await machineToCertify({ device, cloud: cloud.address, control, keys, number }));
    machines.push(...measured);
    await keys.fill();
    const before = await cloud.usage();
    const start = performance.now();
    await Promise.all(measured.map((machine) => machine.certify()));
    const seconds = (performance.now() - start) / 1000;
    const after = await cloud.usage();
    return {
      atOnce: AT_ONCE,
      perSecond: AT_ONCE / seconds,
      p99Milliseconds: percentile(measured.flatMap(latencies), 0.99),
      serverCpuMilliseconds: (after.cpuMilliseconds - before.cpuMilliseconds) / AT_ONCE,
    };
  } finally {
    await Promise.all([control.close(), ...machines.map((machine) => machine.close())]);
  }
}

const latencies = ({ entries }: MachineToCertify): number[] =>
  entries.flatMap((entry) => (entry.kind === 'exchange' && entry.service === 'aik' ? [entry.milliseconds] : []));

const percentile = (values: readonly number[], part: number): number =>
  [...values].sort((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0;
