import { KeyPool } from '@greenscreen/crypto/keys';
import { type AttestedIdentity, secureHardware } from '@greenscreen/device/attest';
import { addDevice, updateIdentity } from '@greenscreen/device/msa';
import { createSoftwareTpm, type Tpm } from '@greenscreen/device/tpm';
import { z } from 'zod';
import { type TestCloud } from '../../support/cloud.js';
import { type DeviceChange, type TestDevice, testDevice } from '../../support/device.js';

export const keys = new KeyPool({ rsa2048: 2 });

const forged = z.object({ certificate: z.base64(), aikHost: z.string() });

export interface FactoryOrder {
  readonly vendor?: 'IFX' | 'STM' | 'NTC' | 'INTC' | 'AMD' | 'QCOM' | 'MSFT';
  readonly ek?: 'rsa2048' | 'ecc';
  readonly firmware?: string;
  readonly defect?: string;
  /** Served by the vendor instead of being in NV; nowhere. */
  readonly cert?: 'nv' | 'fetch' | 'absent';
  readonly tpm?: Tpm;
}

/** A PC from the factory, and the AIK authority that is responsible for it. */
export interface Machine extends TestDevice {
  readonly tpm: Tpm;
  /** DER. */
  readonly ekCertificate: Buffer;
  readonly aikHost: string;
  /** What AutopilotManager does at T7, the identity service included. */
  secure(): Promise<AttestedIdentity>;
}

export async function newMachine(cloud: TestCloud, order: FactoryOrder = {}, change: DeviceChange = {}): Promise<Machine> {
  const { vendor = 'IFX', ek = 'rsa2048', firmware = '7.85', defect = 'none', cert = 'nv' } = order;
  const tpm = order.tpm ?? (await createSoftwareTpm({ ek, keys }));
  const response = await cloud.request('http://127.0.0.1/forge/certificate', {
    body: JSON.stringify({
      profile: 'ek',
      ekPublic: tpm.endorsementKey.publicArea.toString('base64'),
      vendor,
      model: 'Test TPM',
      firmware,
      defect,
      publish: cert === 'fetch',
    }),
  });
  if (response.status !== 201) throw new Error(response.text());
  const { certificate, aikHost } = forged.parse(response.json());
  const ekCertificate = Buffer.from(certificate, 'base64');
  if (cert === 'nv') await tpm.writeEkCertificate(ekCertificate);
  const device = await testDevice(cloud, tpm, { ...change, tpm: { vendor, firmware, ek: { alg: ek, cert }, ...change.tpm } });
  const { context } = device;
  const identity = await addDevice(context);
  device.requests.length = 0;
  return {
    ...device,
    tpm,
    ekCertificate,
    aikHost,
    secure: () => secureHardware(context, { updateIdentity: () => updateIdentity(context, identity) }),
  };
}
