/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What a codec alone costs, with the settings of a call: encodes a WAV file and decodes
 * it, in packets of 20 ms, and prints ms of CPU for a second of it as "name=value".
 *
 *   codecfloor CODEC WAV-FILE [PACKETS]
 *       PACKETS: file of what came of it for `callgen -k`. Its first line has payload
 *       type, encoding and RTP ticks of a packet; each packet has two bytes of length,
 *       the higher one first. */

#include "sip/codec/codectable.h"
#include "wavfile.h"

#include <stdio.h>
#include <time.h>

#define MAX_PAYLOAD 1500
#define MAX_FRAME 960
#define ROUNDS 5

typedef struct
{
  const RtpCodec *codec;
  gint16 *samples;
  gsize n_frames;
  guint frame; /* samples */
  GPtrArray *packets; /* GByteArray */
} Work;

static gdouble
cpu_ms (void)
{
  struct timespec time;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static gboolean
load (Work *self, const gchar *path)
{
  const GstVoiceFormat to = { GST_VOICE_S16, self->codec->rate };
  GByteArray *audio = g_byte_array_new ();
  WavFile wav;

  if (!wav_file_read (path, 0, &wav))
    return FALSE;
  const GstVoiceFormat from = { GST_VOICE_S16, wav.rate };
  g_autoptr (GstVoiceConverter) converter =
      gst_voice_converter_new (&from, &to);
  gst_voice_converter_process (converter, wav.samples, wav.length * 2, audio);
  self->frame = self->codec->rate / 50;
  self->n_frames = audio->len / 2 / self->frame;
  self->samples = (gint16 *) (gpointer) g_byte_array_free (audio, FALSE);
  wav_file_clear (&wav);
  return self->n_frames > 0;
}

static void
encode (Work *self, gpointer encoder)
{
  g_ptr_array_set_size (self->packets, 0);
  for (gsize i = 0; i < self->n_frames; i++) {
    guint8 payload[MAX_PAYLOAD];
    const gsize size = self->codec->encode (encoder,
        self->samples + i * self->frame, self->frame, payload);
    GByteArray *packet = g_byte_array_sized_new ((guint) size);
    g_byte_array_append (packet, payload, (guint) size);
    g_ptr_array_add (self->packets, packet);
  }
}

static void
decode (const Work *self, gpointer decoder)
{
  gint16 samples[MAX_FRAME];

  for (guint i = 0; i < self->packets->len; i++) {
    const GByteArray *packet = self->packets->pdata[i];
    self->codec->decode (decoder, packet->data, packet->len, samples);
  }
}

static void
write_packets (const Work *self, const gchar *path)
{
  const RtpCodec *codec = self->codec;
  FILE *file = fopen (path, "w");

  if (!file)
    g_error ("%s cannot be written", path);
  fprintf (file, "%u %s/%u%s %u\n", codec->payload_type, codec->name,
      codec->clock, codec->channels == 2 ? "/2" : "", codec->clock / 50);
  for (guint i = 0; i < self->packets->len; i++) {
    const GByteArray *packet = self->packets->pdata[i];
    putc ((gint) (packet->len >> 8), file);
    putc ((gint) (packet->len & 0xff), file);
    fwrite (packet->data, 1, packet->len, file);
  }
  fclose (file);
}

int
main (int argc, char **argv)
{
  Work work = { .codec = argc > 2 ? codec_table_find (argv[1]) : NULL,
    .packets =
        g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref) };

  gst_init (NULL, NULL);
  if (!work.codec || !load (&work, argv[2])) {
    fprintf (stderr, "codecfloor: a codec and a WAV file are wanted\n");
    return 2;
  }
  const RtpCodec *codec = work.codec;
  gpointer encoder =
      codec->encoder_new ? codec->encoder_new (codec->rate) : NULL;
  gpointer decoder =
      codec->decoder_new ? codec->decoder_new (codec->rate) : NULL;
  gdouble encoding = 0, decoding = 0;
  for (guint i = 0; i < ROUNDS; i++) {
    const gdouble begin = cpu_ms ();
    encode (&work, encoder);
    const gdouble middle = cpu_ms ();
    decode (&work, decoder);
    encoding += middle - begin;
    decoding += cpu_ms () - middle;
  }
  const gdouble seconds = ROUNDS * work.n_frames / 50.0;
  printf ("encode_ms=%.3f\ndecode_ms=%.3f\nboth_ms=%.3f\n", encoding / seconds,
      decoding / seconds, (encoding + decoding) / seconds);
  if (argc > 3)
    write_packets (&work, argv[3]);
  g_free (encoder);
  g_free (decoder);
  g_free (work.samples);
  g_ptr_array_unref (work.packets);
  return 0;
}
