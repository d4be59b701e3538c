package dev.gatewright.llm.custom;

import dev.gatewright.secret.Context;
import java.util.List;

/// A provider as an organization has defined it. Immutable.
///
/// @param baseUrl `http(s)://host[:port][/path]`
/// @param headers sealed, bound to [#context]; empty = none
/// @param headerNames lower case, to be shown
/// @param models to be listed; others are reached all the same
/// @param endpoints suffixes of what it serves, such as `/embeddings`; empty = all of its dialect
public record CustomProvider(
    String organizationId,
    String id,
    String dialect,
    String baseUrl,
    String headers,
    List<String> headerNames,
    List<String> models,
    List<String> endpoints,
    String createdBy,
    long createdMillis,
    long version) {
  /// What the keyring calls secrets of this kind.
  static final String PURPOSE = "provider-headers";

  /// An organization has no more of them.
  static final int PROVIDERS_MAX = 20;

  public CustomProvider {
    headerNames = List.copyOf(headerNames);
    models = List.copyOf(models);
    endpoints = List.copyOf(endpoints);
  }

  /// @param origin of its address: headers for another are worthless
  static byte[] context(String origin, String organizationId, String id) {
    return Context.of(origin, organizationId, id);
  }

  @Override
  public String toString() {
    return "CustomProvider[" + organizationId + " " + id + "]";
  }
}
