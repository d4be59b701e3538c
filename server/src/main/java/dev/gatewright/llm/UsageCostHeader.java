package dev.gatewright.llm;

import dev.gatewright.edge.Refusal;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The request header `x-gatewright-usage-cost`: whether a stream is to say what it cost. Pure.
final class UsageCostHeader {
  private static final AsciiString NAME = AsciiString.cached("x-gatewright-usage-cost");

  private UsageCostHeader() {}

  static boolean asks(HttpHeaders headers) {
    return "true".equals(headers.get(NAME));
  }

  /// Null when it says true or false, or nothing.
  static @Nullable Refusal refusal(HttpHeaders headers) {
    List<String> values = headers.getAll(NAME);
    if (values.size() > 1) {
      return Refusal.invalid(NAME + ": given twice (expected: true or false, once)", "" + NAME);
    }
    return values.isEmpty() || values.getFirst().equals("true") || values.getFirst().equals("false")
        ? null
        : Refusal.invalid(
            "%s: %s (expected: true or false)".formatted(NAME, Refusal.shown(values.getFirst())),
            NAME.toString());
  }
}
