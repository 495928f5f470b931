/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

/* What libgstvoice exports. Everything of this project is compiled hidden; what stands
 * between these two in a header is for the plugins, which are other modules. */
#define VOICE_API_BEGIN _Pragma ("GCC visibility push(default)")
#define VOICE_API_END _Pragma ("GCC visibility pop")

/* An exported name belongs to the whole process, so it carries our prefix; in the
 * source the loops keep their short names. */
#define io_loop_acquire voice_io_loop_acquire
#define io_loop_add_timeout voice_io_loop_add_timeout
#define io_loop_clear_timeout voice_io_loop_clear_timeout
#define io_loop_get_context voice_io_loop_get_context
#define io_loop_invoke voice_io_loop_invoke
#define io_loop_invoke_wait voice_io_loop_invoke_wait
#define io_loop_is_current voice_io_loop_is_current
#define io_loop_ref voice_io_loop_ref
#define io_loop_unref voice_io_loop_unref
#define media_loop_acquire voice_media_loop_acquire
#define media_loop_add_fd voice_media_loop_add_fd
#define media_loop_get_current voice_media_loop_get_current
#define media_loop_get_lateness voice_media_loop_get_lateness
#define media_loop_invoke voice_media_loop_invoke
#define media_loop_is_current voice_media_loop_is_current
#define media_loop_is_manual voice_media_loop_is_manual
#define media_loop_new_manual voice_media_loop_new_manual
#define media_loop_new_manual_as voice_media_loop_new_manual_as
#define media_loop_now voice_media_loop_now
#define media_loop_ref voice_media_loop_ref
#define media_loop_stall voice_media_loop_stall
#define media_loop_step voice_media_loop_step
#define media_loop_unref voice_media_loop_unref
#define media_ticker_start voice_media_ticker_start
#define media_ticker_start_at voice_media_ticker_start_at
#define media_ticker_stop voice_media_ticker_stop
#define media_timer_arm voice_media_timer_arm
#define media_timer_cancel voice_media_timer_cancel
#define media_timer_init voice_media_timer_init
#define media_watch_remove voice_media_watch_remove
#define packet_address_equal voice_packet_address_equal
#define packet_address_get_port voice_packet_address_get_port
#define packet_address_get_size voice_packet_address_get_size
#define packet_address_host_to_string voice_packet_address_host_to_string
#define packet_address_is_any voice_packet_address_is_any
#define packet_address_is_group voice_packet_address_is_group
#define packet_address_is_one_place voice_packet_address_is_one_place
#define packet_address_is_set voice_packet_address_is_set
#define packet_address_parse voice_packet_address_parse
#define packet_address_same_host voice_packet_address_same_host
#define packet_address_set_port voice_packet_address_set_port
#define packet_address_to_string voice_packet_address_to_string
#define packet_transport_new_udp voice_packet_transport_new_udp
#define packet_transport_new_udp_pair voice_packet_transport_new_udp_pair
#define step_queue_add_unlocked voice_step_queue_add_unlocked
#define step_queue_clear voice_step_queue_clear
#define step_queue_finish voice_step_queue_finish
#define step_queue_init voice_step_queue_init
#define step_queue_is_empty_unlocked voice_step_queue_is_empty_unlocked
#define step_queue_run voice_step_queue_run
