import { defineConfig } from 'vitest/config';

// Tests import packages by their public names. They run on the sources; PXEKIT_TEST=dist runs the same tests on the built packages.
const onBuilt = process.env.PXEKIT_TEST === 'dist';
const conditions = onBuilt ? ['node', 'import', 'default'] : ['@pxekit/source', 'node', 'import', 'default'];
const resolve = { resolve: { conditions }, ssr: { resolve: { conditions, externalConditions: conditions } } };

export default defineConfig({
  ...resolve,
  test: {
    coverage: { provider: 'v8', include: ['packages/*/src/**/*.ts'] },
    projects: [
      {
        ...resolve,
        test: {
          name: 'unit',
          include: ['packages/*/test/**/*.test.ts', 'packages/*/conformance/**/*.test.ts', 'examples/**/*.test.ts', 'docs/**/*.test.ts'],
          // As long as a machine that does much else may need; what waits for something waits for it, not for a time.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 30_000 } },
        },
      },
      {
        ...resolve,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        ...resolve,
        test: {
          name: 'bench',
          include: ['bench/**/*.test.ts'],
          testTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
