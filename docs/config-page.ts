import { configJsonSchema } from '../packages/server/src/config/schema.js';

interface Schema {
  type?: string;
  description?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  anyOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  required?: string[];
}

/** The object inside a schema: behind a list, a record, or a choice. */
function inside(schema: Schema): { object: Schema; suffix: string } | undefined {
  if (schema.properties) return { object: schema, suffix: '' };
  for (const each of schema.anyOf ?? []) {
    const found = inside(each);
    if (found) return found;
  }
  if (schema.items) {
    const found = inside(schema.items);
    return found && { object: found.object, suffix: `[]${found.suffix}` };
  }
  if (typeof schema.additionalProperties === 'object') {
    const found = inside(schema.additionalProperties);
    return found && { object: found.object, suffix: `.NAME${found.suffix}` };
  }
  return undefined;
}

function typeOf(schema: Schema): string {
  if (schema.enum) return schema.enum.map((each) => `\`${each}\``).join(', ');
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  if (schema.type === 'array') return `list of ${schema.items ? typeOf(schema.items) : 'values'}`;
  return schema.type ?? 'value';
}

/** The page of all keys, made from the schema. */
export function configPage(): string {
  const lines = [
    '# Keys of pxekit.yaml',
    '',
    'Made from the schema: `pnpm docs:cli`. Times are seconds, or a number with `s`, `m`, `h`, `d` or `w`. A list of one may be written without brackets.',
    'Relative paths start from the folder of the file. `pxekit schema` prints the JSON Schema for editors.',
  ];
  const walk = (schema: Schema, path: string) => {
    lines.push('', `## ${path === '' ? 'Top level' : `\`${path}\``}`, '', '| key | type | meaning |', '| --- | --- | --- |');
    const deeper: [Schema, string][] = [];
    for (const [key, value] of Object.entries(schema.properties ?? {})) {
      const found = inside(value);
      const name = path === '' ? key : `${path}.${key}`;
      const meaning = value.description ?? (found ? 'See below.' : '');
      lines.push(
        `| \`${key}\` | ${typeOf(value).replaceAll('|', '\\|')} | ${schema.required?.includes(key) ? 'Needed. ' : ''}${meaning.replaceAll('|', '\\|')} |`,
      );
      if (found) deeper.push([found.object, name + found.suffix]);
    }
    for (const [object, name] of deeper) walk(object, name);
  };
  walk(configJsonSchema() as Schema, '');
  return `${lines.join('\n')}\n`;
}
