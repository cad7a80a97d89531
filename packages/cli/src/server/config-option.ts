import { existsSync } from 'node:fs';
import { CONFIG_NAMES, type LoadedConfig, loadConfig } from '@pxekit/server';
import { Option } from 'commander';

/** `-c, --config FILE`, with the same meaning in every command that reads the configuration. */
export function configOption(): Option {
  return new Option('-c, --config <file>', 'configuration file (default: pxekit.yaml in this folder)');
}

/** The file that is meant when none is named. */
export function configFile(named: string | undefined): string {
  return named ?? CONFIG_NAMES.find((name) => existsSync(name)) ?? (CONFIG_NAMES[0] as string);
}

export function loadNamed(named: string | undefined): LoadedConfig {
  return loadConfig(configFile(named));
}
