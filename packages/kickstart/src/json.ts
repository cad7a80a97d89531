import { splitWords } from './lex.js';
import { parse } from './parse.js';
import { quoteWord } from './quote.js';
import { serialize } from './serialize.js';
import type { BodyNode, Document, Node, Section } from './tree.js';
import { KickstartWriteError, writableValue } from './write.js';

/**
 * A kickstart file as JSON. Every node says what it means (`name`, `args`, ...) and how it is written (`raw`). On the way back `raw`
 * counts as long as it still means the same, so untouched nodes keep every byte and changed ones are written anew.
 */
export interface KickstartJson {
  type: 'kickstart';
  name?: string;
  children: JsonNode[];
}

export type JsonNode = JsonLine | JsonSection;

/** Anything but a section. */
export interface JsonLine {
  type: 'command' | 'include' | 'ksappend' | 'entry' | 'comment' | 'blank' | 'text' | 'template' | 'error';
  /** Name of a command; entry of `%packages` as written: `-@core`. */
  name?: string;
  /** Words behind the name; path of an include. */
  args?: string[];
  /** Of a comment, a script or a line that cannot be read; `#` included. */
  text?: string;
  raw?: string;
  /** `raw` counts whatever the rest says: a template on the line is only known from the whole file. */
  exact?: true;
}

export interface JsonSection {
  type: 'section';
  /** Without `%`. */
  name: string;
  args?: string[];
  body: JsonLine[];
  /** Header and `%end` line as written; `end: false` where there is none. */
  header?: string;
  end?: string | false;
  /** As for lines, of `header`. */
  exact?: true;
}

/** A tree as JSON, without anything lost: `fromJson(toJson(tree))` has the same text. */
export function toJson(document: Document): KickstartJson {
  return { type: 'kickstart', name: document.source.name, children: document.children.map(nodeToJson) };
}

function nodeToJson(node: Node): JsonNode {
  if (node.type !== 'section') return lineToJson(node);
  const { name, header, body, close } = node;
  const args = header.args.map(({ value }) => value);
  return {
    type: 'section',
    name,
    ...(args.length > 0 && { args }),
    body: body.map(lineToJson),
    header: header.raw,
    ...exactly(header.raw, [header.name.value, ...args]),
    end: close?.raw ?? false,
  };
}

function exactly(raw: string, words: readonly string[]): { exact?: true } {
  return kept(raw, words) === undefined ? { exact: true } : {};
}

function lineToJson(node: Exclude<Node, Section> | BodyNode): JsonLine {
  const { type, raw } = node;
  switch (node.type) {
    case 'command': {
      const args = node.args.map(({ value }) => value);
      return { type: node.type, name: node.name.value, ...(args.length > 0 && { args }), raw, ...exactly(raw, [node.name.value, ...args]) };
    }
    case 'include':
    case 'ksappend': {
      const args = [...(node.target ? [node.target.value] : []), ...node.extra.map(({ value }) => value)];
      return { type: node.type, args, raw, ...exactly(raw, [`%${node.type}`, ...args]) };
    }
    case 'entry':
      return { type: node.type, name: raw.slice(node.entryStart - node.start, node.entryEnd - node.start), raw };
    case 'blank':
      return { type: node.type, raw };
    case 'comment':
      return { type: node.type, text: raw.trim(), raw };
    default:
      return { type: type as JsonLine['type'], text: raw };
  }
}

/**
 * A tree from its JSON form, or from JSON that somebody wrote by hand without any `raw`.
 *
 * @throws {KickstartWriteError} `KS_BAD_JSON` where the value has another shape, `KS_UNWRITABLE_VALUE` where a value holds a line end
 */
export function fromJson(value: unknown): Document {
  const json = object(value, '$');
  if (json.type !== 'kickstart' || !Array.isArray(json.children)) throw bad('$', 'an object of type "kickstart" with "children"');
  const text = json.children.map((child, index) => nodeText(child, `$.children[${index}]`)).join('');
  return parse(text, typeof json.name === 'string' ? { name: json.name } : {});
}

function nodeText(value: unknown, path: string): string {
  const node = object(value, path);
  if (node.type !== 'section') return lineText(node as unknown as JsonLine, path);
  const { name, body, header, end, exact } = node as unknown as JsonSection;
  if (typeof name !== 'string') throw bad(`${path}.name`, 'the name of a section');
  if (!Array.isArray(body)) throw bad(`${path}.body`, 'a list of nodes');
  const args = strings(node.args, `${path}.args`);
  const head = (exact && header) || kept(header, [`%${name}`, ...args]) || `${[`%${name}`, ...args].map(writeWord).join(' ')}\n`;
  const inner = body.map((child, index) =>
    lineText(object(child, `${path}.body[${index}]`) as unknown as JsonLine, `${path}.body[${index}]`),
  );
  const joined = inner.join('');
  const open = end === undefined && joined !== '' && !/[\n\r]$/.test(joined) ? '\n' : '';
  return head + joined + open + (end === false ? '' : (end ?? '%end\n'));
}

function lineText(node: JsonLine, path: string): string {
  const { type, name, raw, text, exact } = node;
  if (exact && typeof raw === 'string') return raw;
  const args = strings(node.args, `${path}.args`);
  switch (type) {
    case 'command': {
      if (typeof name !== 'string') throw bad(`${path}.name`, 'the name of a command');
      return kept(raw, [name, ...args]) ?? `${[name, ...args].map(writeWord).join(' ')}\n`;
    }
    case 'include':
    case 'ksappend':
      return kept(raw, [`%${type}`, ...args]) ?? `${[`%${type}`, ...args.map(writeWord)].join(' ')}\n`;
    case 'entry': {
      if (typeof name !== 'string') throw bad(`${path}.name`, 'a line of %packages');
      return typeof raw === 'string' && (raw.split('#', 1)[0] as string).trim() === name.trim() ? raw : `${writableValue(name)}\n`;
    }
    case 'comment': {
      if (typeof raw === 'string' && (text === undefined || raw.trim() === text)) return raw;
      const comment = writableValue(text ?? '');
      return `${comment.startsWith('#') ? '' : '# '}${comment}\n`;
    }
    case 'blank':
      return raw ?? '\n';
    case 'text':
    case 'template':
    case 'error':
      return text ?? raw ?? '';
    default:
      throw bad(`${path}.type`, 'the type of a node');
  }
}

/** The line as written, when it still says the same. */
function kept(raw: unknown, words: readonly string[]): string | undefined {
  if (typeof raw !== 'string') return undefined;
  const found = parse(raw).children[0];
  if (found === undefined || serialize(found) !== raw) return undefined;
  const said = saidBy(found) ?? splitWords(raw).words.map(({ value }) => value);
  return said.length === words.length && said.every((word, index) => word === words[index]) ? raw : undefined;
}

function saidBy(node: Node): string[] | undefined {
  if (node.type === 'command') return [node.name, ...node.args].map(({ value }) => value);
  if (node.type === 'include' || node.type === 'ksappend') {
    return [node.name, ...(node.target ? [node.target] : []), ...node.extra].map(({ value }) => value);
  }
  if (node.type === 'section') return [node.header.name, ...node.header.args].map(({ value }) => value);
  return undefined;
}

const writeWord = (value: string) => quoteWord(writableValue(value));

function object(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(path, 'an object');
  return value as Record<string, unknown>;
}

function strings(value: unknown, path: string): string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.some((word) => typeof word !== 'string')) throw bad(path, 'a list of texts');
  return value;
}

function bad(path: string, expected: string): KickstartWriteError {
  return new KickstartWriteError('KS_BAD_JSON', `${path} should be ${expected}.`);
}
