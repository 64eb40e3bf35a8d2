/*
 * Stands between a process and its disk, for tests (LD_PRELOAD), and notes which files
 * the process asks to open: what is not in there was not read.
 *
 * OPEN_TRACE=<file>  one line per question, whether the file is found or not:
 *                      O <path>
 *                    with each byte that is no plain sign as % and two digits.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int trace = -1;
static int (*real_openat)(int, const char *, int, ...);

static void prepare(void) {
  real_openat = dlsym(RTLD_NEXT, "openat64");
  const char *file = getenv("OPEN_TRACE");
  if (file) trace = real_openat(AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* One write per line: in append mode they do not mix, whichever threads they come from. */
static void note(int folder, const char *path) {
  pthread_once(&once, prepare);
  if (trace < 0 || !path) return;
  char line[4 * 4096 + 8] = "O ";
  size_t at = 2;
  if (folder != AT_FDCWD && path[0] != '/') {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    ssize_t length = readlink(link, line + at, 4096);
    if (length > 0) at += (size_t)length;
    line[at++] = '/';
  }
  for (const char *c = path; *c && at + 4 < sizeof line; c++) {
    if (*c > 0x20 && *c < 0x7f && *c != '%')
      line[at++] = *c;
    else
      at += (size_t)snprintf(line + at, 4, "%%%02x", (unsigned char)*c);
  }
  line[at++] = '\n';
  if (write(trace, line, at) != (ssize_t)at) abort();
}

static int opened(int folder, const char *path, int flags, mode_t mode) {
  int error = errno;
  note(folder, path);
  errno = error;
  return real_openat(folder, path, flags, mode);
}

static mode_t mode_in(int flags, va_list rest) {
  int has_mode = (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
  return has_mode ? va_arg(rest, mode_t) : 0;
}

#define OPEN(name)                              \
  int name(const char *path, int flags, ...) {  \
    va_list rest;                               \
    va_start(rest, flags);                      \
    mode_t mode = mode_in(flags, rest);         \
    va_end(rest);                               \
    return opened(AT_FDCWD, path, flags, mode); \
  }
#define OPENAT(name)                                       \
  int name(int folder, const char *path, int flags, ...) { \
    va_list rest;                                          \
    va_start(rest, flags);                                 \
    mode_t mode = mode_in(flags, rest);                    \
    va_end(rest);                                          \
    return opened(folder, path, flags, mode);              \
  }
#define FOPEN(name)                                   \
  FILE *name(const char *path, const char *how) {     \
    static FILE *(*real)(const char *, const char *); \
    note(AT_FDCWD, path);                             \
    if (!real) real = dlsym(RTLD_NEXT, #name);        \
    return real(path, how);                           \
  }

OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)
FOPEN(fopen)
FOPEN(fopen64)
