package dev.gatewright.service;

import dev.gatewright.ledger.Outcome.Usage;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;

/// Watches an answer's bytes as they pass and reads its usage from them. Never changes, keeps or
/// takes over what it is shown; holds no more than one line or event of it. Confined to the call's
/// event loop.
public interface ServiceTap {
  /// Looks at nothing.
  ServiceTap BLIND =
      new ServiceTap() {
        @Override
        public void watch(ByteBuf part) {}

        @Override
        public void finish() {}

        @Override
        public Usage usage() {
          return Usage.NOTHING;
        }
      };

  /// Shows the readable bytes of `part`; its reader index stays.
  void watch(ByteBuf part);

  /// The answer has ended, completely or not; once.
  void finish();

  /// By the best evidence there is now; for good after [#finish()].
  Usage usage();

  /// The answer, or a line or event of it, says that the call went wrong, whatever its status.
  default boolean failed() {
    return false;
  }

  /// Makes the tap of one answer, when its head is known.
  @FunctionalInterface
  interface Source {
    Source BLIND = (_, _) -> ServiceTap.BLIND;

    /// @param status the backend's
    /// @param headers the backend's, less hop-by-hop names
    ServiceTap open(int status, HttpHeaders headers);

    /// Of a call that was given up while the backend had it and had not answered.
    default Usage unanswered() {
      return Usage.NOTHING;
    }
  }
}
