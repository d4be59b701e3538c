package dev.gatewright.llm;

import dev.gatewright.relay.AnswerInflater;
import org.jspecify.annotations.Nullable;

/// Inflates a compressed answer for another tap only.
final class InflatingTap implements UsageTap {
  private final UsageTap inner;
  private final AnswerInflater inflater;

  private InflatingTap(UsageTap inner, AnswerInflater inflater) {
    this.inner = inner;
    this.inflater = inflater;
  }

  /// @param encoding of `content-encoding`; null = there is none
  static UsageTap of(UsageTap inner, @Nullable String encoding) {
    if (encoding == null || AnswerInflater.plain(encoding)) {
      return inner;
    }
    AnswerInflater inflater = AnswerInflater.of(encoding, inner::feed);
    return inflater == null ? new UsageTap.Blind() : new InflatingTap(inner, inflater);
  }

  @Override
  public void feed(byte[] part, int from, int to) {
    inflater.feed(part, from, to);
  }

  @Override
  public void finish() {
    inflater.end();
    inner.finish();
  }
}
