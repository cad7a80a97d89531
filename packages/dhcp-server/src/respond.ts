import { MessageType, type Option } from '@pxekit/dhcp';
import { bootFields, findBootAnswer } from './boot-fields.js';
import { type Choice, type Claim, chooseAddress, mayHave } from './choose.js';
import type { DropReason, Effect, Outcome, Reply, RespondContext } from './decision.js';
import { type Request, RequestFacts } from './facts.js';
import { hashKey, toHex } from './identity.js';
import { formatIpv4, type Ipv4, parseIpv4 } from './ipv4.js';
import { answerLeaseQuery } from './leasequery.js';
import type { Lease } from './leases/store.js';
import { compileOptions } from './options.js';
import type { LeaseTimes } from './plan.js';
import { answerAsProxy, answerBootServerRequest } from './proxy.js';
import {
  ascii,
  assembleOptions,
  clampLeaseTime,
  commonValues,
  nak,
  networkValues,
  pushLeaseTimes,
  raw,
  replyHeader,
  u8,
  u32,
} from './reply.js';
import { isOurs, serverIdFor } from './server-id.js';
import { situate } from './situation.js';
import { Trace } from './trace.js';

/**
 * The answer to one request: the reply, what changes, and the rules that decided. Pure: the clock, the leases and the
 * configuration come in with the context, and nothing is changed here.
 */
export function respond(request: Request | RequestFacts, context: RespondContext): Outcome {
  const facts = request instanceof RequestFacts ? request : new RequestFacts(request, context.plan.identity);
  return new Responder(facts, context).respond();
}

/** The lease, if it is the client's. */
function ownLease({ client }: Claim, lease: Lease | undefined): Lease | undefined {
  return lease?.client === client ? lease : undefined;
}

/** One decision: holds what its steps share. */
class Responder {
  readonly #facts: RequestFacts;
  readonly #context: RespondContext;
  readonly #trace: Trace | undefined;
  readonly #effects: Effect[] = [];

  constructor(facts: RequestFacts, context: RespondContext) {
    this.#facts = facts;
    this.#context = context;
    this.#trace = context.isTraced === false ? undefined : new Trace();
  }

  respond(): Outcome {
    const facts = this.#facts;
    const context = this.#context;
    const trace = this.#trace;
    const { message } = facts;
    if (message.op !== 1 || message.hlen > 16) return this.#drop('not-a-request', `op ${message.op}, hlen ${message.hlen}`);
    if (facts.type === MessageType.LEASEQUERY) {
      const answer = answerLeaseQuery(facts, context, trace);
      return typeof answer === 'string' ? this.#drop(answer, 'see above') : this.#reply(answer);
    }
    const situation = situate(facts, context.plan, trace);
    if (situation === undefined) return this.#drop('no-subnet', `from ${facts.source.address}`);
    if (facts.client === undefined) return this.#drop('no-identity', `the policy is ${context.plan.identity}`);
    if (situation.host?.ignore) return this.#drop('ignored', `reservation ${situation.host.name}`);
    const ignoring = situation.classes.find((each) => each.ignore);
    if (ignoring !== undefined) return this.#drop('ignored', `class ${ignoring.name}`);
    if (context.directive?.drop !== undefined) return this.#drop('handler', context.directive.drop);

    if (facts.local.port === (context.proxyPort ?? 4011)) return this.#fromPxe(answerBootServerRequest(facts, situation, context, trace));
    if (situation.subnet.mode === 'proxy') return this.#fromPxe(answerAsProxy(facts, situation, context, trace));

    const { subnet, host, classes } = situation;
    const lease = context.leases.of(subnet.network, facts.client);
    const claim: Claim = { subnet, host, classes, client: facts.client, lease, context, trace };
    switch (facts.type) {
      case 0:
        return this.#bootp(claim);
      case MessageType.DISCOVER:
        return this.#discover(claim);
      case MessageType.REQUEST:
        return this.#request(claim);
      case MessageType.DECLINE:
        return this.#decline(claim);
      case MessageType.RELEASE:
        return this.#release(claim);
      case MessageType.INFORM:
        return this.#inform(claim);
      default:
        return this.#drop('unsupported-type', `option 53 is ${facts.type}`);
    }
  }

  #discover(claim: Claim): Outcome {
    if (!this.#admitted(claim)) return this.#drop('rate', `${this.#source()} brings more new clients than it may`);
    const choice = chooseAddress(claim, this.#facts.requestedAddress);
    if (choice === undefined) return this.#noAddress(claim);
    const { now, plan } = this.#context;
    const fresh = choice.last?.client !== claim.client;
    const network = claim.subnet.network;
    this.#effects.push({
      type: 'offer',
      offer: { address: choice.address, network, client: claim.client, until: now + plan.offerTime },
      fresh,
    });
    return this.#reply(this.#leaseReply(claim, choice, MessageType.OFFER, this.#leaseTime(claim, choice)));
  }

  #request(claim: Claim): Outcome {
    const facts = this.#facts;
    const trace = this.#trace;
    const { leases, plan, directive } = this.#context;
    const { network, authoritative } = claim.subnet;
    if (facts.serverId !== undefined) {
      if (!isOurs(facts.serverId, facts, plan)) {
        const offer = leases.offerOf(network, claim.client);
        if (offer !== undefined) this.#effects.push({ type: 'withdraw', offer });
        return this.#drop('other-server', `the client chose ${formatIpv4(facts.serverId)}`);
      }
      const address = facts.requestedAddress ?? facts.ciaddr;
      trace?.add('state/selecting', formatIpv4(address));
      return this.#grant(claim, address);
    }
    if (facts.ciaddr === 0) {
      const address = facts.requestedAddress;
      if (address === undefined) return this.#drop('nothing-to-say', 'a REQUEST without server identifier, requested address and ciaddr');
      trace?.add('state/init-reboot', formatIpv4(address));
      // Only who is on the wrong network is told so by a server that has no record (RFC 2131 section 4.3.2).
      const elsewhere = plan.subnetOf(address)?.network !== network;
      if (elsewhere || this.#isKnown(claim) || authoritative || directive?.nak !== undefined) return this.#grant(claim, address);
      return this.#drop('unknown-lease', `no record of ${claim.client}, and not authoritative`);
    }
    const state = facts.broadcast ? 'rebinding' : 'renewing';
    trace?.add(`state/${state}`, formatIpv4(facts.ciaddr));
    if (this.#isKnown(claim) || authoritative || directive?.nak !== undefined) return this.#grant(claim, facts.ciaddr);
    // A unicast was meant for this server: it has lost the lease or never gave it. A broadcast was meant for any.
    return state === 'renewing'
      ? this.#nak(`${formatIpv4(facts.ciaddr)} is not a lease of this server`)
      : this.#drop('unknown-lease', `no record of ${claim.client}, and not authoritative`);
  }

  /** ACK with the address, or NAK with the reason. */
  #grant(claim: Claim, address: Ipv4): Outcome {
    const { directive, now, storeFailing } = this.#context;
    if (directive?.nak !== undefined) return this.#nak(directive.nak);
    const choice = mayHave(claim, address);
    if (typeof choice === 'string') {
      this.#trace?.add('address/refused', `${formatIpv4(address)} ${choice}`);
      return this.#nak(`${formatIpv4(address)} ${choice}`);
    }
    const before = ownLease(claim, choice.last);
    if (!this.#admitted(claim)) return this.#drop('rate', `${this.#source()} brings more new clients than it may`);
    let leaseTime = this.#leaseTime(claim, choice);
    if (storeFailing) {
      // What is stored already, or is the client's by configuration, can be confirmed without writing.
      const isReserved = claim.host?.address === address;
      const left = before?.state === 'active' ? Math.floor((before.expires - now) / 1000) : 0;
      if (!isReserved && left < 60) return this.#drop('not-stored', 'the lease cannot be stored, so it is not acknowledged');
      leaseTime = isReserved ? leaseTime : Math.min(leaseTime, left);
      this.#trace?.add('store/failing', isReserved ? 'acknowledged by the reservation' : `acknowledged for the ${left} s that are stored`);
    } else
      this.#effects.push({
        type: 'lease',
        lease: this.#lease(claim, address, before, leaseTime),
        source: this.#isNew(claim) ? this.#source() : undefined,
      });
    const old = claim.lease;
    if (
      !storeFailing &&
      old !== undefined &&
      old.state === 'active' &&
      old.address !== formatIpv4(address) &&
      claim.context.plan.identity !== 'client-id'
    )
      this.#effects.push({ type: 'release', lease: { ...old, state: 'released', renewed: now } });
    return this.#reply(this.#leaseReply(claim, choice, MessageType.ACK, leaseTime));
  }

  /** @param before the client's lease of the address until now */
  #lease(claim: Claim, address: Ipv4, before: Lease | undefined, seconds: number): Lease {
    const facts = this.#facts;
    const { now, directive } = this.#context;
    const agent = facts.option(82);
    // Equal texts of the lease before are kept: a renewal leaves less behind for the collector.
    return {
      address: before?.address ?? formatIpv4(address),
      client: before?.client ?? claim.client,
      hardware: before?.hardware === facts.hardware ? before.hardware : facts.hardware,
      clientId: facts.clientId && toHex(facts.clientId),
      hostname: directive?.hostname ?? claim.host?.hostname ?? facts.hostname,
      state: 'active',
      started: before?.state === 'active' ? before.started : now,
      renewed: now,
      expires: now + seconds * 1000,
      relayAgent: agent && toHex(agent),
    };
  }

  #decline(claim: Claim): Outcome {
    const facts = this.#facts;
    const { leases, now, plan } = this.#context;
    if (facts.serverId !== undefined && !isOurs(facts.serverId, facts, plan))
      return this.#drop('other-server', 'DECLINE for another server');
    const address = facts.requestedAddress ?? facts.ciaddr;
    const lease = ownLease(claim, leases.at(address));
    const offer = leases.offerAt(address);
    if (lease === undefined && offer?.client !== claim.client)
      return this.#drop('unknown-lease', `${formatIpv4(address)} was not given to ${claim.client}`);
    this.#trace?.add('decline', `${formatIpv4(address)} is used by somebody else; not given out for ${plan.quarantine / 1000} s`);
    const declined: Lease = {
      ...(lease ?? this.#lease(claim, address, undefined, 0)),
      state: 'declined',
      renewed: now,
      expires: now + plan.quarantine,
    };
    this.#effects.push({ type: 'decline', lease: declined });
    return this.#silent();
  }

  #release(claim: Claim): Outcome {
    const facts = this.#facts;
    if (facts.serverId !== undefined && !isOurs(facts.serverId, facts, this.#context.plan))
      return this.#drop('other-server', 'RELEASE for another server');
    const lease = ownLease(claim, this.#context.leases.at(facts.ciaddr));
    if (lease === undefined || lease.state !== 'active')
      return this.#drop('unknown-lease', `${formatIpv4(facts.ciaddr)} is not leased to ${claim.client}`);
    this.#trace?.add('release', lease.address);
    this.#effects.push({ type: 'release', lease: { ...lease, state: 'released', renewed: this.#context.now } });
    return this.#silent();
  }

  /** Configuration for a client that has its address from elsewhere: no lease, no times (RFC 2131 section 4.3.5). */
  #inform(claim: Claim): Outcome {
    return this.#reply(this.#leaseReply(claim, undefined, MessageType.ACK, undefined));
  }

  #bootp(claim: Claim): Outcome {
    const { plan, storeFailing } = this.#context;
    if (plan.bootp === 'off') return this.#drop('bootp-off', 'BOOTP is not served');
    if (plan.bootp === 'static' && claim.host?.address === undefined && claim.lease?.expires !== Number.POSITIVE_INFINITY)
      return this.#drop('unknown-client', 'BOOTP clients need a reservation here');
    if (!this.#admitted(claim)) return this.#drop('rate', `${this.#source()} brings more new clients than it may`);
    const choice = chooseAddress(claim, undefined);
    if (choice === undefined) return this.#noAddress(claim);
    const before = ownLease(claim, choice.last);
    const isStored = before?.state === 'active' && before.expires === Number.POSITIVE_INFINITY;
    if (storeFailing && !isStored && claim.host?.address !== choice.address) return this.#drop('not-stored', 'the lease cannot be stored');
    // A BOOTP client never renews: its lease has no end.
    if (!storeFailing && !isStored)
      this.#effects.push({
        type: 'lease',
        lease: this.#lease(claim, choice.address, before, Number.POSITIVE_INFINITY),
        source: this.#isNew(claim) ? this.#source() : undefined,
      });
    return this.#reply(this.#leaseReply(claim, choice, 0, undefined));
  }

  /** OFFER, ACK or BOOTREPLY with options and boot answer; without `choice` the ACK to an INFORM. */
  #leaseReply(claim: Claim, choice: Choice | undefined, type: number, leaseTime: number | undefined): Reply {
    const facts = this.#facts;
    const { plan, directive } = this.#context;
    const { host, classes, client } = claim;
    const subnet = choice?.subnet ?? claim.subnet;
    const serverId = serverIdFor(facts, subnet, plan);
    const isBootp = type === 0;

    const answer = findBootAnswer(facts, claim, this.#context, this.#trace);
    const nextServer = parseIpv4(subnet.nextServer ?? '') ?? serverId;
    const boot = answer === undefined ? undefined : bootFields(facts, answer, plan, nextServer);

    const values =
      classes.length > 0 || host !== undefined || directive !== undefined
        ? networkValues(plan, subnet, choice?.pool, [...classes.map((each) => each.options), host?.options])
        : commonValues(plan, subnet, choice?.pool);
    const hostname = directive?.hostname ?? host?.hostname;
    if (hostname !== undefined && !values.has(12)) values.set(12, ascii(hostname));
    const always = boot?.always ?? new Map<number, Uint8Array>();
    if (directive?.options !== undefined)
      for (const [code, data] of compileOptions(directive.options, 'handler.options')) {
        values.delete(code);
        if (data === null) always.delete(code);
        else always.set(code, data);
      }

    const head: Option[] = [];
    if (!isBootp) {
      head.push(raw(53, u8(type)), raw(54, u32(serverId)));
      if (leaseTime !== undefined) pushLeaseTimes(head, leaseTime, hashKey(client));
    }
    // RFC 951: the vendor field has 64 bytes, its cookie and End option included.
    const maxSize = isBootp ? 300 : facts.maxReplySize;
    const spare = { file: !isBootp && !boot?.file, sname: !isBootp && !boot?.sname };
    const options = assembleOptions(facts, plan, maxSize, {
      head,
      values,
      always,
      echoUuid: answer !== undefined && !isBootp,
      answerFqdn: !isBootp,
      spare,
    });
    const message = replyHeader(facts, {
      yiaddr: choice === undefined ? '0.0.0.0' : formatIpv4(choice.address),
      ciaddr: choice === undefined || type === MessageType.ACK ? facts.message.ciaddr : '0.0.0.0',
      siaddr: boot?.siaddr ?? subnet.nextServer ?? '0.0.0.0',
      sname: boot?.sname ?? '',
      file: boot?.file ?? '',
      options,
    });
    return { message, maxSize, bootp: isBootp, delay: 0 };
  }

  #leaseTime(claim: Claim, choice: Choice): number {
    const { directive } = this.#context;
    if (directive?.leaseTime !== undefined) return directive.leaseTime;
    const ofClass = claim.classes.findLast((each) => each.leaseTime !== undefined)?.leaseTime;
    const times: LeaseTimes = claim.host?.leaseTime ?? ofClass ?? choice.pool?.leaseTime ?? choice.subnet.leaseTime;
    return clampLeaseTime(times, this.#facts.requestedLeaseTime);
  }

  /** Whether this server has a record of the client: a lease, whatever became of it, or a reservation. */
  #isKnown(claim: Claim): boolean {
    return claim.host?.address !== undefined || claim.lease !== undefined;
  }

  #isNew(claim: Claim): boolean {
    return claim.host === undefined && claim.lease === undefined;
  }

  #admitted(claim: Claim): boolean {
    const { admits } = this.#context;
    return admits === undefined || !this.#isNew(claim) || admits(this.#source());
  }

  #source(): string {
    const { message, circuitId, local } = this.#facts;
    return message.giaddr === '0.0.0.0' ? (local.interface ?? local.address) : `${message.giaddr}/${circuitId ?? ''}`;
  }

  #noAddress(claim: Claim): Outcome {
    return claim.host === undefined && claim.subnet.unknownClients === 'deny'
      ? this.#drop('unknown-client', `${claim.client} has no reservation`)
      : this.#drop('no-free-address', claim.subnet.network.name);
  }

  #nak(text: string): Outcome {
    this.#trace?.add('nak', text);
    const { plan } = this.#context;
    const facts = this.#facts;
    const subnet = plan.subnetOf(parseIpv4(facts.local.address) ?? 0);
    return this.#reply({
      message: nak(facts, plan, serverIdFor(facts, subnet, plan), text),
      maxSize: facts.maxReplySize,
      bootp: false,
      delay: 0,
    });
  }

  #fromPxe(answer: Reply | { drop: DropReason; why: string }): Outcome {
    return 'drop' in answer ? this.#drop(answer.drop, answer.why) : this.#reply(answer);
  }

  #reply(reply: Reply): Outcome {
    return { reply, effects: this.#effects, trace: this.#trace?.steps ?? [] };
  }

  #silent(): Outcome {
    return { effects: this.#effects, trace: this.#trace?.steps ?? [] };
  }

  #drop(reason: DropReason, why: string): Outcome {
    this.#trace?.add(`drop/${reason}`, why);
    return { effects: this.#effects, drop: reason, trace: this.#trace?.steps ?? [] };
  }
}
