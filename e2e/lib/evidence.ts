import type { ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Namespace } from './netns.js';

/** A scratch folder of one test. When the test fails its captures and logs are kept under `e2e/.evidence/<test>`. */
export class Evidence {
  readonly folder: string;
  readonly #name: string;
  readonly #files: string[] = [];
  #capture: ChildProcess | undefined;

  constructor(name: string) {
    this.#name = name;
    this.folder = mkdtempSync(join(tmpdir(), `pxekit-${name}-`));
  }

  /** The path of a file in the scratch folder that is kept on failure. */
  file(name: string): string {
    const path = join(this.folder, name);
    this.#files.push(path);
    return path;
  }

  /** Captures what crosses the bridge into `packets.pcap`. */
  async capture(namespace: Namespace, device = 'br0'): Promise<void> {
    const capture = namespace.spawn('tcpdump', ['-i', device, '-U', '-s', '1600', '-w', this.file('packets.pcap')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#capture = capture;
    await new Promise<void>((resolve, reject) => {
      capture.stderr?.on('data', (text) => String(text).includes('listening') && resolve());
      capture.on('error', reject);
      capture.on('close', () => reject(new Error('tcpdump ended early')));
    });
  }

  async close(failed: boolean): Promise<void> {
    const capture = this.#capture;
    if (capture && capture.exitCode === null) {
      await new Promise<void>((resolve) => {
        capture.once('close', () => resolve());
        capture.kill('SIGINT');
      });
    }
    if (failed) {
      const kept = fileURLToPath(new URL(`../.evidence/${this.#name}`, import.meta.url));
      mkdirSync(kept, { recursive: true });
      for (const file of this.#files) if (existsSync(file)) copyFileSync(file, join(kept, basename(file)));
      console.error(`Captures and logs of the failed test: ${kept}`);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
