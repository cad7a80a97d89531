/**
 * SYSLINUX/PXELINUX configuration as the real loaders read it.
 *
 * @packageDocumentation
 */

// Tools on top of the tree and the models.
export { type Argument, argumentsOf } from './arguments.js';
export { CODES } from './codes.js';
export { type Directive, directiveOf } from './directive.js';
export { DEFAULT_COLORS, defaultColor } from './evaluate/colors.js';
export { keyCode } from './evaluate/keys.js';
export { type AsyncIncludeReader, type EvaluateOptions, evaluate, evaluateAsync, type IncludeReader } from './evaluate.js';
export {
  type BlankLine,
  type CommentLine,
  type ConfigNode,
  type DirectiveLine,
  type Document,
  isBlank,
  latin1FromBytes,
  latin1ToBytes,
  nodeText,
  parse,
  serialize,
  type TextBlock,
} from './lines.js';
export { LINT_CODES, type LintCode } from './lint/codes.js';
export { type ArgumentStatus, anacondaArguments, type InstallerArguments } from './lint/installers.js';
export { applyFixes, lint } from './lint/lint.js';
export type { BootTree, LintOptions, Loader } from './lint/options.js';
export { RULES } from './lint/registry.js';
export type { Finding, LintContext, LintDiagnostic, Rule } from './lint/rule.js';
export {
  type Client,
  type ColorSetting,
  type CoreEvent,
  type CoreMenu,
  type CoreModel,
  type Engine,
  type EntryAction,
  type FunctionKey,
  type Menu,
  type MenuEntry,
  type MenuMessages,
  type MenuModel,
  type MenuParams,
  type Model,
  type ModelOf,
  modelToJson,
  type Origin,
  type Origins,
  type SerialSettings,
  type UbootLabel,
  type UbootModel,
} from './model.js';
export { type PathRules, resolvePath } from './paths.js';
export { ELEMENT_DEFAULTS, type ElementName, type ElementStyle } from './preview/elements.js';
export { type MenuScreenModel, type RenderOptions, renderMenu } from './preview/menu.js';
export type { AttributeRun, Cell, CellColor, Screen, ScreenJson } from './preview/screen.js';
export type { Charset } from './preview/terminal.js';
export { hardwareName, sysappendStrings } from './sysappend.js';
