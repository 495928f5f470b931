/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Runs a fuzz target without libFuzzer: first every seed of the directory given,
 * then mutations of them for at most a second. The series is the same in each
 * run, so what fails here fails again. */

#include <glib.h>
#include <string.h>

#define MUTATIONS 20000
#define MAX_TIME G_USEC_PER_SEC
#define MAX_SIZE 4096

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const gchar *const *) a, *(const gchar *const *) b);
}

/* The files of @path in order of their names. */
static GPtrArray *
load_seeds (const gchar *path)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  GPtrArray *seeds =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const gchar *name;

  while (dir && (name = g_dir_read_name (dir)))
    g_ptr_array_add (names, g_build_filename (path, name, NULL));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++) {
    gchar *data;
    gsize size;
    if (g_file_get_contents (names->pdata[i], &data, &size, NULL))
      g_ptr_array_add (seeds, g_bytes_new_take (data, size));
  }
  return seeds;
}

/* In memory of its exact size, so that a sanitizer sees the first byte read
 * beyond it. */
static void
run (gconstpointer data, gsize size)
{
  g_autofree guint8 *copy = g_memdup2 (data, size);
  static const guint8 nothing[1];
  LLVMFuzzerTestOneInput (copy ? copy : nothing, size);
}

static void
mutate_once (GRand *rand, GByteArray *input, GBytes *other)
{
  guint at = input->len ? (guint) g_rand_int_range (rand, 0, input->len) : 0;
  switch (g_rand_int_range (rand, 0, 6)) {
    case 0:
      if (input->len)
        input->data[at] ^= 1 << g_rand_int_range (rand, 0, 8);
      break;
    case 1:
      if (input->len)
        input->data[at] = g_rand_int_range (rand, 0, 256);
      break;
    case 2:
      if (input->len)
        input->data[at] = g_rand_boolean (rand) ? 0xff : 0;
      break;
    case 3:
      g_byte_array_set_size (input, at);
      break;
    case 4:
      if (input->len) {
        guint n = (guint) g_rand_int_range (rand, 1, 9);
        g_byte_array_remove_range (input, at, MIN (input->len - at, n));
      }
      break;
    default: {
      gsize size;
      const guint8 *data = g_bytes_get_data (other, &size);
      gsize from = size ? (gsize) g_rand_int_range (rand, 0, (gint) size) : 0;
      if (input->len + size - from <= MAX_SIZE)
        g_byte_array_append (input, data + from, (guint) (size - from));
      break;
    }
  }
}

static guint
run_mutations (GPtrArray *seeds)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autoptr (GByteArray) input = g_byte_array_new ();
  gint64 end = g_get_monotonic_time () + MAX_TIME;
  guint n;

  for (n = 0; n < MUTATIONS && g_get_monotonic_time () < end; n++) {
    GBytes *seed = seeds->pdata[g_rand_int_range (rand, 0, seeds->len)];
    GBytes *other = seeds->pdata[g_rand_int_range (rand, 0, seeds->len)];
    g_byte_array_set_size (input, 0);
    g_byte_array_append (input, g_bytes_get_data (seed, NULL),
        (guint) g_bytes_get_size (seed));
    for (gint i = g_rand_int_range (rand, 1, 6); i > 0; i--)
      mutate_once (rand, input, other);
    run (input->data, input->len);
  }
  return n;
}

int
main (int argc, char **argv)
{
  if (argc != 2) {
    g_printerr ("usage: %s CORPUS-DIRECTORY\n", argv[0]);
    return 2;
  }
  g_autoptr (GPtrArray) seeds = load_seeds (argv[1]);
  if (seeds->len == 0) {
    g_printerr ("%s holds no seed.\n", argv[1]);
    return 1;
  }
  for (guint i = 0; i < seeds->len; i++)
    run (g_bytes_get_data (seeds->pdata[i], NULL),
        g_bytes_get_size (seeds->pdata[i]));
  g_print ("%u seeds, %u mutations\n", seeds->len, run_mutations (seeds));
  return 0;
}
