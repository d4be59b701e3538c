package dev.gatewright.wallet;

import dev.gatewright.account.ApiCaller;

/// Gives bought credit back to who paid it. Blocks; thread-safe.
public interface TopupRefunds {
  /// @param topupId `top_…`, whosever it is
  /// @param nano of the credit, without tax; nano-USD
  record Asked(String topupId, long nano, String note) {}

  /// @param id `ref_…`
  /// @param state `done`, or `begun` where the payment provider has not said yet that it was
  record Done(String id, String organizationId, String state) {}

  /// @throws dev.gatewright.rest.Problem 404 when there is none, 409 when it was given back before
  ///   or payments are not set up, 422 above what was paid and is left, 502 when the payment
  ///   provider refuses
  Done refund(ApiCaller caller, Asked asked);
}
