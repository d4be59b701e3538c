package dev.gatewright.edge;

import dev.gatewright.edge.head.HostCheck;
import dev.gatewright.net.Cidr;
import dev.gatewright.net.IpLiteral;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who is really calling, when a proxy in front says so and we believe that proxy. Everything a
/// stranger writes into `X-Forwarded-*` is ignored. Immutable.
public final class Forwarded {
  private static final int ENTRIES_MAX = 20;
  private static final int LENGTH_MAX = 1024;

  /// The header in which proxies tell who calls, unless the configuration names another.
  public static final String FOR = "x-forwarded-for";

  /// Headers that hold one address, written anew by the proxy that made them known.
  static final List<String> SINGLE =
      List.of("cf-connecting-ip", "fly-client-ip", "true-client-ip", "x-real-ip");

  private final List<Cidr> trusted;
  private final @Nullable String single;

  public Forwarded(List<Cidr> trusted) {
    this(trusted, FOR);
  }

  /// @param header [#FOR] or one of [#SINGLE]
  public Forwarded(List<Cidr> trusted, String header) {
    this.trusted = trusted;
    this.single = header.equals(FOR) ? null : header;
  }

  /// Who calls, by the header that counts: no other is looked at, for a proxy that writes one
  /// passes on what strangers put into the others.
  ///
  /// @param peer a trusted peer
  /// @param list all `X-Forwarded-For` lines as one
  public InetAddress client(InetAddress peer, HttpHeaders headers, @Nullable CharSequence list) {
    if (single == null) {
      return client(peer, list);
    }
    List<String> values = headers.getAll(single);
    InetAddress told = values.size() == 1 ? address(values.getFirst().strip()) : null;
    return told == null ? peer : told;
  }

  public boolean trustsNobody() {
    return trusted.isEmpty();
  }

  public boolean trusts(InetAddress peer) {
    return !trusted.isEmpty() && Cidr.anyContains(trusted, peer);
  }

  /// Walks `list` (all `X-Forwarded-For` lines as one) from the right, over trusted hops to the
  /// first stranger. An entry that is no address ends the walk at the last good one, as do the caps
  /// of 20 entries and 1 KiB.
  ///
  /// @param peer a trusted peer
  public InetAddress client(InetAddress peer, @Nullable CharSequence list) {
    if (list == null) {
      return peer;
    }
    String text = list.toString();
    int floor = Math.max(0, text.length() - LENGTH_MAX);
    InetAddress good = peer;
    int end = text.length();
    for (int entry = 0; entry < ENTRIES_MAX && end >= 0; entry++) {
      int comma = text.lastIndexOf(',', end - 1);
      if (comma + 1 < floor) {
        return good;
      }
      InetAddress address = address(text.substring(comma + 1, end).strip());
      if (address == null) {
        return good;
      }
      good = address;
      if (!Cidr.anyContains(trusted, address)) {
        return good;
      }
      end = comma;
    }
    return good;
  }

  /// What a trusted proxy says, else our own; a word that is neither counts as `http`.
  public static String scheme(@Nullable String forwardedProto, String own) {
    if (forwardedProto == null) {
      return own;
    }
    return last(forwardedProto).equalsIgnoreCase("https") ? "https" : "http";
  }

  /// The host a trusted proxy was asked for, else our own.
  public static String host(@Nullable String forwardedHost, String own) {
    String host = forwardedHost == null ? "" : last(forwardedHost);
    return HostCheck.valid(host) ? host : own;
  }

  private static String last(String list) {
    return list.substring(list.lastIndexOf(',') + 1).strip();
  }

  /// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`.
  private static @Nullable InetAddress address(String entry) {
    if (entry.startsWith("[")) {
      int close = entry.indexOf(']');
      boolean port = close > 0 && digitsAfterColon(entry, close + 1);
      return close == entry.length() - 1 || port ? literal(entry, 1, close) : null;
    }
    int colon = entry.indexOf(':');
    boolean port = colon > 0 && colon == entry.lastIndexOf(':') && digitsAfterColon(entry, colon);
    return literal(entry, 0, port ? colon : entry.length());
  }

  private static @Nullable InetAddress literal(String entry, int from, int to) {
    return to < from ? null : IpLiteral.parse(entry.substring(from, to));
  }

  private static boolean digitsAfterColon(String entry, int colon) {
    int digits = entry.length() - colon - 1;
    boolean wellFormed = digits >= 1 && digits <= 5 && entry.charAt(colon) == ':';
    for (int i = colon + 1; wellFormed && i < entry.length(); i++) {
      wellFormed = entry.charAt(i) >= '0' && entry.charAt(i) <= '9';
    }
    return wellFormed;
  }
}
