import { defineConfig, type Options } from 'tsup';

/** The one build recipe: ESM and CommonJS with types and source maps. A package names its entry points. */
export function library(entry: string[] = ['src/index.ts'], overrides: Options = {}) {
  return defineConfig({
    entry,
    format: ['esm', 'cjs'],
    // Declarations of sibling packages come from their own build, not from their source.
    dts: { compilerOptions: { customConditions: [], noEmit: false } },
    sourcemap: true,
    clean: true,
    target: 'node20',
    splitting: true,
    ...overrides,
  });
}
