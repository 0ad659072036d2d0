#include <sys/types.h>

// Linux' own; Swift's view of the C library has only what POSIX has.
extern int fallocate(int file, int mode, off_t offset, off_t length);

// FALLOC_FL_KEEP_SIZE: the file gets room on the disk, and stays as long as it is.
static const int keep_size = 1;
