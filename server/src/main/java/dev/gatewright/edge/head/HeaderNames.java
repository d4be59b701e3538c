package dev.gatewright.edge.head;

import io.netty.util.AsciiString;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The header names the gate acts on, found by one pass over a name's bytes without allocating: a
/// hash table over the folded name (letters lower-case, `_` as `-`), so that a name which only some
/// readers take for one of ours is found as well, and refused.
public final class HeaderNames {
  /// What the edge itself does with a header.
  enum Kind {
    HOST,
    CONTENT_LENGTH,
    TRANSFER_ENCODING,
    CONNECTION,
    EXPECT,
    FORWARDED_FOR,
    FORWARDED_PROTO,
    FORWARDED_HOST,
    /// Compared with our secrets, never passed on.
    EDGE,
    /// The gate acts on it further in.
    OURS,
    /// Well known and of no meaning here; in the table only to save an allocation.
    COMMON
  }

  record Entry(AsciiString lower, AsciiString capitalised, Kind kind) {}

  private static final String GATEWRIGHT = "x-gatewright-";
  private static final int SLOTS = 512;

  /// Folded byte of a token's byte; 0 for a byte that cannot stand in a token.
  private static final byte[] FOLDED = folded();

  private static final @Nullable Entry[] TABLE = table();

  private HeaderNames() {}

  /// 0 where `octet` cannot stand in a token.
  public static byte fold(byte octet) {
    return octet < 0 ? 0 : FOLDED[octet];
  }

  static int hash(int hash, byte folded) {
    return hash * 31 + folded;
  }

  /// The entry whose folded name these bytes have, or null.
  static @Nullable Entry find(byte[] bytes, int from, int to, int hash) {
    int slot = slot(hash);
    for (Entry entry = TABLE[slot]; entry != null; entry = TABLE[slot]) {
      if (sameFolded(entry.lower, bytes, from, to)) {
        return entry;
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
    return null;
  }

  /// The name as it came; one of the table's own objects where letters match.
  static AsciiString text(@Nullable Entry entry, byte[] bytes, int from, int to) {
    if (entry != null && same(entry.lower, bytes, from, to)) {
      return entry.lower;
    }
    if (entry != null && same(entry.capitalised, bytes, from, to)) {
      return entry.capitalised;
    }
    return new AsciiString(bytes, from, to - from, true);
  }

  /// True for every spelling of `x-gatewright-…`.
  static boolean gatewright(byte[] bytes, int from, int to) {
    // The letter that tells it from most other x- names first.
    if (to - from < GATEWRIGHT.length() || fold(bytes[from + 2]) != 'g') {
      return false;
    }
    for (int i = 0; i < GATEWRIGHT.length(); i++) {
      if (fold(bytes[from + i]) != GATEWRIGHT.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameFolded(AsciiString name, byte[] bytes, int from, int to) {
    if (name.length() != to - from) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      if (name.byteAt(i) != fold(bytes[from + i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean same(AsciiString name, byte[] bytes, int from, int to) {
    for (int i = 0; i < to - from; i++) {
      if (name.byteAt(i) != bytes[from + i]) {
        return false;
      }
    }
    return true;
  }

  private static int slot(int hash) {
    return (hash ^ hash >>> 9 ^ hash >>> 18) & (SLOTS - 1);
  }

  private static byte[] folded() {
    byte[] folded = new byte[128];
    for (char c = '!'; c < 127; c++) {
      boolean letterOrDigit = Character.isLetterOrDigit(c);
      if (letterOrDigit || "!#$%&'*+-.^_`|~".indexOf(c) >= 0) {
        folded[c] = (byte) (c == '_' ? '-' : Character.toLowerCase(c));
      }
    }
    return folded;
  }

  private static @Nullable Entry[] table() {
    @Nullable Entry[] table = new @Nullable Entry[SLOTS];
    put(table, Kind.HOST, "host");
    put(table, Kind.CONTENT_LENGTH, "content-length");
    put(table, Kind.TRANSFER_ENCODING, "transfer-encoding");
    put(table, Kind.CONNECTION, "connection");
    put(table, Kind.EXPECT, "expect");
    put(table, Kind.FORWARDED_FOR, "x-forwarded-for");
    put(table, Kind.FORWARDED_PROTO, "x-forwarded-proto");
    put(table, Kind.FORWARDED_HOST, "x-forwarded-host");
    put(table, Kind.EDGE, "x-gatewright-edge");
    for (String name : HeaderNamesActedOn.OURS) {
      put(table, Kind.OURS, name);
    }
    for (String name : HeaderNamesActedOn.COMMON) {
      put(table, Kind.COMMON, name);
    }
    return table;
  }

  private static void put(@Nullable Entry[] table, Kind kind, String name) {
    int hash = 0;
    for (int i = 0; i < name.length(); i++) {
      hash = hash(hash, (byte) name.charAt(i));
    }
    int slot = slot(hash);
    while (table[slot] != null) {
      slot = (slot + 1) & (SLOTS - 1);
    }
    table[slot] = new Entry(AsciiString.cached(name), AsciiString.cached(capitalise(name)), kind);
  }

  private static String capitalise(String name) {
    StringBuilder text = new StringBuilder(name);
    for (int i = 0; i < name.length(); i++) {
      if (i == 0 || name.charAt(i - 1) == '-') {
        text.replace(i, i + 1, name.substring(i, i + 1).toUpperCase(Locale.ROOT));
      }
    }
    return text.toString();
  }
}
