package dev.gatewright.llm;

import dev.gatewright.relay.Upstream;

/// Where a call may go.
///
/// @param upstream the provider's connections
/// @param model the model's name there
record Target(Provider provider, Upstream upstream, String model) {
  /// `provider/model`, as policy and rows name it.
  String name() {
    return provider.id() + "/" + model;
  }
}
