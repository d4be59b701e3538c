package dev.gatewright.key;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whose a key is and what people say of it. Immutable.
///
/// @param user whom it was given to; empty = nobody named
/// @param owner the member (`per_…`) whose key it is, whose rules hold for it and with whom it
///   ends; null = its project's
/// @param tags words for people, in their order
/// @param metadata a JSON object of the owner's own, at most [#METADATA_BYTES_MAX] long
public record KeyNotes(String user, @Nullable String owner, List<String> tags, String metadata) {
  public static final int METADATA_BYTES_MAX = 10 << 10;
  public static final String NO_METADATA = "{}";

  /// Nobody's, and nothing said.
  public static final KeyNotes NONE = new KeyNotes("", null, List.of(), NO_METADATA);

  public KeyNotes {
    tags = List.copyOf(tags);
  }

  public KeyNotes ownedBy(String personId) {
    return new KeyNotes(user, personId, tags, metadata);
  }

  public static KeyNotes of(String user, List<String> tags) {
    return new KeyNotes(user, null, tags, NO_METADATA);
  }
}
