import { readEkCertificate, vendorLabel } from '@greenscreen/crypto/ek-certificate';
import { KeyPool } from '@greenscreen/crypto/keys';
import { toPem } from '@greenscreen/crypto/x509';
import { AttestationError } from '@greenscreen/device/attest';
import { openTpm, type Tpm } from '@greenscreen/device/tpm';
import { ControlClient } from '@greenscreen/scenarios/cloud';
import { findScenario } from '@greenscreen/scenarios/format';
import { machineToCertify } from '@greenscreen/scenarios/run';
import { encodeAutopilotCsv } from '@greenscreen/wire/autopilot-csv';
import { hardwareHashOf, tpmVersionText } from '@greenscreen/wire/hardware-hash';
import { createHash, randomInt, randomUUID, X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { addressOf, controlAddress } from '../cloud/addresses.js';
import { exitCodes } from '../exit-codes.js';
import { type Console } from '../output/console.js';
import { CommandError } from '../problem.js';
import { type ChipVendor, chipVendors } from './chip-vendors.js';

interface TpmOptions {
  readonly tpm: string;
  readonly ek: 'rsa2048' | 'ecc';
  readonly control?: string;
}

export interface EnrollTpmOptions extends TpmOptions {
  readonly vendor: ChipVendor;
  readonly model: string;
  readonly firmware: string;
  /** Publish it at the vendor's service, and leave NV as it is. */
  readonly fetch?: boolean;
  readonly pem?: string;
  readonly csv?: string;
  readonly serial?: string;
}

/** What a vendor does in its factory, for a TPM that is there: an EK certificate of the lab's authorities, in its NV. */
export async function enrollTpm(options: EnrollTpmOptions, out: Console): Promise<number> {
  const { vendor, model, firmware, csv } = options;
  if ((csv === undefined) !== (options.serial === undefined)) throw new CommandError('--csv and --serial go together');
  return withTpm(options, async (tpm, control) => {
    const { endorsementKey } = tpm;
    const { certificate, aikHost } = await control.manufactureEk({
      ekPublic: endorsementKey.publicArea.toString('base64'),
      vendor,
      model,
      firmware,
      publish: options.fetch === true,
      defect: 'none',
    });
    if (!options.fetch) await tpm.writeEkCertificate(certificate);
    out.line(
      `EK certificate    ${options.fetch ? `at the service of ${vendor}` : `in NV ${options.ek === 'ecc' ? '0x01C0000A' : '0x01C00002'}`}`,
    );
    out.line(`  issuer          ${inOneLine(new X509Certificate(certificate).issuer)}`);
    out.line(`  SHA-256 of it   ${createHash('sha256').update(certificate).digest('hex')}`);
    out.line(`AIK authority     https://${aikHost}`);
    if (options.pem !== undefined) writeFileSync(options.pem, toPem(certificate));
    if (csv !== undefined) {
      writeFileSync(csv, encodeAutopilotCsv([{ serialNumber: options.serial ?? '', hardwareHash: hashOf(tpm, options), groupTag: '' }]));
      out.line(`Hardware hash     ${csv}: "greenscreen import ${csv}" registers the device`);
    }
    out.line(`
The Windows that gets this TPM needs the names above *.microsoftaik.azure.net to lead to the gateway (greenscreen dns), the roots in its
machine store (greenscreen trust), and its hash imported. "greenscreen tpm attest --tpm ${options.tpm}" tries it without Windows.`);
    return exitCodes.ok;
  });
}

export interface AttestTpmOptions extends TpmOptions {
  readonly against: string;
}

/** "Securing your hardware" with a TPM that is there: from its EK certificate to an AIK certificate, and what refused it where something did. */
export async function attestTpm(options: AttestTpmOptions, out: Console): Promise<number> {
  return withTpm(options, async (tpm, control) => {
    const stored = await tpm.readEkCertificate();
    if (!stored) throw new CommandError(`The TPM has no EK certificate in NV: "greenscreen tpm enroll --tpm ${options.tpm}" gives it one`);
    const vendor = vendorOf(stored);
    const keys = new KeyPool({ rsa2048: 1 });
    const { device } = findScenario('happy-entra-preprovision');
    const machine = await machineToCertify({
      device: { ...device, tpm: { ...device.tpm, vendor, ek: { ...device.tpm.ek, alg: options.ek, cert: 'nv' } } },
      cloud: addressOf(options.against, options.control),
      control,
      keys,
      number: randomInt(2 ** 32),
      tpm,
    });
    try {
      const { aik, aikCertificate } = await machine.certify();
      await tpm.evict(aik);
      const { issuer, validTo } = new X509Certificate(aikCertificate);
      out.line(out.style.green('The TPM is attested.'));
      out.line(`AIK certificate   valid until ${validTo}, issued by ${inOneLine(issuer)}`);
      return exitCodes.ok;
    } catch (error) {
      if (!(error instanceof AttestationError)) throw error;
      out.line(out.style.red(`The TPM is not attested: ${error.message} (0x${error.hresult.toString(16).toUpperCase()})`));
      for (const { operation, refusal, refusedBy, id } of await control.journal({ run: machine.run, refused: 'true', limit: '3' }))
        out.line(`  ${operation} was refused by the check ${refusedBy ?? '?'}: ${refusal ?? ''}   (greenscreen journal ${id})`);
      return exitCodes.unexpected;
    } finally {
      keys.close();
    }
  });
}

async function withTpm(options: TpmOptions, work: (tpm: Tpm, control: ControlClient) => Promise<number>): Promise<number> {
  const control = new ControlClient(controlAddress(options.control));
  try {
    const tpm = await openTpm(options.tpm, options.ek);
    try {
      return await work(tpm, control);
    } finally {
      await tpm.close();
    }
  } finally {
    await control.close();
  }
}

/** A virtual machine, as the OA3 tool in it would report it. */
const hashOf = ({ endorsementKey }: Tpm, { serial = '', vendor, firmware }: EnrollTpmOptions): string =>
  hardwareHashOf({
    manufacturer: 'QEMU',
    model: 'Standard PC (Q35 + ICH9, 2009)',
    sku: 'q35',
    family: 'Virtual Machine',
    serial,
    smbiosUuid: randomUUID(),
    macAddresses: ['52-54-00-12-34-56'],
    osBuild: '26100.2454',
    time: new Date(),
    ekPublic: endorsementKey.publicKey,
    tpmVersion: tpmVersionText(vendor, firmware),
  });

/** By the certificate's own words. */
function vendorOf(ekCertificate: Buffer): ChipVendor {
  const { manufacturer } = readEkCertificate(ekCertificate).identity;
  const label = vendorLabel(manufacturer);
  const known = chipVendors.find((vendor) => vendor === label);
  if (known === undefined)
    throw new CommandError(`The EK certificate names the vendor ${label ?? manufacturer}, whose chips Windows does not attest`);
  return known;
}

/** Node writes an attribute a line. */
const inOneLine = (name: string): string => name.replaceAll('\n', ', ');
