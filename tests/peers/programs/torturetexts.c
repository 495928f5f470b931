/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "torturetexts.h"

#define VIA "Via: SIP/2.0/{{TRANSPORT}} {{US}};branch=z9hG4bK{{ID}};rport\n"
#define FROM "From: <sip:odd@{{US}}>;tag={{ID}}\n"
#define TO "To: <{{URI}}>\n"
#define CALL "Call-ID: {{ID}}\n"
#define FORWARDS "Max-Forwards: 70\n"
#define CONTACT "Contact: <sip:odd@{{US}}>\n"
#define COMMON VIA FORWARDS FROM TO CALL
#define BODY \
  "Content-Type: application/sdp\nContent-Length: {{LENGTH}}\n\n{{SDP}}"
#define EMPTY "Content-Length: 0\n\n"
#define INVITE "INVITE {{URI}} SIP/2.0\n" COMMON "CSeq: 1 INVITE\n"
#define OPTIONS "OPTIONS {{URI}} SIP/2.0\n" COMMON "CSeq: 1 OPTIONS\n"
#define REGISTER "REGISTER sip:{{HOST}} SIP/2.0\n" COMMON "CSeq: 1 REGISTER\n"

const TortureText torture_rfc4475[] = {
  { "3.1.1.1 tortuous INVITE",
      "INVITE {{URI}};unknownparam SIP/2.0\n"
      "TO :\n {{URI}} ;   tag    = 19a{{ID}}n\n"
      "from   : \"O \\\\\\\"dd\"       <sip:odd@{{US}}>\n  ;\n  tag = {{ID}}\n"
      "MaX-fOrWaRdS: 0068\nCall-ID: {{ID}}\nCSeq: 0009\n  INVITE\n"
      "Via  : SIP  /   2.0\n /{{TRANSPORT}}\n    {{US}};rport;branch=z9hG4bK{{ID}}\n"
      "s :\nNewFangledHeader:   newfangled value\n continued newfangled value\n"
      "UnknownHeaderWithUnusualValue: ;;,,;;,;\n"
      "Route:\n <sip:{{HOST}};unknownwith=value;unknown-no-value;lr>\n"
      "m:\"Quoted string \\\"\\\"\" <sip:odd@{{US}}> ; newparam =\n"
      "      newvalue ;\n  secondparam ; q = 0.33\n"
      "Content-Type: application/sdp\nl: {{LENGTH}}\n\n{{SDP}}" },
  { "3.1.1.2 wide range of characters",
      "!interesting-Method0123456789_*+`.%indeed'~ "
      "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas"
      "$wo~d_too.(doesn't-it)@{{HOST}} SIP/2.0\n" VIA
      "To: \"BEL:\007 NUL:\\{{NUL}} DEL:\177\" <sip:1_unusual.URI@{{HOST}}>\n"
      "From: token1~` token2'+_ token3*%!.- <sip:odd@{{US}}>;tag=_token~1'+`*%!-.{{"
      "ID}}\n" CALL
      "CSeq: 139122385 !interesting-Method0123456789_*+`.%indeed'~\n"
      "Max-Forwards: 255\nextensionHeader-!.%*+_`'~:\357\273\277\345\244\247\n" EMPTY },
  { "3.1.1.3 escapes",
      "INVITE sip:sips%3Aodd%40example.com@{{HOST}} SIP/2.0\n" COMMON
      "CSeq: 1 INVITE\nContact: <sip:cal%6Cer@{{US}};%6C%72;n%61me=v%61lue%25%34"
      "1>\n" BODY },
  { "3.1.1.4 escaped NULs",
      "REGISTER sip:{{HOST}} SIP/2.0\n" VIA FORWARDS
      "To: sip:null-%00-null@{{HOST}}\nFrom: sip:null-%00-null@{{US}};tag={{ID}}\n" CALL
      "CSeq: 1 REGISTER\nContact: <sip:%00@{{US}}>\nContact: "
      "<sip:%00%00@{{US}}>\n" EMPTY },
  { "3.1.1.5 % that escapes nothing",
      "RE%47IST%45R sip:{{HOST}} SIP/2.0\n" VIA FORWARDS
      "To: \"%Z%45\" <sip:odd@{{HOST}}>\nFrom: \"%Z%45\" <sip:odd@{{US}}>;tag=f%47{"
      "{ID}}\n" CALL "CSeq: 1 RE%47IST%45R\n" CONTACT EMPTY },
  { "3.1.1.6 no space before <",
      "OPTIONS {{URI}} SIP/2.0\n" VIA FORWARDS
      "From: odd<sip:odd@{{US}}>;tag={{ID}}\nTo: <{{URI}}>\n" CALL
      "CSeq: 60 OPTIONS\n" EMPTY },
  { "3.1.1.7 long values",
      "INVITE {{URI}} SIP/2.0\n" VIA FORWARDS
      "To: \"I have a user name of {{extreme *40}}proportion\" <{{URI}}>\n"
      "From: <sip:{{amazing*90}}@{{US}};unknownparam{{long*99}}={{longer*99}}>;tag={"
      "{ID}}\nCall-ID: {{long*60}}{{ID}}\nCSeq: 1 INVITE\n"
      "Unknown-{{Long*40}}-Name: unknown-{{long*60}}-value\n"
      "Via: SIP/2.0/UDP 192.0.2.{{1*2}}:5060;branch=z9hG4bK{{long*90}}\n"
      "Via: SIP/2.0/TCP sip33.example.com\nContact: <sip:{{amazing*90}}@{{US}}>\n" BODY },
  { "3.1.1.8 octets after the message",
      OPTIONS
      "Content-Length: 0\n\nINVITE {{URI}} SIP/2.0\nVia: SIP/2.0/{{TRANSPORT}"
      "} {{US}};branch=z9hG4bKx{{ID}}\nContent-Length: 100\n\nv=0\n" },
  { "3.1.1.9 semicolons in the user part",
      "OPTIONS sip:user;par=u%40example.net@{{HOST}} SIP/2.0\n" VIA FORWARDS
      "To: sip:j_user@{{HOST}}\nFrom: sip:odd@{{US}};tag={{ID}}\n" CALL
      "CSeq: 8 OPTIONS\nAccept: application/sdp, application/pkcs7-mime\n" EMPTY },
  { "3.1.1.10 unknown transports",
      "OPTIONS {{URI}} SIP/2.0\n" VIA
      "Via: SIP/2.0/SCTP t2.example.com;branch=z9hG4bKa\n"
      "Via: SIP/2.0/TLS t3.example.com;branch=z9hG4bKb\n"
      "Via: SIP/2.0/UNKNOWN t4.example.com;branch=z9hG4bKc\n" FORWARDS FROM TO
          CALL "CSeq: 1 OPTIONS\n" EMPTY },
  { "3.1.1.11 multipart body",
      INVITE CONTACT
      "Content-Type: multipart/mixed;boundary=7a9cbec02ceef655\n"
      "Content-Length: {{LENGTH}}\n\n--7a9cbec02ceef655\nContent-Type: text/plain\n"
      "Content-Transfer-Encoding: binary\n\nHello\n--7a9cbec02ceef655\n"
      "Content-Type: application/octet-stream\n\n\001\002\003{{NUL}}\377\376\n"
      "--7a9cbec02ceef655--\n" },
  { "3.1.1.12 unusual reason phrase",
      "SIP/2.0 200 = 2**3 * 5**2 \320\275\320\276 \321\201\321\202\320\276\n" COMMON
      "CSeq: 35 INVITE\n" CONTACT EMPTY },
  { "3.1.1.13 empty reason phrase",
      "SIP/2.0 100 \n" COMMON "CSeq: 35 INVITE\n" CONTACT EMPTY },
  { "3.1.2.1 separators too many",
      "INVITE {{URI}} SIP/2.0\n" COMMON
      "CSeq: 8 INVITE\nVia: SIP/2.0/UDP 192.0.2.15;;,;,,\nContact: "
      "\"\" <> ;,\"Joe\" <sip:odd@{{US}}>;;;;\n" BODY },
  { "3.1.2.2 Content-Length too large",
      INVITE CONTACT
      "Content-Type: application/sdp\nContent-Length: 9999\n\n{{SDP}}" },
  { "3.1.2.3 Content-Length negative",
      INVITE CONTACT
      "Content-Type: application/sdp\nContent-Length: -999\n\n{{SDP}}" },
  { "3.1.2.4 overlarge numbers in a request",
      "REGISTER sip:{{HOST}} SIP/2.0\n" VIA FROM TO CALL
      "CSeq: 36893488147419103232 REGISTER\nMax-Forwards: 300\nExpires: "
      "1{{0*90}}\nContact: <sip:odd@{{US}}>;expires=280297596632815\n" EMPTY },
  { "3.1.2.5 overlarge numbers in a response",
      "SIP/2.0 503 Service Unavailable\n" VIA FROM TO CALL
      "CSeq: 9292394834772304023312 OPTIONS\nRetry-After: "
      "949302838503028349304023988\nWarning: 1812 overture \"In Progress\"\n" EMPTY },
  { "3.1.2.6 quote that does not end",
      "INVITE {{URI}} SIP/2.0\n" VIA FORWARDS
      "To: \"Mr. Odd <{{URI}}>\n" FROM CALL "CSeq: 1 INVITE\n" CONTACT BODY },
  { "3.1.2.7 <> around the Request-URI",
      "INVITE <{{URI}}> SIP/2.0\n" COMMON "CSeq: 1 INVITE\n" CONTACT BODY },
  { "3.1.2.8 space in the Request-URI",
      "INVITE {{URI}}; lr SIP/2.0\n" COMMON "CSeq: 1 INVITE\n" CONTACT BODY },
  { "3.1.2.9 several spaces in the first line",
      "INVITE  {{URI}}  SIP/2.0\n" COMMON "CSeq: 1 INVITE\n" CONTACT BODY },
  { "3.1.2.10 spaces after the first line",
      "OPTIONS {{URI}} SIP/2.0  \n" COMMON "CSeq: 1 OPTIONS\n" EMPTY },
  { "3.1.2.11 headers in the Request-URI",
      "INVITE {{URI}}?Route=%3Csip:evil.invalid%3E SIP/2.0\n" COMMON
      "CSeq: 1 INVITE\n" CONTACT BODY },
  { "3.1.2.12 time zone that is none",
      INVITE "Date: Fri, 01 Jan 2010 16:00:00 EST\n" CONTACT BODY },
  { "3.1.2.13 name-addr without <>",
      REGISTER
      "Contact: sip:odd@{{US}}?Route=%3Csip:x.example.com%3E\n" EMPTY },
  { "3.1.2.14 spaces within an address",
      "OPTIONS {{URI}} SIP/2.0\n" VIA FORWARDS
      "To: \"Watson, Thomas\" < {{URI}} >\nFrom: < sip:odd@{{US}} >;tag={{ID}}\n" CALL
      "CSeq: 1 OPTIONS\n" EMPTY },
  { "3.1.2.15 display name of odd characters",
      "OPTIONS {{URI}} SIP/2.0\n" VIA FORWARDS
      "From: Bell, Alexander <sip:odd@{{US}}>;tag={{ID}}\nTo: "
      "Watson, T@omas <{{URI}}>\n" CALL "CSeq: 1 OPTIONS\n" EMPTY },
  { "3.1.2.16 unknown version",
      "OPTIONS {{URI}} SIP/7.0\nVia: SIP/7.0/{{TRANSPORT}} "
      "{{US}};branch=z9hG4bK{{ID}};rport\n" FORWARDS FROM TO CALL
      "CSeq: 1 OPTIONS\n" EMPTY },
  { "3.1.2.17 method and CSeq differ",
      "OPTIONS {{URI}} SIP/2.0\n" COMMON "CSeq: 8 INVITE\n" EMPTY },
  { "3.1.2.18 unknown method and CSeq differ",
      "NEWMETHOD {{URI}} SIP/2.0\n" COMMON "CSeq: 8 INVITE\n" CONTACT BODY },
  { "3.1.2.19 overlarge response code",
      "SIP/2.0 4294967301 better not break the receiver\n" COMMON
      "CSeq: 353494 INVITE\n" CONTACT EMPTY },
  { "3.2.1 branch without an identifier",
      "OPTIONS {{URI}} SIP/2.0\nVia: SIP/2.0/{{TRANSPORT}} {{US}};rport;branch=z9hG4b"
      "K\n" FORWARDS FROM TO CALL "CSeq: 8 OPTIONS\n" EMPTY },
  { "3.3.1 required headers missing",
      "INVITE {{URI}} SIP/2.0\nCSeq: 193942 INVITE\n" VIA BODY },
  { "3.3.2 unknown scheme in the Request-URI",
      "OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0\n" COMMON
      "CSeq: 3 OPTIONS\n" EMPTY },
  { "3.3.3 known but unusual scheme",
      "OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0\n" COMMON
      "CSeq: 3 OPTIONS\n" EMPTY },
  { "3.3.4 unknown schemes in headers",
      "REGISTER sip:{{HOST}} SIP/2.0\n" VIA FORWARDS
      "To: isbn:2983792873\nFrom: <http://www.example.com>;tag={{ID}}\n" CALL
      "CSeq: 1 REGISTER\nContact: <name:John_Smith>\n" EMPTY },
  { "3.3.5 Require of what nobody has",
      OPTIONS "Require: nothingSupportsThis, nothingSupportsThisEither\n"
              "Proxy-Require: noProxiesSupportThis\n" EMPTY },
  { "3.3.6 unknown Content-Type",
      INVITE CONTACT
      "Content-Type: application/unknownformat\nContent-Length: "
      "{{LENGTH}}\n\n<audio>\n <pcmu port=\"443\"/>\n</audio>\n" },
  { "3.3.7 unknown authorization scheme",
      REGISTER "Authorization: NoOneKnowsThisScheme opaque-data=here\n" EMPTY },
  { "3.3.8 several values where one is due",
      INVITE
      "CSeq: 59 INVITE\nCall-ID: other{{ID}}\nCall-ID: third{{ID}}\n"
      "Max-Forwards: 5\nTo: <sip:other@{{HOST}}>\nFrom: <sip:third@{{US}}>;tag="
      "z\n" CONTACT BODY },
  { "3.3.9 several Content-Lengths",
      OPTIONS
      "Content-Length: 13\nContent-Length: 5\nContent-Type: "
      "text/plain\n\nThere's no way to know how many octets are supposed to be "
      "here.\n" },
  { "3.3.10 200 with a broadcast Via",
      "SIP/2.0 200 OK\nVia: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK{{ID}}\n"
      "Via: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1\n" FORWARDS FROM TO CALL
      "CSeq: 1 INVITE\n" CONTACT EMPTY },
  { "3.3.11 Max-Forwards of zero",
      "OPTIONS {{URI}} SIP/2.0\n" VIA "Max-Forwards: 0\n" FROM TO CALL
      "CSeq: 1 OPTIONS\n" EMPTY },
  { "3.3.12 REGISTER with a Contact parameter",
      REGISTER "Contact: sip:+19725552222@{{US}};unknownparam\n" EMPTY },
  { "3.3.13 REGISTER with a URI parameter",
      REGISTER "Contact: <sip:+19725552222@{{US}};unknownparam>\n" EMPTY },
  { "3.3.14 REGISTER with an escaped header",
      REGISTER
      "Contact: <sip:odd@{{US}}?Route=%3Csip:x.example.com%3E>\n" EMPTY },
  { "3.3.15 Accept that cannot be met",
      INVITE "Accept: text/nobodyKnowsThis\n" CONTACT BODY },
  { "3.4.1 RFC 2543 syntax",
      "INVITE {{URI}} SIP/2.0\nVia: SIP/2.0/{{TRANSPORT}} {{US}}\n"
      "From: <sip:odd@{{US}}>\nTo: <{{URI}}>\n" CALL "CSeq: 1 INVITE\n"
      "Contact: <sip:odd@{{US}}>\nContent-Type: application/sdp\n\n{{SDP}}" },
  { NULL, NULL }
};

#define SDP_HEAD \
  "v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\nc=IN IP4 127.0.0.1\nt=0 0\n"
#define WITH_SDP(sdp) \
  INVITE CONTACT \
      "Content-Type: application/sdp\nContent-Length: {{LENGTH}}\n\n" sdp

const TortureText torture_invites[] = { { "SDP: nothing but noise",
                                            WITH_SDP ("{{\001\377*200}}\n") },
  { "SDP: no media", WITH_SDP (SDP_HEAD) },
  { "SDP: port 0", WITH_SDP (SDP_HEAD "m=audio 0 RTP/AVP 0\n") },
  { "SDP: port 99999", WITH_SDP (SDP_HEAD "m=audio 99999 RTP/AVP 0\n") },
  { "SDP: port -1", WITH_SDP (SDP_HEAD "m=audio -1 RTP/AVP 0\n") },
  { "SDP: video only", WITH_SDP (SDP_HEAD "m=video 5000 RTP/AVP 96\n") },
  { "SDP: G.729 only", WITH_SDP (SDP_HEAD "m=audio 5000 RTP/AVP 18\n") },
  { "SDP: 600 media lines",
      WITH_SDP (SDP_HEAD "{{m=audio 5000 RTP/AVP 0\r\n*600}}") },
  { "SDP: 300 payload types",
      WITH_SDP (SDP_HEAD "m=audio 5000 RTP/AVP{{ 0*300}}\n") },
  { "SDP: payload types out of range",
      WITH_SDP (SDP_HEAD "m=audio 5000 RTP/AVP 999 -1 4294967296 x\n"
                         "a=rtpmap:999 PCMU/8000\na=rtpmap:-1 PCMA/8000\n") },
  { "SDP: rtpmap without end",
      WITH_SDP (
          SDP_HEAD "m=audio 5000 RTP/AVP 96\na=rtpmap:96 PCMU\na=rtpmap:96\n"
                   "a=rtpmap:\na=rtpmap\n") },
  { "SDP: clock rate 0",
      WITH_SDP (SDP_HEAD "m=audio 5000 RTP/AVP 96\na=rtpmap:96 PCMU/0\n") },
  { "SDP: ptime of everything",
      WITH_SDP (SDP_HEAD "m=audio 5000 RTP/AVP 0\na=ptime:0\na=ptime:-20\n"
                         "a=ptime:99999999999\na=maxptime:0\n") },
  { "SDP: address is a name",
      WITH_SDP ("v=0\no=- 1 1 IN IP4 x\ns=-\nc=IN IP4 nowhere.invalid\nt=0 0\n"
                "m=audio 5000 RTP/AVP 0\n") },
  { "SDP: broadcast address",
      WITH_SDP ("v=0\no=- 1 1 IN IP4 x\ns=-\nc=IN IP4 255.255.255.255\nt=0 0\n"
                "m=audio 5000 RTP/AVP 0\n") },
  { "SDP: multicast address",
      WITH_SDP ("v=0\no=- 1 1 IN IP4 x\ns=-\nc=IN IP4 224.2.1.1/127/3\nt=0 0\n"
                "m=audio 5000 RTP/AVP 0\n") },
  { "SDP: IPv6 towards an IPv4 line",
      WITH_SDP ("v=0\no=- 1 1 IN IP6 ::1\ns=-\nc=IN IP6 ::1\nt=0 0\n"
                "m=audio 5000 RTP/AVP 0\n") },
  { "SDP: no address at all",
      WITH_SDP (
          "v=0\no=- 1 1 IN IP4 x\ns=-\nt=0 0\nm=audio 5000 RTP/AVP 0\n") },
  { "SDP: NUL inside", WITH_SDP (SDP_HEAD "m=audio{{NUL}}5000 RTP/AVP 0\n") },
  { "SDP: line of 8 kB",
      WITH_SDP (SDP_HEAD "a={{x*8000}}\nm=audio 5000 RTP/AVP 0\n") },
  { "SDP: SRTP only",
      WITH_SDP (SDP_HEAD "m=audio 5000 RTP/SAVP 0\na=crypto:1 X inline:Y\n") },
  { "body without a type",
      INVITE CONTACT "Content-Length: {{LENGTH}}\n\n{{SDP}}" },
  { "headers of 60 kB", INVITE CONTACT "X-Long: {{y*60000}}\n" BODY },
  { "1000 headers", INVITE CONTACT "{{X-Many: value\r\n*1000}}" BODY },
  { "From without an address",
      "INVITE {{URI}} SIP/2.0\n" VIA FORWARDS "From: ;tag={{ID}}\n" TO CALL
      "CSeq: 1 INVITE\n" CONTACT BODY },
  { "called name that is not printable",
      "INVITE sip:%01%ff%0d%0a@{{HOST}} SIP/2.0\n" COMMON
      "CSeq: 1 INVITE\n" CONTACT BODY },
  { "BYE for no call", "BYE {{URI}} SIP/2.0\n" COMMON "CSeq: 2 BYE\n" EMPTY },
  { "CANCEL for no call",
      "CANCEL {{URI}} SIP/2.0\n" COMMON "CSeq: 1 CANCEL\n" EMPTY },
  { "ACK for no call", "ACK {{URI}} SIP/2.0\n" COMMON "CSeq: 1 ACK\n" EMPTY },
  { "INVITE within no call",
      "INVITE {{URI}} SIP/2.0\n" VIA FORWARDS FROM
      "To: <{{URI}}>;tag=nobody\n" CALL "CSeq: 2 INVITE\n" CONTACT BODY },
  { "UPDATE for no call",
      "UPDATE {{URI}} SIP/2.0\n" COMMON "CSeq: 2 UPDATE\n" CONTACT BODY },
  { "REFER for no call",
      "REFER {{URI}} SIP/2.0\n" COMMON
      "CSeq: 2 REFER\nRefer-To: <tel:1>\n" CONTACT EMPTY },
  { "INFO for no call",
      "INFO {{URI}} SIP/2.0\n" COMMON "CSeq: 2 INFO\nContent-Type: "
      "application/dtmf-relay\nContent-Length: {{LENGTH}}\n\nSignal=5\n" },
  { "MESSAGE", "MESSAGE {{URI}} SIP/2.0\n" COMMON "CSeq: 1 MESSAGE\n" EMPTY },
  { "SUBSCRIBE",
      "SUBSCRIBE {{URI}} SIP/2.0\n" COMMON
      "CSeq: 1 SUBSCRIBE\nEvent: x\n" CONTACT EMPTY },
  { "NOTIFY",
      "NOTIFY {{URI}} SIP/2.0\n" COMMON "CSeq: 1 NOTIFY\nEvent: refer\n"
      "Subscription-State: active\n" EMPTY },
  { NULL, NULL } };

const TortureText torture_never_acked[] = {
  { "Contact: tel", INVITE "Contact: <tel:+15>\n" BODY },
  { "Contact: unknown scheme", INVITE "Contact: <foo:bar>\n" BODY },
  { "Contact: *", INVITE "Contact: *\n" BODY },
  { "Contact: none", INVITE BODY },
  { "Contact: sips", INVITE "Contact: <sips:odd@{{US}}>\n" BODY },
  { "Contact: two, the second tel",
      INVITE "Contact: <sip:odd@{{US}}>, <tel:+15>\n" BODY },
  { "Contact: name that does not resolve",
      INVITE "Contact: <sip:x@nowhere.invalid>\n" BODY },
  { "Contact: maddr", INVITE "Contact: <sip:x@{{US}};maddr=foo..bar>\n" BODY },
  { "Contact: transport sctp",
      INVITE "Contact: <sip:x@{{US}};transport=sctp>\n" BODY },
  { "Contact: port 0", INVITE "Contact: <sip:x@127.0.0.1:0>\n" BODY },
  { "Contact: broadcast", INVITE "Contact: <sip:x@255.255.255.255>\n" BODY },
  { "Record-Route: unknown scheme",
      INVITE CONTACT "Record-Route: <foo:bar;lr>\n" BODY },
  { "Record-Route: tel", INVITE CONTACT "Record-Route: <tel:+15>\n" BODY },
  { "Record-Route: 40 of them",
      INVITE CONTACT "{{Record-Route: <sip:x.invalid;lr>\r\n*40}}" BODY },
  { NULL, NULL }
};

const TortureText torture_targets[] = { { "contact-tel",
                                            "Contact: <tel:+15>\n" },
  { "contact-foo", "Contact: <foo:bar>\n" }, { "contact-any", "Contact: *\n" },
  { "contact-none", "" },
  { "contact-lost", "Contact: <sip:x@nowhere.invalid>\n" },
  { "route-foo", "Contact: <sip:odd@{{US}}>\nRecord-Route: <foo:bar;lr>\n" },
  { "route-tel", "Contact: <sip:odd@{{US}}>\nRecord-Route: <tel:+15>\n" },
  { NULL, NULL } };
