import { library } from '../../tsup.base.js';
import { writeLicenses } from './licenses.js';

/** Native modules stay packages of their own. */
const NATIVE = ['libsql', 'koffi'];

// A command has no importers: ESM only, no declarations. It is bundled with what it uses, since most of the time until
// a subcommand runs goes into finding and reading hundreds of small files.
export default library(['src/main.ts'], {
  format: ['esm'],
  dts: false,
  sourcemap: false,
  external: NATIVE,
  noExternal: [new RegExp(`^(?!(?:${NATIVE.join('|')})(?:/|$))`)],
  // CommonJS packages in the bundle ask for Node's modules.
  banner: { js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);" },
  metafile: true,
  onSuccess: writeLicenses,
});
