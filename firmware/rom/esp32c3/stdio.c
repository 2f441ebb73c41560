// What of newlib's buffered output the ROM has: newlib's manual, "Stdio" and "Reentrancy"; its public sys/reent.h,
// built with _REENT_SMALL; ESP-IDF's rom/libc_stubs.h, the table through which the ROM asks for memory, locks and
// system calls.

#include "rom.h"

enum {
  LINE = 1,
  UNBUFFERED = 2,
  READS = 4,
  WRITES = 8,
  BOTH = 0x10,
  END = 0x20,
  ERROR = 0x40,
  OWNED = 0x80,
  STRING = 0x200
};
enum { EOF = -1, EBADF = 9, BUFFER = 128, CHARACTER_DEVICE = 0x2000, FILE_TYPE = 0xF000, NO_LOCK = 1 };

struct reent;

struct file {
  uint8_t *next;
  int to_read, room;
  uint16_t flags;
  int16_t number;
  uint8_t *base;
  int size, line_room;
  struct reent *data;
  void *cookie;
  int (*read)(struct reent *, void *, char *, int), (*write)(struct reent *, void *, const char *, int);
  int (*seek)(struct reent *, void *, int, int), (*close)(struct reent *, void *);
  uint8_t *unread;
  int unread_size;
  uint8_t *kept_next;
  int kept_to_read;
  uint8_t unread_buffer[3], single[1];
  uint8_t *line;
  int line_size, block_size, offset;
  void *lock;
  uint32_t state[2];
  int flags2;
};

struct glue {
  struct glue *next;
  int count;
  struct file *files;
};

struct reent {
  int error;
  struct file *input, *output, *errors;
  int count;
  char *emergency;
  int initialised;
  uint32_t more[47];
  struct glue glue;
};

struct calls {
  struct reent *(*reent)(void);
  void *(*malloc)(struct reent *, size_t);
  void (*unused1[12])(void);
  int (*fstat)(struct reent *, int, void *);
  void (*unused2[14])(void);
  void (*acquire)(void *), (*unused3[3])(void);
  void (*release)(void *);
  void (*unused4[3])(void);
  void (*initialise)(struct reent *);
};

extern const struct calls *syscall_table_ptr;
extern struct reent *_global_impure_ptr;

// Whether it is a terminal, as newlib's stubs tell: a character device.
int _isatty_r(struct reent *reent, int number) {
  uint32_t status[32] = {0};
  if (syscall_table_ptr->fstat(reent, number, status) < 0) return 0;
  return (status[1] & FILE_TYPE) == CHARACTER_DEVICE;  // st_mode is the second word
}

int __swhatbuf_r(struct reent *reent, struct file *file, size_t *size, int *is_terminal) {
  *is_terminal = file->number >= 0 && _isatty_r(reent, file->number);
  *size = BUFFER;
  return 0;
}

void __smakebuf_r(struct reent *reent, struct file *file) {
  size_t size;
  int is_terminal = 0;
  uint8_t *buffer = NULL;
  if (!(file->flags & UNBUFFERED)) {
    file->flags |= __swhatbuf_r(reent, file, &size, &is_terminal);
    buffer = syscall_table_ptr->malloc(reent, size);
  }
  if (!buffer) {
    file->flags = (file->flags & ~LINE) | UNBUFFERED;
    file->next = file->base = file->single;
    file->size = 1;
    return;
  }
  file->next = file->base = buffer;
  file->size = size;
  file->flags |= OWNED | (is_terminal ? LINE : 0);
}

int __swsetup_r(struct reent *reent, struct file *file) {
  if (reent && !reent->initialised) syscall_table_ptr->initialise(reent);
  if (!(file->flags & WRITES)) {
    if (!(file->flags & BOTH)) {
      reent->error = EBADF;
      file->flags |= ERROR;
      return EOF;
    }
    if (file->flags & READS) {
      file->flags &= ~(READS | END);
      file->to_read = 0;
      file->next = file->base;
    }
    file->flags |= WRITES;
  }
  if (!file->base && ((file->flags & STRING) == 0 || file->flags & OWNED)) __smakebuf_r(reent, file);
  file->line_room = file->flags & LINE ? -file->size : 0;
  file->room = file->flags & (LINE | UNBUFFERED) ? 0 : file->size;
  return file->base || !(file->flags & OWNED) ? 0 : EOF;
}

static int flush(struct reent *reent, struct file *file) {
  if (!(file->flags & WRITES) || !file->base) return 0;
  uint8_t *from = file->base;
  int left = file->next - from;
  file->next = from;
  file->room = file->flags & (LINE | UNBUFFERED) ? 0 : file->size;
  while (left > 0) {
    int written = file->write(reent, file->cookie, (const char *)from, left);
    if (written <= 0) {
      file->flags |= ERROR;
      return EOF;
    }
    from += written;
    left -= written;
  }
  return 0;
}

int _fflush_r(struct reent *reent, struct file *file) {
  if (reent && !reent->initialised) syscall_table_ptr->initialise(reent);
  if (!file->flags) return 0;
  bool locked = file->lock && !(file->flags2 & NO_LOCK) && !(file->flags & STRING);
  if (locked) syscall_table_ptr->acquire(file->lock);
  int result = flush(reent, file);
  if (locked) syscall_table_ptr->release(file->lock);
  return result;
}

int _fwalk_reent(struct reent *reent, int (*call)(struct reent *, struct file *)) {
  int result = 0;
  for (struct glue *glue = &reent->glue; glue; glue = glue->next) {
    for (int i = 0; i < glue->count; i++) {
      struct file *file = &glue->files[i];
      if (file->flags > 1 && file->number != -1) result |= call(reent, file);
    }
  }
  return result;
}

int _fwalk(struct reent *reent, int (*call)(struct file *)) {
  int result = 0;
  for (struct glue *glue = &reent->glue; glue; glue = glue->next) {
    for (int i = 0; i < glue->count; i++) {
      struct file *file = &glue->files[i];
      if (file->flags > 1 && file->number != -1) result |= call(file);
    }
  }
  return result;
}

int fflush(struct file *file) {
  if (!file) return _fwalk_reent(_global_impure_ptr, _fflush_r);
  return _fflush_r(syscall_table_ptr->reent(), file);
}

int __swbuf_r(struct reent *reent, int c, struct file *file) {
  file->room = file->line_room;
  if ((!(file->flags & WRITES) || !file->base) && __swsetup_r(reent, file)) return EOF;
  c = (uint8_t)c;
  int used = file->next - file->base;
  if (used >= file->size) {
    if (_fflush_r(reent, file)) return EOF;
    used = 0;
  }
  file->room--;
  *file->next++ = c;
  if (used + 1 == file->size || (file->flags & LINE && c == '\n')) {
    if (_fflush_r(reent, file)) return EOF;
  }
  return c;
}

int __swbuf(int c, struct file *file) { return __swbuf_r(syscall_table_ptr->reent(), c, file); }

static char *copied(const char *text, size_t size) {
  char *copy = syscall_table_ptr->malloc(syscall_table_ptr->reent(), size + 1);
  if (!copy) return NULL;
  memcpy(copy, text, size);
  copy[size] = 0;
  return copy;
}

char *strdup(const char *text) { return copied(text, strnlen(text, SIZE_MAX)); }
char *strndup(const char *text, size_t most) { return copied(text, strnlen(text, most)); }
