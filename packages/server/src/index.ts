/**
 * The reference network boot server: DHCP, TFTP, HTTP and kickstart from one configuration.
 *
 * @packageDocumentation
 */
export { activatedSockets, type PassedSockets } from './activation.js';
export { type LocalAddress, localAddresses, ownAddress } from './address.js';
export { type BootFileFound, findBootFile, listBootTree } from './boot-tree.js';
export { type CheckResult, checkKickstart, checkSite } from './check.js';
export { CODES } from './codes.js';
export { checkReferences } from './config/check-references.js';
export { CONFIG_NAMES, type LoadedConfig, loadConfig, readConfig } from './config/load.js';
export { ConfigError, type ParsedConfig, parseConfig } from './config/parse.js';
export {
  type Config,
  type ConfigInput,
  configJsonSchema,
  configSchema,
  type ImageConfig,
  type MachineConfig,
  type ProfileConfig,
  type SubnetConfig,
} from './config/schema.js';
export { macOf, nameOf, requireMac } from './core.js';
export { exportsLine } from './doctor/nfs.js';
export { type DoctorItem, type DoctorOptions, doctor } from './doctor.js';
export { ServerError, type ServerErrorCode } from './errors.js';
export { type EventFields, EventStream, type ServerEvent } from './events.js';
export {
  createFtpServer,
  type FtpEntry,
  type FtpFile,
  type FtpFolder,
  type FtpServer,
  type FtpServerOptions,
  type FtpTransfer,
  type FtpTree,
} from './ftp/index.js';
export {
  type ImportedStatement,
  type ImportProblem,
  type ImportResult,
  importDhcpd,
  importHttpd,
  importPxelinux,
  importXinetd,
  kickstartFile,
  mergeConfig,
  type PxelinuxImportOptions,
  type Verdict,
} from './import/index.js';
export { type InitOptions, initialConfig } from './init.js';
export { normalizeMac } from './ipv4.js';
export type { Services } from './listeners.js';
export { type MachineRecord, type MachineState, MachineStore } from './machines.js';
export {
  localDecider,
  localSite,
  type MachineSummary,
  machinesOf,
  openMachines,
} from './offline.js';
export { architectureOf, PLATFORMS, type Platform, platformOf } from './platforms.js';
export {
  type BootClient,
  type BootEntry,
  type BootFile,
  type BootMenu,
  type Decide,
  type Decision,
  type KickstartChoice,
  type MachineMemory,
  resolve,
  STAGES,
  type Stage,
  type TraceStep,
} from './resolve.js';
export { writeSample } from './sample.js';
export { type BootServer, createServer, type ServerHooks, type ServerOptions } from './server.js';
export { CLIENT_KINDS, type ClientKind } from './simulate/clients.js';
export type { BootNetwork } from './simulate/network.js';
export { LiveNetwork, type LiveNetworkOptions } from './simulate/network-live.js';
export { OfflineNetwork } from './simulate/network-offline.js';
export { type SimulatedStep, SimulationError } from './simulate/step.js';
export { type WalkOptions, type WalkResult, walk } from './simulate/walk.js';
export { type Image, prepareSite, type Site, type SiteOptions } from './site.js';
export { type SystemdOptions, type SystemdUnit, systemdUnits } from './systemd.js';
export { TemplateError } from './templates.js';
