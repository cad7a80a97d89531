import { evaluateUboot } from '../evaluate/uboot.js';
import type { UbootLabel, UbootModel } from '../model.js';
import { candidates } from '../search.js';
import { sysappendStrings } from '../sysappend.js';
import { type BootOutcome, type BootRequest, type BootSimulation, prompt } from './outcome.js';
import { Run, type Steps } from './run.js';

/**
 * A boot of U-Boot's `pxe get` and `pxe boot`, in the order seen on version 2023.01: initrd, kernel, device tree. Versions since
 * then ask for the kernel first. `${variables}` in APPEND stay as they are.
 */
export class UbootRun extends Run {
  *run(): Steps<BootSimulation> {
    let configuration: string | undefined;
    let uboot: UbootModel | undefined;
    let outcome: BootOutcome = { type: 'no-configuration' };
    for (const { path } of candidates(this.client, { loader: 'uboot' })) {
      const text = yield* this.ask(path, path, 'configuration', true);
      if (text === undefined) continue;
      configuration = path;
      uboot = yield* this.read(evaluateUboot({ file: path, text }));
      outcome = uboot.result < 0 ? prompt('Error parsing config file') : yield* this.#boot(uboot);
      break;
    }
    return { requests: this.requests, configuration, waits: this.waits, label: this.label, outcome, ...(uboot && { uboot }) };
  }

  /** The chosen label, then all others in order until one boots. Of labels with the same name the last one is the default. */
  *#boot(model: UbootModel): Steps<BootOutcome> {
    const wanted = this.select ?? model.default;
    const chosen = wanted === null ? undefined : model.labels.findLast(({ name }) => name === wanted);
    if (chosen === undefined && this.select !== undefined) return prompt(`there is no label ${this.select}`);
    if (chosen === undefined && model.prompt !== 0) this.waits = true;
    if (chosen !== undefined && model.prompt !== 0 && model.timeout === 0 && this.select === undefined) this.waits = true;
    for (const label of [...(chosen ? [chosen] : []), ...model.labels.filter((label) => label !== chosen)]) {
      const outcome = yield* this.#bootLabel(label);
      if (outcome === undefined) continue;
      this.label = label.name;
      return outcome;
    }
    return prompt('no label boots');
  }

  *#bootLabel(label: UbootLabel): Steps<BootOutcome | undefined> {
    if (label.localboot) return { type: 'localboot', value: label.localbootVal };
    if (label.kernel === null) return undefined;
    const initrds: string[] = [];
    if (label.initrd !== null) {
      if ((yield* this.#get(label.initrd, 'initrd')) === undefined) return undefined;
      initrds.push(this.prefix + label.initrd);
    }
    if ((yield* this.#get(label.kernel, 'kernel')) === undefined) return undefined;
    if (label.fdt !== null && label.fdt !== '-') yield* this.#get(label.fdt, 'devicetree');
    const { ip, server = '', gateway = '', netmask = '', mac } = this.client;
    let commandLine = label.append ?? '';
    if (label.ipappend & 1 && ip) commandLine += ` ip=${ip}:${server}:${gateway}:${netmask}`;
    if (label.ipappend & 2 && mac) commandLine += ` ${sysappendStrings(2, { mac }).join('')}`;
    return {
      type: 'linux',
      kernel: this.prefix + label.kernel,
      commandLine,
      initrds,
      ...(label.fdt !== null && label.fdt !== '-' && { devicetree: this.prefix + label.fdt }),
    };
  }

  *#get(name: string, purpose: BootRequest['purpose']): Steps<string | undefined> {
    return yield* this.ask(this.prefix + name, name, purpose, false);
  }
}
