/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { ServerEvent } from '../events.js';
import type { MachineSummary } from '../offline.js';
import type { Decision } from '../resolve.js';

export const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d0d7de, #3d444d); --soft: light-dark(#f6f8fa, #151b23); --bad: light-dark(#b42318, #ff8f87); }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 75rem; padding: 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { background: var(--soft); } code { font-size: .9em; } .bad { color: var(--bad); } .dim { opacity: .7; }
progress { width: 8rem; } form { display: inline-flex; gap: .4rem; margin: .2rem .6rem .2rem 0; } input, button { font: inherit; }
`;

/** Reads the page again when something happens, and puts the new content in place of the old. Not needed for reading. */
export const SCRIPT = `
let waiting;
const source = new EventSource('/events');
source.onmessage = () => {
  waiting ??= setTimeout(async () => {
    waiting = undefined;
    if (document.activeElement?.tagName === 'INPUT') return;
    const text = await (await fetch(location.href)).text();
    const next = new DOMParser().parseFromString(text, 'text/html').querySelector('main');
    if (next) document.querySelector('main').replaceWith(next);
  }, 300);
};
`;

function Page({ title, children }: { title: string; children: Child }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <style>{raw(STYLE)}</style>
        <script type="module">{raw(SCRIPT)}</script>
      </head>
      <body>
        <main>{children}</main>
      </body>
    </html>
  );
}

function Table({ heads, children }: { heads: string[]; children: Child }) {
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            {heads.map((head) => (
              <th scope="col">{head}</th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

function time(milliseconds: number | undefined): string {
  return milliseconds === undefined ? '-' : new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ');
}

export interface StatusView {
  address: string;
  listens: Readonly<Record<string, readonly string[]>>;
  machines: { machine: MachineSummary; gets: string }[];
  leases: { address: string; hardware: string; state: string; expires: number; hostname?: string | undefined }[];
  transfers: { file: string; peer: string; bytes: number; size: number | undefined; rate: number }[];
  problems: { event: ServerEvent; fix: string | undefined }[];
}

/** The status page: what each machine is and would get, leases, transfers, the last problems with their fix. */
export function StatusPage({ address, listens, machines, leases, transfers, problems }: StatusView) {
  return (
    <Page title="pxekit">
      <h1>pxekit on {address}</h1>
      <p class="dim">
        {Object.entries(listens)
          .map(([service, places]) => `${service.toUpperCase()} on ${places.join(', ')}`)
          .join(' · ')}
      </p>
      <h2>Machines</h2>
      <Table heads={['Name', 'Hardware address', 'State', 'Profile', 'Address', 'Next boot', 'Last seen (UTC)']}>
        {machines.map(({ machine, gets }) => (
          <tr>
            <td>
              <a href={`/machines/${encodeURIComponent(machine.name)}`}>{machine.name}</a>
            </td>
            <td>
              <code>{machine.mac}</code>
            </td>
            <td>{machine.state}</td>
            <td>{machine.profile ?? '-'}</td>
            <td>{machine.address ?? '-'}</td>
            <td>{gets}</td>
            <td>{time(machine.lastSeen)}</td>
          </tr>
        ))}
        {machines.length === 0 ? (
          <tr>
            <td colspan={7}>None yet. Machines appear when they boot from the network.</td>
          </tr>
        ) : null}
      </Table>
      <h2>Transfers</h2>
      <Table heads={['File', 'Client', 'Progress', 'Rate']}>
        {transfers.map(({ file, peer, bytes, size, rate }) => (
          <tr>
            <td>{file}</td>
            <td>{peer}</td>
            <td>
              <progress value={bytes} max={size ?? bytes} /> {bytes} of {size ?? '?'} bytes
            </td>
            <td>{(rate / 1e6).toFixed(1)} MB/s</td>
          </tr>
        ))}
        {transfers.length === 0 ? (
          <tr>
            <td colspan={4}>No TFTP transfer is running.</td>
          </tr>
        ) : null}
      </Table>
      <h2>Leases</h2>
      <Table heads={['Address', 'Hardware address', 'Host name', 'State', 'Ends (UTC)']}>
        {leases.map(({ address: leased, hardware, hostname, state, expires }) => (
          <tr>
            <td>{leased}</td>
            <td>
              <code>{hardware}</code>
            </td>
            <td>{hostname ?? '-'}</td>
            <td>{state}</td>
            <td>{Number.isFinite(expires) ? time(expires) : 'never'}</td>
          </tr>
        ))}
        {leases.length === 0 ? (
          <tr>
            <td colspan={5}>None.</td>
          </tr>
        ) : null}
      </Table>
      <h2>Last problems</h2>
      <Table heads={['Time (UTC)', 'What', 'Who', 'What to do']}>
        {problems.map(({ event, fix }) => (
          <tr>
            <td>{event.time.slice(0, 19).replace('T', ' ')}</td>
            <td class="bad">
              {event.type} {String(event.message ?? event.reason ?? event.file ?? '')}
            </td>
            <td>{event.machine ?? event.mac ?? event.peer ?? '-'}</td>
            <td>{fix ?? '-'}</td>
          </tr>
        ))}
        {problems.length === 0 ? (
          <tr>
            <td colspan={4}>None.</td>
          </tr>
        ) : null}
      </Table>
    </Page>
  );
}

export interface MachineView {
  machine: MachineSummary;
  decision: Decision;
  timeline: ServerEvent[];
  profiles: string[];
  canArm: boolean;
}

const KNOWN = new Set(['time', 'type', 'level', 'mac', 'machine']);

function details(event: ServerEvent): string {
  return Object.entries(event)
    .filter(([key, value]) => !KNOWN.has(key) && value !== undefined)
    .map(([key, value]) => `${key}=${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(' ');
}

/** One machine: what it would get and why, and what happened to it. */
export function MachinePage({ machine, decision, timeline, profiles, canArm }: MachineView) {
  const action = `/machines/${encodeURIComponent(machine.name)}`;
  return (
    <Page title={`${machine.name} - pxekit`}>
      <p>
        <a href="/">All machines</a>
      </p>
      <h1>{machine.name}</h1>
      <p>
        <code>{machine.mac}</code>, {machine.state}, profile {machine.profile ?? 'none'}
      </p>
      {canArm ? (
        <div>
          <form method="post" action={`${action}/arm`}>
            <select name="profile" aria-label="Profile">
              {profiles.map((name) => (
                <option value={name} selected={name === machine.profile}>
                  {name}
                </option>
              ))}
            </select>
            <input name="token" type="password" placeholder="admin token" aria-label="Admin token" required />
            <button type="submit">Arm: install at the next boot</button>
          </form>
          <form method="post" action={`${action}/disarm`}>
            <input name="token" type="password" placeholder="admin token" aria-label="Admin token" required />
            <button type="submit">Disarm: boot the disk</button>
          </form>
        </div>
      ) : (
        <p class="dim">Set `admin.token` to arm and disarm machines here.</p>
      )}
      <h2>What it would get</h2>
      <Table heads={['Stage', 'Rule', 'Outcome']}>
        {decision.trace.map(({ stage, rule, outcome }) => (
          <tr>
            <td>{stage}</td>
            <td>{rule}</td>
            <td>{outcome}</td>
          </tr>
        ))}
      </Table>
      <h2>Timeline</h2>
      <Table heads={['Time (UTC)', 'What', 'Details']}>
        {timeline.map((event) => (
          <tr>
            <td>{event.time.slice(0, 19).replace('T', ' ')}</td>
            <td class={event.level === 'info' ? '' : 'bad'}>{event.type}</td>
            <td>
              <code>{details(event)}</code>
            </td>
          </tr>
        ))}
      </Table>
    </Page>
  );
}
