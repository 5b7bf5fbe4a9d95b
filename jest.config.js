/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', ...(process.env.WITH_DOCKER ? [] : ['\\.docker\\.spec\\.ts$'])],
  modulePathIgnorePatterns: ['/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: {
          target: 'es2023',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: {
    // sources, not dist: no build before tests
    '^@greenscreen/(wire|crypto|model|host|device|scenarios|testcontainers)/(.*)$': '<rootDir>/libs/$1/src/$2/index.ts',
    '^@greenscreen/testcontainers$': '<rootDir>/libs/testcontainers/src/index.ts',
    '^@greenscreen/(ztd|attestation|sts|drs|mdm|graph|control|gateway|all|cli)$': '<rootDir>/apps/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  globalSetup: '<rootDir>/test/support/global-setup.js',
  globalTeardown: '<rootDir>/test/support/global-teardown.js',
  testTimeout: 30_000,
  workerIdleMemoryLimit: '1GB',
};
