/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* For programs that are no tests, when they are built to be tested. */
#include "quarktable.h"
