/**
 * Who may import whom. A package may import the listed packages of ours and no others; third-party limits sit beside them.
 * `test/lint/import-rules.spec.ts` proves that each rule can fail.
 */
const packages = ['wire', 'crypto', 'model', 'host', 'device', 'scenarios', 'testcontainers'];
const services = ['ztd', 'attestation', 'sts', 'drs', 'mdm', 'graph', 'control', 'gateway'];

/** @type {Record<string, { ours: string[], without?: string[] }>} */
export const allowed = {
  'libs/wire': { ours: [], without: ['@nestjs/*', 'typeorm', 'pg', 'node-forge', 'jose'] },
  'libs/crypto': { ours: ['wire'], without: ['@nestjs/*', 'typeorm', 'pg'] },
  'libs/model': { ours: ['crypto'], without: ['@nestjs/*', 'node-forge', 'jose'] },
  'libs/host': { ours: ['wire', 'crypto', 'model'], without: ['node-forge', 'jose'] },
  'libs/device': { ours: ['wire', 'crypto'], without: ['@nestjs/*', 'typeorm', 'pg', 'node-forge', 'jose'] },
  'libs/scenarios': { ours: ['device', 'wire', 'crypto'], without: ['@nestjs/*', 'typeorm', 'pg', 'node-forge', 'jose'] },
  'libs/testcontainers': { ours: ['scenarios', 'host', 'all'], without: ['@nestjs/*', 'typeorm', 'pg', 'node-forge', 'jose'] },
  ...Object.fromEntries(services.map((s) => [`apps/${s}`, { ours: ['wire', 'crypto', 'model', 'host'], without: ['node-forge', 'jose'] }])),
  'apps/all': { ours: ['wire', 'crypto', 'model', 'host', ...services], without: ['node-forge', 'jose'] },
  'apps/cli': { ours: ['device', 'scenarios', 'all', 'wire', 'crypto', 'host'], without: ['node-forge', 'jose'] },
};

export const importRules = Object.entries(allowed).map(([folder, { ours, without = [] }]) => {
  const own = folder.split('/')[1];
  const forbidden = [...packages, ...services, 'all', 'cli', 'test'].filter((name) => name !== own && !ours.includes(name));
  const patterns = [
    ...forbidden.map((name) => ({
      group: [`@greenscreen/${name}`, `@greenscreen/${name}/*`],
      message: `${folder} may not import ${name} (see ARCHITECTURE.md, "Who may import whom").`,
    })),
    { group: [`@greenscreen/${own}`, `@greenscreen/${own}/*`], message: 'Import your own package by a relative path.' },
    // The leading slash anchors the name at the start: `jose` alone would also refuse our own `@greenscreen/crypto/jose`.
    ...without.map((name) => ({ group: [`/${name}`], message: `${folder} may not import ${name} (see ARCHITECTURE.md).` })),
  ];
  return { files: [`${folder}/src/**/*.ts`], ignores: ['**/*.spec.ts'], rules: { 'no-restricted-imports': ['error', { patterns }] } };
});
