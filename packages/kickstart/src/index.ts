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
export { KickstartBuilder, type KnownOptions } from './builder.js';
export type { Strictness } from './check/context.js';
export { type CheckOptions, check } from './check.js';
export { CODES } from './codes.js';
// Tools on top of the tree.
export { type DetectedRelease, type DetectOptions, detectRelease } from './detect.js';
export { type DiagnoseOptions, diagnose } from './diagnose.js';
export { diff, type LanguageChange, type LanguageChangeKind } from './diff.js';
export {
  addPackages,
  edit,
  findCommands,
  findOptions,
  findSections,
  insertCommand,
  removeCommands,
  removeNode,
  removeOption,
  removePackages,
  renameOption,
  replaceCommand,
  replaceScript,
  setArgument,
  setCommand,
  setOption,
} from './edit.js';
export { format } from './fmt.js';
export { type Network, network, type Packages, type Partition, packages, partitions, type User, users } from './getters.js';
export {
  type FlattenAsyncOptions,
  type Flattened,
  type FlattenLimits,
  type FlattenOptions,
  flatten,
  flattenSync,
  type Origin,
  type ReadInclude,
  type ReadIncludeAsync,
} from './includes.js';
export { fromJson, type JsonLine, type JsonNode, type JsonSection, type KickstartJson, toJson } from './json.js';
export { KERNEL_ARGUMENTS, type KernelArgument } from './kernel-argument-table.js';
export {
  checkKernelArguments,
  findKernelArgument,
  installerArguments,
  type KernelArgumentProblem,
  kernelArgumentName,
  kernelArguments,
} from './kernel-arguments.js';
export { type SplitOptions, splitWords, tokenize, type Word, type WordError, type Words } from './lex.js';
export { type LintOptions, lint } from './lint/lint.js';
export type { Preset, Rule } from './lint/rule.js';
export { RULES } from './lint/rules/index.js';
export { withoutSuppressed } from './lint/suppress.js';
export { type Migration, migrate } from './migrate/migrate.js';
export type { MigrationKind, MigrationLevel, MigrationStep } from './migrate/step.js';
export { type ParseOptions, parse } from './parse.js';
export { quoteOption, quoteWord } from './quote.js';
export { type CommandView, canonicalName, commandNames, readOptions } from './read-options.js';
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
export { type CommandLine, formatCommand, KickstartWriteError, type OptionValue } from './write.js';
