/**
 * Kickstart files: a tree that loses nothing, checks against every release, lint, edits and migration.
 *
 * ```ts
 * import { parse, serialize } from '@pxekit/kickstart';
 *
 * const document = parse('lang en_US.UTF-8 # English\n%packages\n@core\n%end\n');
 * serialize(document); // the same text
 * ```
 *
 * @packageDocumentation
 */
export {
  type ArgumentProblem,
  type ArgumentProblemKind,
  type Arguments,
  type OptionUse,
  readArguments,
  readWords,
} from './arguments.js';
export type { Strictness } from './check/context.js';
export { type CheckOptions, check } from './check.js';
export { CODES } from './codes.js';
export { type SplitOptions, splitWords, tokenize, type Word, type WordError, type Words } from './lex.js';
export { type ParseOptions, parse } from './parse.js';
export { inRange, RELEASES, type Release, releaseTitle, resolveRelease } from './releases/releases.js';
export {
  type CommandSpec,
  type OptionSpec,
  type PositionalSpec,
  type ReleaseTable,
  releaseTable,
  type SectionSpec,
  type ValueType,
} from './releases/table.js';
export { serialize } from './serialize.js';
export { KickstartSource } from './source.js';
export { findTemplates, type TemplateKind, type TemplateOption, type TemplateSpan } from './templates.js';
export type {
  Blank,
  BodyNode,
  Command,
  Comment,
  Document,
  ErrorNode,
  Include,
  KsAppend,
  Node,
  PackageEntry,
  PackageKind,
  Section,
  SectionKind,
  SectionLine,
  Template,
  Text,
  TrailingComment,
} from './tree.js';
