import { writeFile } from 'node:fs/promises';
import { errorsPage } from './errors-page.js';

await writeFile(new URL('errors.md', import.meta.url), await errorsPage());
