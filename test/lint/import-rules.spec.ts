import { beforeAll, describe, expect, it } from '@jest/globals';
import { ESLint, Linter } from 'eslint';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const services = ['ztd', 'attestation', 'sts', 'drs', 'mdm', 'graph', 'control', 'gateway'];
const emulated = { ours: ['wire', 'crypto', 'model', 'host'], theirs: ['@nestjs/common', 'typeorm', 'pg'] };

/** "Who may import whom" of ARCHITECTURE.md, written down a second time: what `eslint.imports.js` says must come to the same. */
const mayImport: Readonly<Record<string, { ours: readonly string[]; theirs: readonly string[] }>> = {
  'libs/wire': { ours: [], theirs: [] },
  'libs/crypto': { ours: ['wire'], theirs: ['node-forge', 'jose'] },
  'libs/model': { ours: ['crypto'], theirs: ['typeorm', 'pg'] },
  'libs/host': { ours: ['wire', 'crypto', 'model'], theirs: ['@nestjs/common', 'typeorm', 'pg'] },
  'libs/device': { ours: ['wire', 'crypto'], theirs: [] },
  'libs/scenarios': { ours: ['device', 'wire', 'crypto'], theirs: [] },
  'libs/testcontainers': { ours: ['scenarios', 'host', 'all'], theirs: [] },
  ...Object.fromEntries(services.map((service) => [`apps/${service}`, emulated])),
  'apps/all': { ours: [...emulated.ours, ...services], theirs: emulated.theirs },
  'apps/cli': { ours: ['device', 'scenarios', 'all', 'wire', 'crypto', 'host'], theirs: emulated.theirs },
};
const everything = ['wire', 'crypto', 'model', 'host', 'device', 'scenarios', 'testcontainers', ...services, 'all', 'cli', 'test'];
const restricted = ['@nestjs/common', 'typeorm', 'pg', 'node-forge', 'jose'];

/** Modules among the given ones that the project's own configuration refuses in a source file of the folder. */
async function refusedIn(folder: string, modules: readonly string[], file = 'src/any/file.ts'): Promise<string[]> {
  const config: unknown = await new ESLint({ cwd: root }).calculateConfigForFile(join(root, folder, file));
  const rule = ruleOf(config);
  const linter = new Linter();
  return modules.filter((name) => rule && linter.verify(`import '${name}';`, [{ rules: { 'no-restricted-imports': rule } }]).length > 0);
}

function ruleOf(config: unknown): Linter.RuleEntry | undefined {
  if (typeof config !== 'object' || config === null || !('rules' in config)) throw new Error('No configuration for this file');
  return (config.rules as Record<string, Linter.RuleEntry | undefined>)['no-restricted-imports'];
}

describe('who may import whom', () => {
  let folders: string[];
  beforeAll(() => {
    folders = ['libs', 'apps'].flatMap((kind) => readdirSync(join(root, kind)).map((name) => `${kind}/${name}`));
  });

  it('every package has a rule', () => expect(folders.sort()).toEqual(Object.keys(mayImport).sort()));

  it.each(Object.entries(mayImport))('%s', async (folder, { ours, theirs }) => {
    const own = folder.split('/')[1] ?? '';
    for (const form of [(name: string) => `@greenscreen/${name}`, (name: string) => `@greenscreen/${name}/folder`]) {
      const forbidden = everything.filter((name) => name === own || !ours.includes(name)).map(form);
      expect(await refusedIn(folder, everything.map(form))).toEqual(forbidden);
    }
    // apps/cli and the services may use Nest and TypeORM; node-forge and jose live in libs/crypto alone.
    expect(await refusedIn(folder, restricted)).toEqual(restricted.filter((name) => !theirs.includes(name)));
  });

  it('a folder of ours that is called like a forbidden package is not that package', async () => {
    expect(await refusedIn('libs/host', ['@greenscreen/crypto/jose', './jose/index.js'])).toEqual([]);
  });

  it('tests may import anything', async () => {
    expect(await refusedIn('libs/wire', ['@greenscreen/host'], 'src/xml/parse.spec.ts')).toEqual([]);
  });
});
