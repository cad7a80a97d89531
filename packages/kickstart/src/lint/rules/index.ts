import type { Rule } from '../rule.js';
import { completeness } from './completeness.js';
import { conflicts } from './conflicts.js';
import { optionRules } from './options.js';
import { outdated } from './outdated.js';
import { packageRules } from './packages.js';
import { passwords } from './passwords.js';
import { references } from './references.js';
import { scriptRules } from './scripts.js';
import { textRules } from './text.js';
import { urlRules } from './urls.js';

/** All rules, in the order of the rules page. */
export const RULES: readonly Rule[] = [
  ...references,
  ...conflicts,
  ...completeness,
  ...passwords,
  ...textRules,
  ...packageRules,
  ...optionRules,
  ...outdated,
  ...urlRules,
  ...scriptRules,
];
