package dev.gatewright.testbed;

import java.io.IOException;
import java.net.URI;

/// The whole product, running, as its callers and its operator meet it.
public interface Gate extends AutoCloseable {
  URI url();

  default int port() {
    return url().getPort();
  }

  /// The admin REST, with this start's own admin key.
  AdminClient admin() throws IOException;

  default RawClient caller() throws IOException {
    return new RawClient(port());
  }

  /// Stops it the orderly way.
  @Override
  void close();
}
