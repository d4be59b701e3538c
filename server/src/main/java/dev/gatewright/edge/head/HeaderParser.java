package dev.gatewright.edge.head;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Header lines, exactly as RFC 9112 §5 writes them, and what the edge itself takes from them.
/// Stateless.
final class HeaderParser {
  private static final int LINES_MAX = 128;
  private static final int LENGTH_DIGITS_MAX = 18;
  private static final int FORWARDED_FOR_MAX = 1024;

  /// 1 for a byte that may stand in a value: visible, space, tab, and bytes beyond ASCII.
  private static final byte[] VALUE = valueBytes();

  /// Reads lines up to the empty one at `to`; every LF in between is known to follow a CR.
  ///
  /// @param from first byte of the first line
  /// @param to index of the empty line's CR
  @Nullable Rejection parse(byte[] bytes, int from, int to, ParsedHead head) {
    int at = from;
    while (at < to) {
      if (++head.headerLines > LINES_MAX) {
        return Rejection.TOO_MANY_HEADERS;
      }
      int lineEnd = at;
      while (bytes[lineEnd] != '\n') {
        lineEnd++;
      }
      Rejection bad = line(bytes, at, lineEnd - 1, head);
      if (bad != null) {
        return bad;
      }
      at = lineEnd + 1;
    }
    return null;
  }

  private @Nullable Rejection line(byte[] bytes, int from, int to, ParsedHead head) {
    int hash = 0;
    boolean underscore = false;
    int colon = from;
    for (; colon < to; colon++) {
      byte folded = HeaderNames.fold(bytes[colon]);
      if (folded == 0) {
        break;
      }
      underscore |= bytes[colon] == '_';
      hash = HeaderNames.hash(hash, folded);
    }
    Rejection bad = name(bytes, from, colon, to);
    if (bad != null) {
      return bad;
    }
    int start = colon + 1;
    int end = to;
    while (start < end && blank(bytes[start])) {
      start++;
    }
    while (end > start && blank(bytes[end - 1])) {
      end--;
    }
    return field(bytes, from, colon, start, end, hash, underscore, head);
  }

  /// A field whose name and value come apart, as in HTTP/2. White space around the value is refused
  /// there, not removed.
  ///
  /// @param to index behind the name's last byte, where the value begins
  /// @param end index behind the value's last byte
  @Nullable Rejection field(byte[] bytes, int to, int end, ParsedHead head) {
    if (++head.headerLines > LINES_MAX) {
      return Rejection.TOO_MANY_HEADERS;
    }
    int hash = 0;
    boolean underscore = false;
    for (int i = 0; i < to; i++) {
      byte folded = HeaderNames.fold(bytes[i]);
      if (folded == 0 || (bytes[i] >= 'A' && bytes[i] <= 'Z')) {
        return Rejection.HEADER_NAME;
      }
      underscore |= bytes[i] == '_';
      hash = HeaderNames.hash(hash, folded);
    }
    if (to == 0) {
      return Rejection.HEADER_NAME;
    }
    if (end > to && (blank(bytes[to]) || blank(bytes[end - 1]))) {
      return Rejection.HEADER_VALUE;
    }
    return field(bytes, 0, to, to, end, hash, underscore, head);
  }

  private @Nullable Rejection field(
      byte[] bytes,
      int from,
      int colon,
      int start,
      int end,
      int hash,
      boolean underscore,
      ParsedHead head) {
    Rejection bad = value(bytes, start, end);
    if (bad != null) {
      return bad;
    }
    HeaderNames.Entry entry = HeaderNames.find(bytes, from, colon, hash);
    boolean ours = entry == null && HeaderNames.gatewright(bytes, from, colon);
    if (underscore && (ours || (entry != null && entry.kind() != HeaderNames.Kind.COMMON))) {
      return Rejection.HEADER_UNDERSCORE;
    }
    if (ours) {
      return null;
    }
    String value = new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    return take(entry, HeaderNames.text(entry, bytes, from, colon), value, head);
  }

  private static @Nullable Rejection name(byte[] bytes, int from, int colon, int to) {
    if (from < to && blank(bytes[from])) {
      return Rejection.OBS_FOLD;
    }
    if (colon < to && colon > from && blank(bytes[colon])) {
      return Rejection.SPACE_BEFORE_COLON;
    }
    return colon == from || colon >= to || bytes[colon] != ':' ? Rejection.HEADER_NAME : null;
  }

  private static @Nullable Rejection value(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (VALUE[bytes[i] & 0xff] == 0) {
        return Rejection.HEADER_VALUE;
      }
    }
    return null;
  }

  private @Nullable Rejection take(
      HeaderNames.@Nullable Entry entry, AsciiString name, String value, ParsedHead head) {
    Rejection bad = entry == null ? null : act(entry.kind(), value, head);
    if (bad == null && (entry == null || entry.kind() != HeaderNames.Kind.EDGE)) {
      head.headers.add(name, value);
    }
    return bad;
  }

  private @Nullable Rejection act(HeaderNames.Kind kind, String value, ParsedHead head) {
    switch (kind) {
      case HOST -> {
        return host(value, head);
      }
      case CONTENT_LENGTH -> {
        return contentLength(value, head);
      }
      case TRANSFER_ENCODING -> {
        boolean second = head.chunked;
        head.chunked = true;
        return second || !value.equalsIgnoreCase("chunked") ? Rejection.TRANSFER_ENCODING : null;
      }
      case CONNECTION -> connection(value, head);
      case EXPECT -> {
        boolean known = value.equalsIgnoreCase("100-continue");
        head.expectsContinue = known && !head.http10;
        return known ? null : Rejection.EXPECTATION;
      }
      case FORWARDED_FOR -> forwardedFor(value, head);
      case FORWARDED_PROTO -> head.forwardedProto = value;
      case FORWARDED_HOST -> head.forwardedHost = value;
      // Two secrets are as good as none: the second one spoils the first.
      case EDGE -> head.edgeSecret = head.edgeSecret == null ? value : "";
      case OURS, COMMON -> {}
    }
    return null;
  }

  private static @Nullable Rejection host(String value, ParsedHead head) {
    if (head.host != null) {
      return Rejection.SEVERAL_HOSTS;
    }
    if (!HostCheck.valid(value)) {
      return Rejection.BAD_HOST;
    }
    head.host = value;
    return null;
  }

  private static @Nullable Rejection contentLength(String value, ParsedHead head) {
    if (head.contentLength >= 0) {
      return Rejection.SEVERAL_LENGTHS;
    }
    if (value.isEmpty() || value.length() > LENGTH_DIGITS_MAX) {
      return Rejection.BAD_LENGTH;
    }
    long length = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < '0' || c > '9') {
        return c == ',' ? Rejection.SEVERAL_LENGTHS : Rejection.BAD_LENGTH;
      }
      length = length * 10 + (c - '0');
    }
    head.contentLength = length;
    return null;
  }

  private static void connection(String value, ParsedHead head) {
    if (value.equalsIgnoreCase("keep-alive")) {
      head.connectionKeepAlive = true;
      return;
    }
    for (String token : value.split(",", -1)) {
      head.connectionClose |= token.strip().equalsIgnoreCase("close");
      head.connectionKeepAlive |= token.strip().equalsIgnoreCase("keep-alive");
    }
  }

  /// Several lines count as one list; the tail is what a trusted proxy wrote, so that is kept.
  private static void forwardedFor(String value, ParsedHead head) {
    StringBuilder all = head.forwardedFor;
    if (all == null) {
      all = new StringBuilder(value);
      head.forwardedFor = all;
    } else {
      all.append(',').append(value);
    }
    if (all.length() > 2 * FORWARDED_FOR_MAX) {
      all.delete(0, all.length() - 2 * FORWARDED_FOR_MAX);
    }
  }

  private static boolean blank(byte octet) {
    return octet == ' ' || octet == '\t';
  }

  private static byte[] valueBytes() {
    byte[] classes = new byte[256];
    for (int i = 0x20; i < 256; i++) {
      classes[i] = (byte) (i == 0x7f ? 0 : 1);
    }
    classes['\t'] = 1;
    return classes;
  }
}
