package dev.gatewright.mail;

import dev.gatewright.net.Cidr;
import dev.gatewright.net.IpLiteral;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

/// The only servers that clear text may go to.
final class NearbyHost {
  private static final List<Cidr> BLOCKS =
      Stream.of("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1", "fc00::/7")
          .map(Cidr::parse)
          .toList();

  private NearbyHost() {}

  static boolean isNear(InetAddress address) {
    return Cidr.anyContains(BLOCKS, address);
  }

  /// An address of this name as a literal, so that what was judged is what is dialled.
  ///
  /// @throws Far when one of its addresses is neither loopback nor private
  static String resolve(String host) throws UnknownHostException, Far {
    InetAddress[] all = InetAddress.getAllByName(host);
    for (InetAddress each : all) {
      if (!isNear(each)) {
        throw new Far();
      }
    }
    return IpLiteral.format(all[0]);
  }

  /// Clear text would leave the house.
  static final class Far extends Exception {
    private static final long serialVersionUID = 1L;
  }
}
