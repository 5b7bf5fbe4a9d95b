import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { createRequire } from 'node:module';
import { administratorDefaults } from './cloud/administrator-defaults.js';
import { type AdministratorOptions } from './cloud/administrator.js';
import { type bench } from './commands/bench.js';
import { chipVendors } from './commands/chip-vendors.js';
import { type clock } from './commands/clock.js';
import { type DnsOptions } from './commands/dns.js';
import { type DoctorOptions } from './commands/doctor.js';
import { type decodeHash, type NewHashes } from './commands/hash.js';
import { type hosts } from './commands/hosts.js';
import { type ImportOptions } from './commands/import.js';
import { type journal } from './commands/journal.js';
import { type replay } from './commands/replay.js';
import { type RunsOptions } from './commands/runs.js';
import { type StartRunOptions } from './commands/start-run.js';
import { type SnapshotOptions } from './commands/snapshot.js';
import { type FaultsOptions } from './commands/faults.js';
import { type StateOptions } from './commands/state.js';
import { type scenarios } from './commands/scenarios.js';
import { vendorNames } from './commands/pc-vendors.js';
import { type AttestTpmOptions, type EnrollTpmOptions } from './commands/tpm.js';
import { exitCodes } from './exit-codes.js';
import { type Console, processConsole } from './output/console.js';
import { explain } from './problem.js';

const whole =
  (least: number) =>
  (text: string): number => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < least) throw new InvalidArgumentError(`It is not a whole number from ${least} on.`);
    return number;
  };
const port = (text: string): number => {
  const number = whole(0)(text);
  if (number > 65_535) throw new InvalidArgumentError('A port is a number up to 65535.');
  return number;
};

/** Runs the command line and returns its exit code; problems are told on standard error, in one line where their reason is known. */
export async function run(argv: readonly string[], out: Console = processConsole()): Promise<number> {
  let code: number = exitCodes.ok;
  const program = createProgram(out, (result) => (code = result));
  try {
    await program.parseAsync([...argv]);
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.impossible;
    out.progress(explain(error));
    return exitCodes.impossible;
  }
}

// Commands are imported when they run: what one of them takes, the help and the others need not wait for.
function createProgram(out: Console, done: (code: number) => void): Command {
  const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
  const program = new Command('greenscreen')
    .description('A mock Microsoft cloud for Windows Autopilot pre-provisioning')
    .version(version)
    .exitOverride()
    .showHelpAfterError('(greenscreen --help shows what there is)');
  program
    .command('replay')
    .description('replay scenarios from the catalogue or from files, each in a tenant of its own')
    .argument('[scenario...]', 'ids or files (default: happy-entra-preprovision)')
    .option('--all', 'every scenario of the catalogue')
    .option('--json <file>', 'write a report for programs')
    .option('--junit <file>', 'write a report for CI systems')
    .option('--out <dir>', 'keep timeline, events, profile, certificates, traffic')
    .addOption(new Option('--tpm <kind>', "the device's TPM").choices(['software', 'swtpm']).default('software'))
    .option('--against <url>', 'gateway of a running cloud, instead of one of its own')
    .addOption(control())
    .option('--devices <n>', 'so many devices for each scenario', whole(1), 1)
    .option('--concurrency <n>', 'so many at a time (default: 3 with --all, otherwise 1)', whole(1))
    .option('--verbose', 'show everything')
    .option('--quiet', 'show a line a step')
    .action(async (names: string[], options: Parameters<typeof replay>[1]) =>
      done(await (await import('./commands/replay.js')).replay(names, options, out)),
    );
  program
    .command('up')
    .description('the cloud, until Ctrl-C; or one service alone')
    .argument('[service]', 'ztd, attestation, sts, drs, mdm, graph, control or gateway')
    .option('--ephemeral', 'throw everything away at the end', false)
    .option('--empty', 'without the seeded tenant')
    .option('--host <address>', 'address to listen on')
    .option('--port <n>', 'port of the gateway', port)
    .option('--control-port <n>', 'port of the control API', port)
    .option('--data-dir <dir>', 'where the data is')
    .action(async (service: string | undefined, { port: gatewayPort, ...options }: UpOptions) =>
      done(
        service === undefined
          ? await (await import('./commands/up.js')).up({ ...options, ...(gatewayPort === undefined ? {} : { gatewayPort }) }, out)
          : await (await import('./commands/up-alone.js')).upAlone(service, out),
      ),
    );
  program
    .command('bench')
    .description("measure the happy scenario beside this machine's OpenSSL")
    .option('--rounds <n>', 'runs for each device at a time', whole(1), 2)
    .option('--json', 'for programs')
    .action(async (options: Parameters<typeof bench>[0]) => done(await (await import('./commands/bench.js')).bench(options, out)));
  program
    .command('migrate')
    .description('bring the schema of DATABASE_URL up to date')
    .action(async () => done(await (await import('./commands/migrate.js')).migrateCommand(out)));
  program
    .command('scenarios')
    .description('the scenarios of the catalogue, or those that fit')
    .argument('[what...]', 'an HRESULT, an event id ("udr 204"), a phase, a service, an entry of the catalogue, or words')
    .option('--json', 'for programs')
    .option('--pages <dir>', 'write one page of Markdown a scenario')
    .option('--schema <file>', 'write the JSON Schema of scenario files, for editors')
    .action(async (what: string[], options: Parameters<typeof scenarios>[1]) =>
      done((await import('./commands/scenarios.js')).scenarios(what, options, out)),
    );
  program
    .command('journal')
    .description('the latest exchanges, or one of them whole')
    .argument('[id]')
    .addOption(control())
    .option('--tenant <id>')
    .option('--device <id>')
    .option('--serial <number>')
    .option('--run <id>')
    .option('--service <name>')
    .option('--operation <name>')
    .option('--refused', 'only refused ones')
    .option('--limit <n>')
    .option('--raw', 'bodies as they went over the wire')
    .option('--json', 'for programs')
    .action(async (id: string | undefined, options: Parameters<typeof journal>[1]) =>
      done(await (await import('./commands/journal.js')).journal(id, options, out)),
    );
  program
    .command('clock')
    .description('read or move the clock: advance <duration>, offset <duration>, set <time>, freeze <time>, clear')
    .argument('[action]')
    .argument('[value]')
    .addOption(control())
    .option('--tenant <id>', "a tenant's clock instead of the installation's")
    .action(async (action: string | undefined, value: string | undefined, options: Parameters<typeof clock>[2]) =>
      done(await (await import('./commands/clock.js')).clock(action, value, options, out)),
    );
  program
    .command('codes')
    .description('the codes of second factors that sign-in pages wait for')
    .argument('[user]', 'user principal name')
    .addOption(control())
    .action(async (user: string | undefined, options: { control?: string }) =>
      done(await (await import('./commands/codes.js')).codes(user, options, out)),
    );
  program
    .command('export')
    .description('the state of the lab, but for its journal, as a file')
    .argument('<file>')
    .addOption(control())
    .action(async (file: string, options: StateOptions) =>
      done(await (await import('./commands/state.js')).exportState(file, options, out)),
    );
  program
    .command('restore')
    .description('put such a file in the place of everything')
    .argument('<file>')
    .addOption(control())
    .action(async (file: string, options: StateOptions) =>
      done(await (await import('./commands/state.js')).restoreState(file, options, out)),
    );
  const snapshot = program.command('snapshot').description('states of the lab by name');
  snapshot
    .command('list', { isDefault: true })
    .addOption(control())
    .action(async (options: SnapshotOptions) => done(await (await import('./commands/snapshot.js')).listSnapshots(options, out)));
  for (const [verb, work, text] of [
    ['take', 'takeSnapshot', 'keep the state, also in the middle of a run'],
    ['restore', 'restoreSnapshot', 'put it back'],
    ['drop', 'dropSnapshot', 'forget it'],
  ] as const)
    snapshot
      .command(verb)
      .description(text)
      .argument('<name>')
      .addOption(control())
      .action(async (name: string, options: SnapshotOptions) =>
        done(await (await import('./commands/snapshot.js'))[work](name, options, out)),
      );
  const faults = program.command('faults').description('failures that are armed');
  const scoped = (command: Command): Command => command.addOption(control()).option('--run <id>').option('--tenant <id>');
  scoped(faults.command('list', { isDefault: true })).action(async (options: FaultsOptions) =>
    done(await (await import('./commands/faults.js')).listFaults(options, out)),
  );
  scoped(faults.command('arm').description('arm what a YAML or JSON file says').argument('<file>')).action(
    async (file: string, options: FaultsOptions) => done(await (await import('./commands/faults.js')).armFaults(file, options, out)),
  );
  scoped(faults.command('clear')).action(async (options: FaultsOptions) =>
    done(await (await import('./commands/faults.js')).clearFaults(options, out)),
  );
  scoped(faults.command('walk').description('an outage at each hop of a recorded run, or at one').argument('<of>', 'run'))
    .option('--step <n>', 'only this hop')
    .action(async (of: string, options: FaultsOptions & { step?: string }) =>
      done(await (await import('./commands/faults.js')).walkFaults(of, options, out)),
    );
  const runs = program.command('runs').description('runs: those that the journal has seen, and those that the cloud plays itself');
  const readable = (command: Command): Command => command.addOption(control()).option('--json', 'for programs');
  readable(runs.command('list', { isDefault: true })).action(async (options: RunsOptions) =>
    done(await (await import('./commands/runs.js')).listRuns(options, out)),
  );
  readable(runs.command('start').description('have the running cloud play a scenario').argument('<scenario>', 'id or file'))
    .option('--follow', 'show it while it goes on; the exit code says how it ended')
    .action(async (scenario: string, options: StartRunOptions) =>
      done(await (await import('./commands/start-run.js')).startRun(scenario, options, out)),
    );
  runs
    .command('abort')
    .description('end one that it plays')
    .argument('<run>')
    .addOption(control())
    .action(async (id: string, options: StartRunOptions) =>
      done(await (await import('./commands/start-run.js')).abortRun(id, options, out)),
    );
  readable(runs.command('show').description('its exchanges and checkpoints').argument('<run>')).action(
    async (id: string, options: RunsOptions) => done(await (await import('./commands/runs.js')).showRun(id, options, out)),
  );
  readable(runs.command('diff').description('where two runs part').argument('<a>').argument('<b>')).action(
    async (a: string, b: string, options: RunsOptions) => done(await (await import('./commands/runs.js')).diffRuns(a, b, options, out)),
  );
  program
    .command('reset')
    .description('back to the seeded state')
    .addOption(control())
    .action(async (options: { control?: string }) => done(await (await import('./commands/reset.js')).reset(options, out)));
  program
    .command('trust')
    .description('write the trust bundle and say how to use it')
    .addOption(control())
    .option('--out <file>')
    .action(async (options: { control?: string; out?: string }) => done(await (await import('./commands/trust.js')).trust(options, out)));
  program
    .command('hosts')
    .description('the host names to point at this machine')
    .addOption(new Option('--format <form>').choices(['hosts', 'chromium', 'names']).default('hosts'))
    .option('--address <address>', 'where the gateway is', '127.0.0.1')
    .option('--port <n>', 'its port', port, 8443)
    .action(async (options: Parameters<typeof hosts>[0]) => done((await import('./commands/hosts.js')).hosts(options, out)));
  program
    .command('dns')
    .description('a name server that answers the emulated names and refuses all others, until Ctrl-C')
    .option('--answer <address>', 'where the gateway is: an address, or a name to look up')
    .option('--host <address>', 'address to listen on')
    .option('--port <n>', 'port to listen on', port)
    .action(async (options: DnsOptions) => done(await (await import('./commands/dns.js')).dns(options, out)));
  forAdministrators(program.command('import'))
    .description('import a CSV file of hardware hashes into a running cloud, as an administrator does')
    .argument('<file.csv>')
    .option('--group-tag <tag>', "instead of the file's")
    .option('--user <upn>', "instead of the file's")
    .action(async (file: string, options: ImportOptions) =>
      done(await (await import('./commands/import.js')).importCsv(file, options, out)),
    );
  forAdministrators(program.command('offline-profile'))
    .description('AutopilotConfigurationFile.json of a deployment profile, for PCs that nobody registered')
    .argument('<profile>', 'its id or name')
    .action(async (profile: string, options: AdministratorOptions) =>
      done(await (await import('./commands/offline-profile.js')).printOfflineProfile(profile, options, out)),
    );
  const hash = program.command('hash').description('hardware hashes, read and made');
  hash
    .command('decode')
    .description('what a hardware hash says')
    .argument('<file or base64>')
    .option('--xml', 'as the OA3 tool prints it')
    .option('--lenient', 'whatever its digest says')
    .action(async (source: string, options: Parameters<typeof decodeHash>[1]) =>
      done((await import('./commands/hash.js')).decodeHash(source, options, out)),
    );
  hash
    .command('make')
    .description('hashes of PCs that do not exist')
    .addOption(new Option('--vendor <name>').choices(vendorNames).default('contoso'))
    .option('--count <n>', 'so many devices', whole(1), 1)
    .option('--serial <number>')
    .option('--group-tag <tag>')
    .option('--csv <file>', 'write the file that an import takes')
    .action(async (options: NewHashes) => done(await (await import('./commands/hash.js')).makeHashes(options, out)));
  const tpm = program.command('tpm').description("a TPM 2.0 that is there: swtpm's, a virtual machine's, this machine's own");
  const place = () => new Option('--tpm <place>', '/dev/tpmrm0, a socket or host:port of swtpm, or its state folder').makeOptionMandatory();
  const ek = () => new Option('--ek <kind>', 'its endorsement key').choices(['rsa2048', 'ecc']).default('rsa2048');
  tpm
    .command('enroll')
    .description("give it an EK certificate of the lab's vendor authorities")
    .addOption(place())
    .addOption(ek())
    .addOption(new Option('--vendor <label>', 'who made it').choices(chipVendors).default('IFX'))
    .option('--model <text>', 'as the certificate names it', 'GS9670')
    .option('--firmware <version>', 'as the certificate names it', '7.85')
    .option('--fetch', "publish it at the vendor's service instead of writing it to NV")
    .option('--pem <file>', 'keep the certificate')
    .option('--csv <file>', 'write the hardware hash of a virtual machine with this TPM, for an import')
    .option('--serial <number>', 'its serial number')
    .addOption(control())
    .action(async (options: EnrollTpmOptions) => done(await (await import('./commands/tpm.js')).enrollTpm(options, out)));
  tpm
    .command('attest')
    .description('certify an AIK in it, as Windows does while it secures the hardware')
    .addOption(place())
    .addOption(ek())
    .option('--against <url>', 'gateway of the cloud', administratorDefaults.against)
    .addOption(control())
    .action(async (options: AttestTpmOptions) => done(await (await import('./commands/tpm.js')).attestTpm(options, out)));
  program
    .command('status')
    .description('whether a cloud runs, and what is in it')
    .addOption(control())
    .action(async (options: { control?: string }) => done(await (await import('./commands/status.js')).status(options, out)));
  program
    .command('doctor')
    .description('what this machine lacks, and what a client on it would meet')
    .addOption(control())
    .option('--against <url>', 'gateway that clients are to reach')
    .action(async (options: DoctorOptions) => done(await (await import('./commands/doctor.js')).doctor(options, out)));
  return program;
}

const control = () => new Option('--control <url>', 'control API (default: http://127.0.0.1:8088, or GREENSCREEN_CONTROL_PORT)');

/** Options of a command that does what an administrator's script does. */
const forAdministrators = (command: Command): Command =>
  command
    .option('--against <url>', 'gateway of the cloud', administratorDefaults.against)
    .addOption(control())
    .option('--tenant <id or domain>', 'where', administratorDefaults.tenant)
    .option('--client-id <id>', "the script's application", administratorDefaults.clientId)
    .option('--client-secret <secret>', 'its secret', administratorDefaults.clientSecret);

interface UpOptions {
  readonly ephemeral: boolean;
  readonly empty?: boolean;
  readonly host?: string;
  readonly port?: number;
  readonly controlPort?: number;
  readonly dataDir?: string;
}
