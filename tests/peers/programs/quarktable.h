/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

/* GLib leaves its first table of quarks behind when it grows. With a pointer to it
 * LeakSanitizer sees no leak; to suppress it by its stack would take stacks unwound
 * whole at each allocation, by which speech recognition is nine times slower. */
#if defined(__SANITIZE_ADDRESS__)
#include <stddef.h>

extern const volatile void *first_quark_table;
const volatile void *first_quark_table;

/* As the sanitizer's allocator_interface.h, which not every compiler brings, has it; the
 * sanitizer's library finds it by its name. */
#pragma GCC visibility push(default)
void __sanitizer_malloc_hook (const volatile void *data, size_t size);
#pragma GCC visibility pop

void
__sanitizer_malloc_hook (const volatile void *data, size_t size)
{
  if (!first_quark_table && size == 2048 * sizeof (char *))
    first_quark_table = data;
}
#endif
