// An HTTP load client: GETs over connections that stay open, in one thread, so that the server is what is measured.
// load PORT PREFIX FILES CONNECTIONS EXPECTED_BYTES -> one line of JSON; the files are PREFIX/0, PREFIX/1 ...
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HEAD = 4096, CHUNK = 1 << 20 };

struct connection {
  int fd;
  char head[HEAD + 1]; // what has come of the headers
  int head_length;
  int64_t left; // bytes of the body still to come; -1 while headers are read
};

static const char *prefix;
static long next_file, file_count, done, wrong;
static int64_t expected, total;
static char chunk[CHUNK];

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

/** Asks for the next file, or closes the connection when there is none. */
static void ask(struct connection *c) {
  if (next_file >= file_count) {
    close(c->fd);
    c->fd = -1;
    return;
  }
  char request[1024];
  int length = snprintf(request, sizeof request, "GET %s/%ld HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: load\r\nAccept: */*\r\n\r\n", prefix, next_file++);
  c->head_length = 0;
  c->left = -1;
  if (write(c->fd, request, length) != length) fail("write");
}

static void finish(struct connection *c) {
  done++;
  ask(c);
}

/** Takes in bytes of an answer. */
static void take(struct connection *c, const char *data, ssize_t size) {
  if (c->left < 0) {
    ssize_t room = HEAD - c->head_length, part = size < room ? size : room;
    memcpy(c->head + c->head_length, data, part);
    int before = c->head_length;
    c->head_length += part;
    c->head[c->head_length] = 0;
    char *end = strstr(c->head, "\r\n\r\n");
    if (!end) {
      if (c->head_length == HEAD) fail("headers too long");
      return;
    }
    char *field = strcasestr(c->head, "\r\ncontent-length:");
    if (strncmp(c->head, "HTTP/1.1 200 ", 13) != 0 || !field) {
      fprintf(stderr, "%s\n", c->head);
      exit(1);
    }
    c->left = atoll(field + 17);
    if (c->left != expected) wrong++;
    ssize_t used = end + 4 - c->head - before;
    data += used;
    size -= used;
  }
  c->left -= size;
  total += size;
  if (c->left < 0) fail("more bytes than were promised");
  if (c->left == 0) finish(c);
}

int main(int count, char **words) {
  if (count != 6) return 2;
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(atoi(words[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  prefix = words[2];
  file_count = atol(words[3]);
  int connections = atoi(words[4]);
  expected = atoll(words[5]);
  struct connection *all = calloc(connections, sizeof *all);
  int poll = epoll_create1(0), one = 1;
  double start = now();
  for (int at = 0; at < connections; at++) {
    struct connection *c = &all[at];
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(c->fd, (struct sockaddr *)&server, sizeof server) != 0) fail("connect");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(poll, EPOLL_CTL_ADD, c->fd, &event);
    ask(c);
  }
  while (done < file_count) {
    struct epoll_event events[64];
    int ready = epoll_wait(poll, events, 64, 10000);
    if (ready <= 0) fail("nothing came for 10 s");
    for (int at = 0; at < ready; at++) {
      struct connection *c = events[at].data.ptr;
      if (c->fd < 0) continue;
      ssize_t size = recv(c->fd, chunk, CHUNK, MSG_DONTWAIT);
      if (size < 0 && errno == EAGAIN) continue;
      if (size <= 0) fail("the server closed the connection");
      take(c, chunk, size);
    }
  }
  printf("{\"seconds\":%.6f,\"files\":%ld,\"bytes\":%lld,\"wrong\":%ld}\n", now() - start, done, (long long)total, wrong);
  return wrong > 0;
}
