// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 gst-voice-agent authors

// Prints an offer: node offer.mjs

import { RTCPeerConnection } from 'werift';

const pc = new RTCPeerConnection();
pc.addTransceiver('audio', { direction: 'sendrecv' });
pc.createDataChannel('oai-events');
await pc.setLocalDescription(await pc.createOffer());
process.stdout.write(pc.localDescription.sdp);
await pc.close();
process.exit(0);
