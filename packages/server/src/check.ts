import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve as resolvePath } from 'node:path';
import { type Diagnostic, Source } from '@pxekit/diagnostics';
import { diagnose, parse, resolveRelease } from '@pxekit/kickstart';
import { checkArguments, checkPxelinuxFiles, checkUses } from './check-boot.js';
import { checkClients } from './check-clients.js';
import { checkReferences } from './config/check-references.js';
import type { LoadedConfig } from './config/load.js';
import { readConfig } from './config/load.js';
import type { ParsedConfig } from './config/parse.js';
import { renderKickstart } from './core.js';
import type { ServerError } from './errors.js';
import { loaderPackages } from './loaders.js';
import { localDecider } from './offline.js';
import type { Decide } from './resolve.js';
import type { Site } from './site.js';
import { TemplateError } from './templates.js';

export interface CheckResult {
  /** Ranges refer to the text of their `source` in `texts`. */
  findings: Diagnostic[];
  texts: Map<string, string>;
  /** How many machines were looked at. */
  machines: number;
}

type Path = (string | number)[];

/**
 * Every check there is without opening a port.
 *
 * @throws {ServerError} `SERVER_CONFIG_MISSING` when there is no such file; everything else is a finding.
 */
export async function checkSite(file: string): Promise<CheckResult> {
  const parsed = readConfig(file);
  const texts = new Map([[parsed.source.name, parsed.source.text]]);
  const findings = [...parsed.diagnostics, ...checkReferences(parsed)];
  const { config } = parsed;
  if (config === undefined || findings.some(({ severity }) => severity === 'error'))
    return { findings, texts, machines: config?.machines.length ?? 0 };
  const loaded: LoadedConfig = { config, folder: dirname(resolvePath(file)), file: resolvePath(file), parsed };
  const { site, decide } = localDecider(loaded);
  findings.push(...checkFiles(site, parsed));
  findings.push(...(await checkKickstarts(site, decide, parsed, texts)));
  findings.push(...checkPxelinuxFiles(site, decide, texts));
  const report = (severity: Diagnostic['severity'], code: string, path: Path, message: string) =>
    void findings.push(finding(parsed, severity, code, path, message));
  checkArguments(site, report);
  checkUses(site, report);
  if (!findings.some(({ code }) => code === 'config/missing-file')) await checkClients(site, decide, report);
  return { findings, texts, machines: config.machines.length };
}

function finding(parsed: ParsedConfig, severity: Diagnostic['severity'], code: string, path: Path, message: string): Diagnostic {
  return { code, severity, message, range: parsed.rangeOf(path), source: parsed.source.name };
}

/** Files and folders that machines need: images, templates, boot programs. */
export function checkFiles(site: Site, parsed: ParsedConfig): Diagnostic[] {
  const { config } = site;
  const found: Diagnostic[] = [];
  const missing = (path: Path, message: string) => void found.push(finding(parsed, 'error', 'config/missing-file', path, message));
  if (config.tftp !== false && config.tftp.root !== undefined && !existsSync(resolvePath(site.folder, config.tftp.root))) {
    missing(['tftp', 'root'], `There is no folder ${resolvePath(site.folder, config.tftp.root)}`);
  }
  for (const image of site.images.values()) {
    if (!existsSync(image.folder)) {
      missing(['images', image.name, 'folder'], `There is no folder ${image.folder}`);
      continue;
    }
    const check = (kind: 'kernel' | 'initrd', file: string) => {
      if (statSync(join(image.folder, file), { throwIfNoEntry: false })?.isFile()) return;
      // The classic slip: `vmlinux` is the uncompressed kernel, which no boot loader takes.
      const other = file.endsWith('vmlinux') ? file.replace(/vmlinux$/, 'vmlinuz') : undefined;
      const hint = other !== undefined && existsSync(join(image.folder, other)) ? `; did you mean ${other}?` : '';
      missing(['images', image.name, kind], `There is no ${kind} ${join(image.folder, file)}${hint}`);
    };
    check('kernel', image.kernel);
    for (const initrd of image.initrds) check('initrd', initrd);
  }
  for (const [name, { kickstart }] of Object.entries(config.profiles)) {
    if (kickstart !== undefined && !existsSync(resolvePath(site.folder, kickstart))) {
      missing(['profiles', name, 'kickstart'], `There is no kickstart template ${resolvePath(site.folder, kickstart)}`);
    }
  }
  const bootFiles = config.machines.every(({ bootFile }) => bootFile !== undefined) && config.machines.length > 0;
  if (config.dhcp !== false && !site.loaders.bios && !bootFiles) {
    const message = `No boot program for BIOS machines: put pxelinux.0 and ldlinux.c32 into the TFTP root, or install ${loaderPackages('bios')}`;
    found.push(finding(parsed, 'warning', 'config/no-loader', ['loaders'], message));
  }
  if (site.loaders.bios?.kind === 'pxelinux' && !site.modules.bios?.has('ldlinux.c32')) {
    found.push(
      finding(
        parsed,
        'error',
        'config/missing-file',
        ['tftp', 'root'],
        `ldlinux.c32 is missing beside ${site.loaders.bios.file}; it must be of the same SYSLINUX version`,
      ),
    );
  }
  return found;
}

/** Renders the kickstart of every machine and checks it against its release. One text is checked once, however many get it. */
export async function checkKickstarts(site: Site, decide: Decide, parsed: ParsedConfig, texts: Map<string, string>): Promise<Diagnostic[]> {
  const found: Diagnostic[] = [];
  const seen = new Set<string>();
  for (const [index, machine] of site.config.machines.entries()) {
    if (machine.profile === undefined) continue;
    try {
      const rendered = await renderKickstart({ site, decide }, { mac: machine.mac[0] });
      if (!rendered) continue;
      const release = resolveRelease(rendered.release ?? '') ?? undefined;
      const key = `${release} ${rendered.text.replaceAll(machine.name, '\0')}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const name = `${rendered.template} for ${machine.name}`;
      texts.set(name, rendered.text);
      for (const each of checkKickstart(rendered.text, name, release)) found.push({ ...each, source: name });
    } catch (error) {
      // `checkFiles` has said it, and one fault of a template is one finding, however many machines get it.
      const { code, message } = error as ServerError;
      if (code === 'SERVER_FILE_MISSING' || seen.has(message)) continue;
      seen.add(message);
      found.push(...templateFinding(error, parsed, ['machines', index], machine.name, texts));
    }
  }
  return found;
}

/** What is wrong with a kickstart text for a release; without a known release, what the linter alone says. */
export function checkKickstart(text: string, name: string, release: string | undefined): Diagnostic[] {
  const known = resolveRelease(release ?? '');
  const preset = ['recommended', 'unattended'] as const;
  return diagnose(parse(text, { name, templates: 'none' }), known === undefined ? { preset } : { preset, release: known });
}

/** A template error where it is in the template, and as a fallback at the machine. */
function templateFinding(error: unknown, parsed: ParsedConfig, path: Path, machine: string, texts: Map<string, string>): Diagnostic[] {
  const { message } = error as Error;
  if (!(error instanceof TemplateError))
    return [finding(parsed, 'error', 'config/template', path, `Kickstart of machine "${machine}": ${message}`)];
  const text = texts.get(error.file) ?? readFileSync(error.file, 'utf8');
  texts.set(error.file, text);
  const source = new Source(text, { name: error.file });
  const start = (source.lineStart(error.line) ?? 0) + error.column - 1;
  const end = (source.lineStart(error.line) ?? 0) + (source.lineText(error.line)?.length ?? 0);
  const reason = message.slice(`${error.file}:${error.line}:${error.column}: `.length);
  const range = source.range(start, Math.max(start + 1, end));
  return [
    { code: 'config/template', severity: 'error', message: `Kickstart of machine "${machine}": ${reason}`, range, source: error.file },
  ];
}
