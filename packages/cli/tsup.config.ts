import { library } from '../../tsup.base.js';

// A command has no importers: ESM only, no declarations.
export default library(['src/main.ts'], { format: ['esm'], dts: false });
