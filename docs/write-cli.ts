import { mkdir, writeFile } from 'node:fs/promises';
import { cliPages } from './cli-pages.js';
import { configPage } from './config-page.js';

const folder = new URL('./cli/', import.meta.url);
await mkdir(folder, { recursive: true });
for (const [name, text] of await cliPages()) await writeFile(new URL(name, folder), text);
await writeFile(new URL('./configuration.md', import.meta.url), configPage());
