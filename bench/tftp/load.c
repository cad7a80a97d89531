// A TFTP load client: many transfers at a time in one thread, many datagrams per system call.
// load HOST PORT FILE BLKSIZE WINDOWSIZE CLIENTS TRANSFERS EXPECTED_BYTES -> one line of JSON
// Environment: LOAD_LIMIT seconds to stop after, whatever is done; LOAD_GRO take what the kernel can leave together as one
// datagram (UDP_GRO); LOAD_DELAY microseconds that every packet of the client waits before it leaves.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/udp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 64, MAX_SLOT = 65536, LATER = 1 << 16 };

struct transfer {
  int fd;
  uint64_t serial;
  int connected;
  int blksize, window;
  uint64_t expected; // next block in order
  uint64_t bytes;
  int since_ack, gap_reported;
  double deadline;
};

static struct sockaddr_in server;
static char request[512];
static int request_length;
static int ask_blksize, ask_window;
static uint64_t total_bytes, done_count, started, wanted, retries, errors, wrong;
static long long expected_size;
static int epoll_fd;
static struct transfer *slots;
static char *buffers;
static struct mmsghdr messages[BATCH];
static struct iovec vectors[BATCH];
static struct sockaddr_in from;
static int slot_size, gro;
static double delay;

// What waits for its time to leave.
struct later {
  double at;
  struct transfer *owner;
  uint64_t serial;
  int to_server, length;
  unsigned char packet[512];
};
static struct later *later;
static unsigned later_first, later_next;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void transmit(struct transfer *t, const void *packet, int length, int to_server) {
  if (to_server) sendto(t->fd, packet, length, 0, (struct sockaddr *)&server, sizeof server);
  else send(t->fd, packet, length, 0);
}

static void post(struct transfer *t, const void *packet, int length, int to_server) {
  if (delay == 0) {
    transmit(t, packet, length, to_server);
    return;
  }
  struct later *one = &later[later_next++ % LATER];
  *one = (struct later){now() + delay, t, t->serial, to_server, length, {0}};
  memcpy(one->packet, packet, length);
}

// Sends what is due; gives the seconds until the next, at most `most`.
static double post_due(double most) {
  while (later_first != later_next) {
    struct later *one = &later[later_first % LATER];
    double left = one->at - now();
    if (left > 0) return left < most ? left : most;
    later_first++;
    if (one->owner->serial == one->serial) transmit(one->owner, one->packet, one->length, one->to_server);
  }
  return most;
}

static void begin(struct transfer *t) {
  if (started >= wanted) {
    t->fd = -1;
    return;
  }
  started++;
  memset(t, 0, sizeof *t);
  t->serial = started;
  t->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  int size = 4 << 20, one = 1;
  if (ask_window > 1) setsockopt(t->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
  if (gro) setsockopt(t->fd, SOL_UDP, UDP_GRO, &one, sizeof one);
  t->blksize = 512;
  t->window = 1;
  t->expected = 1;
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = t};
  epoll_ctl(epoll_fd, EPOLL_CTL_ADD, t->fd, &event);
  post(t, request, request_length, 1);
  t->deadline = now() + 1;
}

static void end(struct transfer *t, int failed) {
  if (failed) errors++;
  else if (expected_size >= 0 && t->bytes != (uint64_t)expected_size) wrong++;
  done_count++;
  total_bytes += t->bytes;
  close(t->fd);
  begin(t);
}

static void ack(struct transfer *t, int last) {
  uint16_t block = (t->expected - 1) & 0xffff;
  unsigned char packet[4] = {0, 4, block >> 8, block & 0xff};
  if (last) transmit(t, packet, 4, 0); // the socket is about to be closed
  else post(t, packet, 4, 0);
  t->since_ack = 0;
  t->deadline = now() + 1;
}

static void oack(struct transfer *t, char *data, int length) {
  for (char *at = data; at < data + length;) {
    char *value = at + strlen(at) + 1;
    if (value >= data + length) break;
    if (!strcasecmp(at, "blksize")) t->blksize = atoi(value);
    if (!strcasecmp(at, "windowsize")) t->window = atoi(value);
    at = value + strlen(value) + 1;
  }
  ack(t, 0);
}

// One datagram; 1 when the transfer is over.
static int receive(struct transfer *t, unsigned char *data, int length) {
  if (length < 4) return 0;
  int opcode = data[1];
  if (opcode == 6) {
    oack(t, (char *)data + 2, length - 2);
    return 0;
  }
  if (opcode == 5) {
    end(t, 1);
    return 1;
  }
  if (opcode != 3) return 0;
  uint16_t block = data[2] << 8 | data[3];
  if (block != (t->expected & 0xffff)) {
    uint16_t ahead = block - t->expected;
    if (ahead < 0x8000 && !t->gap_reported) {
      t->gap_reported = 1;
      retries++;
      ack(t, 0);
    } else if (ahead == 0xffff) { // the last one again: its ACK was lost
      retries++;
      ack(t, 0);
    }
    return 0;
  }
  t->gap_reported = 0;
  t->expected++;
  t->bytes += length - 4;
  if (length - 4 < t->blksize) {
    ack(t, 1);
    end(t, 0);
    return 1;
  }
  if (++t->since_ack >= t->window) ack(t, 0);
  return 0;
}

static void readable(struct transfer *t) {
  if (!t->connected) {
    socklen_t size = sizeof from;
    int length = recvfrom(t->fd, buffers, MAX_SLOT, 0, (struct sockaddr *)&from, &size);
    if (length < 0) return;
    connect(t->fd, (struct sockaddr *)&from, size);
    t->connected = 1;
    receive(t, (unsigned char *)buffers, length);
    return;
  }
  if (t->window == 1) {
    int length = recv(t->fd, buffers, MAX_SLOT, 0);
    if (length >= 0) receive(t, (unsigned char *)buffers, length);
    return;
  }
  int count = recvmmsg(t->fd, messages, BATCH, 0, NULL);
  int packet = t->blksize + 4;
  for (int i = 0; i < count; i++) {
    unsigned char *data = (unsigned char *)buffers + (size_t)i * slot_size;
    int length = messages[i].msg_len;
    do { // with UDP_GRO several packets come as one
      int part = length > packet ? packet : length;
      if (receive(t, data, part)) return;
      data += part;
      length -= part;
    } while (length > 0);
  }
}

static void add_option(const char *name, int value) {
  request_length += sprintf(request + request_length, "%s", name) + 1;
  request_length += sprintf(request + request_length, "%d", value) + 1;
}

int main(int argc, char **argv) {
  if (argc != 9) return 2;
  server = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
  inet_pton(AF_INET, argv[1], &server.sin_addr);
  ask_blksize = atoi(argv[4]);
  ask_window = atoi(argv[5]);
  int clients = atoi(argv[6]);
  wanted = atoll(argv[7]);
  expected_size = atoll(argv[8]);
  request[1] = 1;
  request_length = 2 + sprintf(request + 2, "%s", argv[3]) + 1;
  request_length += sprintf(request + request_length, "octet") + 1;
  if (ask_blksize != 512) add_option("blksize", ask_blksize);
  if (ask_window != 1) add_option("windowsize", ask_window);
  struct rlimit files = {65536, 65536};
  setrlimit(RLIMIT_NOFILE, &files);
  epoll_fd = epoll_create1(0);
  slots = calloc(clients, sizeof *slots);
  gro = getenv("LOAD_GRO") && ask_window > 1;
  slot_size = gro ? MAX_SLOT : (ask_blksize + 4 + 63) / 64 * 64;
  delay = getenv("LOAD_DELAY") ? atof(getenv("LOAD_DELAY")) / 1e6 : 0;
  if (delay > 0) later = malloc(LATER * sizeof *later);
  prctl(PR_SET_TIMERSLACK, 1);
  buffers = malloc((size_t)BATCH * MAX_SLOT);
  for (int i = 0; i < BATCH; i++) {
    vectors[i] = (struct iovec){buffers + (size_t)i * slot_size, slot_size};
    messages[i].msg_hdr = (struct msghdr){.msg_iov = &vectors[i], .msg_iovlen = 1};
  }
  double start = now(), limit = getenv("LOAD_LIMIT") ? atof(getenv("LOAD_LIMIT")) : 120;
  for (int i = 0; i < clients; i++) begin(&slots[i]);
  static struct epoll_event events[256];
  double checked = start;
  while (done_count < wanted) {
    double wait = post_due(0.1);
    struct timespec most = {0, (long)(wait * 1e9)};
    int count = epoll_pwait2(epoll_fd, events, 256, &most, NULL);
    for (int i = 0; i < count; i++) readable(events[i].data.ptr);
    double t = now();
    if (t - start > limit) break;
    if (t - checked < 0.1) continue;
    checked = t;
    for (int i = 0; i < clients; i++) {
      struct transfer *one = &slots[i];
      if (one->fd < 0 || one->deadline > t) continue;
      retries++;
      if (one->connected) {
        ack(one, 0);
      } else {
        post(one, request, request_length, 1);
        one->deadline = t + 1;
      }
    }
  }
  double seconds = now() - start;
  for (int i = 0; i < clients; i++) {
    if (slots[i].fd < 0) continue;
    total_bytes += slots[i].bytes;
    if (slots[i].connected) transmit(&slots[i], "\0\5\0\0enough", 11, 0);
  }
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  double cpu = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
  printf("{\"seconds\":%.6f,\"bytes\":%llu,\"transfers\":%llu,\"retries\":%llu,\"errors\":%llu,\"wrong\":%llu,\"cpu\":%.3f}\n", seconds,
         (unsigned long long)total_bytes, (unsigned long long)done_count, (unsigned long long)retries, (unsigned long long)errors,
         (unsigned long long)wrong, cpu);
  return 0;
}
