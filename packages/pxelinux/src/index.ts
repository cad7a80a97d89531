/**
 * SYSLINUX/PXELINUX configuration as the real loaders read it.
 *
 * @packageDocumentation
 */
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
export { type Loader, resolvePath } from './paths.js';
export { hardwareName, sysappendStrings } from './sysappend.js';
