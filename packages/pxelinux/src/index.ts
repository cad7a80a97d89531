/**
 * SYSLINUX/PXELINUX configuration as the real loaders read it.
 *
 * @packageDocumentation
 */
export { type Argument, argumentsOf } from './arguments.js';
export { CODES } from './codes.js';
export { type Command, type ImageType, initrdsOf, MAX_COMMAND_BYTES, parseCommand, typeOf } from './command.js';
export { type Conversion, toGrub } from './convert/grub.js';
export { toIpxe } from './convert/ipxe.js';
export {
  type ConvertOptions,
  type Loss,
  type Neutral,
  type NeutralAction,
  type NeutralConfig,
  type NeutralEntry,
  type NeutralMenu,
  toNeutral,
} from './convert/neutral.js';
export { type Directive, directiveOf } from './directive.js';
export { getArgument, getArguments, removeArgument, setArgument } from './edit/arguments.js';
export { addLabel, type NewLabel, removeLabel, renameLabel, reorderLabels } from './edit/labels.js';
export { setDefault, setMenuTimeout, setMenuTitle } from './edit/settings.js';
export { WriteError } from './edit/writable.js';
export { keyCode } from './evaluate/keys.js';
export { type AsyncIncludeReader, type EvaluateOptions, evaluate, evaluateAsync, type IncludeReader } from './evaluate.js';
export { type FormatOptions, format } from './format.js';
export {
  type BootDescription,
  type ConfigDescription,
  type EntryDescription,
  generate,
  type LabelDescription,
  type SubmenuDescription,
} from './generate.js';
export { isBlank, LineTable } from './line-table.js';
export { type Document, latin1FromBytes, latin1ToBytes, parse, serialize } from './lines.js';
export { LINT_CODES, type LintCode } from './lint/codes.js';
export { type ArgumentStatus, anacondaArguments, type InstallerArguments } from './lint/installers.js';
export { applyFixes, lint } from './lint/lint.js';
export type { LintOptions } from './lint/options.js';
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
export { librariesOf, MENU_MODULES, MODULES } from './modules.js';
export { type BlankLine, type CommentLine, type ConfigNode, type DirectiveLine, nodeText, type TextBlock } from './nodes.js';
export { type AsyncTree, type BootTree, guessLoader, type Loader, normalizePath, type ReadableTree, resolvePath } from './paths.js';
export { toAnsi } from './preview/ansi.js';
export { type MenuScreenModel, type RenderOptions, renderMenu } from './preview/menu.js';
export type { AttributeRun, Cell, CellColor, Screen, ScreenJson } from './preview/screen.js';
export { renderSvg, type SvgOptions } from './preview/svg.js';
export type { Console } from './preview/terminal.js';
export { addressInHex, type BootClient, type Candidate, candidates, type NetworkLoader, pathPrefix, swapUuid } from './search.js';
export type { BootOutcome, BootRequest, BootSimulation, SimulateOptions } from './simulate/outcome.js';
export { simulateBoot, simulateBootAsync } from './simulate.js';
export { hardwareName, sysappendStrings } from './sysappend.js';
