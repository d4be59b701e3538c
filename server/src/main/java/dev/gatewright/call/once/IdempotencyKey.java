package dev.gatewright.call.once;

import dev.gatewright.edge.Refusal;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The header by which a caller names a call, so that a repeat can be told from another.
public final class IdempotencyKey {
  public static final String HEADER = "idempotency-key";
  private static final AsciiString NAME = AsciiString.cached(HEADER);
  private static final int CHARACTERS_MAX = 255;

  private IdempotencyKey() {}

  /// Null where the call has none.
  public static @Nullable String of(HttpHeaders headers) {
    return headers.get(NAME);
  }

  /// What is wrong with it; null = nothing.
  public static @Nullable Refusal refusal(HttpHeaders headers) {
    if (!headers.contains(NAME)) {
      return null;
    }
    List<String> values = headers.getAll(NAME);
    String key = values.getFirst();
    boolean good =
        values.size() == 1
            && !key.isEmpty()
            && key.length() <= CHARACTERS_MAX
            && key.chars().allMatch(c -> c > ' ' && c < 0x7f);
    return good
        ? null
        : Refusal.invalid(
            "idempotency-key: not usable (expected: once, 1…%d printable characters)"
                .formatted(CHARACTERS_MAX),
            HEADER);
  }
}
