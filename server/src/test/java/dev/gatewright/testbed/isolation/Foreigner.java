package dev.gatewright.testbed.isolation;

import java.io.IOException;
import java.net.http.HttpResponse;

/// Somebody to whom the attacked tenant's things do not exist, or who may change none of them.
record Foreigner(String name, Who who, Sender sender) {
  enum Who {
    /// Nothing of the tenant's exists for it.
    STRANGER,
    /// The same, but on the routes that are the platform's.
    OPERATOR,
    /// A member who may see some and change nothing.
    MEMBER
  }

  @FunctionalInterface
  interface Sender {
    /// @param headers more of them, names and values
    HttpResponse<String> send(String method, String path, String body, String... headers)
        throws IOException, InterruptedException;
  }
}
