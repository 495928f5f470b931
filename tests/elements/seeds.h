/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

/* How many random schedules a test runs. With a sanitizer each takes ten times as
 * long, and finds what it finds in fewer. */

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define N_SEEDS 100
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define N_SEEDS 100
#endif
#ifndef N_SEEDS
#define N_SEEDS 1000
#endif
