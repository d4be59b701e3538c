package dev.gatewright.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.rest.Problem;
import org.jspecify.annotations.Nullable;

/// The field `allow_unpriced` of a body: absent leaves what is said, null takes it away. Pure.
///
/// @param given the field is there
/// @param allows null = nothing is said
record Allowance(boolean given, @Nullable Boolean allows) {
  static final String FIELD = "allow_unpriced";

  /// @throws Problem when it is neither true nor false nor null
  static Allowance of(@Nullable JsonNode field) {
    if (field == null) {
      return new Allowance(false, null);
    }
    if (!field.isNull() && !field.isBoolean()) {
      throw Problem.wrong("/" + FIELD, "wrong type (expected: true, false or null)");
    }
    return new Allowance(true, field.isNull() ? null : (Boolean) field.booleanValue());
  }

  @Nullable Boolean after(@Nullable Boolean before) {
    return given ? allows : before;
  }

  static @Nullable Long stored(@Nullable Boolean allows) {
    return allows == null ? null : (Long) (allows ? 1L : 0L);
  }

  /// @param word as the database has it; null = nothing is said
  static @Nullable Boolean said(@Nullable Long word) {
    return word == null ? null : (Boolean) (word == 1);
  }
}
