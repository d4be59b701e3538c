package dev.gatewright.edge.head;

import dev.gatewright.edge.Refusal;
import java.util.Locale;

/// Every reason the edge has for turning a request away before a handler sees it, or for giving up
/// on its body. The lower-case name is the access log's `reason`. Messages never quote the request:
/// what cannot be parsed cannot be known to hold no secret.
public enum Rejection {
  BARE_LF(400, "A line ends with LF alone (expected: CR LF)."),
  BAD_METHOD(400, "The method is not a token of at most 32 characters."),
  BAD_REQUEST_LINE(400, "The request line is malformed (expected: METHOD SP /path SP HTTP/1.1)."),
  TLS(
      400,
      "What was sent begins a TLS connection; this port speaks HTTP without TLS (expected: http:// in place of https://, or a front proxy that ends TLS)."),
  CLEAR(
      400,
      "What was sent is HTTP without TLS; this port speaks TLS (expected: https:// in place of http://)."),
  HTTP_2(
      505,
      "What was sent begins HTTP/2 without asking (prior knowledge); this port speaks HTTP/1.1 (expected: HTTP/1.1, such as curl without --http2-prior-knowledge, or listen.h2c)."),
  CONNECT(
      400,
      "CONNECT asks for a tunnel; this server is no forward proxy (expected: the server's own paths)."),
  VERSION(505, "The protocol version is not supported (expected: HTTP/1.1 or HTTP/1.0)."),
  TARGET_FORM(400, "The request target is not in origin form (expected: /path?query)."),
  TARGET_BYTE(400, "The request target holds a byte that may not stand there."),
  TARGET_ENCODING(400, "The request target holds a percent sign without two hex digits."),
  PATH_ENCODED(
      400, "The path holds an encoded slash, backslash, semicolon, dot or control character."),
  PATH_UTF8(400, "The path's percent-encoded bytes are not UTF-8."),
  PATH_PARAMETER(400, "The path holds a semicolon."),
  PATH_BACKSLASH(400, "The path holds a backslash."),
  PATH_DOTS(400, "The path holds a dot segment."),
  PATH_EMPTY_SEGMENT(400, "The path holds two slashes in a row."),
  FRAGMENT(400, "The request target holds a fragment."),
  HEAD_TOO_LARGE(431, "The request's head is larger than this server takes."),
  TOO_MANY_HEADERS(431, "The request has more than 128 header lines."),
  OBS_FOLD(400, "A header line begins with white space."),
  SPACE_BEFORE_COLON(400, "White space stands before a header's colon."),
  HEADER_NAME(400, "A header's name is not a token."),
  HEADER_VALUE(400, "A header's value holds a control character."),
  HEADER_UNDERSCORE(
      400, "A header's name with '_' reads like one with '-' that has a meaning here."),
  NO_HOST(400, "The Host header is missing."),
  SEVERAL_HOSTS(400, "There is more than one Host header."),
  BAD_HOST(400, "The Host header is not a host name or address with an optional port."),
  LENGTH_AND_ENCODING(400, "Both Content-Length and Transfer-Encoding are given."),
  SEVERAL_LENGTHS(400, "There is more than one Content-Length."),
  BAD_LENGTH(400, "Content-Length is not a number of at most 18 digits."),
  TRANSFER_ENCODING(400, "Transfer-Encoding is not 'chunked' alone."),
  ENCODING_IN_1_0(400, "Transfer-Encoding has no meaning in HTTP/1.0."),
  UPGRADE_IN_1_0(400, "Upgrade has no meaning in HTTP/1.0."),
  EXPECTATION(417, "The expectation is not supported (expected: 100-continue)."),
  CHUNK_SIZE(400, "A chunk's size is not 1 to 15 hex digits followed by CR LF."),
  CHUNK_EXTENSION(400, "A chunk's extension is malformed or too long."),
  CHUNK_END(400, "A chunk is not followed by CR LF."),
  TRAILER(400, "A trailer line is malformed."),
  TRAILERS_TOO_LARGE(400, "The trailers are larger than this server takes."),
  BODY_TOO_LARGE(413, "The request's body is larger than allowed here."),
  BODY_TIMEOUT(408, "The request's body came too slowly."),
  HEAD_TIMEOUT(408, "The request's head came too slowly."),
  EDGE_SECRET(403, "Requests reach this server through its front proxy only."),
  DRAINING(503, "This server is stopping; please try again."),
  ADDRESS_CONNECTIONS(
      429, "This address has as many connections open as one may; please try again."),
  UNREAD(503, "Too many requests that are not complete wait already; please try again."),
  CONNECTIONS(503, "Too many connections are open; please try again.");

  private static final int RETRY_AFTER_SECONDS = 1;

  private final int status;
  private final String message;
  private final String reason;

  Rejection(int status, String message) {
    this.status = status;
    this.message = message;
    this.reason = name().toLowerCase(Locale.ROOT);
  }

  public int status() {
    return status;
  }

  /// For the access log.
  public String reason() {
    return reason;
  }

  public Refusal refusal() {
    return switch (status) {
      case 403 -> Refusal.denied(message, "Send it to the address of the proxy in front.");
      case 408 ->
          Refusal.of(
              408,
              "timeout_error",
              this == BODY_TIMEOUT ? "timeout_body" : "timeout_head",
              message);
      case 413 -> Refusal.tooLarge(message);
      case 417 -> Refusal.of(417, "invalid_request_error", "expectation_failed", message);
      case 429 -> Refusal.tooMany(message, RETRY_AFTER_SECONDS);
      case 431 -> Refusal.of(431, "invalid_request_error", "head_too_large", message);
      case 503 -> Refusal.overloaded(message, RETRY_AFTER_SECONDS);
      case 505 -> Refusal.of(505, "invalid_request_error", "version_not_supported", message);
      default -> Refusal.invalid(message);
    };
  }
}
