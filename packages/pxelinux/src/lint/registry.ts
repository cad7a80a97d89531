import type { Rule } from './rule.js';
import { initrdComma, initrdTwice, installerArgument } from './rules/arguments.js';
import { missingFile, missingLoader, missingModule, optionsTooLong } from './rules/files.js';
import { defaultReplacesMenu, globalAppendLate, labelBlank } from './rules/labels.js';
import { defaultNotFound, duplicateLabel, hotkeyClash, includeLoop, menuDefaultTwice, unknownTag } from './rules/menus.js';
import { configFileName, leadingSlash } from './rules/names.js';
import { byteOrderMark, carriageReturn, lineTooLong, outsideLabel, textNotClosed } from './rules/text.js';
import { ubootAppend, ubootLabelEnd, ubootLineEnd, ubootModule, ubootRejects } from './rules/uboot.js';
import { unknownDirective } from './rules/unknown.js';
import {
  appendDashBlank,
  clearPassword,
  commentAfterValue,
  deadDirective,
  localbootValue,
  missingValue,
  nohaltBlank,
  serialComma,
  sysappendLocal,
  timeoutSeconds,
} from './rules/values.js';

/** Every rule, the ones that real files break most first. */
export const RULES: readonly Rule[] = [
  missingFile,
  missingLoader,
  missingModule,
  defaultNotFound,
  defaultReplacesMenu,
  labelBlank,
  duplicateLabel,
  hotkeyClash,
  globalAppendLate,
  timeoutSeconds,
  initrdComma,
  commentAfterValue,
  unknownDirective,
  menuDefaultTwice,
  unknownTag,
  includeLoop,
  optionsTooLong,
  initrdTwice,
  outsideLabel,
  missingValue,
  configFileName,
  leadingSlash,
  installerArgument,
  localbootValue,
  deadDirective,
  clearPassword,
  appendDashBlank,
  sysappendLocal,
  nohaltBlank,
  serialComma,
  textNotClosed,
  lineTooLong,
  byteOrderMark,
  carriageReturn,
  ubootRejects,
  ubootLabelEnd,
  ubootAppend,
  ubootLineEnd,
  ubootModule,
];
