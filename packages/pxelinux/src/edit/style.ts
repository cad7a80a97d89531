import type { Document } from '../lines.js';
import type { ConfigNode, DirectiveLine } from '../nodes.js';
import type { LabelBlock, Outline, Statement } from '../outline.js';

function matchCase(name: string, model: string): string {
  if (model === model.toUpperCase()) return name.toUpperCase();
  if (model === model.toLowerCase()) return name.toLowerCase();
  return name.toLowerCase().replace(/(^| )([a-z])/g, (letters) => letters.toUpperCase());
}

/** Column at which the value begins, tabs counted to stops of eight; `undefined` when there is no value. */
function valueColumn({ indent, keyword, gap }: DirectiveLine): number | undefined {
  if (gap === '') return undefined;
  let column = 0;
  for (const char of indent + keyword + gap) column = char === '\t' ? (Math.floor(column / 8) + 1) * 8 : column + 1;
  return column;
}

/** The gap that a neighbour's line would have with another keyword: the same, or what keeps the values in one column. */
function gapLike(neighbours: readonly DirectiveLine[], keyword: string, indent: string): string {
  const same = neighbours.find((line) => line.keyword.toLowerCase() === keyword.toLowerCase() && line.gap !== '');
  if (same) return same.gap;
  const withValues = neighbours.filter(({ gap, keyword }) => gap !== '' && !/^(menu|text)$/i.test(keyword));
  const [first] = withValues;
  if (!first) return ' ';
  if (/^\t+$/.test(first.gap)) return '\t';
  const columns = new Set(withValues.map(valueColumn));
  const column = valueColumn(first);
  const lengths = new Set(withValues.map(({ keyword }) => keyword.length));
  if (columns.size === 1 && lengths.size > 1 && column !== undefined && !indent.includes('\t')) {
    return ' '.repeat(Math.max(1, column - indent.length - keyword.length));
  }
  return withValues.every(({ gap }) => gap === first.gap) ? first.gap : ' ';
}

/** The line end of the file: that of its first line which is not blank. `\n` where there is none to go by. */
export function eolOf({ nodes }: Document): string {
  const first = nodes.find((node) => node.type !== 'blank' && firstEol(node) !== '') ?? nodes[0];
  return (first && firstEol(first)) || '\n';
}

function firstEol(node: ConfigNode): string {
  return node.type === 'text' ? node.open.eol : node.eol;
}

function lines(statements: readonly Statement[]): DirectiveLine[] {
  return statements.map(({ node }) => node);
}

/** Writes `name value` as a line of a label would be written, without a line end. */
export function labelLine(outline: Outline, label: LabelBlock | undefined, name: string, value: string): string {
  const own = label ? lines(label.body.filter(({ node }) => node.keyword.toLowerCase() !== 'menu' || label.body.length === 1)) : [];
  const others = outline.labels.flatMap(({ body }) => lines(body));
  const neighbours = own.length > 0 ? own : others;
  const [model] = neighbours;
  if (!model) {
    const keyword = label ? label.statement.node.keyword : 'LABEL';
    return `${label?.statement.node.indent ?? ''}  ${matchCase(name, keyword)}${value === '' ? '' : ` ${value}`}`;
  }
  const keyword = matchCase(name, model.keyword);
  const group = name.includes(' ');
  const gap = value === '' ? '' : group ? ' ' : gapLike(neighbours, keyword, model.indent);
  return model.indent + keyword + gap + value;
}

/** Writes `name value` as a line outside of labels, without a line end. */
export function globalLine(outline: Outline, name: string, value: string): string {
  const neighbours = lines(outline.statements.filter(({ label, name }) => label === undefined || name === 'LABEL'));
  const [model] = neighbours;
  if (!model) return `${name} ${value}`;
  const keyword = matchCase(name, model.keyword);
  const indent = outline.statements.find(({ label, depth }) => label === undefined && depth === 0)?.node.indent ?? '';
  return indent + keyword + (name.includes(' ') ? ' ' : gapLike(neighbours, keyword, indent)) + value;
}

/** Writes a LABEL line as the others are written. */
export function labelHead(outline: Outline, name: string): string {
  const model = outline.labels.at(-1)?.statement.node ?? outline.statements[0]?.node;
  if (!model) return `LABEL ${name}`;
  const head = outline.labels.length > 0;
  return `${head ? model.indent : ''}${matchCase('LABEL', model.keyword)}${head && model.gap ? model.gap : ' '}${name}`;
}
