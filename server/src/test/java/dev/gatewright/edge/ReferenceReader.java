package dev.gatewright.edge;

import dev.gatewright.edge.head.HeaderNamesActedOn;
import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a connection's bytes say, read by the plainest means there are: the whole text and regular
/// expressions. Slow, and so unlike the edge's decoder that both are not wrong in the same way.
final class ReferenceReader {
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]";
  private static final Pattern HEAD =
      Pattern.compile(
          "(?s)("
              + TOKEN
              + "{1,32}) (/[^ ]*) HTTP/1\\.([01])\r\n((?:"
              + TOKEN
              + "+:[\t\\x20-\\x7e\\x80-\\xff]*\r\n)*)\r\n");
  private static final Pattern PATH =
      Pattern.compile(
          "(?:/|(?:/(?!\\.{1,2}(?:/|\\?|$))(?:[A-Za-z0-9._~!$&'()*+,=:@-]|%(?!2[eEfF]|3[bB]|5[cC]|[01]|7[fF])"
              + "[0-9a-fA-F]{2})+)+/?)(?:\\?(?:[!-\"$&-~]|%[0-9a-fA-F]{2})*)?");
  private static final Pattern HOST =
      Pattern.compile("(?:[A-Za-z0-9._-]{1,255}|\\[([0-9a-fA-F:.]+)])(?::[0-9]{1,5})?");
  private static final Pattern CHUNKED =
      Pattern.compile("\\G([0-9a-fA-F]{1,15})(?:[ \t]*;[\t\\x20-\\x7e\\x80-\\xff]*)?\r\n");
  private static final Pattern TRAILERS =
      Pattern.compile("\\G(?:" + TOKEN + "+:[\t\\x20-\\x7e\\x80-\\xff]*\r\n)*\r\n");

  private final String text;
  private int at;
  private String body = "";

  private ReferenceReader(String text) {
    this.text = text;
  }

  /// `METHOD target body` of each request up to the first one that must not be answered with 200.
  static List<String> requests(String text) {
    ReferenceReader reader = new ReferenceReader(text);
    List<String> requests = new ArrayList<>();
    Matcher head = HEAD.matcher(text);
    while (reader.at < text.length()) {
      head.region(reader.at, text.length());
      if (!head.lookingAt()) {
        return requests;
      }
      reader.at = head.end();
      Headers headers = Headers.of(head.group(4), head.group(3).equals("0"));
      if (!PATH.matcher(head.group(2)).matches() || !utf8(head.group(2)) || !headers.good()) {
        return requests;
      }
      if (!reader.body(headers)) {
        return requests;
      }
      requests.add(head.group(1) + " " + head.group(2) + " " + reader.body);
      if (!headers.keepAlive()) {
        return requests;
      }
    }
    return requests;
  }

  private static boolean utf8(String target) {
    return !Pattern.compile("%[89a-fA-F]").matcher(target.replaceAll("\\?.*", "")).find();
  }

  private boolean body(Headers headers) {
    if (headers.chunked()) {
      return chunks();
    }
    if (at + headers.length() > text.length()) {
      return false;
    }
    body = text.substring(at, at + (int) headers.length());
    at += body.length();
    return true;
  }

  private boolean chunks() {
    StringBuilder all = new StringBuilder();
    Matcher size = CHUNKED.matcher(text);
    while (size.find(at)) {
      at = size.end();
      long length = Long.parseLong(size.group(1), 16);
      if (length == 0) {
        body = all.toString();
        Matcher trailers = TRAILERS.matcher(text);
        boolean ended = trailers.find(at);
        at = ended ? trailers.end() : at;
        return ended;
      }
      if (at + length + 2 > text.length() || !text.startsWith("\r\n", at + (int) length)) {
        return false;
      }
      all.append(text, at, at + (int) length);
      at += (int) length + 2;
    }
    return false;
  }

  /// What the header lines come to.
  private record Headers(boolean good, boolean chunked, long length, boolean keepAlive) {
    static Headers of(String lines, boolean http10) {
      List<String> hosts = new ArrayList<>();
      List<String> lengths = new ArrayList<>();
      List<String> encodings = new ArrayList<>();
      String connection = "";
      boolean good = true;
      for (String line : lines.isEmpty() ? new String[0] : lines.split("\r\n")) {
        String name = line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT);
        String value = line.substring(line.indexOf(':') + 1).replaceAll("^[ \t]+|[ \t]+$", "");
        switch (name) {
          case "host" -> hosts.add(value);
          case "content-length" -> lengths.add(value);
          case "transfer-encoding" -> encodings.add(value);
          case "connection" -> connection += "," + value.toLowerCase(Locale.ROOT);
          case "expect" -> good &= value.equalsIgnoreCase("100-continue");
          default -> good &= !collides(name);
        }
      }
      good &= hosts.size() == 1 && host(hosts.getFirst());
      good &= lengths.size() <= 1 && encodings.size() <= 1 && lengths.size() + encodings.size() < 2;
      good &= lengths.stream().allMatch(length -> length.matches("[0-9]{1,18}"));
      good &=
          encodings.stream().allMatch(encoding -> encoding.equalsIgnoreCase("chunked") && !http10);
      boolean closes = tokens(connection).contains("close");
      boolean keeps = !http10 || tokens(connection).contains("keep-alive");
      return new Headers(
          good,
          !encodings.isEmpty(),
          good && lengths.size() == 1 ? Long.parseLong(lengths.getFirst()) : 0,
          keeps && !closes);
    }

    private static boolean host(String value) {
      Matcher host = HOST.matcher(value);
      String v6 = host.matches() ? host.group(1) : "";
      return v6 == null || NetUtil.isValidIpV6Address(v6) || NetUtil.isValidIpV4Address(v6);
    }

    private static List<String> tokens(String connection) {
      return List.of(connection.split(",", -1)).stream().map(String::strip).toList();
    }

    private static boolean collides(String name) {
      String hyphens = name.replace('_', '-');
      return !hyphens.equals(name)
          && (hyphens.startsWith("x-gatewright-")
              || HeaderNamesActedOn.OURS.contains(hyphens)
              || List.of("content-length", "transfer-encoding", "x-forwarded-for")
                  .contains(hyphens));
    }
  }
}
