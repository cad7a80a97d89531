import type { Rule } from './rule.js';
import { initrdComma, initrdTwice, installerArgument } from './rules/arguments.js';
import { defaultReplacesMenu, globalAppendLate, labelBlank } from './rules/labels.js';
import { configFileName, leadingSlash } from './rules/names.js';
import { byteOrderMark, carriageReturn, lineTooLong, outsideLabel, textNotClosed } from './rules/text.js';
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
  defaultReplacesMenu,
  labelBlank,
  globalAppendLate,
  timeoutSeconds,
  initrdComma,
  commentAfterValue,
  unknownDirective,
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
];
