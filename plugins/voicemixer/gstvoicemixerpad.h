/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "mixroom.h"

G_BEGIN_DECLS

#define GST_TYPE_VOICE_MIXER_PAD (gst_voice_mixer_pad_get_type ())
G_DECLARE_FINAL_TYPE (GstVoiceMixerPad, gst_voice_mixer_pad, GST,
    VOICE_MIXER_PAD, GstPad)

/* A sink pad; joins @room with @minus, which hears everybody but this one. */
GstVoiceMixerPad *gst_voice_mixer_pad_new (GstPadTemplate *template,
    guint number, MixRoom *room, GstPad *minus);
/* It leaves the room; the minus pad, (transfer full). */
GstPad *gst_voice_mixer_pad_leave (GstVoiceMixerPad *self);
/* FALSE with @error: nobody can tell what its settings mean. */
gboolean gst_voice_mixer_pad_check (GstVoiceMixerPad *self, GError **error);
/* Takes @event from behind the minus pad. */
gboolean gst_voice_mixer_pad_take_upstream (GstVoiceMixerPad *self,
    GstEvent *event);

G_END_DECLS
