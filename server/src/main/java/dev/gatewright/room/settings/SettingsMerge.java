package dev.gatewright.room.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.room.wire.RoomJson;
import dev.gatewright.room.wire.RoomProblem;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Base ⊕ profile ⊕ overrides. Objects merge; anything else, null included, replaces.
public final class SettingsMerge {
  private SettingsMerge() {}

  /// What a merge came to.
  public sealed interface Merged {
    record Settings(RoomSettings settings) implements Merged {}

    /// @param violations at least one
    record Wrong(Violations violations) implements Merged {
      public RoomProblem problem(int status) {
        return RoomProblem.wrong(status, violations.pointer(), violations.message());
      }
    }
  }

  /// @param overrides null and `{}` are equal
  /// @param pointer JSON pointer of the overrides in the body, for violations
  public static Merged merge(Profile profile, @Nullable JsonNode overrides, String pointer) {
    ObjectNode tree = SettingsSchema.base();
    mergeInto(tree, profile.settings());
    return with(tree, overrides, pointer);
  }

  /// What a room made elsewhere is taken to be.
  public static RoomSettings base() {
    return RoomJson.read(SettingsSchema.base(), RoomSettings.class);
  }

  /// Settings a room has, with more overrides on top: a change of a room.
  public static Merged merge(RoomSettings current, @Nullable JsonNode overrides, String pointer) {
    return with(RoomJson.tree(current), overrides, pointer);
  }

  private static Merged with(ObjectNode tree, @Nullable JsonNode overrides, String pointer) {
    if (overrides != null && !overrides.isNull()) {
      if (!overrides.isObject()) {
        Violations violations = new Violations();
        violations.add(pointer, "not an object", "an object or null");
        return new Merged.Wrong(violations);
      }
      Violations violations = SettingsSchema.check(overrides, pointer);
      if (!violations.isEmpty()) {
        return new Merged.Wrong(violations);
      }
      mergeInto(tree, overrides);
    }
    return new Merged.Settings(RoomJson.read(tree, RoomSettings.class));
  }

  private static void mergeInto(ObjectNode target, JsonNode source) {
    for (Map.Entry<String, JsonNode> entry : source.properties()) {
      if (target.get(entry.getKey()) instanceof ObjectNode below && entry.getValue().isObject()) {
        mergeInto(below, entry.getValue());
      } else {
        target.set(entry.getKey(), entry.getValue());
      }
    }
  }
}
