import type { InstallPolicy } from '../config/schema.js';
import type { BootClient, Decision, TraceStep } from '../resolve.js';
import type { Site } from '../site.js';
import { machinePath } from './machine.js';

/** Whether it installs, sees the menu, or boots its disk. */
export function resolveAction(site: Site, client: BootClient, decision: Decision, now: number) {
  const { config } = site;
  const { memory } = client;
  const step = (rule: string, outcome: string, path?: TraceStep['path']) => decision.trace.push({ stage: 'action', rule, outcome, path });
  const install = (profile: string) => {
    decision.action = 'install';
    decision.profile = profile;
  };
  const local = (rule: string, path?: TraceStep['path']) => {
    decision.action = 'local';
    step(rule, 'boot the disk', path);
  };

  if (decision.machine === undefined && (memory === undefined || memory.state === 'discovered')) {
    if (config.unknown.policy === 'discover') return local('unknown machines are only noted', ['unknown', 'policy']);
    if (config.unknown.profile !== undefined) {
      install(config.unknown.profile);
      return void step('profile for unknown machines', config.unknown.profile, ['unknown', 'profile']);
    }
    decision.action = 'menu';
    return void step('unknown machines choose', 'the menu of all profiles', ['menu']);
  }

  const profile = memory?.profile ?? decision.machine?.profile;
  const policy: InstallPolicy = decision.machine?.install ?? config.install;
  const policyPath = decision.machine?.install === undefined ? ['install'] : machinePath(site, decision, 'install');
  if (profile === undefined) return local('machine without a profile', machinePath(site, decision));
  if (memory?.state === 'local') return local('machine was disarmed');
  if (memory?.state === 'installed' && policy !== 'always') return local('machine is installed', policyPath);
  if (memory?.state === 'installing' && policy !== 'always' && memory.kickstartAt !== undefined) {
    if (now - memory.kickstartAt >= config.installDeadline * 1000) {
      return local('kickstart was fetched and the deadline for the install has passed', ['installDeadline']);
    }
    step('install not reported as done', 'install again', ['installDeadline']);
  }
  if (memory === undefined || memory.state === 'discovered') {
    if (policy === 'manual') return local('machine is not armed', policyPath);
  }
  install(profile);
  step(
    memory?.profile === undefined ? 'profile of the machine' : 'profile chosen when the machine was armed',
    profile,
    machinePath(site, decision, 'profile'),
  );
}
