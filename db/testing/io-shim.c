/*
 * Stands between a process and its disk, for tests (LD_PRELOAD). Two services:
 *
 * IO_TRACE=<file>  one line per finished write or sync of the files below IO_FOLDER, in
 *                  one total order over all threads:
 *                    W <name> <highest token in the bytes, or -1>
 *                    S <name>
 *                  A token is "tok-" and six digits. Counting these lines proves what
 *                  was synced before what, which no pragma can.
 * IO_FULL=<file>   while that file exists, writes to database files below IO_FOLDER end
 *                  with ENOSPC, after as many as the number in it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static int trace = -1;
static long allowed = -1;
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);

static void prepare(void) {
  if (real_write) return;
  real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_write = dlsym(RTLD_NEXT, "write");
  const char *file = getenv("IO_TRACE");
  if (file) trace = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* Name of a watched file, or null. */
static const char *name_of(int fd, char *path, size_t size) {
  const char *folder = getenv("IO_FOLDER");
  if (!folder || fd < 3 || fd == trace) return NULL;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, size - 1);
  if (length <= 0) return NULL;
  path[length] = 0;
  if (strncmp(path, folder, strlen(folder)) != 0) return NULL;
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

static long highest_token(const char *bytes, size_t length) {
  long highest = -1;
  for (size_t i = 0; i + 10 <= length; i++) {
    if (bytes[i] != 't' || memcmp(bytes + i, "tok-", 4) != 0) continue;
    long number = 0;
    int digits = 0;
    for (; digits < 6 && bytes[i + 4 + digits] >= '0' && bytes[i + 4 + digits] <= '9'; digits++)
      number = number * 10 + (bytes[i + 4 + digits] - '0');
    if (digits == 6 && number > highest) highest = number;
  }
  return highest;
}

static void note(const char *line, int length) {
  if (trace >= 0 && real_write(trace, line, (size_t)length) != length) abort();
}

static int is_full(const char *name) {
  const char *flag = getenv("IO_FULL");
  if (!flag || strncmp(name, "two-way.db", 10) != 0) return 0;
  FILE *file = fopen(flag, "r");
  if (!file) {
    allowed = -1;
    return 0;
  }
  if (allowed < 0 && fscanf(file, "%ld", &allowed) != 1) allowed = 0;
  fclose(file);
  if (allowed > 0) {
    allowed--;
    return 0;
  }
  return 1;
}

static ssize_t written(int fd, const void *bytes, size_t length, off_t at, int is_positioned) {
  prepare();
  char path[4096];
  const char *name = name_of(fd, path, sizeof path);
  if (!name) return is_positioned ? real_pwrite(fd, bytes, length, at) : real_write(fd, bytes, length);
  pthread_mutex_lock(&order);
  ssize_t done;
  if (is_full(name)) {
    errno = ENOSPC;
    done = -1;
  } else {
    done = is_positioned ? real_pwrite(fd, bytes, length, at) : real_write(fd, bytes, length);
  }
  int error = errno;
  if (done > 0) {
    char line[4200];
    note(line, snprintf(line, sizeof line, "W %s %ld\n", name, highest_token(bytes, (size_t)done)));
  }
  pthread_mutex_unlock(&order);
  errno = error;
  return done;
}

static int synced(int fd, int (*real)(int)) {
  char path[4096];
  const char *name = name_of(fd, path, sizeof path);
  if (!name) return real(fd);
  pthread_mutex_lock(&order);
  int done = real(fd);
  int error = errno;
  if (done == 0) {
    char line[4200];
    note(line, snprintf(line, sizeof line, "S %s\n", name));
  }
  pthread_mutex_unlock(&order);
  errno = error;
  return done;
}

ssize_t write(int fd, const void *bytes, size_t length) { return written(fd, bytes, length, 0, 0); }
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) { return written(fd, bytes, length, at, 1); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t at) { return written(fd, bytes, length, at, 1); }
int fsync(int fd) {
  prepare();
  return synced(fd, real_fsync);
}
int fdatasync(int fd) {
  prepare();
  return synced(fd, real_fdatasync);
}
