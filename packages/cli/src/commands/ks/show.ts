import { type BodyNode, type Document, type Node, parse, toJson } from '@pxekit/kickstart';
import { Command } from 'commander';
import { eachFile } from '../../each-file.js';
import type { Io } from '../../io.js';
import { readKickstart, sourceName } from './text.js';

export function showCommand(io: Io): Command {
  return new Command('show')
    .description('Show how a kickstart file is read.')
    .argument('<file>', 'file; - is standard input')
    .option('--json', 'print the whole tree')
    .addHelpText(
      'after',
      `
Examples:
  $ pxekit ks show ks.cfg
  $ pxekit ks show --json ks.cfg | jq '.children[] | select(.type == "command") | .name'`,
    )
    .action(async (name: string, { json }: { json?: boolean }) => {
      await eachFile(io, [name], async (file) => {
        const { text } = await readKickstart(io, file);
        const document = parse(text, { name: sourceName(file) });
        if (json) io.out(JSON.stringify(toJson(document), null, 2));
        else for (const line of outline(document)) io.out(line);
      });
    });
}

function outline({ children, source }: Document): string[] {
  const lines: string[] = [];
  const add = (node: Node | BodyNode, depth: number) => {
    const text = describe(node);
    if (text !== undefined) lines.push(`${String(source.positionAt(node.start).line).padStart(5)}  ${'  '.repeat(depth)}${text}`);
    if (node.type === 'section') for (const child of node.body) add(child, depth + 1);
  };
  for (const node of children) add(node, 0);
  return lines;
}

function describe(node: Node | BodyNode): string | undefined {
  switch (node.type) {
    case 'command':
      return `${node.name.value}  ${node.args.map(({ value }) => JSON.stringify(value)).join(' ')}`.trimEnd();
    case 'section':
      return `${node.header.name.value}  ${node.header.args.map(({ value }) => value).join(' ')}${node.close ? '' : '  (no %end)'}`.trimEnd();
    case 'entry':
      return `${node.exclude ? 'without' : 'with'} ${node.kind} ${node.name}`;
    case 'include':
    case 'ksappend':
      return `${node.name.value} ${node.target?.value ?? '(nothing)'}`;
    case 'text':
      return `${node.raw.split('\n').length} lines of text`;
    case 'template':
      return `template ${node.raw.trim().split('\n')[0]}`;
    case 'error':
      return `cannot be read (${node.kind}): ${node.raw.trimEnd()}`;
    default:
      return undefined;
  }
}
