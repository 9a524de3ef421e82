/*
 * What a C library would bring: the entry point, and the memory functions that the compiler calls
 * of its own accord.
 */
#include "text.h"

int main(int argc, char **argv);
void start(long *stack);

/* The kernel leaves argc, argv and the environment on the stack. */
#if defined(__x86_64__)
__asm__(".globl _start\n"
        "_start:\n"
        "  xor %ebp, %ebp\n"
        "  mov %rsp, %rdi\n"
        "  and $-16, %rsp\n"
        "  call start\n");
#else
__asm__(".globl _start\n"
        "_start:\n"
        "  mov x29, #0\n"
        "  mov x30, #0\n"
        "  mov x0, sp\n"
        "  and sp, x0, #-16\n"
        "  b start\n");
#endif

void start(long *stack) { sys_exit(main((int)stack[0], (char **)(stack + 1))); }

void *memcpy(void *to, const void *from, size_t size) {
  char *t = to;
  const char *f = from;
  while (size-- > 0) *t++ = *f++;
  return to;
}

void *memset(void *to, int byte, size_t size) {
  char *t = to;
  while (size-- > 0) *t++ = (char)byte;
  return to;
}

int memcmp(const void *left, const void *right, size_t size) {
  const unsigned char *l = left;
  const unsigned char *r = right;
  for (; size > 0; size--, l++, r++) {
    if (*l != *r) return *l - *r;
  }
  return 0;
}
