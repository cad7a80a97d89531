import type { ProfileConfig } from '../config/schema.js';
import type { BootClient, BootEntry, BootMenu, Decision, TraceStep } from '../resolve.js';
import type { Image, Site } from '../site.js';
import { usesInstPrefix } from '../treeinfo.js';

/** URL of a machine's kickstart; it carries the machine's secret when the configuration asks for that. */
function kickstartUrl(site: Site, client: BootClient, decision: Decision): string | undefined {
  if (site.httpUrl === undefined) return undefined;
  const token = site.config.kickstartTokens && client.memory?.token !== undefined ? `/${client.memory.token}` : '';
  return `${site.httpUrl}/ks/${encodeURIComponent(decision.name)}${token}`;
}

function kernelArguments(
  site: Site,
  client: BootClient,
  decision: Decision,
  image: Image,
  profile: ProfileConfig,
  profileName: string,
): string {
  const parts = [image.arguments, profile.arguments, decision.machine?.arguments ?? ''];
  const given = ` ${parts.join(' ')} `;
  const prefix = usesInstPrefix(image.release) ? 'inst.' : '';
  if (profile.kickstart !== undefined && !/ (?:inst\.)?ks(?:=| )/.test(given)) {
    // Entries of a menu, or for a client that is not known by name, name the profile; the client's address tells the machine.
    const choice = `${site.httpUrl}/profiles/${encodeURIComponent(profileName)}/ks`;
    const url = decision.action === 'menu' || client.mac === undefined ? choice : kickstartUrl(site, client, decision);
    if (site.httpUrl !== undefined) parts.push(`${prefix}ks=${url}`);
  }
  if (image.isTree && site.httpUrl !== undefined && !/ (?:inst\.repo|inst\.stage2|method|repo)=/.test(given)) {
    parts.push(`${prefix === '' ? 'method' : 'inst.repo'}=${site.httpUrl}/images/${image.name}`);
  }
  return parts.filter((part) => part.trim() !== '').join(' ');
}

/** What its boot configuration offers: kernels and their arguments. */
export function resolveMenu(site: Site, client: BootClient, decision: Decision) {
  const { config } = site;
  const step = (rule: string, outcome: string, path?: TraceStep['path']) =>
    decision.trace.push({ stage: 'configuration', rule, outcome, path });
  const entry = (name: string): BootEntry | undefined => {
    const profile = config.profiles[name];
    const image = profile && site.images.get(profile.image);
    if (!profile || !image) return undefined;
    const args = kernelArguments(site, client, decision, image, profile, name);
    step('kernel line', [`images/${image.name}/${image.kernel}`, args].join(' ').trim(), ['profiles', name]);
    return { name, title: profile.title ?? name, image, profile, arguments: args };
  };
  const menu: BootMenu = { title: config.menu.title, timeout: 0, default: 'local', entries: [], ui: undefined };
  if (decision.action === 'install' && decision.profile !== undefined) {
    const chosen = entry(decision.profile);
    if (chosen) menu.entries.push(chosen);
    else step('profile', `"${decision.profile}" does not exist: boot the disk`);
    menu.default = chosen?.name ?? 'local';
    if (config.menu.ui !== undefined) {
      menu.ui = config.menu.ui;
      menu.timeout = config.menu.timeout;
    }
  } else if (decision.action === 'menu') {
    for (const [name, profile] of Object.entries(config.profiles)) {
      const each = profile.menu ? entry(name) : undefined;
      if (each) menu.entries.push(each);
    }
    menu.timeout = config.menu.timeout;
    menu.default = menu.entries.some(({ name }) => name === config.menu.default) ? config.menu.default : 'local';
    menu.ui = config.menu.ui ?? (site.modules[decision.platform ?? 'bios']?.has('menu.c32') ? 'menu.c32' : undefined);
    step('starts by itself', menu.default, ['menu', 'default']);
  }
  decision.menu = menu;
}

/** Its kickstart: the template and its variables. */
export function resolveKickstart(site: Site, client: BootClient, decision: Decision) {
  const step = (rule: string, outcome: string, path?: TraceStep['path']) =>
    decision.trace.push({ stage: 'kickstart', rule, outcome, path });
  const profileName = decision.profile;
  const profile = profileName === undefined ? undefined : site.config.profiles[profileName];
  if (profileName === undefined || !profile?.kickstart) {
    return void step('kickstart', decision.action === 'install' ? 'none: the profile names no kickstart' : 'none: nothing is installed');
  }
  decision.kickstart = {
    template: profile.kickstart,
    url: kickstartUrl(site, client, decision),
    profile: profileName,
    variables: { ...profile.variables, ...decision.machine?.variables },
  };
  step('kickstart of the profile', `${profile.kickstart} at ${decision.kickstart.url ?? 'no URL: HTTP is off'}`, [
    'profiles',
    profileName,
    'kickstart',
  ]);
}
