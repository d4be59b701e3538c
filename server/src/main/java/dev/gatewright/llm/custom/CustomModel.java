package dev.gatewright.llm.custom;

import java.util.List;

/// A name for models as an organization has defined it. Immutable.
///
/// @param id a final `*` stands for any rest
/// @param targets `provider/model`, in order of preference; a final `*` is that rest
public record CustomModel(
    String organizationId,
    String id,
    List<String> targets,
    String createdBy,
    long createdMillis,
    long version) {
  /// An organization has no more of them.
  static final int MODELS_MAX = 200;

  public CustomModel {
    targets = List.copyOf(targets);
  }
}
