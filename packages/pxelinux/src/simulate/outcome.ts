import type { ImageType } from '../command.js';
import type { CoreModel, MenuModel, UbootModel } from '../model.js';

/** One file a client asked for. */
export interface BootRequest {
  /** The name as the server sees it. */
  path: string;
  purpose: 'module' | 'configuration' | 'include' | 'display' | 'background' | 'kernel' | 'initrd' | 'devicetree' | 'image';
  found: boolean;
}

/** How a boot ends when nobody touches a key; with `waits`, how it ends when the offered choice is taken. */
export type BootOutcome =
  /** A Linux kernel starts with this command line; `initrds` in the order they are loaded. */
  | { type: 'linux'; kernel: string; commandLine: string; initrds: string[]; devicetree?: string }
  /** Control goes back to the firmware (PXELINUX) or to `$localcmd` (U-Boot). */
  | { type: 'localboot'; value: number }
  /** Another boot program or boot sector is started. */
  | { type: 'chain'; file: string; image: ImageType }
  /** A module whose work is not simulated. */
  | { type: 'module'; module: string; args: string }
  /** The `boot:` prompt, and why. */
  | { type: 'prompt'; reason: string }
  /** PXELINUX from version 5 on stops where this part of it is missing: "Failed to load ldlinux.c32", before any configuration. */
  | { type: 'no-loader'; file: string }
  /** No configuration was found; PXELINUX reboots after a while. */
  | { type: 'no-configuration' };

export interface BootSimulation {
  /** Every file asked for, in order. */
  requests: BootRequest[];
  /** The configuration that was read first. */
  configuration: string | undefined;
  /** Nothing happens until somebody presses a key: a menu or a prompt without a timeout. */
  waits: boolean;
  /** Label that was taken, when there was one. */
  label: string | undefined;
  outcome: BootOutcome;
  core?: CoreModel;
  menu?: MenuModel;
  uboot?: UbootModel;
}

export interface SimulateOptions {
  /** Default: `pxelinux`, version 6.04 on a BIOS machine. */
  loader?: 'pxelinux' | 'uboot';
  /** Label that somebody picks in the menu or types at the prompt. Default: nobody touches a key. */
  select?: string;
}

export function prompt(reason: string): BootOutcome {
  return { type: 'prompt', reason };
}
