import { Command } from 'commander';
import type { Io } from '../io.js';
import { candidatesCommand } from './pxelinux/candidates.js';
import { convertCommand } from './pxelinux/convert.js';
import { evaluateCommand } from './pxelinux/evaluate.js';
import { fmtCommand } from './pxelinux/fmt.js';
import { lintCommand } from './pxelinux/lint.js';
import { previewCommand } from './pxelinux/preview.js';
import { simulateCommand } from './pxelinux/simulate.js';

export function pxelinuxCommand(io: Io): Command {
  return new Command('pxelinux')
    .addCommand(evaluateCommand(io))
    .addCommand(candidatesCommand(io))
    .addCommand(simulateCommand(io))
    .addCommand(lintCommand(io))
    .addCommand(fmtCommand(io))
    .addCommand(previewCommand(io))
    .addCommand(convertCommand(io));
}
