package dev.gatewright.edge.head;

import java.util.List;

/// What `accept-encoding` says of a coding (RFC 9110 §12.5.3). `*` is not believed: who wants a
/// coding names it.
public final class AcceptEncoding {
  private AcceptEncoding() {}

  /// @param values of all the request's `accept-encoding` headers
  public static boolean takes(List<String> values, String coding) {
    for (String value : values) {
      for (String part : value.split(",", -1)) {
        String[] terms = part.split(";", -1);
        if (terms[0].strip().equalsIgnoreCase(coding)) {
          return terms.length < 2 || !terms[1].strip().matches("[qQ]=0(\\.0{0,3})?");
        }
      }
    }
    return false;
  }
}
