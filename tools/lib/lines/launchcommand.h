/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* What the elements of a line are told to do from outside: by their action signals, which
 * are called as the command is. An element that has none of that name cannot. */

typedef enum
{
  LAUNCH_COMMAND_DONE,
  LAUNCH_COMMAND_FAILED, /* not now, or not this */
  LAUNCH_COMMAND_UNSUPPORTED,
} LaunchCommandResult;

/* @channel: the element that told of the call, or NULL; @session: its. What an agent
 * can do (say, interrupt) is for the one of that session, else for any of the
 * pipeline. @argument is NULL where the command has none. */
LaunchCommandResult launch_command_run (GstElement *pipeline,
    GstElement *channel, const gchar *session, const gchar *command,
    const gchar *argument);
/* Some element of @pipeline that can dials @uri. */
LaunchCommandResult launch_command_dial (GstElement *pipeline,
    const gchar *uri);

G_END_DECLS
