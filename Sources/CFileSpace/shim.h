#include <sys/types.h>

// Linux' own; Swift's view of the C library has only what POSIX has.
extern int fallocate(int file, int mode, off_t offset, off_t length);

// FALLOC_FL_KEEP_SIZE: reserves room on the disk without changing the size of the file.
static const int keep_size = 1;
