/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A caller's law (ITU-T G.711) goes to a backend that takes laws, and what that writes
 * goes to the caller, byte for byte: through the elements, and through a SIP call. */

#define _GNU_SOURCE /* memmem() */

#include "aiagenttest.h"

#include "agentphone.h"

#include "common/frame/gstvoiceformat.h"
#include "voiceagent/gstvoiceagentbackend.h"

#include <string.h>

#define ALAW "audio/x-alaw,rate=8000,channels=1"
#define RAW_24K \
  "audio/x-raw,format=S16LE,rate=24000,channels=1,layout=interleaved"
#define ANY MULAW ";" ALAW ";" RAW_8K ";" RAW_24K

/* ---- A backend that takes what it is given */

typedef struct
{
  GstVoiceAgentBackend parent;

  GstVoiceFormat wanted; /* what prepare() says */

  GMutex lock; /* protects everything below */
  GCond changed;
  GString *log; /* the functions, but for audio */
  GstVoiceFormat format; /* of the dialogue, as it is told in open() */
  guint rate; /* as open() has it */
  GByteArray *encoded, *raw; /* of the dialogue */
  guint n_opened;
} Taker;

typedef struct
{
  GstVoiceAgentBackendClass parent_class;
} TakerClass;

static GType taker_get_type (void);
G_DEFINE_TYPE (Taker, taker, GST_TYPE_VOICE_AGENT_BACKEND)
#define TAKER(o) ((Taker *) (o))

static void
note (Taker *self, const gchar *word)
{
  g_mutex_lock (&self->lock);
  g_string_append_printf (self->log, self->log->len ? " %s" : "%s", word);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static gboolean
taker_prepare (GstVoiceAgentBackend *backend, GstVoiceFormat *format,
    GError **error)
{
  *format = TAKER (backend)->wanted;
  return TRUE;
}

static void
taker_ring (GstVoiceAgentBackend *backend, const GstVoiceCall *call)
{
  g_autofree gchar *word = g_strconcat ("ring:", call->call_id, NULL);

  note (TAKER (backend), word);
}

static void
taker_open (GstVoiceAgentBackend *backend, const GstVoiceCall *call, guint rate)
{
  Taker *self = TAKER (backend);
  GstVoiceFormat format;

  gst_voice_agent_backend_get_format (backend, &format);
  g_mutex_lock (&self->lock);
  self->format = format;
  self->rate = rate;
  g_byte_array_set_size (self->encoded, 0);
  g_byte_array_set_size (self->raw, 0);
  self->n_opened++;
  g_mutex_unlock (&self->lock);
  note (self, "open");
}

static void
taker_close (GstVoiceAgentBackend *backend)
{
  note (TAKER (backend), "close");
}

static void
take (Taker *self, GByteArray *bytes, gconstpointer data, gsize size)
{
  g_mutex_lock (&self->lock);
  g_byte_array_append (bytes, data, (guint) size);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static void
taker_send_audio (GstVoiceAgentBackend *backend, const gint16 *samples,
    guint n_samples, GstClockTime time, gboolean speaking)
{
  take (TAKER (backend), TAKER (backend)->raw, samples, n_samples * 2);
}

static void
taker_send_encoded (GstVoiceAgentBackend *backend, const guint8 *data,
    gsize size, GstClockTime time, gboolean speaking)
{
  take (TAKER (backend), TAKER (backend)->encoded, data, size);
}

static void
taker_finalize (GObject *object)
{
  Taker *self = TAKER (object);

  g_string_free (self->log, TRUE);
  g_byte_array_unref (self->encoded);
  g_byte_array_unref (self->raw);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (taker_parent_class)->finalize (object);
}

static void
taker_init (Taker *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->log = g_string_new (NULL);
  self->encoded = g_byte_array_new ();
  self->raw = g_byte_array_new ();
  self->wanted = (GstVoiceFormat){ GST_VOICE_S16, 24000 };
}

static void
taker_class_init (TakerClass *klass)
{
  GstVoiceAgentBackendClass *backend = GST_VOICE_AGENT_BACKEND_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = taker_finalize;
  backend->takes_laws = TRUE;
  backend->prepare = taker_prepare;
  backend->ring = taker_ring;
  backend->open = taker_open;
  backend->close = taker_close;
  backend->send_audio = taker_send_audio;
  backend->send_encoded = taker_send_encoded;
}

/* ---- Who does not */

typedef Taker Raw;
typedef TakerClass RawClass;

static GType raw_get_type (void);
G_DEFINE_TYPE (Raw, raw, taker_get_type ())

static void
raw_init (Raw *self)
{
}

static void
raw_class_init (RawClass *klass)
{
  GST_VOICE_AGENT_BACKEND_CLASS (klass)->takes_laws = FALSE;
}

/* ---- In harnesses */

static AgentHalfTest ear, mouth;
static Taker *taker;

static void
begin_of (GType type, GstVoiceFormat wanted, const gchar *ear_caps,
    const gchar *mouth_caps)
{
  g_autoptr (GstContext) context = gst_session_table_context_new ();

  taker = g_object_new (type, NULL);
  taker->wanted = wanted;
  half_make (&ear, "aiagentsink", context);
  half_make (&mouth, "aiagentsrc", context);
  g_object_set (mouth.element, "backend-object", taker, "turn-detection", 3,
      NULL);
  half_play (&mouth, NULL, mouth_caps);
  half_play (&ear, ear_caps, NULL);
}

static void
begin (const gchar *ear_caps)
{
  begin_of (taker_get_type (), (GstVoiceFormat){ GST_VOICE_S16, 24000 },
      ear_caps, ANY);
}

static void
finish (void)
{
  half_stop (&ear);
  half_stop (&mouth);
  g_object_unref (taker);
}

static void
tell_call (const gchar *id, gboolean started)
{
  g_assert_true (
      gst_harness_push_event (ear.harness, call_event (id, started)));
}

static void
hear (gconstpointer data, gsize size, GstClockTime pts)
{
  GstBuffer *buffer = gst_buffer_new_memdup (data, size);

  GST_BUFFER_PTS (buffer) = pts;
  g_assert_cmpint (gst_harness_push (ear.harness, buffer), ==, GST_FLOW_OK);
}

/* Every byte there is, in whole frames. */
static void
every_byte (guint8 bytes[5 * 256])
{
  for (guint i = 0; i < 5 * 256; i++)
    bytes[i] = (guint8) (i + i / 256);
}

static void
say (const guint8 *bytes, gsize size)
{
  GstVoiceAgentBackend *backend = GST_VOICE_AGENT_BACKEND (taker);
  const guint answer = gst_voice_agent_backend_begin_answer (backend, 0, TRUE);

  g_assert_cmpuint (answer, !=, 0);
  /* In pieces of any size. */
  for (gsize at = 0, n = 1; at < size; at += n, n = n * 2 + 1)
    g_assert_true (gst_voice_agent_backend_write (backend, answer, bytes + at,
        MIN (n, size - at)));
  g_assert_true (gst_voice_agent_backend_end_answer (backend, answer));
}

/* What comes out up to @size bytes that are no silence; silence is @zero all over. */
static GByteArray *
pull_said (gsize size, guint8 zero)
{
  GByteArray *said = g_byte_array_new ();

  while (said->len < size) {
    g_autoptr (GstBuffer) buffer = gst_harness_pull (mouth.harness);
    GstMapInfo map;
    g_assert_nonnull (buffer);
    g_assert_true (gst_buffer_map (buffer, &map, GST_MAP_READ));
    g_assert_cmpuint (map.size, ==, PHONE_FRAME);
    if (!GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP))
      g_byte_array_append (said, map.data, (guint) map.size);
    for (gsize i = 0;
         GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP) && i < map.size;
         i++)
      g_assert_cmphex (map.data[i], ==, zero);
    gst_buffer_unmap (buffer, &map);
  }
  return said;
}

static void
assert_mouth_caps (const gchar *caps)
{
  g_autoptr (GstCaps) expected = gst_caps_from_string (caps);
  g_autoptr (GstCaps) got = gst_pad_get_current_caps (mouth.harness->sinkpad);

  g_assert_nonnull (got);
  if (!gst_caps_is_equal (got, expected))
    g_error ("%s", gst_caps_to_string (got));
}

typedef struct
{
  const gchar *name, *caps;
  GstVoiceEncoding encoding;
  guint8 zero;
} Case;

static const Case laws[] = {
  { "mulaw", MULAW, GST_VOICE_MULAW, 0xff },
  { "alaw", ALAW, GST_VOICE_ALAW, 0xd5 },
};

static void
check_both_ways (const Case *law)
{
  guint8 bytes[5 * 256];

  every_byte (bytes);
  g_assert_cmpint (taker->format.encoding, ==, law->encoding);
  g_assert_cmpuint (taker->format.rate, ==, 8000);
  g_assert_cmpuint (taker->rate, ==, 8000);
  for (guint at = 0; at < sizeof bytes; at += PHONE_FRAME)
    hear (bytes + at, PHONE_FRAME, at / PHONE_FRAME * FRAME_TIME);
  g_assert_cmpmem (taker->encoded->data, taker->encoded->len, bytes,
      sizeof bytes);
  g_assert_cmpuint (taker->raw->len, ==, 0);
  say (bytes, sizeof bytes);
  g_autoptr (GByteArray) said = pull_said (sizeof bytes, law->zero);
  g_assert_cmpmem (said->data, said->len, bytes, sizeof bytes);
  assert_mouth_caps (law->caps);
}

static void
test_both_ways (gconstpointer law)
{
  begin (((const Case *) law)->caps);
  tell_call ("1", TRUE);
  check_both_ways (law);
  tell_call ("1", FALSE);
  g_assert_cmpstr (taker->log->str, ==, "open close");
  finish ();
}

/* Without a call: a file of a law. */
static void
test_without_a_call (gconstpointer data)
{
  const Case *law = data;
  guint8 bytes[5 * 256];

  every_byte (bytes);
  begin (law->caps);
  hear (bytes, sizeof bytes, 0);
  g_assert_cmpint (taker->format.encoding, ==, law->encoding);
  g_assert_cmpmem (taker->encoded->data, taker->encoded->len, bytes,
      sizeof bytes);
  finish ();
}

/* Each dialogue has the law of its call. */
static void
test_call_after_call (void)
{
  static const guint order[] = { 0, 1, 1, 0 };

  begin (laws[order[0]].caps);
  for (guint i = 0; i < G_N_ELEMENTS (order); i++) {
    g_autofree gchar *id = g_strdup_printf ("%u", i);
    gst_harness_set_src_caps_str (ear.harness, laws[order[i]].caps);
    tell_call (id, TRUE);
    check_both_ways (&laws[order[i]]);
    tell_call (id, FALSE);
  }
  finish ();
}

/* The codec of a call changes: it is converted, and the dialogue keeps its format. */
static void
test_change_in_a_call (void)
{
  guint8 in[PHONE_FRAME], expected[PHONE_FRAME];
  gint16 samples[PHONE_FRAME];

  for (guint i = 0; i < PHONE_FRAME; i++)
    in[i] = (guint8) i;
  gst_voice_law_decode (GST_VOICE_ALAW, in, samples, PHONE_FRAME);
  gst_voice_law_encode (GST_VOICE_MULAW, samples, expected, PHONE_FRAME);
  begin (MULAW);
  tell_call ("1", TRUE);
  gst_harness_set_src_caps_str (ear.harness, ALAW);
  hear (in, PHONE_FRAME, 0);
  g_assert_cmpint (taker->format.encoding, ==, GST_VOICE_MULAW);
  g_assert_cmpmem (taker->encoded->data, taker->encoded->len, expected,
      PHONE_FRAME);
  finish ();
}

/* Who has no law is heard as the backend would have it. */
static void
test_raw_caller (void)
{
  const gint16 samples[160] = { 0 };

  begin (RAW_8K);
  tell_call ("1", TRUE);
  for (guint i = 0; i < 10; i++)
    hear (samples, sizeof samples, i * FRAME_TIME);
  g_assert_cmpint (taker->format.encoding, ==, GST_VOICE_S16);
  g_assert_cmpuint (taker->format.rate, ==, 24000);
  g_assert_cmpuint (taker->rate, ==, 24000);
  g_assert_cmpuint (taker->encoded->len, ==, 0);
  /* Three samples of each, but for what the resampler holds. */
  g_assert_cmpuint (taker->raw->len, >, 9 * 3 * sizeof samples);
  g_assert_cmpuint (taker->raw->len, <=, 10 * 3 * sizeof samples);
  finish ();
}

/* A backend that has one law only gets that of everybody. */
static void
test_fixed_law (void)
{
  const gint16 samples[160] = { 0 };
  guint8 silence[160];

  memset (silence, 0xd5, sizeof silence);
  begin_of (taker_get_type (), (GstVoiceFormat){ GST_VOICE_ALAW, 8000 }, RAW_8K,
      ANY);
  tell_call ("1", TRUE);
  hear (samples, sizeof samples, 0);
  g_assert_cmpmem (taker->encoded->data, taker->encoded->len, silence, 160);
  tell_call ("1", FALSE);
  gst_harness_set_src_caps_str (ear.harness, MULAW);
  tell_call ("2", TRUE);
  memset (silence, 0xff, sizeof silence);
  hear (silence, sizeof silence, FRAME_TIME);
  g_assert_cmpuint (taker->encoded->len, ==, 160);
  g_assert_cmphex (taker->encoded->data[0], ==, 0xd5);
  finish ();
}

/* As it was: who takes no laws gets samples. */
static void
test_takes_no_laws (void)
{
  guint8 bytes[PHONE_FRAME];

  memset (bytes, 0xff, sizeof bytes);
  begin_of (raw_get_type (), (GstVoiceFormat){ GST_VOICE_S16, 0 }, MULAW, ANY);
  tell_call ("1", TRUE);
  hear (bytes, sizeof bytes, 0);
  g_assert_cmpuint (taker->encoded->len, ==, 0);
  g_assert_cmpuint (taker->raw->len, ==, 2 * PHONE_FRAME);
  g_assert_cmpuint (taker->rate, ==, 8000);
  finish ();
}

/* What is offered to the sink (NULL: nothing is said), and what it takes first. */
static void
test_caps (void)
{
  const struct
  {
    const gchar *filter, *taken;
  } cases[] = {
    { RAW_8K ";" ALAW ";" RAW_24K ";" MULAW, ALAW },
    { RAW_8K ";" MULAW ";" ALAW, MULAW },
    { ALAW, ALAW },
    { RAW_24K ";" MULAW, RAW_24K }, /* a law would be the worse */
    { RAW_8K, RAW_8K },
    { RAW_8K ";" RAW_24K ";" MULAW ";" ALAW, RAW_8K },
    { NULL, RAW_24K },
  };

  begin (RAW_8K);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GstCaps) filter =
        cases[i].filter ? gst_caps_from_string (cases[i].filter) : NULL;
    g_autoptr (GstCaps) caps =
        gst_pad_peer_query_caps (ear.harness->srcpad, filter);
    g_autoptr (GstCaps) first = gst_caps_copy_nth (caps, 0);
    g_autoptr (GstCaps) taken = gst_caps_from_string (cases[i].taken);
    if (!gst_caps_is_equal (first, taken))
      g_error ("%s: %s", cases[i].filter, gst_caps_to_string (caps));
  }
  finish ();
}

/* ---- Through a call */

static gboolean
taken (const GByteArray *bytes, const guint8 *expected, gsize size)
{
  g_mutex_lock (&taker->lock);
  const gboolean found =
      memmem (bytes->data, bytes->len, expected, size) != NULL;
  g_mutex_unlock (&taker->lock);
  return found;
}

static void
wait_opened (guint n)
{
  const gint64 until =
      g_get_monotonic_time () + PHONE_SOON * G_TIME_SPAN_MILLISECOND;

  g_mutex_lock (&taker->lock);
  while (taker->n_opened < n)
    g_assert_true (g_cond_wait_until (&taker->changed, &taker->lock, until));
  g_mutex_unlock (&taker->lock);
}

/* As long as it takes, at the pace of what comes. */
static void
exchange (Phone *self, const Case *law, gboolean talks)
{
  guint8 bytes[5 * 256];
  guint n = 0;

  every_byte (bytes);
  /* What comes before the dialogue has begun is for nobody: it is said again. */
  for (guint i = 0;
       i < PHONE_SOON / 20 && !taken (taker->encoded, bytes, sizeof bytes);
       i++, n = (n + 1) % (sizeof bytes / PHONE_FRAME)) {
    phone_send (self, bytes + n * PHONE_FRAME);
    phone_receive (self);
    if (i == 4 && talks)
      say (bytes, sizeof bytes);
  }
  g_assert_true (taken (taker->encoded, bytes, sizeof bytes));
  g_assert_cmpuint (taker->raw->len, ==, 0);
  while (
      talks && !memmem (self->got->data, self->got->len, bytes, sizeof bytes))
    phone_receive (self);
  for (guint i = 0; !talks && i < self->got->len; i++)
    g_assert_cmphex (self->got->data[i], ==, law->zero);
  g_assert_cmpint (taker->format.encoding, ==, law->encoding);
}

/* One line, callers of both laws, and an agent that talks or does not. */
static void
test_call (gconstpointer between)
{
  static const guint payload_types[] = { 0, 8 };
  static const guint order[] = { 0, 1, 1, 0 };
  Phone phone;

  taker = g_object_new (taker_get_type (), NULL);
  phone_start (&phone, between, "turn-detection=none",
      GST_VOICE_AGENT_BACKEND (taker));
  for (guint i = 0; i < G_N_ELEMENTS (order); i++) {
    phone_call (&phone, payload_types[order[i]]);
    wait_opened (i + 1);
    exchange (&phone, &laws[order[i]], i & 1);
    phone_hang_up (&phone);
    /* Sockets of another call have other ports. */
    phone_renew (&phone);
  }
  phone_stop (&phone);
  g_object_unref (taker);
}

/* A law would be for the agent alone: others hear the caller, too. */
static void
test_tee (void)
{
  guint8 silence[PHONE_FRAME];
  gboolean heard = FALSE;
  Phone phone;

  memset (silence, 0xff, sizeof silence);
  taker = g_object_new (taker_get_type (), NULL);
  phone_start (&phone,
      "! tee name=t  t. ! queue ! audio/x-raw ! fakesink async=false  t.",
      "turn-detection=none", GST_VOICE_AGENT_BACKEND (taker));
  phone_call (&phone, 0);
  wait_opened (1);
  for (guint i = 0; i < PHONE_SOON / 20 && !heard; i++) {
    phone_send (&phone, silence);
    phone_receive (&phone);
    g_mutex_lock (&taker->lock);
    heard = taker->raw->len + taker->encoded->len > 0;
    g_mutex_unlock (&taker->lock);
  }
  g_assert_true (heard);
  phone_stop (&phone);
  g_object_unref (taker);
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (laws); i++) {
    g_autofree gchar *both =
        g_strconcat ("/agentlaws/both-ways/", laws[i].name, NULL);
    g_autofree gchar *file =
        g_strconcat ("/agentlaws/without-a-call/", laws[i].name, NULL);
    g_test_add_data_func (both, &laws[i], test_both_ways);
    g_test_add_data_func (file, &laws[i], test_without_a_call);
  }
  g_test_add_func ("/agentlaws/call-after-call", test_call_after_call);
  g_test_add_func ("/agentlaws/change-in-a-call", test_change_in_a_call);
  g_test_add_func ("/agentlaws/raw-caller", test_raw_caller);
  g_test_add_func ("/agentlaws/fixed-law", test_fixed_law);
  g_test_add_func ("/agentlaws/takes-no-laws", test_takes_no_laws);
  g_test_add_func ("/agentlaws/caps", test_caps);
  g_test_add_data_func ("/agentlaws/call", "", test_call);
  g_test_add_data_func ("/agentlaws/call-behind-a-queue", "! queue", test_call);
  g_test_add_func ("/agentlaws/tee", test_tee);
  return g_test_run ();
}
