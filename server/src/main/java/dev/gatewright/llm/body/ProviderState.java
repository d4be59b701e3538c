package dev.gatewright.llm.body;

import dev.gatewright.edge.Refusal;

/// What a caller is told whose body names state kept at the provider.
public final class ProviderState {
  static final String ITEM_REFERENCE = "input[] of type item_reference";

  private ProviderState() {}

  /// @param path of the field, as [PeekShape] names it
  public static Refusal refusal(String path) {
    if (path.equals(ITEM_REFERENCE)) {
      // Some clients write one by default for each answer of their own conversation.
      return Refusal.quoting(
          400,
          "invalid_request_error",
          "invalid_request",
          """
          %s: names an answer kept at the provider, which callers who share its credential must not \
          reach (expected: the item itself; send `store: false`, and for reasoning models also \
          `include: ["reasoning.encrypted_content"]`, so that the client keeps the items and sends \
          them whole)\
          """
              .formatted(path));
    }
    return Refusal.invalid(
        "%s: names state kept at the provider, which callers who share its credential must not reach (expected: none)"
            .formatted(path),
        path);
  }
}
