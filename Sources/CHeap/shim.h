// glibc's own; Swift's view of the C library has only what POSIX has.
#include <malloc.h>
