import type { TextEdit } from '@pxekit/diagnostics';
import { endBefore, type OptionUse } from '../read-options.js';
import type { Command, Document } from '../tree.js';

/** Removes a command and keeps the comment behind it. */
export function dropCommand({ start, end, name, comment }: Command): TextEdit {
  return comment === undefined ? { start, end, newText: '' } : { start: name.start, end: comment.start, newText: '' };
}

/** Removes an option or another word with the blanks before it. */
export function dropWord({ name, args }: Pick<Command, 'name' | 'args'>, { start, end }: Pick<OptionUse, 'start' | 'end'>): TextEdit {
  const before = endBefore(name, args, start);
  return { start: before, end, newText: '' };
}

/** Inserts a line behind a command, with its indentation and line end. */
export function lineAfter(document: Document, command: Command, line: string): TextEdit {
  const { text } = document.source;
  const lineEnd = /\r?[^\S \t]$/.exec(command.raw)?.[0];
  const indent = text.slice(command.start, command.name.start);
  const newText = lineEnd === undefined ? `\n${indent}${line}` : `${indent}${line}${lineEnd}`;
  return { start: command.end, end: command.end, newText };
}
