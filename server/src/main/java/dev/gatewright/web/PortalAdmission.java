package dev.gatewright.web;

import dev.gatewright.admission.Admitted;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Function;

/// Admission's blocking form, for a handed-off request: `Admission::admit`. Runs on a virtual
/// thread. Thread-safe.
@FunctionalInterface
public interface PortalAdmission {
  /// @param headers all values of a header, by its name in lower case
  /// @param client the caller's address, as the edge determined it
  Admitted admit(Function<String, List<String>> headers, InetAddress client);
}
