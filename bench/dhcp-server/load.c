// A load of four-way exchanges as a relay would send them, with the latency of every one; many datagrams per system call.
// An exchange counts when it ends within 250 ms of its DISCOVER: a server that falls behind would else look fast until its queue is full.
// load SERVER RELAY RATE SECONDS CLIENTS FIRST -> one line of JSON
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

enum { BATCH = 64, SIZE = 300, SLOT = 2048, COOKIE = 236, OPTIONS = 240 };
static const double TIMELY = 250;

enum { DISCOVER = 1, OFFER = 2, REQUEST = 3, ACK = 5, NAK = 6 };

static struct sockaddr_in server, relay;
static int fd;
static uint32_t clients, first;
static unsigned char output[BATCH][SIZE], input[BATCH][SLOT];
static struct mmsghdr out[BATCH], in[BATCH];
static struct iovec out_vectors[BATCH], in_vectors[BATCH];
static int queued;
static uint32_t total, sent, offers, answered, acks, naks, duplicates;
static double *discovered, *requested, *offer_times, *ack_times;
static uint32_t *owners; // client + 1 that was given the address, by its last 16 bits

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void flush(void) {
  for (int at = 0; at < queued;) {
    int count = sendmmsg(fd, out + at, queued - at, 0);
    at += count > 0 ? count : 1;
  }
  queued = 0;
}

static void put32(unsigned char *to, uint32_t value) {
  value = htonl(value);
  memcpy(to, &value, 4);
}

static uint32_t get32(const unsigned char *from) {
  uint32_t value;
  memcpy(&value, from, 4);
  return ntohl(value);
}

static const unsigned char *option(const unsigned char *bytes, int length, int code) {
  for (int at = OPTIONS; at + 1 < length && bytes[at] != 255;) {
    if (bytes[at] == 0) {
      at++;
      continue;
    }
    if (bytes[at] == code) return bytes + at + 2;
    at += 2 + bytes[at + 1];
  }
  return NULL;
}

// Exchange n is of client n % clients; n is its transaction too.
static void push(int type, uint32_t n, const unsigned char *offer, const unsigned char *server_id) {
  static const unsigned char asked[] = {55, 7, 1, 28, 2, 3, 15, 6, 12, 255};
  unsigned char *bytes = output[queued];
  memset(bytes, 0, SIZE);
  bytes[0] = bytes[1] = bytes[3] = 1;
  bytes[2] = 6;
  put32(bytes + 4, n);
  memcpy(bytes + 24, &relay.sin_addr, 4);
  bytes[28] = 2;
  put32(bytes + 30, first + n % clients);
  memcpy(bytes + COOKIE, "\x63\x82\x53\x63", 4);
  unsigned char *at = bytes + OPTIONS;
  *at++ = 53;
  *at++ = 1;
  *at++ = type;
  if (offer != NULL) {
    *at++ = 50;
    *at++ = 4;
    memcpy(at, offer + 16, 4);
    at += 4;
    *at++ = 54;
    *at++ = 4;
    memcpy(at, server_id, 4);
    at += 4;
  }
  memcpy(at, asked, sizeof asked);
  if (++queued == BATCH) flush();
}

static void take(const unsigned char *bytes, int length, double time) {
  if (length < OPTIONS) return;
  uint32_t n = get32(bytes + 4);
  const unsigned char *type = option(bytes, length, 53), *server_id = option(bytes, length, 54);
  if (type == NULL || n >= total) return;
  if (*type == OFFER && requested[n] == 0 && server_id != NULL) {
    offer_times[offers++] = time - discovered[n];
    requested[n] = time;
    push(REQUEST, n, bytes, server_id);
  } else if (*type == ACK && requested[n] > 0) {
    ack_times[answered++] = time - requested[n];
    if (time - discovered[n] <= TIMELY) acks++;
    requested[n] = -1;
    uint32_t *owner = owners + (get32(bytes + 16) & 0xffff), client = n % clients + 1;
    if (*owner != 0 && *owner != client) duplicates++;
    *owner = client;
  } else if (*type == NAK) naks++;
}

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void print_quantiles(const char *name, double *times, uint32_t count) {
  if (count == 0) {
    printf(",\"%s\":{}", name);
    return;
  }
  qsort(times, count, sizeof *times, by_size);
  printf(",\"%s\":{\"p50\":%.2f,\"p99\":%.2f}", name, times[count / 2], times[(uint64_t)count * 99 / 100]);
}

int main(int argc, char **argv) {
  if (argc != 7) {
    fprintf(stderr, "usage: load SERVER RELAY RATE SECONDS CLIENTS FIRST\n");
    return 2;
  }
  double rate = atof(argv[3]), seconds = atof(argv[4]);
  clients = atoi(argv[5]);
  first = atoi(argv[6]);
  server = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(67)};
  relay = server;
  inet_pton(AF_INET, argv[1], &server.sin_addr);
  inet_pton(AF_INET, argv[2], &relay.sin_addr);
  fd = socket(AF_INET, SOCK_DGRAM, 0);
  int room = 8 << 20;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
  setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room);
  if (bind(fd, (struct sockaddr *)&relay, sizeof relay) < 0) {
    perror("bind");
    return 1;
  }
  total = rate * seconds;
  discovered = calloc(total, sizeof *discovered);
  requested = calloc(total, sizeof *requested);
  offer_times = calloc(total, sizeof *offer_times);
  ack_times = calloc(total, sizeof *ack_times);
  owners = calloc(65536, sizeof *owners);
  for (int n = 0; n < BATCH; n++) {
    out_vectors[n] = (struct iovec){output[n], SIZE};
    out[n].msg_hdr = (struct msghdr){.msg_name = &server, .msg_namelen = sizeof server, .msg_iov = out_vectors + n, .msg_iovlen = 1};
    in_vectors[n] = (struct iovec){input[n], SLOT};
    in[n].msg_hdr = (struct msghdr){.msg_iov = in_vectors + n, .msg_iovlen = 1};
  }

  // What is under way when the last exchange begins gets a second to end.
  double start = now(), end = 0;
  for (double time = start; end == 0 || (time < end && answered + naks < total); time = now()) {
    uint32_t due = (time - start) / 1e3 * rate;
    if (due > total) due = total;
    for (; sent < due; sent++) {
      discovered[sent] = time;
      push(DISCOVER, sent, NULL, NULL);
    }
    if (sent == total && end == 0) end = time + 1000;
    flush();
    struct pollfd readable = {.fd = fd, .events = POLLIN};
    struct timespec wait = {.tv_nsec = 250000};
    if (ppoll(&readable, 1, &wait, NULL) <= 0) continue;
    int count = recvmmsg(fd, in, BATCH, MSG_DONTWAIT, NULL);
    time = now();
    for (int n = 0; n < count; n++) take(input[n], in[n].msg_len, time);
    flush();
  }

  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  double cpu = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
  printf("{\"sent\":%u,\"offers\":%u,\"acks\":%u,\"naks\":%u,\"duplicates\":%u,\"loss\":%f,\"perSecond\":%.0f,\"cpu\":%f", sent, offers, acks,
         naks, duplicates, 1 - (double)acks / sent, acks / seconds, cpu);
  print_quantiles("offer", offer_times, offers);
  print_quantiles("ack", ack_times, answered);
  printf("}\n");
  return 0;
}
