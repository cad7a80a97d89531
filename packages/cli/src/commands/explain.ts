import { candidates } from '@pxekit/pxelinux';
import {
  architectureOf,
  type Decide,
  type Decision,
  findBootFile,
  localDecider,
  macOf,
  openMachines,
  PLATFORMS,
  type Platform,
  type Site,
  STAGES,
  type Stage,
} from '@pxekit/server';
import { Command, InvalidArgumentError, Option } from 'commander';
import { Failure } from '../failure.js';
import type { Io } from '../io.js';
import { configOption, loadNamed } from '../server/config-option.js';

interface ExplainOptions {
  config?: string;
  arch: number;
  stage: Stage;
  ipxe?: boolean;
  json?: boolean;
}

function readArchitecture(text: string): number {
  if ((PLATFORMS as readonly string[]).includes(text)) return architectureOf(text as Platform);
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`Expected a number (option 93) or one of ${PLATFORMS.join(', ')}.`);
}

export function explainCommand(io: Io): Command {
  return new Command('explain')
    .argument('<machine>', 'name, or hardware address')
    .addOption(configOption())
    .option('--arch <architecture>', `client architecture: a number (option 93), or ${PLATFORMS.join(', ')}`, readArchitecture, 0)
    .addOption(new Option('--stage <stage>', 'how far to go').choices(STAGES).default('kickstart'))
    .option('--ipxe', 'the client is iPXE')
    .option('--json', 'print the decision as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  pxekit explain web1\n  pxekit explain 52:54:00:12:34:56 --arch uefi-x64\n  pxekit explain web1 --stage loader --json',
    )
    .action((name: string, options: ExplainOptions) => explain(io, name, options));
}

function explain(io: Io, name: string, { config, arch, stage, ipxe = false, json }: ExplainOptions): void {
  const loaded = loadNamed(config);
  const { site, decide } = localDecider(loaded);
  const mac = macOf(site, name);
  if (mac === undefined) {
    throw new Failure(`No machine "${name}"`, {
      code: 'SERVER_UNKNOWN_MACHINE',
      hint: 'Name a machine of the configuration, or a hardware address such as 52:54:00:12:34:56.',
    });
  }
  const machines = openMachines(loaded);
  const memory = machines?.get(mac);
  machines?.close();
  const decision = decide({ mac, architecture: arch, ipxe, http: arch >= 15 && arch <= 20, memory }, stage);
  if (stage === 'configuration' || stage === 'kickstart') addConfigurationFile(decision, site, decide, mac);
  const place = (path: (string | number)[] | undefined) => {
    const start = path && loaded.parsed?.rangeOf(path).start;
    return start ? { line: start.line, column: start.column } : undefined;
  };
  if (json) io.out(JSON.stringify(explained(decision, place), null, 2));
  else print(io, decision, loaded.file ?? 'configuration', place);
}

/** Which of the names that PXELINUX asks for is there, and where it comes from: a real file wins over a generated one. */
function addConfigurationFile(decision: Decision, site: Site, decide: Decide, mac: string): void {
  if (decision.bootFile?.kind !== 'pxelinux' || decision.ignored !== undefined) return;
  const { bootFile } = decision;
  const client = { mac, bootFile: bootFile.file, ...(decision.address === undefined ? {} : { ip: decision.address }) };
  for (const { path } of candidates(client)) {
    const found = findBootFile(site, path, (asked) => (asked === undefined || asked === mac ? { mac } : undefined), decide);
    if (!found) continue;
    const where = found.kind === 'file' ? `${found.rule}: ${found.path}` : found.rule;
    const label = found.kind === 'generated' ? `, label "${decision.menu?.default}"` : '';
    decision.trace.push({ stage: 'configuration', rule: 'file in the search order', outcome: `${path}, ${where}${label}` });
    return;
  }
}

type Place = (path: (string | number)[] | undefined) => { line: number; column: number } | undefined;

function explained(decision: Decision, place: Place): object {
  const { trace, menu, subnet, machine, ...rest } = decision;
  return {
    ...rest,
    machine: machine?.name,
    subnet: subnet?.config.subnet,
    entries: menu?.entries.map(({ name, image, arguments: args }) => ({
      name,
      kernel: image.kernel,
      initrds: image.initrds,
      arguments: args,
    })),
    starts: menu?.default,
    trace: trace.map((step) => ({ ...step, ...place(step.path) })),
  };
}

function print(io: Io, { name, ignored, trace }: Decision, file: string, place: Place): void {
  io.out(name);
  for (const { stage, rule, outcome, path } of trace) {
    const at = place(path);
    io.out(`  ${stage.padEnd(13)} ${rule}: ${outcome}${at ? `  (${file}:${at.line}:${at.column})` : ''}`);
  }
  if (ignored !== undefined) io.out(`  no answer: ${ignored}`);
}
