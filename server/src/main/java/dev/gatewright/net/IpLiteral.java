package dev.gatewright.net;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/// Reads an IP address as it is written, and nothing else: never a name (no resolver is asked), no
/// zone, no brackets, no leading zeros in a v4 part (`010` is eight to some readers).
public final class IpLiteral {
  private static final int TEXT_MAX = 45;

  private IpLiteral() {}

  /// The address, or null when `text` is not one. A v4-mapped v6 address comes back as v4.
  public static @Nullable InetAddress parse(String text) {
    if (text.isEmpty() || text.length() > TEXT_MAX || !plain(text)) {
      return null;
    }
    byte[] address = NetUtil.createByteArrayFromIpAddressString(text);
    return address == null ? null : of(address);
  }

  /// As `%s` of an address is wanted everywhere: the literal alone, never a name.
  public static String format(InetAddress address) {
    return NetUtil.toAddressString(address);
  }

  static InetAddress of(byte[] address) {
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("address of %d bytes".formatted(address.length), e);
    }
  }

  private static boolean plain(String text) {
    boolean colon = text.indexOf(':') >= 0;
    boolean partStart = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean digit = c >= '0' && c <= '9';
      boolean hex = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
      if (!digit && c != '.' && !(colon && (hex || c == ':'))) {
        return false;
      }
      if (!colon && partStart && c == '0' && leadsDigit(text, i + 1)) {
        return false;
      }
      partStart = c == '.';
    }
    return true;
  }

  private static boolean leadsDigit(String text, int index) {
    return index < text.length() && text.charAt(index) >= '0' && text.charAt(index) <= '9';
  }
}
